"""Leads and customers, with everything on record of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Schema
from pydantic import Field

from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import STAGES, Department, Permission
from onefunnel.web.api.jobs import Later, Wait, failed, later, wait_for
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shown import Cell
from onefunnel.web.jobs.directory import Found, ask_anew, look
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.directory.leads import State
from onefunnel.workflows.directory.reading import Directory, Employee, Lead, Wanted
from onefunnel.workflows.formats import rows_to_plain

room = Room("Leads and customers")
MOST_LEADS = 500
MOST_LINES = 5_000
LEADS_OF = 100
MONEY = ("revenue", "contribution")
COUNTS = ("open_deals", "won_deals", "lost_deals")
CONTACT = ("name", "organisation", "email", "phone", "domain", "country", "segment", "party_id")

Stands = StrEnum("Stands", {each: each for each in ("waiting", "worked", "won", "lost", "new")})  # type: ignore[misc]
"""The groups of states that the desk lists."""
LeadState = StrEnum("LeadState", {each.name: each.value for each in State})  # type: ignore[misc]
"""The states of a lead, under a name of their own in the document."""


class Owner(Schema):
    """An employee: by name to whom may see it, else the department."""

    department: str
    employee_id: str | None = None
    name: str | None = None


class LeadOut(Schema):
    """A lead."""

    lead_id: str
    party_id: str | None
    name: str | None
    created_at: datetime | None
    channel: str | None
    campaign: str | None
    page: str | None
    segment: str | None
    state: LeadState
    stands: str = Field(description="The group of its state: waiting, worked, won, lost or new.")
    waiting_since: datetime | None = Field(description="Null unless it waits.")
    owner: Owner | None = Field(description="Who has it in hand; null: nobody.")


class Leads(Schema):
    """A page of the leads."""

    ledger_version: int = Field(description="Of which version they are.")
    latest: bool = Field(description="Whether the ledger is still at that version.")
    leads: list[LeadOut]
    next: str | None = Field(description="The address of the next page; null on the last.")


class StageEntered(Schema):
    """A stage that somebody entered."""

    stage: str
    at: datetime
    observed: bool = Field(description="False: implied by a later stage.")


class Customer(Schema):
    """Everything on record of everybody held to be the same."""

    ledger_version: int
    party_id: str
    parties: list[str] = Field(description="All that are held to be the same.")
    name: str | None
    organisation: str | None
    contacts: list[dict[str, str | None]]
    stages: list[StageEntered]
    money: dict[str, str | None] = Field(description="Revenue and contribution; null: unknown.")
    deals: dict[str, int] = Field(description="How many are open, won and lost.")
    leads: list[LeadOut]
    lines: list[dict[str, Cell]] = Field(description="The journey, oldest first.")
    lines_total: int


class LeadWhole(Schema):
    """A lead, and whoever it is."""

    lead: LeadOut
    customer: Customer


Lines = Annotated[
    int, Query(ge=1, le=MOST_LINES, description="How many of the latest lines of the journey.")
]


@room.call("GET", "/leads", Permission.RECORDS, {200: Leads, 202: Later}, 503)
def leads(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[
        str, Query(max_length=200, description="Words of a name, or a lead's own key.")
    ] = "",
    stands: Annotated[Stands | None, Query(description="Only leads that stand so.")] = None,
    channel: Annotated[str, Query(description="Only of this channel; unknown: of none.")] = "",
    after: Annotated[int, Query(ge=0, le=2**53, description="A place in the list.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LEADS)] = 50,
    wait: Wait = 0,
) -> Any:
    """Leads, those that wait first, then the newest first."""
    person = person_of(request)
    if (not_yet := _not_yet(response, person, wait)) is not None:
        return not_yet
    with look(current.workspace(), person) as found:
        directory = _directory(found)
        wanted = Wanted(stands or "", _channel(channel), q.strip())
        exact = directory.lead(q.strip()) if q.strip() else None
        listed = [exact] if exact else directory.leads(wanted, after, limit + 1)
        page = listed[:limit]
        if page:
            audit.note(request, "seen", "leads", shown=len(page))
        return {
            "ledger_version": directory.about.version,
            "latest": found.current,
            "leads": _leads(directory, page, person),
            "next": _next(request, page[-1].place) if len(listed) > limit else None,
        }


@room.call(
    "GET", "/leads/{path:lead_id}", Permission.RECORDS, {200: LeadWhole, 202: Later}, 404, 503
)
def lead(
    request: HttpRequest,
    response: HttpResponse,
    lead_id: Path[str],
    lines: Lines = 200,
    wait: Wait = 0,
) -> Any:
    """A lead: where it came from, where it stands, the journey of whoever it is."""
    person = person_of(request)
    if (not_yet := _not_yet(response, person, wait)) is not None:
        return not_yet
    with look(current.workspace(), person) as found:
        directory = _directory(found)
        known = directory.lead(lead_id)
        if known is None:
            return _unknown(response, found, person, "There is no such lead.")
        audit.note(request, "seen", "lead", lead_id)
        party = known.party_id or f"lead:{known.lead_id}"
        return {
            "lead": _leads(directory, [known], person)[0],
            "customer": _customer(directory, known.entity_code, party, lines, person),
        }


@room.call(
    "GET", "/customers/{path:party_id}", Permission.RECORDS, {200: Customer, 202: Later}, 404, 503
)
def customer(
    request: HttpRequest,
    response: HttpResponse,
    party_id: Path[str],
    lines: Lines = 200,
    wait: Wait = 0,
) -> Any:
    """A customer, by any party that is held to be them."""
    person = person_of(request)
    if (not_yet := _not_yet(response, person, wait)) is not None:
        return not_yet
    with look(current.workspace(), person) as found:
        directory = _directory(found)
        code = directory.entity_of(party_id)
        if code is None:
            return _unknown(response, found, person, "There is no such customer.")
        audit.note(request, "seen", "customer", party_id)
        return _customer(directory, code, party_id, lines, person)


def _not_yet(response: HttpResponse, person: Person, wait: int) -> Any:
    """The answer while no directory stands at all; None where one does."""
    with look(current.workspace(), person) as found:
        if found.directory is not None or found.job is None:
            return None
        job = found.job
    return _waited(response, job, wait)


def _waited(response: HttpResponse, job: Job, wait: int) -> Any:
    ended = wait_for(job, wait)
    if (failure := failed(ended)) is not None:
        return failure
    return None if ended.ended else later(response, ended)


def _unknown(response: HttpResponse, found: Found, person: Person, missing: str) -> Any:
    """202 where a newer directory may know it, else 404."""
    anew = ask_anew(found, person)
    if anew.job is None or anew.failed:
        raise Http404(missing)
    return later(response, anew.job)


def _directory(found: Found) -> Directory:
    if found.directory is None:
        raise Http404("There are no leads yet.")
    return found.directory


def _channel(text: str) -> tuple[str | None, ...]:
    if not text:
        return ()
    return (None,) if text == "unknown" else (text,)


def _next(request: HttpRequest, after: int) -> str:
    again = {**request.GET.dict(), "after": str(after)}
    return f"{request.path}?{urlencode(again)}"


def _leads(directory: Directory, found: Iterable[Lead], person: Person) -> list[dict[str, Any]]:
    listed = list(found)
    known = directory.employees({each.owner for each in listed if each.owner})
    return [
        {
            **{name: getattr(each, name) for name in LeadOut.model_fields if name != "owner"},
            "owner": _owner(known[each.owner], "sales", person) if each.owner else None,
        }
        for each in listed
    ]


def _owner(employee: Employee, department: str, person: Person) -> dict[str, str | None]:
    own = employee.department or ""
    if not person.sees_person(employee.employee_id, own):
        return {"department": _team(own or department)}
    return {
        "department": _team(own or department),
        "employee_id": employee.employee_id,
        "name": employee.name,
    }


def _team(name: str) -> str:
    """A department; what is written there and is none of ours may be somebody's name."""
    return name if name in {each.value for each in Department} else Department.OTHER.value


