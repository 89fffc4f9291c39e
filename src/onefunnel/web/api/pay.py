"""Pay: one's own statement, everybody's for who may see it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Schema
from pydantic import Field

from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, Wait
from onefunnel.web.api.patience import patient, ready_for
from onefunnel.web.api.rooms import Room
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.pages.statements.answers import Paid, look
from onefunnel.web.pages.statements.own import Own
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of

room = Room("Pay")


class LineOut(Schema):
    """A line of pay. Amounts are texts with four decimals."""

    period: str = Field(description="The month it is booked in.")
    of_period: str = Field(description="The month it is for; another one is restated.")
    closed: bool = Field(description="Whether the month it is booked in is closed.")
    plan: str
    line: str = Field(description="`restatement`, or what it pays.")
    kind: str
    component: str
    base: str = Field(description="What it pays for.")
    amount: str
    currency: str
    code: str = Field(description="Why, stable.")
    params: dict[str, str | None] = Field(description="The figures of the reason.")
    why: str = Field(description="Why, in English.")
    digest: str = Field(description="Content of the version of the plan; may be empty.")


class StatementOut(Schema):
    """The lines of one employee, and what is unknown or refused."""

    employee_id: str
    ledger_version: int
    lines: list[LineOut]
    notes: list[str] = Field(description="Codes of what must be told.")


class SumOut(Schema):
    """What somebody is paid in a month."""

    employee_id: str
    period: str
    amount: str
    currency: str
    closed: bool


@room.call("GET", "/statement", Permission.OWN_PAY, {200: StatementOut, 202: Later}, 404, 409, 503)
@patient
def own_statement(request: HttpRequest, response: HttpResponse, wait: Wait = 0) -> Any:
    """One's own pay, line by line.

    404 where the account names no employee.
    """
    employee = person_of(request).employee_id
    if not employee:
        raise Http404("Your account names no employee.")
    return _statement(_paid(request, wait), employee)


@room.call("GET", "/statements", Permission.PAY, {200: list[SumOut], 202: Later}, 409, 503)
@patient
def statements(request: HttpRequest, response: HttpResponse, wait: Wait = 0) -> Any:
    """What everybody is paid, by employee and month."""
    found = _paid(request, wait)
    rows = found.computed.answer.rows
    audit.note(request, "seen", "pay", "all", rows=len(rows))
    shut = {each.month for each in found.closed}
    sums: dict[tuple[str, str, str], Any] = {}
    for row in rows:
        key = (row.employee_id, row.period, row.currency)
        sums[key] = sums.get(key, 0) + row.amount
    return [
        {
            "employee_id": employee,
            "period": period,
            "amount": str(amount),
            "currency": currency,
            "closed": period in shut,
        }
        for (employee, period, currency), amount in sorted(sums.items())
    ]


@room.call(
    "GET",
    "/statements/{path:employee_id}",
    Permission.PAY,
    {200: StatementOut, 202: Later},
    404,
    409,
    503,
)
@patient
def statement(
    request: HttpRequest, response: HttpResponse, employee_id: Path[str], wait: Wait = 0
) -> Any:
    """Anybody's pay, line by line."""
    found = _paid(request, wait)
    own = found.own(employee_id)
    if not own.lines and not own.members and employee_id not in employees():
        raise Http404("There is no such employee.")
    audit.note(request, "seen", "pay", employee_id, rows=len(own.lines))
    return _statement(found, employee_id)


def _paid(request: HttpRequest, wait: int) -> Paid:
    workspace, person = current.workspace(), person_of(request)
    return ready_for(person, lambda: look(workspace, person), wait)


def _statement(found: Paid, employee: str) -> dict[str, Any]:
    own: Own = found.own(employee)
    shut = {each.month for each in found.closed}
    return {
        "employee_id": employee,
        "ledger_version": found.version,
        "lines": [
            {
                **{name: getattr(row, name) for name in LineOut.model_fields if name != "closed"},
                "base": str(row.base),
                "amount": str(row.amount),
                "closed": row.period in shut,
            }
            for row in own.lines
        ],
        "notes": [note.code for note in own.notes],
    }
