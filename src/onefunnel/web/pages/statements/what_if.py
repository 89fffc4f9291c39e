"""What one more sale would pay somebody now: the pay engine asked with their own totals to date."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from onefunnel.errors import Refused
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.cliffs import Cliff, Point, cliffs, curve
from onefunnel.pay.content import digest
from onefunnel.pay.counting import Staff, count
from onefunnel.pay.credits import Sale, Seller
from onefunnel.pay.currencies import minor_unit
from onefunnel.pay.earning import Scope, Track, earn
from onefunnel.pay.families import Family, Span
from onefunnel.pay.periods import Period, month_of, months
from onefunnel.pay.plan import ONE, ZERO, Component, Member, Plan
from onefunnel.pay.quotas import begun, for_member
from onefunnel.pay.rounding import decimal_of, rounded
from onefunnel.pay.tallies import Counted
from onefunnel.vocabulary import Calendar
from onefunnel.web.pages.statements.amounts import days_of
from onefunnel.web.pages.statements.own import Own

BEYOND = Decimal("1.25")
"""How far a picture goes beyond where one stands, and beyond its last corner."""
SALE = "one more"


@dataclass(frozen=True, slots=True)
class OneMore:
    """A sale that might be: net amount, its cost where that is known, product and segment."""

    amount: Decimal
    cost: Decimal | None = None
    quantity: Decimal = ONE
    product: str = ""
    segment: str = ""

    def sale(self, employee: str, day: date, plan: Plan) -> Sale:
        """As the pay engine takes it."""
        return Sale(
            SALE,
            day,
            plan.crediting,
            (Seller(employee),),
            self.quantity,
            self.amount,
            self.contribution,
            self.product,
            self.segment,
        )

    @property
    def contribution(self) -> Decimal | None:
        """Amount less cost, None where the cost is not known."""
        return None if self.cost is None else self.amount - self.cost


@dataclass(frozen=True, slots=True)
class Step:
    """A component before and after a sale.

    ``stands`` is the base counted since tiers began, ``more`` what the sale adds, ``paid`` what it
    pays now: None where ``lacks`` says what is missing for it (quota, target, cost). ``gate`` is
    the share that a gate leaves, 1 where none is shut. ``points`` are the corners of the curve with
    quota and target to date, ``cliffs`` its jumps.
    """

    plan: Plan
    component: Component
    stands: Decimal
    more: Decimal = ZERO
    paid: Decimal | None = None
    gate: Decimal = ONE
    lacks: str = ""
    points: tuple[Point, ...] = ()
    cliffs: tuple[Cliff, ...] = ()


def steps(own: Own, day: date, calendar: Calendar, one: OneMore | None) -> tuple[Step, ...]:
    """Every component that pays somebody on a day, and what one more sale adds under each."""
    found: list[Step] = []
    for family in own.families():
        members = tuple(row for row in own.members if row.plan == family.name)
        if family.at(day) is not None and any(row.works_on(day) for row in members):
            found += _Now(own, family, members, day, calendar).steps(one)
    return tuple(found)


def span_of(family: Family, day: date, calendar: Calendar) -> Span:
    """The stretch in which tiers run on, on a day on which a version is in effect."""
    found = family.spans(calendar, month_of(calendar, day).after)
    return next(each for each in found if each.first <= day < each.after)


class _Now:
    """One family of plans as it stands for somebody on a day."""

    def __init__(
        self, own: Own, family: Family, members: tuple[Member, ...], day: date, calendar: Calendar
    ) -> None:
        self.employee, self.members = own.employee_id, members
        self.day, self.calendar = day, calendar
        self.family = _without_gates(family)
        self.version = family.at(day) or 0
        self.plan = family.versions[self.version]
        self.minor = minor_unit(self.plan.currency)
        self.months = months(calendar, family.versions[0].first, day)
        self.digests = tuple(digest(plan) for plan in family.versions)
        self.span = span_of(self.family, day, calendar)
        kept = [row for row in own.lines if (row.plan, row.kind) == (family.name, "earning")]
        self.lines = since(self.span, kept, calendar)

    def steps(self, one: OneMore | None) -> Iterator[Step]:
        """Each component of the version in effect."""
        more, unknown = ({}, {}) if one is None else self.added(one)
        for component in self.plan.components:
            lines = [row for row in self.lines if row.component == component.name]
            try:
                yield self.step(component, lines, more.get(component.name, ZERO), unknown)
            except Refused as refused:
                lacks = refused.code.removeprefix("refused_no_")
                yield Step(self.plan, component, self.stands(lines), lacks=lacks)

    def step(
        self,
        component: Component,
        lines: list[PayoutRow],
        more: Decimal,
        unknown: Mapping[str, str],
    ) -> Step:
        """A component; Refused where it pays by attainment and quota or target is missing."""
        gate = _gate(component, lines)
        before, after = (
            self.pay(component.name, lines, each) * Fraction(gate) for each in (0, more)
        )
        stands = self.stands(lines)
        points, jumps = self.picture(component, stands + more)
        lacks = unknown.get(component.name, "")
        paid = None if lacks else rounded(after, self.minor) - rounded(before, self.minor)
        return Step(self.plan, component, stands, more, paid, gate, lacks, points, jumps)

    def stands(self, lines: list[PayoutRow]) -> Decimal:
        """What was counted in the stretch in which tiers run on."""
        return sum((row.base for row in lines), ZERO)

    def pay(self, name: str, lines: list[PayoutRow], more: Decimal | int) -> Fraction:
        """What a component pays in this stretch to date, with more of its base."""
        counted = Counted()
        for version, place, value in self.spread(lines):
            counted.bases[version, name, self.employee].add(place, value)
        if more:
            at = len(self.months) - 1
            counted.bases[self.version, name, self.employee].add(at, Decimal(more))
        track = Track()
        earn(self.scope(counted), self.span, (self.employee, name), track, 0)
        return track.totals[-1] if track.totals else Fraction()

    def spread(self, lines: list[PayoutRow]) -> list[tuple[int, int, Decimal]]:
        """Bases by version and place of the month that they count for."""
        places = {month.label: place for place, month in enumerate(self.months)}
        return [
            (
                self.version_of(row, self.months[places[row.of_period]]),
                places[row.of_period],
                row.base,
            )
            for row in lines
            if row.base and row.of_period in places
        ]

    def version_of(self, row: PayoutRow, month: Period) -> int:
        """The version that counted a line, the last one of its month where it is mixed."""
        if row.digest in self.digests:
            return self.digests.index(row.digest)
        latest = self.family.latest_in(month)
        return self.family.versions.index(latest) if latest is not None else self.version

    def added(self, one: OneMore) -> tuple[dict[str, Decimal], dict[str, str]]:
        """What a sale adds by component, and what is not known of it."""
        staff = Staff.of(self.members, self.family.name)
        sale = one.sale(self.employee, self.day, self.plan)
        book = count(self.family, staff, {SALE: sale}, (), self.months, self.minor)
        bases: dict[str, Decimal] = {}
        for known in book.known:
            for (_, name, employee), monthly in known.bases.items():
                if employee == self.employee:
                    bases[name] = sum(monthly.sums.values(), ZERO)
        return bases, {each.component: each.what for each in book.unknown if each.component}

    def scope(self, counted: Counted) -> Scope:
        """What the pay engine works from."""
        staff = Staff.of(self.members, self.family.name)
        return Scope(
            self.family, staff, counted, self.months, self.digests, self.calendar, self.minor
        )

    def picture(
        self, component: Component, stands: Decimal
    ) -> tuple[tuple[Point, ...], tuple[Cliff, ...]]:
        """The curve with quota and target to date, some way beyond where one stands."""
        periods = tuple(begun(self.calendar, self.plan.period, self.span, self.months[-1]))

        def to_date(stated: str) -> Decimal | None:
            def of(row: Member) -> Decimal | None:
                return row.target if stated == "target" else row.quota_of(component.name)

            found = for_member(self.members, of, periods, self.span)
            return None if found is None else decimal_of(found)

        jumps = cliffs(component, to_date("quota"), to_date("target"))
        corners = curve(component, Decimal(10) ** 30, to_date("quota"), to_date("target"))[:-1]
        upto = max([stands, ZERO, *(point.base for point in corners)]) * BEYOND
        shown = curve(component, upto, to_date("quota"), to_date("target")) if upto else ()
        return shown, jumps


def _without_gates(family: Family) -> Family:
    """The family with every gate open: what a gate leaves is read from one's lines."""
    return replace(
        family,
        versions=tuple(
            replace(plan, components=tuple(replace(c, gate=None) for c in plan.components))
            for plan in family.versions
        ),
    )


def _gate(component: Component, lines: list[PayoutRow]) -> Decimal:
    """The share that the component's gate leaves by the last line that speaks of it."""
    said = [row for row in lines if row.code in ("gate_holds", "gate_lifted")]
    if component.gate is None or not said:
        return ONE
    last = max(said, key=lambda row: (row.of_period, row.period))
    return component.gate.otherwise if last.code == "gate_holds" else ONE


def since(span: Span, lines: Iterable[PayoutRow], calendar: Calendar) -> list[PayoutRow]:
    """The lines of the months of a stretch."""
    return [row for row in lines if span.first < days_of(row.of_period, calendar)[1] <= span.after]
