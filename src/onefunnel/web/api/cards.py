"""Leads and customers as the API shows them: with owners by name only to whom may see them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from ninja import Schema
from pydantic import Field

from onefunnel.store.models import Person
from onefunnel.vocabulary import STAGES, Department
from onefunnel.web.api.shown import Cell
from onefunnel.workflows.directory.leads import State
from onefunnel.workflows.directory.reading import Directory, Employee, Lead
from onefunnel.workflows.formats import rows_to_plain

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


def leads_of(directory: Directory, found: Iterable[Lead], person: Person) -> list[dict[str, Any]]:
    """Leads as a person may see them."""
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


def customer_of(
    directory: Directory, code: int, party: str, lines: int, person: Person
) -> dict[str, Any]:
    """An entity with the latest lines of its journey, as a person may see them."""
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
        "leads": leads_of(directory, directory.leads_of(code, LEADS_OF), person),
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
