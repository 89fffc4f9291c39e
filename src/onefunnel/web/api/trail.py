"""Who saw and did what."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from onefunnel.store.models import AuditLine
from onefunnel.vocabulary import Permission
from onefunnel.web.api.rooms import Room
from onefunnel.web.site import audit

room = Room("Audit")
MOST_LINES = 1000


class Line(Schema):
    """Something that somebody saw or did."""

    id: int
    at: datetime
    person: str = Field(description="The name; empty: the server itself, or nobody known.")
    action: str = Field(examples=["seen"])
    subject_kind: str = Field(examples=["lead"])
    subject_id: str
    detail: dict[str, Any]


class Trail(Schema):
    """A page of the audit log."""

    lines: list[Line]
    next: int | None = Field(description="`before` of the next page; null on the last.")


@room.call("GET", "/audit", Permission.AUDIT, {200: Trail})
def audit_log(
    request: HttpRequest,
    action: Annotated[str, Query(description="Only this, such as seen.")] = "",
    subject_kind: Annotated[str, Query(description="Only of such, such as lead.")] = "",
    subject_id: Annotated[str, Query(description="Only of this one.")] = "",
    before: Annotated[int | None, Query(ge=1, le=2**53, description="Lines older than it.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 100,
) -> dict[str, Any]:
    """Who saw and did what, newest first."""
    asked = {"action": action, "subject_kind": subject_kind, "subject_id": subject_id}
    found = AuditLine.objects.filter(**{name: value for name, value in asked.items() if value})
    if before is not None:
        found = found.filter(pk__lt=before)
    if before is None:
        audit.note(request, "seen", "audit", **{name: v for name, v in asked.items() if v})
    lines = list(found.select_related("person").order_by("-pk")[: limit + 1])
    page = lines[:limit]
    following = page[-1].pk if len(lines) > limit else None
    return {"lines": [_said(each) for each in page], "next": following}


def _said(line: AuditLine) -> dict[str, Any]:
    names = ("at", "action", "subject_kind", "subject_id", "detail")
    person = str(line.person) if line.person else ""
    return {"id": line.pk, "person": person, **{name: getattr(line, name) for name in names}}
