"""Who calls: by a personal token, or by the session of the pages; and what they may ask."""

import time

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.security.base import AuthBase
from ninja.throttling import BaseThrottle
from ninja.utils import check_csrf

from onefunnel.store import tokens
from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission

PER_MINUTE = 600
"""Calls that one token, or one session's person, may make in a minute."""
MINUTE = 60


class Token(HttpBearer):
    """A personal token, made on the page Your account: ``Authorization: Bearer of_…``."""

    openapi_bearerFormat = "of_…"

    def __init__(self, permission: Permission | None) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """Who shows the token."""
        person = tokens.person_of(token)
        if person is None:
            return None
        request.user = person
        request.caller = tokens.digest(token)  # type: ignore[attr-defined]
        return _let_in(person, self.permission)


class Session(APIKeyCookie):
    """The session of a browser; what changes anything needs the header X-CSRFToken too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permission: Permission | None) -> None:
        super().__init__(csrf=False)  # checked below, where there is a session at all
        self.permission = permission

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        """Who is signed in; who shows a token, is whose the token is, or nobody."""
        person = request.user
        if "Authorization" in request.headers or not isinstance(person, Person):
            return None
        if check_csrf(request) is not None:
            raise PermissionDenied("The call was sent from elsewhere: X-CSRFToken is missing.")
        request.caller = f"person-{person.pk}"  # type: ignore[attr-defined]
        return _let_in(person, self.permission)


def asks(permission: Permission | None) -> list[AuthBase]:
    """The doors of a call that asks for a permission; None: nobody may."""
    return [Token(permission), Session(permission)]


def _let_in(person: Person, permission: Permission | None) -> Person:
    if permission is None or not person.may(permission):
        raise PermissionDenied("This call is not for your role.")
    return person


def now() -> float:
    """Seconds of the clock."""
    return time.time()


class PerMinute(BaseThrottle):
    """So many calls a minute of the clock for each caller, over all processes of the server."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether the caller has calls left; counts this one."""
        minute = int(now() // MINUTE)
        key = f"calls:{request.caller}:{minute}"  # type: ignore[attr-defined]
        made = int(cache.get(key, 0))
        if made >= PER_MINUTE:
            return False
        cache.set(key, made + 1, 2 * MINUTE)
        return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - now() % MINUTE
