"""Draws with the balance carried, guarantees, holdbacks: month by month, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from onefunnel.pay.engine import earned
from onefunnel.pay.lines import Kind
from onefunnel.pay.plan import Draw, Guarantee, Holdback, Unit
from tests.unit.pay.cases import by_month, component, member, plan, sale, total

TENTH = component((0, "0.1"))
SALES = [
    sale("a", date(2024, 1, 10), 4000),
    sale("b", date(2024, 2, 10), 12_000),
    sale("c", date(2024, 3, 10), 20_000),
]
END = date(2024, 3, 31)


def paid(until: date = END, rows=None, **terms) -> list:
    return list(earned([plan(TENTH, **terms)], rows or [member()], SALES, until).lines)


def test_a_recoverable_draw_is_taken_from_what_later_months_earn_above_it() -> None:
    """400, 1,200 and 2,000 with a draw of 1,000: 600 advanced, 200 and 400 recovered."""
    lines = paid(draw=Draw(Decimal(1000), recoverable=True))
    draws = by_month(lines, kind=Kind.DRAW)
    assert draws == {"2024-01": 600, "2024-02": -200, "2024-03": -400}
    assert by_month(lines) == {"2024-01": 1000, "2024-02": 1000, "2024-03": 1600}
    balances = [line.why.params["balance"] for line in lines if line.kind is Kind.DRAW]
    assert balances == [600, 400, 0]


def test_a_draw_that_is_kept_is_never_taken_back() -> None:
    lines = paid(draw=Draw(Decimal(1000), recoverable=False))
    assert by_month(lines) == {"2024-01": 1000, "2024-02": 1200, "2024-03": 2000}


def test_a_draw_is_for_the_days_one_is_there() -> None:
    """22 of 31 days of 3,100 from 10 January on."""
    rows = [member(first=date(2024, 1, 10))]
    lines = paid(date(2024, 1, 31), rows, draw=Draw(Decimal(3100), recoverable=True))
    assert total(lines) == 2200


def test_a_month_that_is_not_over_has_no_draw() -> None:
    terms = {"draw": Draw(Decimal(1000), recoverable=True)}
    assert total(paid(date(2024, 1, 30), **terms)) == 400
    assert total(paid(date(2024, 1, 31), **terms)) == 1000


@pytest.mark.parametrize(("amount", "more"), [(5000, 1400), (3600, 0)])
def test_a_guarantee_makes_the_period_up_at_its_end(amount: int, more: int) -> None:
    lines = paid(guarantee=Guarantee(Decimal(amount)), period=Unit.QUARTER)
    assert total(lines, kind=Kind.GUARANTEE) == more
    assert total(lines, kind=Kind.GUARANTEE, of_month="2024-03") == more
    early = paid(date(2024, 3, 30), guarantee=Guarantee(Decimal(amount)), period=Unit.QUARTER)
    assert total(early, kind=Kind.GUARANTEE) == 0


def test_a_holdback_is_released_after_its_days() -> None:
    """A fifth is held; January's is free on 1 March (30 days on), February's on 30 March."""
    terms = {"holdback": Holdback(Decimal("0.2"), after_days=30)}
    lines = paid(**terms)
    assert by_month(lines, kind=Kind.HOLDBACK) == {
        "2024-01": -80,
        "2024-02": -240,
        "2024-03": -400,
    }
    assert by_month(lines, kind=Kind.RELEASE) == {"2024-03": 320}
    assert total(paid(date(2024, 3, 29), **terms), kind=Kind.RELEASE) == 80


def test_what_is_held_until_a_day_is_released_once_and_no_more_is_held_then() -> None:
    lines = paid(holdback=Holdback(Decimal("0.2"), until=date(2024, 3, 15)))
    assert by_month(lines) == {"2024-01": 320, "2024-02": 960, "2024-03": 2000 + 320}


def test_a_draw_looks_at_what_is_paid_out() -> None:
    """400 less 80 held is 320: the draw of 1,000 adds 680."""
    terms = {"holdback": Holdback(Decimal("0.2"), after_days=30)}
    lines = paid(date(2024, 1, 31), draw=Draw(Decimal(1000), recoverable=True), **terms)
    assert by_month(lines, kind=Kind.DRAW) == {"2024-01": 680}


def test_what_would_be_released_on_the_last_day_of_its_month_is_not_held() -> None:
    lines = paid(date(2024, 1, 31), holdback=Holdback(Decimal("0.2"), until=date(2024, 1, 31)))
    assert {line.kind for line in lines} == {Kind.EARNING}
