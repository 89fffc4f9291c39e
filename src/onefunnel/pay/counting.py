"""One pass over the sales: what each employee is credited, by version, component and month."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from onefunnel.pay.credits import Credit, Sale, counts, credits_of, managers_on, overrides
from onefunnel.pay.families import Family
from onefunnel.pay.lines import Unknown
from onefunnel.pay.periods import Period
from onefunnel.pay.plan import ZERO, Base, Component, Member, Plan, Whose

Monthly = dict[int, Decimal]
"""Base by the place of its month."""


@dataclass(slots=True)
class Counted:
    """The bases of one family, by the place of the month and of the version.

    ``bases`` are keyed by version, component and employee, ``measures`` by version, whose and
    employee, ``margins`` (of the company, for pools) by version. A margin rate is reckoned from
    the measures ``rated_margin`` and ``rated_revenue``, of lines where both are known. ``remarks``
    counts returns that were not taken as such, by the code of the reason.
    """

    bases: dict[tuple[int, str, str], Monthly] = field(default_factory=dict)
    measures: dict[tuple[int, Whose, str], dict[str, Monthly]] = field(default_factory=dict)
    margins: dict[int, Monthly] = field(default_factory=dict)
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
    months: Sequence[Period],
    minor: Decimal,
) -> Counted:
    """What the sales of the months, by their ids, count for under each version of a family."""
    counter = _Counter(family, staff, months)
    for dated, returned in _dated(family, sales, counter.counted.remarks):
        place = bisect_right(counter.starts, dated.day) - 1
        version = family.at(dated.day)
        if version is None or not 0 <= place < len(months):
            continue
        counter.pool(version, place, dated)
        for credit in credits_of(dated, counts(dated, returned), minor):
            counter.take(version, place, credit)
    return counter.counted


class _Counter:
    """Adds credits up; looks each question that recurs up only once."""

    def __init__(self, family: Family, staff: Staff, months: Sequence[Period]) -> None:
        self.family, self.staff, self.months = family, staff, months
        self.starts = [month.first for month in months]
        self.counted = Counted()
        self.has_team = any(c.whose is Whose.TEAM for p in family.versions for c in p.components)
        self.has_gate = [any(c.gate for c in plan.components) for plan in family.versions]
        self.paid: dict[tuple[str, date], bool] = {}
        self.managers: dict[tuple[str, date], tuple[str, ...]] = {}

    def take(self, version: int, place: int, credit: Credit) -> None:
        """Count a credit for its employee, and for whom they report to."""
        self.add(version, place, credit, Whose.OWN)
        if self.has_team:
            for override in overrides(credit, self.managers_of(credit)):
                self.add(version, place, override, Whose.TEAM)

    def add(self, version: int, place: int, credit: Credit, whose: Whose) -> None:
        """Count a credit under the components of a version, if it pays its employee."""
        if not self.is_paid(credit.employee, credit.day):
            return
        plan = self.family.versions[version]
        if self.has_gate[version]:
            self.measure(version, place, credit, whose)
        for component in plan.components:
            if component.whose is whose and _in_window(component, credit.day):
                self.add_to(version, place, component, credit)

    def add_to(self, version: int, place: int, component: Component, credit: Credit) -> None:
        fits = _fits(component, credit)
        if fits is False:
            return
        value = credit.of(component.base)
        if fits is None or value is None:
            what = "product" if fits is None else component.base.value
            self.unknown(component.name, credit.employee, place, credit.sale_id, what)
            return
        months = self.counted.bases.setdefault((version, component.name, credit.employee), {})
        months[place] = months.get(place, ZERO) + value

    def measure(self, version: int, place: int, credit: Credit, whose: Whose) -> None:
        """Add to what gates look at."""
        key = (version, whose, credit.employee)
        measures = self.counted.measures.setdefault(key, defaultdict(dict))
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
                measures[name][place] = measures[name].get(place, ZERO) + value

    def pool(self, version: int, place: int, sale: Sale) -> None:
        """Add to the company's margin, where a pool looks at it."""
        plan = self.family.versions[version]
        if plan.pools and sale.contribution is None:
            for pool in plan.pools:
                self.unknown(pool.name, "", place, sale.sale_id, Base.MARGIN.value)
        elif plan.pools and sale.contribution is not None:
            months = self.counted.margins.setdefault(version, {})
            months[place] = months.get(place, ZERO) + sale.contribution

    def unknown(self, component: str, employee: str, place: int, sale_id: str, what: str) -> None:
        month = self.months[place].label
        found = Unknown(self.family.name, component, employee, month, sale_id, what)
        self.counted.unknown.append(found)

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


def _dated(
    family: Family, sales: Mapping[str, Sale], remarks: dict[str, int]
) -> Iterator[tuple[Sale, Sale | None]]:
    """The sales of the versions' events, each return with its sale, on the day it counts for.

    A return goes to those who sold it. Within the time of clawback it counts on the day of the
    sale, later it is left out.
    """
    for sale in sales.values():
        returned = sales.get(sale.returns) if sale.returns is not None else None
        if returned is None:
            dated = sale
            if sale.returns is not None and _plan_at(family, sale.day, sale) is not None:
                remarks["return_of_unknown_sale"] += 1
        else:
            plan = _plan_at(family, returned.day, returned)
            within = None if plan is None else plan.clawback_days
            day = sale.day if within is None else returned.day
            if within is not None and (sale.day - returned.day).days > within:
                remarks["return_after_clawback"] += 1
                continue
            dated = replace(sale, day=day, sellers=returned.sellers)
        if _plan_at(family, dated.day, dated) is not None:
            yield dated, returned


def _plan_at(family: Family, day: date, sale: Sale) -> Plan | None:
    """The version in effect on a day, if it counts sales of this event."""
    place = family.at(day)
    plan = None if place is None else family.versions[place]
    return plan if plan is not None and plan.crediting is sale.event else None


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
