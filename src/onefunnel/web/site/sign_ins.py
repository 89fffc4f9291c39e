"""Sign-ins, failed ones, sign-outs and changes of a second factor go into the audit log."""

from collections.abc import Mapping
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from onefunnel.store.models import Person
from onefunnel.web.site.audit import write


@receiver(user_logged_in)
def signed_in(user: object, **_: Any) -> None:
    """Somebody came in."""
    _of(user, "signed_in")


@receiver(user_logged_out)
def signed_out(user: object, **_: Any) -> None:
    """Somebody went; nobody did where the session had ended already."""
    if isinstance(user, Person):
        _of(user, "signed_out")


@receiver(user_login_failed)
def failed(credentials: Mapping[str, Any], **_: Any) -> None:
    """Somebody did not get in. An address that nobody has is not kept: it may be a password."""
    tried = str(credentials.get("email") or credentials.get("username") or "")
    person = Person.objects.filter(email=tried.strip().lower()).first() if tried else None
    write(person, "sign_in_failed", "person", str(person.pk) if person else "")


@receiver(authentication_failed)
def wrong_code(user: object, **_: Any) -> None:
    """A code was wrong."""
    _of(user, "code_failed")


@receiver(password_changed)
def password_was_changed(user: object, **_: Any) -> None:
    """Somebody changed the own password."""
    _of(user, "password_changed")


@receiver(authenticator_added)
def factor_added(user: object, authenticator: Any, **_: Any) -> None:
    """A second factor was turned on; its recovery codes come with it."""
    _of(user, "second_factor_on", type=str(authenticator.type))


@receiver(authenticator_removed)
def factor_removed(user: object, authenticator: Any, **_: Any) -> None:
    """A second factor was turned off."""
    _of(user, "second_factor_off", type=str(authenticator.type))


@receiver(authenticator_reset)
def codes_renewed(user: object, **_: Any) -> None:
    """New recovery codes were made."""
    _of(user, "recovery_codes_made")


@receiver(authenticator_used)
def code_used(user: object, authenticator: Any, **_: Any) -> None:
    """A recovery code was used up; ordinary codes are part of signing in."""
    if str(authenticator.type) == "recovery_codes":
        _of(user, "recovery_code_used")


def _of(user: object, action: str, **detail: str) -> None:
    person = user if isinstance(user, Person) else None
    write(person, action, "person", str(person.pk) if person else "", **detail)
