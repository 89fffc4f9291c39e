"""The pay plans in force at the end of a period: whom they pay, and what they count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onefunnel.measures.incentives.notes import note
from onefunnel.measures.incentives.paid_bases import Products, products_of
from onefunnel.pay.periods import period_of
from onefunnel.pay.pieces import as_piecewise
from onefunnel.pay.plan import Component, Member, Pays, Plan, PlanFile, TiersOn, Whose
from onefunnel.pay.reading import read_plan
from onefunnel.vocabulary import Note, Question
from onefunnel.vocabulary.terms import PAY

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time over which what sellers sold is summed, and the name of the query that does it."""

    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Active:
    """A plan in force: its components that count one's own sales now, and whom it pays.

    ``windows`` is in how many beginnings of its tiers the period lies. ``before`` is the query of
    what was sold from the beginning of the tiers to the period, where it lies in one; ``present``
    that from the beginning of the last to the end. None where the plan has no steps, or where there
    is nothing to ask.
    """

    plan: Plan
    members: tuple[Member, ...]
    components: tuple[Component, ...]
    has_steps: bool
    windows: int = 1
    before: str | None = None
    present: str | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """All plans in force, what must be asked for them, and why others are left out."""

    plans: tuple[Active, ...]
    stretches: tuple[Stretch, ...]
    notes: tuple[Note, ...]

    @property
    def products(self) -> Products:
        """The sets of products that they tell apart."""
        return products_of(part for each in self.plans for part in each.components)


def period_end(question: Question) -> datetime:
    """The end of the period as far as it has gone by, itself not in it."""
    after_now = question.now + MOMENT
    return after_now if question.end is None else min(question.end, after_now)


def last_day(question: Question) -> date:
    """The last local day of the period that has begun by now."""
    return question.calendar.local_day(period_end(question) - MOMENT)


def in_force(question: Question) -> InForce:
    """The plan files of the question's terms in force on the last day of its period.

    Of each plan only what it pays for one's own sales counts, at its full rates, whatever a gate
    says. A plan in another currency than the question's is left out with a note. Raises InputError
    where a file can't be read.
    """
    day = last_day(question)
    files = [read_plan(text, path) for path, text in question.terms.under(PAY)]
    standing = [each for each in files if each.plan.runs_on(day)]
    foreign = [each.plan for each in standing if each.plan.currency != question.currency]
    usable = [each.plan for each in standing if each.plan not in foreign]
    plans: list[Active] = []
    stretches: list[Stretch] = []
    for plan in usable:
        active, asked = _active(plan, _members(plan, files, day), question, len(plans))
        if active.components:
            plans.append(active)
            stretches += asked
    notes = [
        note("refused_other_currency", plan=each.name, has=each.currency, wanted=question.currency)
        for each in foreign
    ]
    notes += _remarks(plans, question)
    return InForce(tuple(plans), tuple(stretches), tuple(notes))


def _members(plan: Plan, files: list[PlanFile], day: date) -> tuple[Member, ...]:
    """Whom a plan pays on a day, in order of their names."""
    rows = (row for each in files for row in each.members)
    found = {row.employee: row for row in rows if row.plan == plan.name and row.works_on(day)}
    return tuple(found[name] for name in sorted(found))


def _active(
    plan: Plan, members: tuple[Member, ...], question: Question, place: int
) -> tuple[Active, list[Stretch]]:
    day, calendar = last_day(question), question.calendar
    components = tuple(
        part for part in plan.components if part.whose is Whose.OWN and _counts_on(part, day)
    )
    if not any(_has_steps(part, members) for part in components):
        return Active(plan, members, components, has_steps=False), []
    window = period_of(calendar, plan.window, day)
    since = calendar.start_of_day(max(window.first, plan.first) if plan.resets else window.first)
    present = Stretch(f"present_{place}", since, period_end(question))
    windows, stretches = 1, [present]
    before = None
    if question.start is not None and question.start >= since:
        before = Stretch(f"before_{place}", since, question.start)
        stretches.append(before)
    elif question.start is not None:
        windows = _windows(plan, question)
    active = Active(
        plan,
        members,
        components,
        has_steps=True,
        windows=windows,
        before=None if before is None else before.name,
        present=present.name,
    )
    return active, stretches


def _windows(plan: Plan, question: Question) -> int:
    """In how many windows of its tiers a period with a beginning lies."""
    assert question.start is not None
    day, last, count = question.calendar.local_day(question.start), last_day(question), 0
    while day <= last:
        day, count = period_of(question.calendar, plan.window, day).after, count + 1
    return count


def _counts_on(component: Component, day: date) -> bool:
    begun = component.first is None or component.first <= day
    return begun and (component.last is None or day <= component.last)


def _has_steps(component: Component, members: tuple[Member, ...]) -> bool:
    """Whether the pay of a component is not one rate from the first unit on, for anybody."""
    by_quota = component.tiers_on is TiersOn.ATTAINMENT or component.pays is Pays.TARGET
    if by_quota:
        return True
    pieces = as_piecewise(component)
    return len(pieces) > 1 or bool(pieces[0].jump)


def _remarks(plans: list[Active], question: Question) -> Iterator[Note]:
    for each in plans:
        first = None if question.start is None else question.calendar.local_day(question.start)
        if first is not None and each.plan.first > first:
            yield note("plan_began_within", plan=each.plan.name, day=each.plan.first.isoformat())
        if any(part.gate for part in each.components):
            yield note("gates_taken_open", plan=each.plan.name)
