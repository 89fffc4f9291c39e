"""Everybody's pay, for who may see it: a line for each person with sums by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.store.models import Person
from onefunnel.web.locale import Words
from onefunnel.web.pages.statements.amounts import month_name
from onefunnel.web.pages.statements.statement import summed
from onefunnel.workflows.closed import Closed
from onefunnel.workflows.staff import Employee

MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Column:
    """A month of the table, and whether it is open."""

    name: Markup
    is_open: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person's sums: one for each month shown, and of all lines; the account, if there is one."""

    name: str
    address: str
    account: str
    sums: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The table: months, people, and the sums of all."""

    columns: tuple[Column, ...]
    people: tuple[PersonLine, ...]
    sums: tuple[str, ...]
    whole: str


def overview(
    rows: Sequence[PayoutRow],
    closed: Sequence[Closed],
    staff: Mapping[str, Employee],
    words: Words,
) -> Overview:
    """Sums by person and month; the months shown are the last, the last sum is of all months."""
    shut = {each.month for each in closed}
    labels = sorted({row.period for row in rows})[-MONTHS_SHOWN:]
    by_person: dict[str, list[PayoutRow]] = {}
    for row in rows:
        by_person.setdefault(row.employee_id, []).append(row)
    accounts = {each.employee_id: each for each in Person.objects.filter(is_active=True)}
    people = [
        _person(employee, by_person[employee], labels, (staff, accounts), words)
        for employee in by_person
    ]
    return Overview(
        tuple(Column(month_name(each, words), each not in shut) for each in labels),
        tuple(sorted(people, key=lambda each: each.name.casefold())),
        tuple(_sums(rows, labels, words)),
        summed(rows, words),
    )


def _person(
    employee: str,
    rows: Sequence[PayoutRow],
    labels: Sequence[str],
    known: tuple[Mapping[str, Employee], Mapping[str, Person]],
    words: Words,
) -> PersonLine:
    staff, accounts = known
    found, account = staff.get(employee), accounts.get(employee)
    return PersonLine(
        found.name if found is not None else employee,
        reverse("statement_of", kwargs={"employee": employee}),
        str(account) if account is not None else "",
        tuple(_sums(rows, labels, words)),
        summed(rows, words),
    )


def _sums(rows: Sequence[PayoutRow], labels: Sequence[str], words: Words) -> list[str]:
    return [summed((row for row in rows if row.period == label), words) for label in labels]
