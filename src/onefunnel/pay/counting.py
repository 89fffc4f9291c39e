"""One pass over the sales: what each employee is credited, by version, component and month."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from onefunnel.pay.credits import Credit, Lot, Sale, counts, credits_of, managers_on, overrides
from onefunnel.pay.entries import Entry, entries
from onefunnel.pay.families import Family
from onefunnel.pay.lines import Unknown
from onefunnel.pay.periods import Period
from onefunnel.pay.plan import Base, Component, Member, Whose
from onefunnel.pay.tallies import Counted


@dataclass(slots=True)
class Book:
    """The sales of one family: what each month makes known of them, in order of the months.

    ``remarks`` counts returns that were not taken as such, by the code of the reason.
    """

    known: tuple[Counted, ...]
    unknown: list[Unknown] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is paid by a family, and whom everybody reports to, under any plan."""

    members: Mapping[str, tuple[Member, ...]]
    all_rows: Mapping[str, tuple[Member, ...]]

    @classmethod
    def of(cls, members: Sequence[Member], family: str) -> "Staff":
        """The staff of one family."""
        return cls(
            _by_employee(row for row in members if row.plan == family), _by_employee(members)
        )

    def is_paid(self, employee: str, day: date) -> bool:
        """Whether an employee is paid by the family on a day."""
        return any(row.works_on(day) for row in self.members.get(employee, ()))


def count(
    family: Family,
    staff: Staff,
    sales: Mapping[str, Sale],
    lots: Iterable[Lot],
    months: Sequence[Period],
    minor: Decimal,
) -> Book:
    """What the sales, by their ids, and lots count for under each version of a family.

    A sale is known from its own day on, a return from the day of the later one of it and its sale.
    """
    counter = _Counter(family, staff, months)
    for entry in entries(family, sales, counter.book.remarks):
        counter.enter(entry, minor)
    for lot in lots:
        counter.enter_lot(lot)
    return counter.book


