"""What of their quotas people reached, period by period, from the lines of pay."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.measures.plan_health.periods import labels_of, periods_of
from onefunnel.pay.families import Family, Span
from onefunnel.pay.lines import Kind
from onefunnel.pay.periods import DAY, Period, month_of
from onefunnel.pay.plan import Component, Member, Plan, TiersOn
from onefunnel.pay.quotas import active_share, begun, for_member
from onefunnel.vocabulary import Calendar, Note, Question

Sums = Mapping[tuple[str, ...], Decimal]


@dataclass(frozen=True, slots=True)
class Paid:
    """Lines of pay added up by the month they are for, and for whom nothing was worked out.

    ``bases`` are by plan, employee, component and month, ``pay`` by plan, employee and month:
    all of it; ``earned`` what components pay of it. A refusal of a whole plan names no employee.
    """

    bases: Sums
    pay: Sums
    earned: Sums
    refused: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, rows: Iterable[PayoutRow], notes: Iterable[Note]) -> "Paid":
        """What the answer of ``payouts`` says."""
        bases: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        pay: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        earned: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for row in rows:
            who = (row.plan, row.employee_id)
            pay[*who, row.of_period] += row.amount
            if row.kind == Kind.EARNING:
                earned[*who, row.of_period] += row.amount
                bases[*who, row.component, row.of_period] += row.base
        refused = {
            (str(note.params.get("plan", "")), str(note.params.get("employee", "")))
            for note in notes
            if note.code.startswith("refused_")
        }
        return cls(bases, pay, earned, frozenset(refused))

    def refuses(self, plan: str, employee: str = "") -> bool:
        """Whether nothing was worked out for a plan, or for a member of it."""
        return (plan, "") in self.refused or (plan, employee) in self.refused


@dataclass(frozen=True, slots=True)
class Case:
    """A member in one whole period under one component.

    ``attained`` is the base of the period as a share of its quota, ``under`` whether the base since
    tiers began is below the threshold (None without one), ``paid`` what components paid as a share
    of the target (None without one).
    """

    employee: str
    attained: float
    under: bool | None
    paid: float | None


def cases(
    family: Family, members: Sequence[Member], paid: Paid, question: Question
) -> dict[str, list[Case]]:
    """By component, everybody who had a quota for the whole of a period."""
    found: dict[str, list[Case]] = defaultdict(list)
    periods = periods_of(family, question)
    after = periods[-1].after if periods else date.min
    spans = tuple(family.spans(question.calendar, after))
    for period in periods:
        last = period.after - DAY
        plan = family.versions[family.at(last) or 0]
        span = next(each for each in spans if each.first <= last < each.after)
        for employee, rows in rows_by_employee(family.name, members).items():
            if not paid.refuses(family.name, employee) and is_there(rows, period):
                one = _Member(plan, span, employee, rows, paid, question.calendar)
                for component in plan.components:
                    found[component.name] += one.case(component, period)
    return {name: each for name, each in found.items() if each}


def rows_by_employee(plan: str, members: Iterable[Member]) -> dict[str, list[Member]]:
    """The rows of a plan's members, by employee in order."""
    found: dict[str, list[Member]] = defaultdict(list)
    for row in members:
        if row.plan == plan:
            found[row.employee].append(row)
    return dict(sorted(found.items()))


def is_there(rows: Iterable[Member], period: Period) -> bool:
    """Whether a member's rows cover every day of a period."""
    whole = Span((), period.first, period.after)
    return sum(active_share(period, whole, row.first, row.last) for row in rows) == 1


@dataclass(frozen=True, slots=True)
class _Member:
    plan: Plan
    span: Span
    employee: str
    rows: list[Member]
    paid: Paid
    calendar: Calendar

    def case(self, component: Component, period: Period) -> Iterator[Case]:
        """The case of a component in a period, where there is a quota above 0."""
        whole = Span((), period.first, period.after)
        quota = for_member(self.rows, lambda row: row.quota_of(component.name), [period], whole)
        if quota:
            base = self.base(component, period.first, period.after)
            under = self.under(component, period)
            yield Case(self.employee, float(base / quota), under, self.to_target(period, whole))

    def base(self, component: Component, first: date, after: date) -> Fraction:
        """What the component counted in the months from one day up to another."""
        who = (self.plan.name, self.employee, component.name)
        labels = labels_of(self.calendar, first, after)
        return Fraction(sum(self.paid.bases.get((*who, each), Decimal()) for each in labels))

    def under(self, component: Component, period: Period) -> bool | None:
        """Whether what was counted since tiers began does not reach the threshold."""
        if component.threshold is None:
            return None
        level: Fraction | None = Fraction(1)
        if component.tiers_on is TiersOn.ATTAINMENT:
            month = month_of(self.calendar, period.after - DAY)
            held = tuple(begun(self.calendar, self.plan.period, self.span, month))
            level = for_member(self.rows, lambda row: row.quota_of(component.name), held, self.span)
        if level is None:
            return None
        return self.base(component, self.span.first, period.after) < level * Fraction(
            component.threshold
        )

    def to_target(self, period: Period, whole: Span) -> float | None:
        """What all components paid for a period as a share of the target pay."""
        target = for_member(self.rows, lambda row: row.target, [period], whole)
        if not target:
            return None
        labels = labels_of(self.calendar, period.first, period.after)
        who = (self.plan.name, self.employee)
        earned = sum(self.paid.earned.get((*who, each), Decimal()) for each in labels)
        return float(Fraction(earned) / target)
