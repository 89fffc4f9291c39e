"""What ``plan_health`` asks of the engine, in plain Python: sale by sale, lead by lead."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import floor
from typing import Any

from onefunnel.funnel.reference.company import Company, Record, Records
from onefunnel.funnel.rules import Rules
from onefunnel.measures.payouts.plans import Purse
from onefunnel.measures.payouts.reference import of_deal, of_line
from onefunnel.measures.plan_health.accelerators import Reach
from onefunnel.measures.plan_health.days import EPOCH
from onefunnel.measures.plan_health.depths import reaches_of
from onefunnel.measures.plan_health.periods import looked_at
from onefunnel.measures.plan_health.statistics import Ranked, ranked
from onefunnel.pay.credits import Sale
from onefunnel.pay.plan import Base, Component, Event, Plan, Whose
from onefunnel.vocabulary import Question

UNKNOWN = "unknown"
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Dated:
    """A sale with its instant, its order, and the record of its line where it is one."""

    sale: Sale
    at: datetime
    order: str
    row: Record | None = None

    @property
    def is_back(self) -> bool:
        """Whether it takes something back by its quantity."""
        return self.sale.quantity is not None and self.sale.quantity < 0


class Plain:
    """A purse's company, asked the plain way."""

    def __init__(self, records: Records, rules: Rules, question: Question, purse: Purse) -> None:
        self.question, self.purse = question, purse
        self.company = Company(records, rules, replace(question, currency=purse.currency))
        self.stretch = looked_at(question)
        self.lines = list(self._lines())

    def _lines(self) -> Iterator[Dated]:
        rows = {row["order_line_id"]: row for row in self.company.records["order_line"]}
        dated = {key: row for key, row in rows.items() if row["ordered_at"] is not None}
        for key, row in dated.items():
            order = f"order:{row['order_id']}" if row["order_id"] is not None else ""
            sale = of_line(self.company, row, dated, self.question.currency)
            yield Dated(sale, row["ordered_at"], order or f"order_line:{key}", row)

    def _deals(self) -> Iterator[Dated]:
        for deal, (status, event) in self.company.standing_deals().items():
            if status == "won":
                sale = of_deal(self.company, deal, event["at"], self.question.currency)
                yield Dated(sale, event["at"], sale.sale_id)

    def brought(self) -> dict[tuple[str | None, str], tuple[float, int, int]]:
        """By employee and segment: contribution, lines, and those of unknown contribution.

        What overlays alone are credited with is nobody's, as is what nobody sold.
        """
        found: dict[tuple[str | None, str], tuple[float, int, int]] = {}
        for each in self.lines:
            if not self.stretch.start <= each.at < self.stretch.end:
                continue
            own: list[tuple[str | None, float]] = [
                (s.employee, float(s.share)) for s in each.sale.sellers if not s.overlay
            ]
            known = each.sale.contribution
            for employee, share in own or [(None, 1.0)]:
                key = (employee, each.sale.segment or UNKNOWN)
                amount, lines, unknown = found.get(key, (0.0, 0, 0))
                amount += 0.0 if known is None else float(known) * share
                found[key] = (amount, lines + 1, unknown + (known is None))
        return found

    def closings(self) -> Counter[tuple[str, int]]:
        """How many orders and deals each seller closed on each day."""
        every = [*self.lines] if Event.INVOICE in self.purse.events else []
        every += [*self._deals()] if Event.BOOKING in self.purse.events else []
        orders: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        for each in every:
            back = each.is_back or each.sale.returns is not None
            if each.at >= self.stretch.start and not back:
                sellers = [s.employee for s in each.sale.sellers if not s.overlay]
                orders[each.order] += [(each.at, who) for who in sellers]
        found: Counter[tuple[str, int]] = Counter()
        for sold in orders.values():
            if sold:
                day = self.question.calendar.local_day(min(at for at, _ in sold))
                found[min(who for _, who in sold), (day - EPOCH).days] += 1
        return found

    def got(self) -> Counter[tuple[str | None, str]]:
        """How many leads each employee got, by segment."""
        found: Counter[tuple[str | None, str]] = Counter()
        parties = {row["party_id"]: row["segment"] for row in self.company.records["party"]}
        for lead in self.company.records["lead"]:
            at = lead["created_at"]
            if at is not None and self.stretch.start <= at < self.stretch.end:
                segment = lead["segment"] or parties.get(lead["party_id"]) or UNKNOWN
                found[self._who_got(lead["lead_id"]), segment] += 1
        return found

    def _who_got(self, lead: str) -> str | None:
        steps = [
            (row["occurred_at"], row["handoff_id"], row["actor"])
            for row in self.company.records["handoff"]
            if (row["lead_id"], row["kind"]) == (lead, "accepted") and row["actor"] is not None
        ]
        dated = sorted(each for each in steps if each[0] is not None)
        owners = sorted(
            (row["deal_id"], row["owner"])
            for row in self.company.records["deal"]
            if row["lead_id"] == lead and row["owner"] is not None
        )
        return dated[0][2] if dated else owners[0][1] if owners else None

    def depths(self) -> dict[Key, tuple[Ranked, Mapping[str, int]]]:
        """By plan, component and employee: the sums over ranks, and the discounts of the thirds."""
        pairs: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        for reach in reaches_of(self.purse, self.question):
            pairs[reach.plan, reach.component, reach.employee] += self._before(reach)
        return {key: (ranked(each), _thirds(each)) for key, each in pairs.items() if each}

    def _before(self, reach: Reach) -> Iterator[tuple[int, int]]:
        """Distance and discount of each order in a stretch before a rate that rises."""
        before, begun = 0, self._start(reach.since)
        for at, orders in self._orders(reach, begun):
            worth, listed, paid = orders
            first, after = self._start(reach.first), self._start(reach.after)
            if first <= at < after and reach.low <= before < reach.high and listed > 0:
                yield reach.high - before, floor((listed - paid) * 10_000 / listed + 0.5)
            before += worth

    def _orders(self, reach: Reach, begun: datetime) -> list[tuple[datetime, list[int]]]:
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        at: dict[str, datetime] = {}
        since = min(self._start(each.since) for each in reaches_of(self.purse, self.question))
        for each in self.lines:
            if each.at < since:
                continue
            for figures in self._counted(each, reach):
                at[each.order] = min(at.get(each.order, each.at), each.at)
                sums[each.order] = [a + b for a, b in zip(sums[each.order], figures, strict=True)]
        order = sorted(sums, key=lambda key: (at[key].replace(microsecond=0), key))
        return [(at[key], sums[key]) for key in order if at[key] >= begun]

    def _counted(self, each: Dated, reach: Reach) -> Iterator[tuple[int, int, int]]:
        for plan, component in self._components(reach):
            if self._fits(each.sale, plan, component):
                for seller in each.sale.sellers:
                    if seller.employee == reach.employee:
                        worth = _value(each, component.base) * float(seller.share)
                        yield _hundredths(worth), *_prices(each.row)

    def _components(self, reach: Reach) -> list[tuple[Plan, Component]]:
        return [
            (plan, component)
            for plan in self.purse.plans
            for component in plan.components
            if plan.crediting is Event.INVOICE
            and component.whose is Whose.OWN
            and (plan.name, component.name) == (reach.plan, reach.component)
        ]

    def _fits(self, sale: Sale, plan: Plan, component: Component) -> bool:
        inside = (component.first or date.min) <= sale.day <= (component.last or date.max)
        known = not component.products or sale.product in component.products
        of_segment = not component.segments or sale.segment in component.segments
        return plan.runs_on(sale.day) and inside and known and of_segment

    def _start(self, day: date) -> datetime:
        return self.question.calendar.start_of_day(day)


