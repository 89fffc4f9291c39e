"""Demonstrations: the cast of the sample company, and coming in as one of them.

Nobody in it is real, so whoever sits at the machine that serves it may be anybody of the cast. That
is offered only where the workspace was made to be looked at, and is served to this machine alone.
"""

import hashlib
import secrets

from django.contrib.auth import login
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from onefunnel.errors import UsageError
from onefunnel.store.models import Person
from onefunnel.vocabulary import Role
from onefunnel.web.site.access import open_page
from onefunnel.web.site.strip import is_demonstration
from onefunnel.workflows.cast import cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
VALID_SECONDS = 600


def make_cast(language: str) -> None:
    """One person in every role, who come in by no password."""
    for member in cast(language):
        person = Person(
            email=f"{member.role.value}@company-x.example",
            name=member.name,
            role=member.role.value,
            language=language,
            employee_id=member.employee_id,
        )
        person.set_unusable_password()
        person.save()


def way_in(role: Role = Role.DIRECTOR) -> str:
    """The secret of a link that lets one browser in as somebody of the cast, within minutes."""
    secret = secrets.token_urlsafe(24)
    cache.set(_key(secret), role.value, VALID_SECONDS)
    return secret


@open_page
def once(request: HttpRequest, secret: str) -> HttpResponse:
    """Come in by such a link; it opens once."""
    _only_in_demonstrations()
    role = cache.get(_key(secret))
    if role is None or not cache.delete(_key(secret)):
        raise UsageError(
            "This link has been used, or is too old.", remedy="Start it again.", code="link"
        )
    return _enter(request, role, "funnel")


@open_page
@require_POST
def see_as(request: HttpRequest) -> HttpResponse:
    """See the demonstration as somebody else of its cast."""
    _only_in_demonstrations()
    return _enter(request, request.POST.get("role", ""), "today")


def _only_in_demonstrations() -> None:
    if not is_demonstration():
        raise Http404


def _enter(request: HttpRequest, role: str, to: str) -> HttpResponse:
    person = Person.objects.filter(role=role, is_active=True).order_by("pk").first()
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return redirect(to)


def _key(secret: str) -> str:
    return f"way-in-{hashlib.sha256(secret.encode()).hexdigest()}"
