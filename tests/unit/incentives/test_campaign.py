"""Before a campaign: who will not call, and why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.incentives import reference
from onefunnel.measures.incentives.campaign import Planned, Reason, check_campaign
from onefunnel.measures.incentives.market import Market, Seller
from onefunnel.measures.incentives.reference import Lot
from tests.unit.incentives.companies import GATES, PARTS, random_market

BUSY = Market((GATES, PARTS), (Seller("Ana", (100.0, 0.0), 300.0),))


def reason(market: Market, segment: str, leads: float = 100.0, hour_cost: float = 0.0) -> Reason:
    (row,) = check_campaign(market, [Planned(segment, leads)], hour_cost=hour_cost)
    return row.reason


def test_leads_that_pay_less_are_not_called_by_who_is_busy() -> None:
    (row,) = check_campaign(BUSY, [Planned("parts", 400, 2_000.0)])
    assert row.reason is Reason.PAYS_MORE_ELSEWHERE
    assert (row.called, row.called_best, row.free_hours) == (0.0, 400.0, 0.0)
    assert (row.pay_per_hour, row.contribution_per_hour) == (Decimal("1.8"), Decimal(36))
    assert (row.pays_more, row.brings_more) == (("gates",), ())
    assert row.wasted == Decimal(2_000)


def test_leads_are_called_by_who_has_time() -> None:
    free = replace(BUSY, sellers=(Seller("Ana", (20.0, 0.0), 300.0),))
    (row,) = check_campaign(free, [Planned("parts", 400)])
    assert (row.reason, row.called, row.free_hours, row.wasted) == (Reason.CALLED, 400, 240, None)


def test_leads_not_worth_an_hour_should_not_be_bought() -> None:
    assert reason(BUSY, "gates", hour_cost=30.0) is Reason.NOT_WORTH_AN_HOUR
    losing = replace(BUSY, segments=(replace(GATES, contribution_per_win=-1.0), PARTS))
    assert reason(losing, "gates") is Reason.NOT_WORTH_AN_HOUR


def test_no_hours_is_no_fault_of_the_plan() -> None:
    aligned = Market((GATES, replace(PARTS, rate=0.3)), (Seller("Ana", (0.0, 1000.0), 300.0),))
    assert reason(aligned, "gates") is Reason.NO_HOURS


def test_each_seller_answers_for_themselves() -> None:
    two = Market(
        (GATES, PARTS), (Seller("busy", (100.0, 0.0), 300.0), Seller("free", (0.0, 0.0), 100.0))
    )
    rows = check_campaign(two, [Planned("parts", 400, 1_000.0)])
    assert [(row.seller, row.leads, row.called) for row in rows] == [
        ("busy", 300.0, 0.0),
        ("free", 100.0, 100.0),
    ]
    assert [row.wasted for row in rows] == [Decimal(750), Decimal(0)]


@given(st.integers(0, 1_000), st.floats(0.0, 100.0))
def test_what_is_called_is_what_plain_loops_say(seed: int, leads: float) -> None:
    market = random_market(seed)
    rows = check_campaign(market, [Planned("s1", leads)])
    hours = sum(seller.hours for seller in market.sellers)
    for row, seller in zip(rows, market.sellers, strict=True):
        added = leads * seller.hours / hours
        lots = [
            Lot(
                own + (added if place == 1 else 0.0),
                each.hours_per_lead,
                market.gain[place],
                market.base[place] * each.rate,
            )
            for place, (own, each) in enumerate(zip(seller.leads, market.segments, strict=True))
        ]
        part = reference.plan(lots, seller.hours)[1] / lots[1].leads
        assert row.called == pytest.approx(added * part, abs=1e-9)


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(UnknownName, match="gates"):
        check_campaign(BUSY, [Planned("gate", 1)])
    with pytest.raises(UsageError, match="once"):
        check_campaign(BUSY, [Planned("gates", 1), Planned("gates", 2)])
    with pytest.raises(UsageError, match="hours"):
        check_campaign(replace(BUSY, sellers=(Seller("a", (1, 1), 0.0),)), [Planned("gates", 1)])
