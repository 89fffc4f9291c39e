"""Comments on figures, leads, customers and campaigns."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Path, Query, Schema, Status
from pydantic import Field

from onefunnel.store.models import Person, Remark
from onefunnel.vocabulary import Permission
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed, Text
from onefunnel.web.pages.remarks import threads
from onefunnel.web.pages.remarks.subjects import ASKS, subject
from onefunnel.web.site import audit
from onefunnel.web.site.access import person_of
from onefunnel.web.site.language import words_in

room = Room("Comments")
MOST = 500
About = StrEnum("About", {each: each for each in ASKS})  # type: ignore[misc]
"""What a comment can be about."""
RemarkId = Annotated[int, Path(ge=1, le=2**53)]


class RemarkOut(Schema):
    """A comment; one that was withdrawn keeps its place and has no text."""

    id: int
    kind: About
    subject: str = Field(description="What it is about: a lead's key, what was asked …")
    text: str
    author: str = Field(description="The name.")
    own: bool = Field(description="Whether it is yours.")
    written_at: datetime
    withdrawn_at: datetime | None
    ledger_version: int = Field(description="The version that was looked at.")
    mentions: list[str] = Field(description="Names of the people it mentions.")


class NewRemark(Closed):
    """A comment to write."""

    kind: About
    subject: Text = Field(min_length=1, max_length=500)
    text: Text = Field(min_length=1, max_length=threads.LONGEST, pattern=r"\S")
    mention: list[int] = Field([], max_length=100, description="People, by number.")


@room.call("GET", "/remarks", Permission.FIGURES, {200: list[RemarkOut]}, 404)
def remarks(
    request: HttpRequest,
    kind: Annotated[About | None, Query(description="Left out: those that mention you.")] = None,
    subject_id: Annotated[str, Query(alias="subject", max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> list[dict[str, Any]]:
    """The comments on something, or those that mention you; newest first."""
    person = person_of(request)
    if kind is None:
        kinds = [name for name, asks in ASKS.items() if person.may(asks)]
        found = Remark.objects.filter(mentions__person=person, subject_kind__in=kinds)
    else:
        about = subject(kind, subject_id, person, words_in("en"))
        found = Remark.objects.filter(subject_kind=about.kind, subject_id__in=about.same)
        if about.kind in ("lead", "customer"):
            audit.note(request, "seen", about.kind, about.key)
    latest = found.select_related("author").prefetch_related("mentions__person")
    return _said(latest.order_by("-written_at", "-pk")[:limit], person)


@room.call("POST", "/remarks", Permission.FIGURES, {201: RemarkOut}, 404, 413)
def write(request: HttpRequest, given: NewRemark) -> Any:
    """Write a comment.

    Who is mentioned finds it on Today; who may not read it is not mentioned.
    """
    person = person_of(request)
    about = subject(given.kind, given.subject, person, words_in("en"))
    made = threads.add(about, given.text, map(str, given.mention), person)
    audit.note(request, "commented", about.kind, about.key)
    return Status(201, _said([made], person)[0])


@room.call("DELETE", "/remarks/{remark_id}", Permission.FIGURES, {204: None}, 404)
def withdraw(request: HttpRequest, remark_id: RemarkId) -> Any:
    """Withdraw a comment of your own."""
    person = person_of(request)
    found = Remark.objects.filter(pk=remark_id).first()
    if found is None or not person.may(ASKS[found.subject_kind]):
        raise Http404("There is no such comment.")
    if found.author.pk != person.pk:
        raise PermissionDenied("It is somebody else's comment.")
    if found.withdrawn_at is None:
        threads.withdraw(found)
        audit.note(request, "withdrew_comment", found.subject_kind, found.subject_id)
    return Status(204, None)


def _said(found: Iterable[Remark], person: Person) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "kind": each.subject_kind,
            "subject": each.subject_id,
            "text": each.text,
            "author": each.author.name,
            "own": each.author.pk == person.pk,
            "written_at": each.written_at,
            "withdrawn_at": each.withdrawn_at,
            "ledger_version": each.ledger_version,
            "mentions": [mention.person.name for mention in each.mentions.all()],
        }
        for each in found
    ]