class _Counter:
    """Adds credits up; looks each question that recurs up only once."""

    def __init__(self, family: Family, staff: Staff, months: Sequence[Period]) -> None:
        self.family, self.staff, self.months = family, staff, months
        self.starts = [month.first for month in months]
        self.book = Book(tuple(Counted() for _ in months))
        self.has_team = any(c.whose is Whose.TEAM for p in family.versions for c in p.components)
        self.has_gate = [any(c.gate for c in plan.components) for plan in family.versions]
        self.paid: dict[tuple[str, date], bool] = {}
        self.managers: dict[tuple[str, date], tuple[str, ...]] = {}
        self.places: dict[date, tuple[int | None, int]] = {}

    def enter(self, entry: Entry, minor: Decimal) -> None:
        """Count a sale for the company and for each of its sellers."""
        version, place = self.when(entry.sale.day)
        if version is None or not 0 <= place < len(self.months):
            return
        at = _At(version, place, max(self.when(entry.known)[1], 0), entry.by, not entry.passing)
        self.pool(at, entry.sale)
        for credit in credits_of(entry.sale, counts(entry.sale, entry.returned), minor):
            self.take(at, credit)

    def enter_lot(self, lot: Lot) -> None:
        """Count a lot for the company and for its seller."""
        version, place = self.when(lot.day)
        if version is None or not 0 <= place < len(self.months):
            return
        if self.family.versions[version].crediting is lot.event:
            at = _At(version, place, place)
            self.pool(at, lot)
            if (credit := lot.credit) is not None:
                self.take(at, credit)

    def when(self, day: date) -> tuple[int | None, int]:
        """The version in effect on a day, and the place of its month."""
        known = self.places.get(day)
        if known is None:
            known = self.family.at(day), bisect_right(self.starts, day) - 1
            self.places[day] = known
        return known

    def take(self, at: "_At", credit: Credit) -> None:
        """Count a credit for its employee, and for whom they report to."""
        self.add(at, credit, Whose.OWN)
        if self.has_team:
            for override in overrides(credit, self.managers_of(credit)):
                self.add(at, override, Whose.TEAM)

    def add(self, at: "_At", credit: Credit, whose: Whose) -> None:
        """Count a credit under the components of a version, if it pays its employee."""
        if not self.is_paid(credit.employee, credit.day):
            return
        if self.has_gate[at.version]:
            self.measure(at, credit, whose)
        for component in self.family.versions[at.version].components:
            if component.whose is whose and _in_window(component, credit.day):
                self.add_to(at, component, credit)

    def add_to(self, at: "_At", component: Component, credit: Credit) -> None:
        fits = _fits(component, credit)
        if fits is False:
            return
        value = credit.of(component.base)
        if fits is None or value is None:
            what = "product" if fits is None else component.base.value
            self.unknown(at, (component.name, credit.employee), credit, what)
            return
        key = (at.version, component.name, credit.employee)
        self.book.known[at.known].bases[key].add(at.place, value * at.by, at.by)

    def measure(self, at: "_At", credit: Credit, whose: Whose) -> None:
        """Add to what gates look at."""
        revenue, margin = credit.revenue, credit.contribution
        both = revenue is not None and margin is not None
        for name, value in (
            ("revenue", revenue),
            ("margin", margin),
            ("units", credit.quantity),
            ("rated_revenue", revenue if both else None),
            ("rated_margin", margin if both else None),
        ):
            if value is not None:
                key = (at.version, whose, credit.employee, name)
                self.book.known[at.known].measures[key].add(at.place, value * at.by, at.by)

    def pool(self, at: "_At", sale: Sale | Lot) -> None:
        """Add to the company's margin, where a pool looks at it."""
        plan = self.family.versions[at.version]
        if plan.pools and sale.contribution is None:
            for pool in plan.pools:
                self.unknown(at, (pool.name, ""), sale, Base.MARGIN.value)
        elif plan.pools and sale.contribution is not None:
            monthly = self.book.known[at.known].margins[at.version]
            monthly.add(at.place, sale.contribution * at.by, at.by)

    def unknown(
        self, at: "_At", whose: tuple[str, str], found: Credit | Sale | Lot, what: str
    ) -> None:
        """Note what could not be counted of a sale under a component or pool for an employee."""
        if at.stays:
            month = self.months[at.place].label
            lines = 1 if isinstance(found, Sale) else found.lines
            unknown = Unknown(self.family.name, *whose, month, found.sale_id, what, lines)
            self.book.unknown.append(unknown)

    def is_paid(self, employee: str, day: date) -> bool:
        known = self.paid.get((employee, day))
        if known is None:
            known = self.paid[employee, day] = self.staff.is_paid(employee, day)
        return known

    def managers_of(self, credit: Credit) -> tuple[str, ...]:
        key = (credit.employee, credit.day)
        if key not in self.managers:
            rows = self.staff.all_rows.get(credit.employee, ())
            self.managers[key] = managers_on(rows, credit.day)
        return self.managers[key]


class _At(NamedTuple):
    """Where something counts: version, place of its month and of the one that makes it known."""

    version: int
    place: int
    known: int
    by: int = 1
    stays: bool = True


def _fits(component: Component, credit: Credit) -> bool | None:
    """Whether a component counts such a sale; None where that hangs on what is unknown."""
    wanted = ((component.products, credit.product), (component.segments, credit.segment))
    known = [value in valid for valid, value in wanted if valid and value is not None]
    if not all(known):
        return False
    return None if any(valid and value is None for valid, value in wanted) else True


def _in_window(component: Component, day: date) -> bool:
    begun = component.first is None or component.first <= day
    return begun and (component.last is None or day <= component.last)


def _by_employee(rows: Iterable[Member]) -> dict[str, tuple[Member, ...]]:
    found: dict[str, list[Member]] = defaultdict(list)
    for row in rows:
        found[row.employee].append(row)
    return {employee: tuple(each) for employee, each in found.items()}
