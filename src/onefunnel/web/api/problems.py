"""Errors of the API, all in one shape: ``{"error": {"code", "message", "remedy", …}}``."""

import logging
import math
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import ConfigDict, Field

from onefunnel.errors import OnefunnelError
from onefunnel.web.site.errors import as_json, place_of

log = logging.getLogger("onefunnel.errors")


class Wrong(Schema):
    """One thing that is wrong with what was sent."""

    field: str = Field(description="Where: query, path, body or form, then the name.")
    message: str = Field(description="What is wrong with it.")


class Error(Schema):
    """What went wrong, in one sentence, and what to do about it."""

    model_config = ConfigDict(json_schema_extra={"required": ["code", "message", "remedy"]})

    code: str = Field(description="Stable; programs go by it.", examples=["unknown_name"])
    message: str = Field(description="What is wrong.", examples=["There is no dimension 'chanel'."])
    remedy: str = Field(description="What to do about it; may be empty.")
    wrong: list[Wrong] = Field([], description="Each parameter or field that can't be (422).")
    file: str | None = Field(None, description="The file that can't be read.")
    line: int | None = Field(None, description="Its line, from 1.")
    column: str | None = Field(None, description="Its column.")
    value: str | None = Field(None, description="The value that can't be read.")


class Problem(Schema):
    """The one shape of an error."""

    error: Error


def answer_to(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """An error of a call as its answer."""
    if isinstance(error, OnefunnelError):
        return of_the_tree(error)
    if isinstance(error, ValidationError):
        return _invalid(error)
    if isinstance(error, AuthenticationError):
        answer = as_json(401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if isinstance(error, Throttled):
        answer = as_json(429)
        answer.headers["Retry-After"] = str(max(1, math.ceil(error.wait or 1)))
        return answer
    if isinstance(error, HttpError):
        return as_json(error.status_code)
    return _of_django(error)


def _of_django(error: Exception | type[Exception]) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return as_json(413)
    if isinstance(error, Http404):
        return as_json(404, message=str(error))
    if isinstance(error, PermissionDenied):
        return as_json(403, message=str(error))
    if isinstance(error, BadRequest | SuspiciousOperation):
        return as_json(400)
    log.error("failed", exc_info=error if isinstance(error, Exception) else True)
    return as_json(500)


def of_the_tree(error: OnefunnelError) -> JsonResponse:
    """An error of ours; where in the input it is, if it is about one."""
    return as_json(
        error.http_status, error.code, error.message, error.remedy, **_known(place_of(error))
    )


def of_a_job(error: Mapping[str, str]) -> JsonResponse:
    """The error that a job ended with."""
    code = error.get("code", "system")
    status = STATUS_OF.get(code, 500 if code == "system" else 422)
    return as_json(status, code, error.get("message", ""), error.get("remedy", ""))


def not_allowed(request: HttpRequest, allowed: Iterable[str]) -> JsonResponse:
    """The answer to a method that an address does not have."""
    answer = as_json(405)
    answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def handle(api: NinjaAPI) -> None:
    """Have an API answer every error so."""
    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, answer_to)


def _statuses(kind: type[OnefunnelError]) -> dict[str, int]:
    found = {kind.code: kind.http_status}
    for each in kind.__subclasses__():
        found = {**_statuses(each), **found}
    return found


STATUS_OF: Mapping[str, int] = _statuses(OnefunnelError) | {"error": 422}
"""The HTTP status of each code of the tree; other codes are those of input errors."""


def _invalid(error: ValidationError) -> JsonResponse:
    wrong = [
        {"field": ".".join(_place(each["loc"])), "message": str(each["msg"])}
        for each in error.errors
    ]
    first = wrong[0] if wrong else {"field": "body", "message": "can't be read"}
    message = f"{first['field']}: {first['message']}."
    return as_json(
        422, "invalid", message, "The document openapi.json says what can be.", wrong=wrong
    )


def _known(place: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if value is not None}


def _place(loc: Iterable[object]) -> list[str]:
    """Where, without the name that a call's code has for all of its parameters or its body."""
    return [str(part) for part in loc if part != "given"]
