"""Callers of the API: by token, by session, and what must not reach some of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from onefunnel.vocabulary import Role
from onefunnel.workflows.workspace import Workspace
from tests.web.site import CAST

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Caller:
    """The headers and cookies that a caller sends."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def person(role: Role) -> Any:
    from onefunnel.store.models import Person

    return Person.objects.get(email=CAST[role])


def with_token(role: Role) -> Caller:
    """The person of a role by a token, as programs call."""
    from onefunnel.store import tokens

    _, secret = tokens.make(person(role), "a program", timedelta(days=1))
    return Caller({"Authorization": f"Bearer {secret}"})


def with_session(role: Role) -> Caller:
    """The person of a role by the session of a browser, as pages call."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    client = Client()
    client.force_login(person(role), "allauth.account.auth_backends.AuthenticationBackend")
    secret = _get_new_csrf_string()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: secret}
    return Caller({"X-CSRFToken": secret}, cookies)


def caller(role: Role) -> Caller:
    """The person of a role, by a token where they may have one, else by their session."""
    from onefunnel.vocabulary import Permission

    return with_token(role) if role.may(Permission.TOKENS) else with_session(role)


def document() -> dict[str, Any]:
    """The OpenAPI document, as it is served."""
    import json

    from onefunnel.web.api.calls import api

    found: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str)
    )
    return found


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation of the document: method, path, what is said of it."""
    return [
        (method, path, about)
        for path, methods in document()["paths"].items()
        for method, about in methods.items()
        if method in METHODS
    ]


def customers(workspace: Workspace) -> frozenset[str]:
    """Names, addresses and telephone numbers of the company's customers."""
    rows = workspace.reading(lambda reader: reader.fetch(reader.facts()["party"])).to_pylist()
    found = {row[name] for row in rows for name in ("name", "email", "phone")}
    return frozenset(each for each in found if each and len(each) > 5)


def employees(workspace: Workspace, departments: Iterable[str]) -> frozenset[str]:
    """Names of the company's employees in some departments, but those that a customer has too."""
    rows = workspace.reading(lambda reader: reader.fetch(reader.facts()["employee"])).to_pylist()
    wanted = set(departments)
    found = {row["name"] for row in rows if row["department"] in wanted and row["name"]}
    return frozenset(found) - customers(workspace)


def leaked(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names that stand in an answer."""
    return [name for name in names if name in text]
