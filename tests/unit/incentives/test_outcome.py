"""A period under a new plan: who gains and loses, and what a guarantee costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import Refused, UsageError
from onefunnel.measures.incentives import reference
from onefunnel.measures.incentives.market import Market, Seller
from onefunnel.measures.incentives.outcome import equal_margin, guarantee, simulate
from onefunnel.measures.incentives.reference import Lot
from tests.unit.incentives.companies import GATES, PARTS, market_x, random_market

ALIGNED = {"gates": 0.0292208, "parts": 0.0852273}


def lots_of(market: Market, seller: Seller, rates: np.ndarray) -> list[Lot]:
    return [
        Lot(leads, each.hours_per_lead, gain, pay)
        for leads, each, gain, pay in zip(
            seller.leads, market.segments, market.gain, market.base * rates, strict=True
        )
    ]


@given(st.integers(0, 1_000), st.sampled_from([0.0, 0.25, 1.0]))
def test_sellers_do_what_plain_loops_say(seed: int, strength: float) -> None:
    market = random_market(seed)
    rates = np.random.default_rng(seed).uniform(0.0, 0.1, 3)
    named = {each.segment: rate for each, rate in zip(market.segments, rates, strict=True)}
    found = {each.seller: each for each in simulate(market, named, strength).sellers}
    for seller in market.sellers:
        now = reference.plan(lots_of(market, seller, market.rates), seller.hours)
        new = reference.plan(lots_of(market, seller, rates), seller.hours)
        mixed = [strength * b + (1 - strength) * a for a, b in zip(now, new, strict=True)]
        lots = lots_of(market, seller, rates)
        paid = sum(lot.reward * each for lot, each in zip(lots, mixed, strict=True))
        assert float(found[seller.name].pay_new) == pytest.approx(paid, abs=1e-3)
        assert float(found[seller.name].contribution_new) == pytest.approx(
            reference.contribution(lots, mixed), abs=1e-3
        )


def test_nobody_reacts_at_strength_0() -> None:
    found = simulate(market_x(), ALIGNED, strength=0.0)
    assert found.contribution_new == found.contribution_now == Decimal(7_500)
    assert found.worked_new == {"gates": 100.0, "parts": 0.0}
    assert float(found.payroll_new) == pytest.approx(50_000 * 0.0292208)


def test_half_the_strength_brings_half_the_gain() -> None:
    half = simulate(market_x(), ALIGNED, strength=0.5)
    assert half.contribution_new == Decimal(8_380)


def test_winners_and_losers_are_named_in_order() -> None:
    market = Market(
        (GATES, PARTS),
        (
            Seller("gates only", (100.0, 0.0), 150.0),
            Seller("parts only", (0.0, 400.0), 150.0),
            Seller("nothing", (0.0, 0.0), 150.0),
        ),
    )
    found = simulate(market, ALIGNED)
    assert [each.seller for each in found.losers] == ["gates only"]
    assert [each.seller for each in found.winners] == ["parts only"]
    assert found.payroll_new == sum(each.pay_new for each in found.sellers)


def test_a_guarantee_lifts_the_losers_only() -> None:
    market = Market(
        (GATES, PARTS), (Seller("a", (100.0, 0.0), 150.0), Seller("b", (0.0, 400.0), 150.0))
    )
    found = simulate(market, {"gates": 0.02, "parts": 0.1})
    price = guarantee(found, share=0.9, periods=3)
    # Fifty gates paid 3 %, then 2 %, of 500 each; nine tenths of 750 are 675.
    assert price.sellers == {"a": Decimal("525.0000")}
    assert price.total == Decimal(525)
    assert guarantee(found, share=0.5).total == 0


def test_recorded_pay_and_work_stand_for_the_present() -> None:
    seller = Seller("all", (100.0, 400.0), 300.0, worked=(50.0, 200.0), pay=900.0)
    found = simulate(Market((GATES, PARTS), (seller,)), ALIGNED, strength=0.0)
    assert found.payroll_now == Decimal(900)
    assert found.contribution_now == Decimal(50 * 75 + 200) + Decimal("14.4") * 200 - 200


def test_a_segment_at_a_loss_is_paid_nothing_on_contribution() -> None:
    losing = replace(PARTS, contribution_per_win=-5.0)
    plan = equal_margin(Market((GATES, losing), (Seller("all", (100.0, 400.0), 300.0),)))
    assert (plan.rates["parts"], plan.rate) == (0.0, pytest.approx(1_500 / 7_500))
    with pytest.raises(Refused):
        equal_margin(Market((losing,), (Seller("all", (400.0,), 300.0),)))


def test_leads_at_a_loss_are_in_no_best_allocation() -> None:
    losing = replace(PARTS, contribution_per_win=-5.0)
    market = Market((GATES, losing), (Seller("all", (10.0, 400.0), 300.0),))
    assert market.best.tolist() == [[10.0, 0.0]]
    assert market.now[0, 1] > 0.0


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(UsageError, match="gates, parts"):
        simulate(market_x(), {"gates": 0.1})
    with pytest.raises(UsageError, match="strength"):
        simulate(market_x(), ALIGNED, strength=1.5)
    with pytest.raises(UsageError, match="periods"):
        guarantee(simulate(market_x(), ALIGNED), periods=0)
    with pytest.raises(UsageError, match="segments"):
        Market((GATES, PARTS), (Seller("a", (1.0,), 1.0),))
    with pytest.raises(UsageError):
        Market((), ())
    with pytest.raises(UsageError):
        replace(GATES, base_per_win=0.0)
