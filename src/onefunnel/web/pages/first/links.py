"""Links that let somebody in once. Only their hash is kept; whoever holds one comes in."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from onefunnel.errors import UsageError
from onefunnel.store.models import Invitation, Person
from onefunnel.vocabulary import Role

VALID_FOR = timedelta(days=7)


def make(
    role: Role,
    *,
    email: str = "",
    name: str = "",
    language: str = "",
    employee_id: str = "",
    person: Person | None = None,
    made_by: Person | None = None,
) -> str:
    """A new link's secret: to join in a role, or for a ``person`` to set a new password."""
    secret = secrets.token_urlsafe(24)
    Invitation.objects.create(
        digest=_digest(secret),
        email=email.strip().lower(),
        name=name.strip(),
        role=role.value,
        language=language,
        employee_id=employee_id,
        person=person,
        made_by=made_by,
        expires_at=timezone.now() + VALID_FOR,
    )
    return secret


def find(secret: str) -> Invitation:
    """The invitation of a link. Raises UsageError where it is used, too old or unknown."""
    found = Invitation.objects.filter(digest=_digest(secret)).select_related("person").first()
    if found is None or found.used_at is not None or found.expires_at < timezone.now():
        raise UsageError(
            "This link has been used, or is too old.", remedy="Ask for another one.", code="link"
        )
    return found


def spend(invitation: Invitation) -> bool:
    """Use a link; False where somebody else was quicker."""
    unused = Invitation.objects.filter(pk=invitation.pk, used_at=None)
    return bool(unused.update(used_at=timezone.now()))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
