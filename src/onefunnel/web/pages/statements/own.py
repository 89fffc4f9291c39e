"""Whose lines are whose: what somebody may see of an answer is taken out of it here, on the server.

Everything that shows one person's pay goes through :func:`own`: the page, the file, the API.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from onefunnel.errors import InputError
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.families import Family, families
from onefunnel.pay.plan import Member, Plan, PlanFile
from onefunnel.pay.reading import read_plan
from onefunnel.vocabulary import Answer, Note, Terms
from onefunnel.vocabulary.terms import PAY

PAYOUTS = "payouts"


@dataclass(frozen=True, slots=True)
class Own:
    """One employee's lines, the plans that they are or were paid by, their rows in these.

    ``notes`` are those that say nothing of anybody else.
    """

    employee_id: str
    lines: tuple[PayoutRow, ...]
    plans: tuple[Plan, ...]
    members: tuple[Member, ...]
    notes: tuple[Note, ...]

    def families(self) -> tuple[Family, ...]:
        """The plans by name, each with its versions."""
        return families(self.plans)


def own(answer: Answer[PayoutRow], files: Sequence[PlanFile], employee_id: str) -> Own:
    """What one employee may see of everybody's pay; nothing where they are nobody.

    >>> own(Answer("payouts", ()), (), "").lines
    ()
    """
    lines = tuple(row for row in answer.rows if employee_id and row.employee_id == employee_id)
    members = tuple(
        row for each in files for row in each.members if employee_id and row.employee == employee_id
    )
    shared = {
        each.plan.name
        for each in files
        for pool in each.plan.pools
        if employee_id and employee_id in dict(pool.parts)
    }
    names = {row.plan for row in lines} | {row.plan for row in members} | shared
    plans = tuple(each.plan for each in files if each.plan.name in names)
    notes = tuple(_own_notes(answer.notes, names, employee_id))
    return Own(employee_id, lines, plans, members, notes)


def _own_notes(notes: Iterable[Note], plans: set[str], employee_id: str) -> Iterable[Note]:
    """The notes about the own plans, without the sales and the numbers of others."""
    for note in notes:
        about = note.params.get("employee")
        if note.params.get("plan") not in plans or about not in (None, employee_id):
            continue
        if note.code.startswith(("refused_", "unknown_")) or note.code == "plan_gone":
            kept = ("plan", "component", "what", "currency", "booked")
            told = {name: value for name, value in note.params.items() if name in kept}
            yield Note(note.code, "", told)


def plan_files(terms: Terms) -> tuple[PlanFile, ...]:
    """The plan files of some terms. Raises InputError where one can't be read."""
    return tuple(read_plan(text, path) for path, text in terms.under(PAY))


def readable_plans(terms: Terms) -> tuple[tuple[PlanFile, ...], bool]:
    """The plan files that can be read, and whether all can."""
    found = []
    whole = True
    for path, text in terms.under(PAY):
        try:
            found.append(read_plan(text, path))
        except InputError:
            whole = False
    return tuple(found), whole


def latest(plans: Iterable[Plan], day: date) -> tuple[Plan, ...]:
    """Of each plan the version in effect on a day, else the one that was last."""
    found: dict[str, Plan] = {}
    for plan in sorted(plans, key=lambda each: each.first):
        if plan.first <= day or plan.name not in found:
            found[plan.name] = plan
    return tuple(found[name] for name in sorted(found))
