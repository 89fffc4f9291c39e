"""Several open months at once are as if each had been closed in its turn; lots are their sales."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from onefunnel.pay.credits import Lot, Sale
from onefunnel.pay.engine import payouts
from onefunnel.pay.lines import PayoutLine, Payouts
from onefunnel.pay.periods import DAY, month_of
from onefunnel.pay.reference.firm import Firm
from tests.unit.pay.strategies import firms


def run(firm: Firm, until: date, paid: list[PayoutLine], **more: object) -> Payouts:
    named = {"calendar": firm.calendar, "minor": firm.minor, **more}
    sales = named.pop("sales", firm.sales)
    return payouts(firm.plans, firm.members, sales, until, paid, **named)  # type: ignore[arg-type]


def one_by_one(firm: Firm, day: date, paid: list[PayoutLine]) -> list[PayoutLine]:
    """The lines of each month from the one of a day, closed in its turn."""
    found: list[PayoutLine] = []
    while day <= firm.until:
        last = min(month_of(firm.calendar, day).after - DAY, firm.until)
        found += run(firm, last, [*paid, *found]).lines
        day = last + DAY
    return found


@given(firms(), st.integers(0, 3), st.data())
def test_open_months_at_once_are_those_closed_one_by_one(
    firm: Firm, closed: int, data: st.DataObject
) -> None:
    """Some months are closed, then sales are forgotten, then the others are open."""
    day, paid = firm.plans[0].first, []
    for _ in range(closed):
        last = min(month_of(firm.calendar, day).after - DAY, firm.until)
        paid += run(firm, last, paid).lines
        day = min(last + DAY, firm.until)
    kept = tuple(each for each in firm.sales if data.draw(st.booleans(), label=each.sale_id))
    changed = replace(firm, sales=kept)
    at_once = run(changed, firm.until, paid, since=day)
    wanted = one_by_one(changed, day, paid)
    assert list(at_once.lines) == wanted
    assert run(changed, firm.until, [*paid, *wanted]).lines == ()


def lots_of(firm: Firm) -> tuple[list[Sale], list[Lot]]:
    """The sales that can't be added up, and the others, added up where nothing parts them."""
    named = {sale.returns for sale in firm.sales}
    groups: dict[tuple[object, ...], list[Sale]] = defaultdict(list)
    single = []
    for sale in firm.sales:
        plain = len(sale.sellers) <= 1 and all(s.share == 1 and not s.overlay for s in sale.sellers)
        if not plain or sale.returns is not None or sale.sale_id in named:
            single.append(sale)
            continue
        unknown = tuple(v is None for v in (sale.quantity, sale.revenue, sale.contribution))
        parts = (sale.day, sale.event, sale.sellers, sale.product, sale.segment, unknown)
        groups[parts].append(sale)
    return single, [_lot(sales) for sales in groups.values()]


def _lot(sales: list[Sale]) -> Lot:
    first = min(sales, key=lambda sale: sale.sale_id)

    def total(name: str) -> Decimal | None:
        values = [getattr(sale, name) for sale in sales]
        return None if None in values else sum(values, Decimal(0))

    returns = sum(sale.quantity is not None and sale.quantity < 0 for sale in sales)
    return Lot(
        sale_id=first.sale_id,
        lines=len(sales),
        day=first.day,
        event=first.event,
        employee=first.sellers[0].employee if first.sellers else None,
        quantity=total("quantity"),
        revenue=total("revenue"),
        contribution=total("contribution"),
        sales=Decimal(len(sales) - 2 * returns),
        product=first.product,
        segment=first.segment,
    )


@given(firms(), st.integers(1, 4))
def test_lots_pay_what_their_sales_pay(firm: Firm, days: int) -> None:
    """Days are drawn together, so that there are lots of several sales."""
    first = firm.plans[0].first
    sales = tuple(
        replace(sale, day=sale.day - ((sale.day - first).days % (40 * days)) * DAY)
        for sale in firm.sales
    )
    same = replace(firm, sales=sales)
    single, lots = lots_of(same)
    found = run(same, firm.until, [], since=first, sales=single, lots=lots)
    wanted = run(same, firm.until, [], since=first)
    assert found.lines == wanted.lines
    assert sum(each.lines for each in found.unknown) == len(wanted.unknown)
    told = [(note.code, note.params.get("count")) for note in found.notes]
    assert told == [(note.code, note.params.get("count")) for note in wanted.notes]
