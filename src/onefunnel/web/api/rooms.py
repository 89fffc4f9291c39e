"""How a call is written: its permission, what it answers and how it can fail, all in one place."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router

from onefunnel.errors import UnknownName
from onefunnel.vocabulary import Permission
from onefunnel.web.api.doors import PerMinute, asks
from onefunnel.web.api.problems import Problem

V = TypeVar("V", bound=Callable[..., Any])
ALWAYS = (400, 401, 403, 422, 429, 500)
"""How any call can fail."""
LOCATION = {
    "Location": {
        "description": "Where to ask how it goes.",
        "schema": {"type": "string"},
        "required": True,
    },
    "Retry-After": {
        "description": "Seconds after which to ask.",
        "schema": {"type": "integer"},
        "required": True,
    },
}


class Room(Router):
    """The calls about one thing."""

    def __init__(self, about: str) -> None:
        super().__init__(tags=[about])

    def call(
        self,
        method: str,
        path: str,
        permission: Permission,
        answers: Mapping[int, Any],
        *fails: int,
        extra: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """Make a function a call; its docstring is what the document says of it.

        ``answers`` has the shape of each answer by its status, ``fails`` the further statuses of
        errors. A parameter that the call does not have is refused. ``extra`` is what the document
        says beside.
        """
        shapes = {**answers, **dict.fromkeys((*ALWAYS, *fails), Problem)}

        def made(view: V) -> V:
            wrapped = _only_known(view)
            summary, _, more = (view.__doc__ or "").partition("\n")
            register = self.api_operation(
                [method],
                path,
                auth=asks(permission),
                throttle=[PerMinute()],
                response=shapes,
                operation_id=view.__name__,
                summary=summary.rstrip("."),
                description=" ".join(more.split()) or None,
                openapi_extra={**_extra(permission, 202 in answers), **(extra or {})},
            )
            register(wrapped)
            return view

        return made


def _extra(permission: Permission, later: bool) -> dict[str, Any]:
    extra: dict[str, Any] = {"x-permission": permission.value}
    if later:
        extra["responses"] = {202: {"headers": LOCATION}}
    return extra


def _only_known(view: V) -> V:
    """Refuse parameters that a call does not have: a mistyped one would change a figure unseen."""

    @wraps(view)
    def checked(request: HttpRequest, **values: Any) -> Any:
        known = _names(checked._ninja_operation)  # type: ignore[attr-defined]
        for name in request.GET:
            if name not in known:
                raise UnknownName("parameter", name, known)
        return view(request, **values)

    return checked  # type: ignore[return-value]


def _names(operation: Any) -> frozenset[str]:
    models = (each for each in operation.models if each.__ninja_param_source__ == "query")
    return frozenset(name for each in models for name in each.__ninja_flatten_map__)