def _value(each: Dated, counts: Base) -> float:
    if counts is Base.SALES:
        return -1.0 if each.is_back else 1.0
    sale = each.sale
    found: Any = {
        Base.REVENUE: sale.revenue,
        Base.MARGIN: sale.contribution,
        Base.UNITS: sale.quantity,
    }[counts]
    return float(found or 0)


def _prices(row: Record | None) -> tuple[int, int]:
    """What the list and the invoice say of a line in hundredths; 0 where it has no list price."""
    if row is None or not row["list_price"] or row["net_price"] is None or not row["quantity"]:
        return 0, 0
    if row["quantity"] < 0 or row["list_price"] < 0:
        return 0, 0
    quantity = float(row["quantity"])
    return tuple(_hundredths(quantity * float(row[n])) for n in ("list_price", "net_price"))  # type: ignore[return-value]


def _hundredths(value: float) -> int:
    return floor(value * 100 + 0.5)


def _thirds(pairs: list[tuple[int, int]]) -> dict[str, int]:
    """The sum of the discounts in the nearest and the farthest third, and how many there are."""
    n = len(pairs)
    found = Counter[str]()
    for distance, depth in pairs:
        less = sum(other < distance for other, _ in pairs)
        same = sum(other == distance for other, _ in pairs)
        doubled = 2 * less + same + 1
        third = "near" if 3 * doubled <= 2 * n else "far" if 3 * doubled > 4 * n else ""
        if third:
            found[third] += depth
            found[f"{third}_n"] += 1
    return {name: found[name] for name in ("near", "near_n", "far", "far_n")}
