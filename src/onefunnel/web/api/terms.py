"""The terms in force: read, checked, put into force."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from onefunnel.errors import UnknownName
from onefunnel.measures.scorecard.agreed import faults
from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission
from onefunnel.vocabulary.terms import PAY
from onefunnel.web.api.jobs import Later, Wait, later
from onefunnel.web.api.patience import patient, ready_for
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed, Text
from onefunnel.web.jobs import pay_preview
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.terms.documents import Document, Reader, changes
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.web.site.language import words_in
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.staff import kept_staff
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.terms_files import check

room = Room("Terms")
LONGEST = 1_000_000


class DocumentOut(Schema):
    """A file of terms, as far as it is for who asks."""

    name: str = Field(description="Its place in the workspace.", examples=["pay/sales.toml"])
    kind: str = Field(description="plan, ranges or card.")
    says: list[str] = Field(description="What it says, in English.")
    members: list[str] = Field(description="Whom a plan pays; without the permission pay, oneself.")
    text: str | None = Field(description="The file; null for who may not change terms.")


class TermsOut(Schema):
    """The terms in force."""

    digest: str = Field(description="A hash of all of it; empty where there are none.")
    ledger_version: int
    files: list[DocumentOut]


class FileIn(Closed):
    """A file of terms as it would be."""

    name: Text = Field(max_length=200, description="pay/NAME.toml, scorecards/NAME.toml or …")
    text: Text | None = Field(max_length=LONGEST, description="Null removes it.")


class FileWanted(FileIn):
    """A file of terms, and the terms that it was made from."""

    instead_of: Text = Field(max_length=64, description="The digest of the terms in force then.")


class FileLineOut(Schema):
    """A line of what a file says."""

    state: str = Field(description="same, gone or new.")
    says: str


class FaultOut(Schema):
    """A rule that a scorecard breaks, or roles that contradict each other."""

    code: str
    says: str


class FileChanges(Schema):
    """What a file would change, line by line, and what is wrong with scorecards then."""

    name: str
    changes: list[FileLineOut]
    faults: list[FaultOut] = Field(description="Only for scorecards. They don't forbid the change.")


@room.call("GET", "/terms", Permission.OWN_PAY, {200: TermsOut})
def terms(request: HttpRequest) -> dict[str, Any]:
    """The terms in force, as far as they are for who asks.

    Pay plans are for all who see figures, and for those whom they pay; members for who sees pay.
    """
    workspace, person = current.workspace(), person_of(request)
    standing = current_terms(workspace)
    found = _reader(person).documents(standing)
    if person.may(Permission.PAY) and any(each.members for each in found):
        audit.note(request, "seen", "terms", standing.digest[:12])
    changes_them = person.may(Permission.TERMS) and person.may(Permission.PAY)
    return {
        "digest": standing.digest,
        "ledger_version": ledger_version(workspace),
        "files": [_out(each, standing.text(each.name) if changes_them else None) for each in found],
    }


@room.call("POST", "/terms/check", Permission.TERMS, {200: FileChanges}, 404, 413)
def check_terms(request: HttpRequest, given: FileIn) -> dict[str, Any]:
    """What a file would change; 422 with its line and key where it can't be read."""
    person = person_of(request)
    _may(person, given.name)
    _check(given)
    standing = current_terms(current.workspace())
    reader, before = _reader(person), standing.text(given.name)
    old, new = (
        None if text is None else reader.document(given.name, text) for text in (before, given.text)
    )
    found = changes(old, new)
    return {
        "name": given.name,
        "changes": [{"state": each.state, "says": each.line.striptags()} for each in found],
        "faults": [
            {"code": each.code, "says": each.text}
            for each in faults(standing, {given.name: given.text})
        ],
    }


class PersonPaidOut(Schema):
    """What somebody gets under both terms: texts, null where no plan pays them."""

    employee_id: str
    currency: str
    before: str | None
    after: str | None
    state: str = Field(description="paid, new, gone, or refused: something is missing for them.")


class PayOut(Schema):
    """What the terms in force and the proposed ones pay for the last month that is over."""

    month: str
    ledger_version: int
    begins: date | None = Field(description="A later first day of the proposed plan, moved here.")
    people: list[PersonPaidOut]
    notes: list[str] = Field(description="Codes of what must be told of the proposed terms.")


@room.call("POST", "/terms/pay", Permission.TERMS, {200: PayOut, 202: Later}, 404, 409, 413, 503)
@patient
def pay_under(request: HttpRequest, response: HttpResponse, given: FileIn, wait: Wait = 0) -> Any:
    """What everybody would have been paid last month under a file of terms.

    Nothing changes; both are worked out as if the month were open.
    """
    person = person_of(request)
    if not person.may(Permission.PAY):
        raise PermissionDenied
    _check(given)
    files = {given.name: given.text}
    found = ready_for(person, lambda: pay_preview.look(current.workspace(), files, person), wait)
    audit.note(request, "seen", "pay", f"preview {given.name}", rows=len(found.people))
    return {
        "month": found.month,
        "ledger_version": found.version,
        "begins": found.begins,
        "people": [
            {name: None if v is None else str(v) for name, v in asdict(each).items()}
            for each in found.people
        ],
        "notes": list(dict.fromkeys(note.code for note in found.notes)),
    }


@room.call("PUT", "/terms", Permission.TERMS, {202: Later}, 404, 409, 413, 503)
def put_terms(request: HttpRequest, response: HttpResponse, given: FileWanted) -> Any:
    """Put a file of terms into force, or remove it: the job makes a ledger version."""
    person = person_of(request)
    _may(person, given.name)
    _check(given)
    about = {"files": {given.name: given.text}, "instead_of": given.instead_of}
    return later(response, enqueue("terms", {**about, "person": person.pk}, person))


def _may(person: Person, name: str) -> None:
    """The file of a pay plan names whom it pays."""
    if name.startswith(f"{PAY}/") and not person.may(Permission.PAY):
        raise PermissionDenied


def _check(given: FileIn) -> None:
    """Raise where the file can't be read, or what is to be removed is not there."""
    if given.text is not None:
        check(given.name, given.text)
        return
    names = [name for name, _ in current_terms(current.workspace()).files]
    if given.name not in names:
        raise UnknownName("file of terms", given.name, names)


def _reader(person: Person) -> Reader:
    return Reader(person, kept_staff(current.workspace()), words_in("en"))


def _out(document: Document, text: str | None) -> dict[str, Any]:
    return {
        "name": document.name,
        "kind": document.kind,
        "says": [line.striptags() for line in document.lines],
        "members": [line.striptags() for line in document.members],
        "text": text,
    }
