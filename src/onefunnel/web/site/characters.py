"""Refuse the character NUL: no database keeps it, and PostgreSQL fails over it."""

from collections.abc import Callable, Sequence

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from onefunnel.web.site.errors import said

NUL = "\0"
IN_JSON = b"\\u0000"
FORM = "application/x-www-form-urlencoded"
MESSAGE = "What was sent holds the character NUL, which can't be kept."
REMEDY = "Leave it out; it often comes from text copied out of a broken file."


class Characters:
    """Refuses a request that holds NUL in its address or its fields; files are not its matter."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say what can't be kept."""
        if _has_nul(request):
            return said(request, 400, MESSAGE, REMEDY)
        return self.answer(request)


def _has_nul(request: HttpRequest) -> bool:
    if NUL in request.path or any(_holds(asked) for asked in request.GET.lists()):
        return True
    if request.content_type == "application/json":
        return IN_JSON in _body(request)
    if request.content_type == FORM:
        return any(_holds(sent) for sent in request.POST.lists())
    return False  # a form with files is read by its view, which says where they go


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        return b""  # the call itself refuses it, in the shape of the API


def _holds(field: tuple[str, Sequence[object]]) -> bool:
    name, values = field
    return NUL in name or any(NUL in str(value) for value in values)
