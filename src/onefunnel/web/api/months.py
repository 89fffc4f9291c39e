"""Months that are closed, and those that are over and open."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from onefunnel.errors import UnknownName
from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, Wait, later
from onefunnel.web.api.patience import patient, ready
from onefunnel.web.api.rooms import Room
from onefunnel.web.jobs import closings, freshness
from onefunnel.web.jobs.closing import look_restated
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.months.content import still_open
from onefunnel.web.pages.months.restated import seen_by
from onefunnel.web.site import current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.closed import Closed, Restated

room = Room("Months")
Figure = str | float | None


class MonthOut(Schema):
    """A closed month."""

    month: str
    first_day: date
    after_day: date = Field(description="The local day after its last.")
    closed_at: datetime
    closed_by: str
    ledger_version: int = Field(description="Of its figures.")
    terms_since: datetime | None = Field(description="Since when its terms stood; null: none.")
    measures: list[str] = Field(description="Whose answers it keeps.")


class Months(Schema):
    """The closed months, the latest first, and those that are over and open."""

    closed: list[MonthOut]
    open: list[str]


class RestatedOut(Schema):
    """A figure of a closed month that the records now say otherwise; null is unknown."""

    measure: str
    row: dict[str, str | None] = Field(description="Which row of the measure.")
    figure: str
    was: Figure = Field(description="Money is text, as everywhere.")
    now: Figure


class Restatements(Schema):
    """What the records now say otherwise of a closed month."""

    month: str
    restated: list[RestatedOut]


@room.call("GET", "/months", Permission.FIGURES, {200: Months, 202: Later}, 409, 503)
@patient
def months(request: HttpRequest, response: HttpResponse, wait: Wait = 0) -> Any:
    """The months that are over: closed, or open."""
    person = person_of(request)
    closed = _closed(person, wait)
    return {"closed": [_month(each) for each in closed], "open": _open(person, closed, wait)}


@room.call("POST", "/months/{month}/close", Permission.TERMS, {202: Later}, 404, 409, 503)
@patient
def close_month(request: HttpRequest, response: HttpResponse, month: str, wait: Wait = 0) -> Any:
    """Close a month: its figures, its pay and its terms stay.

    Earlier months that are still open are closed with it. It can't be undone.
    """
    person = person_of(request)
    still = _open(person, _closed(person, wait), wait)
    if month not in still:
        raise UnknownName("open month", month[:40], still)
    return later(response, enqueue("close", {"month": month, "person": person.pk}, person))


@room.call(
    "GET",
    "/months/{month}/restated",
    Permission.FIGURES,
    {200: Restatements, 202: Later},
    404,
    409,
    503,
)
@patient
def restated(request: HttpRequest, response: HttpResponse, month: str, wait: Wait = 0) -> Any:
    """What the records now say otherwise of a closed month, under the terms it was closed with."""
    person = person_of(request)
    labels = [each.month for each in _closed(person, wait)]
    if month not in labels:
        raise UnknownName("closed month", month[:40], labels)
    found = ready(lambda: look_restated(current.workspace(), month, person), wait)
    return {"month": month, "restated": [_restated(each) for each in seen_by(person, found)]}


def _closed(person: Person, wait: int) -> tuple[Closed, ...]:
    return ready(lambda: closings.look(current.workspace(), person), wait)


def _open(person: Person, closed: Sequence[Closed], wait: int) -> list[str]:
    """The labels of the months that are over and open."""
    workspace = current.workspace()
    fresh = ready(lambda: freshness.look(workspace, person), wait)
    first, last = fresh.first_event(), fresh.last_event()
    if first is None or last is None:
        return []
    calendar = workspace.settings.calendar
    found = still_open(first, last, workspace.clock(), closed, calendar)
    return [each.label for each in found]


def _month(closed: Closed) -> dict[str, Any]:
    names = ("month", "first_day", "after_day", "closed_at", "closed_by", "terms_since")
    found = {name: getattr(closed, name) for name in names}
    return {**found, "ledger_version": closed.version, "measures": list(closed.measures)}


def _restated(each: Restated) -> dict[str, Any]:
    return {
        "measure": each.measure,
        "row": dict(each.row),
        "figure": each.figure,
        "was": _figure(each.was),
        "now": _figure(each.now),
    }


def _figure(value: Decimal | float | None) -> Figure:
    return str(value) if isinstance(value, Decimal) else value
