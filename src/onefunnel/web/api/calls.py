"""The API: all its calls, who may make them, and how its errors look."""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.responses import NinjaJSONEncoder

from onefunnel.version import RELEASE
from onefunnel.vocabulary import Permission
from onefunnel.web.api import (
    backups,
    definitions,
    designs,
    experiments,
    imports,
    incentives,
    jobs,
    me,
    months,
    offline,
    pay,
    people,
    problems,
    quarantine,
    questions,
    records,
    remarks,
    rules,
    scorecards,
    signatures,
    standing,
    terms,
    trail,
    trials,
    undoing,
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


class Api(NinjaAPI):
    """The API, closed: a call that names no permission is refused to everybody."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        found = super()._get_urls()
        for each in found:
            if isinstance(each, URLPattern):
                # The root has a name by which the others are found; nothing is there.
                view = _nothing if each.name == "api-root" else each.callback
                each.callback = _answering(view)
        return found


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404


def _answering(view: Callable[..., Any] | None) -> Callable[..., HttpResponse]:
    """A view of the API with errors in our shape, for this caller only, in English."""
    assert view is not None

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        try:
            answer: HttpResponse = view(request, *args, **values)
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


PREFIX = "/api/v1/"
api = Api(
    title="onefunnel",
    version=RELEASE,
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=asks(None),
)
problems.handle(api)
document = Room("The API")


@document.call("GET", "/openapi.json", Permission.OWN_ACCOUNT, {200: dict[str, Any]})
def openapi(request: HttpRequest) -> HttpResponse:
    """This document, as OpenAPI 3.1."""
    return HttpResponse(_document(), content_type="application/json; charset=utf-8")


@cache
def _document() -> bytes:
    described = api.get_openapi_schema(path_prefix=PREFIX)
    return json.dumps(described, cls=NinjaJSONEncoder).encode()


for room in (
    document,
    me.room,
    questions.room,
    offline.room,
    incentives.room,
    designs.room,
    trials.room,
    experiments.room,
    jobs.room,
    definitions.room,
    standing.room,
    imports.room,
    undoing.room,
    quarantine.room,
    rules.room,
    terms.room,
    months.room,
    signatures.room,
    people.room,
    trail.room,
    records.room,
    pay.room,
    scorecards.room,
    remarks.room,
    backups.room,
):
    api.add_router("", room)
