"""Write down who saw and did what."""

from typing import Any

from django.http import HttpRequest

from onefunnel.store.models import AuditLine, Person


def note(
    request: HttpRequest, action: str, kind: str = "", identifier: str = "", /, **detail: Any
) -> None:
    """One line of the audit log, by the person who asks."""
    person = request.user if isinstance(request.user, Person) else None
    write(person, action, kind, identifier, **detail)


def write(
    person: Person | None, action: str, kind: str = "", identifier: str = "", /, **detail: Any
) -> None:
    """One line of the audit log."""
    AuditLine.objects.create(
        person=person,
        action=action,
        subject_kind=kind,
        subject_id=identifier[:300],
        detail=detail,
    )
