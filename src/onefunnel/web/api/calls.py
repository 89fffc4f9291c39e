"""The API: all its calls, who may make them, and how its errors look."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from onefunnel.version import RELEASE
from onefunnel.vocabulary import Permission
from onefunnel.web.api import (
    definitions,
    jobs,
    me,
    problems,
    questions,
)
from onefunnel.web.api.doors import asks
from onefunnel.web.api.rooms import Room
from onefunnel.web.site.access import each_asks

ABOUT = """
Everything that the pages show and do, for programs.

Sign in with a personal token, made on the page *Your account*: `Authorization: Bearer of_…`.
A call may do what its person may; `x-permission` names what each call asks for.

What takes long is a job: the call answers 202 with the job and its address in `Location`. A
question that is asked again when its job is done is answered with 200.

Every error has one shape: `{"error": {"code", "message", "remedy"}}`.
"""


class Api(NinjaAPI):  # type: ignore[misc]
    """The API, closed: a call that names no permission is refused to everybody."""

    def _get_urls(self) -> list[URLPattern]:
        *patterns, root = super()._get_urls()
        for each in patterns:
            each.callback = _answering(each.callback)
        # The document asks where the root is; nothing is there.
        root.callback = _answering(_nothing)
        return [*patterns, root]


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404


def _answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the API with errors in our shape, for this caller only, in English."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **values)
        except Exception as error:
            answer = problems.answer_to(request, error)
        if answer.status_code == 405:
            answer = problems.not_allowed(request, answer.headers["Allow"].split(", "))
        if answer.status_code == 202:
            answer.headers["Retry-After"] = "1"
        answer.headers["Content-Language"] = "en"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    answered.csrf_exempt = True  # type: ignore[attr-defined]  # the doors check it
    return each_asks(answered)


api = Api(
    title="onefunnel",
    version=RELEASE,
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=asks(None),
    renderer=JSONRenderer(),
)
problems.handle(api)
document = Room("The API")


@document.call("GET", "/openapi.json", Permission.OWN_ACCOUNT, {200: dict[str, Any]})
def openapi(request: HttpRequest) -> HttpResponse:
    """This document, as OpenAPI 3.1."""
    return HttpResponse(_document(), content_type="application/json; charset=utf-8")


@cache
def _document() -> bytes:
    found: bytes = JSONRenderer().render(None, api.get_openapi_schema(), response_status=200)
    return found


for room in (
    document,
    me.room,
    questions.room,
    jobs.room,
    definitions.room,
):
    api.add_router("", room)