def _customer(
    directory: Directory, code: int, party: str, lines: int, person: Person
) -> dict[str, Any]:
    contacts = directory.contacts(code)
    progress = directory.progress(code) or {}
    known = directory.customer(code)
    journey = directory.journey(code)
    latest = rows_to_plain(journey.slice(max(len(journey) - lines, 0)).drop_columns("entity_code"))
    return {
        "ledger_version": directory.about.version,
        "party_id": party,
        "parties": list(dict.fromkeys(each["party_id"] for each in contacts)) or [party],
        "name": known.name if known else None,
        "organisation": known.organisation if known else None,
        "contacts": [{name: each[name] for name in CONTACT} for each in contacts],
        "stages": _stages(progress),
        "money": {name: _money(progress.get(name)) for name in MONEY},
        "deals": {name: int(progress.get(name) or 0) for name in COUNTS},
        "leads": _leads(directory, directory.leads_of(code, LEADS_OF), person),
        "lines": _shown(directory, latest, person),
        "lines_total": len(journey),
    }


def _shown(
    directory: Directory, lines: list[dict[str, Any]], person: Person
) -> list[dict[str, Any]]:
    """Lines with who did it as the person may see them: a name, else the department."""
    known = directory.employees({each["actor"] for each in lines if each["actor"]})
    for each in lines:
        if each["actor"]:
            who = _owner(known[each["actor"]], each["department"] or "", person)
            each["actor"] = who.get("name") or who.get("employee_id") or who["department"]
    return lines


def _stages(progress: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for stage in STAGES:
        at, own = progress.get(f"at_{stage.position}"), progress.get(f"own_{stage.position}")
        if at is not None:
            found.append({"stage": stage.value, "at": at, "observed": own == at})
    return found


def _money(value: Any) -> str | None:
    return None if value is None else f"{value:.4f}"
