"""Every error in one shape: a page for people, JSON for programs."""

import logging
from collections.abc import Callable

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from onefunnel.errors import InputError, OnefunnelError
from onefunnel.web.locale.translations import N_
from onefunnel.web.site.language import language_of, words_in

log = logging.getLogger("onefunnel.errors")

TITLES = {
    400: N_("That can't be asked"),
    403: N_("This page is not for your role"),
    404: N_("There is no such page"),
    409: N_("The data can't support it"),
    422: N_("It can't be read"),
    429: N_("Too many tries"),
    500: N_("Something failed here"),
    503: N_("Busy: somebody else is writing"),
}
REMEDIES = {
    400: N_("Go back and change what was asked."),
    403: N_("Whoever invited you can give you another role."),
    404: N_("The address may be mistyped, or what it showed is gone."),
    429: N_("Wait a few minutes, then try again."),
    500: N_("Nothing was lost. It stands in the server's log; tell whoever runs it."),
    503: N_("Try again in a moment."),
}


class Errors:
    """Turns the errors of views into answers."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to an error; what allauth itself turns into a way on is left to it."""
        if isinstance(error, ImmediateHttpResponse | ReauthenticationRequired):
            return None
        return answer_to(request, error)


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse:
    """An error as an answer: its status, what is wrong, what to do."""
    if isinstance(error, OnefunnelError):
        return said(request, error.http_status, error.message, error.remedy, error.code)
    if isinstance(error, PermissionDenied):
        return said(request, 403)
    if isinstance(error, Http404):
        return said(request, 404)
    if isinstance(error, BadRequest | SuspiciousOperation):
        return said(request, 400)
    log.error("failed", exc_info=error)
    return said(request, 500)


CODES = {
    400: "usage",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "no_such_method",
    413: "too_large",
    429: "too_many",
    500: "system",
}
OF_CALLS = {
    400: ("The call can't be read.", "Send what the document openapi.json describes."),
    401: ("The call is not signed in.", "Send a token: Authorization: Bearer of_…"),
    403: ("This call is not for your role.", REMEDIES[403]),
    404: ("There is no such address.", "The document openapi.json lists them all."),
    405: ("The address does not have this method.", "The header Allow names those it has."),
    413: ("What was sent is too large.", "Send less at a time."),
    429: ("Too many calls.", "Wait as long as the header Retry-After says."),
}
"""What the API says where a page would say something else."""


def said(
    request: HttpRequest, status: int, message: str = "", remedy: str = "", code: str = ""
) -> HttpResponse:
    """An error with its status, as the asker reads it best."""
    if request.path.startswith("/api/"):
        return as_json(status, code, message, remedy)
    if not hasattr(request, "words"):
        request.words = words_in(language_of(request))  # type: ignore[attr-defined]
    about = {"status": status, "title": TITLES.get(status, TITLES[500])}
    about |= {"message": message, "remedy": remedy, "usual": REMEDIES.get(status, "")}
    return render(request, "error.html", about, status=status)


def as_json(
    status: int, code: str = "", message: str = "", remedy: str = "", **place: object
) -> JsonResponse:
    """The one shape of an error in the API; ``place`` is where in the input it is."""
    usual = OF_CALLS.get(status, (TITLES.get(status, TITLES[500]), REMEDIES.get(status, "")))
    error = {
        "code": code or CODES.get(status, "error"),
        "message": message or usual[0],
        "remedy": remedy or ("" if message else usual[1]),
        **place,
    }
    return JsonResponse({"error": error}, status=status)


def place_of(error: OnefunnelError) -> dict[str, object]:
    """Where in the input an error is; empty where it is not about an input."""
    if not isinstance(error, InputError):
        return {}
    place = error.place
    return {"file": place.file, "line": place.line, "column": place.column, "value": place.value}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 400."""
    return said(request, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 403."""
    return said(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 404."""
    return said(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many tries at signing in."""
    return said(request, 429)


def failed(request: HttpRequest) -> HttpResponse:
    """Django's own 500."""
    return said(request, 500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or came too late."""
    words = words_in(language_of(request))
    return said(
        request,
        403,
        words.say("The form was sent from elsewhere, or the session has ended."),
        words.say("Go back, load the page again, and send it once more."),
        "forged",
    )
