"""Plans between today's and one rate on contribution: the payroll never moves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import Refused, UsageError
from onefunnel.measures.incentives.between import between, market_of
from onefunnel.measures.incentives.cost import quarrel
from onefunnel.measures.incentives.market import Market, Paid, Seller, ordered
from onefunnel.measures.incentives.result import IncentivesRow
from tests.unit.incentives.companies import company_x, random_market

shares = st.integers(0, 20).map(lambda n: n / 20)


def test_company_x_at_both_ends() -> None:
    marketed = market_of(quarrel(company_x()).rows)
    assert marketed.market is not None and not marketed.left_out
    today, goal = between(marketed.market, 0.0), between(marketed.market, 1.0)
    assert round(goal.rate, 6) == 0.161987
    assert goal.gain == Decimal("1760.0000")
    assert goal.outcome.payroll_new == Decimal("1500.0000")
    assert {name: round(pay, 4) for name, pay in goal.pay_per_hour.items()} == {
        "gates": 4.0497,
        "parts": 5.8315,
    }
    assert today.gain == 0
    assert today.pay_per_win == pytest.approx({"gates": 60.0, "parts": 1.8})


@given(st.integers(0, 50), shares, shares)
def test_the_payroll_is_that_of_today_everywhere(seed: int, toward: float, strength: float) -> None:
    market = paid_per_win(random_market(seed))
    found = between(market, toward, strength)
    assert found.outcome.payroll_new == pytest.approx(found.outcome.payroll_now, abs=0.001)


@given(st.integers(0, 50))
def test_at_the_end_an_hour_pays_most_where_it_brings_most(seed: int) -> None:
    market = paid_per_win(random_market(seed))
    found = between(market, 1.0)
    pays = [found.pay_per_hour[each.segment] for each in market.segments]
    assert ordered(market.pay_per_hour(market.rates) * 0 + pays) == ordered(
        market.contribution_per_hour
    )
    assert found.gain >= Decimal("-0.001")


def paid_per_win(market: Market) -> Market:
    """The market whose rates are amounts per win, without what leads bring that are left."""
    segments = tuple(
        Paid(
            each.segment,
            each.hours_per_lead,
            each.win_probability,
            abs(each.contribution_per_win) + 0.01,
            1.0,
            each.rate * each.base_per_win + 0.01,
        )
        for each in market.segments
    )
    return Market(segments, tuple(Seller(s.name, s.leads, s.hours) for s in market.sellers))


def test_what_is_missing_is_named() -> None:
    rows = [IncentivesRow("gates", leads=3.0, win_probability=0.2), IncentivesRow(None)]
    found = market_of(rows)
    assert found.market is None
    assert found.missing[0] == ("hours", None)
    assert ("pay_per_win", "gates") in found.missing
    known = market_of(quarrel(company_x()).rows[:2], hours=300.0)
    assert known.market is not None


def test_a_segment_that_is_never_won_is_left_out() -> None:
    gates, parts, whole = quarrel(company_x()).rows
    found = market_of([gates, IncentivesRow("dust", 5.0, **ZERO), parts, whole])
    assert found.left_out == ("dust",)


ZERO = {
    "hours_per_lead": 1.0,
    "win_probability": 0.0,
    "contribution_per_win": Decimal(9),
    "pay_per_win": Decimal(1),
}


def test_what_can_not_be_is_refused() -> None:
    marketed = market_of(quarrel(company_x()).rows)
    assert marketed.market is not None
    with pytest.raises(UsageError):
        between(marketed.market, 1.1)
    unpaid = Market((Paid("gates", 3.0, 0.25, 300.0, 1.0, 0.0),), (Seller("", (9.0,), 30.0),))
    with pytest.raises(Refused):
        between(unpaid, 1.0)
