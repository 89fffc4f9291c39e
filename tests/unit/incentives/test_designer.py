"""The plan designer, against trying all rates of a grid; what binds; what must be given up."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.designer import SERIOUS, Design, design
from onefunnel.measures.incentives.limits import Terms, limits
from onefunnel.measures.incentives.market import Market, Seller
from onefunnel.measures.incentives.outcome import equal_margin, simulate
from tests.unit.incentives.companies import GATES, LEADS, PARTS, market_x, random_market

seeds = st.integers(0, 10_000)


def keeps(market: Market, terms: Terms, rates: np.ndarray, near: float = 1e-6) -> bool:
    """Whether rates keep to all terms, said in the plainest way."""
    kappa, rho = market.contribution_per_hour, market.pay_per_hour(rates)
    for one, other in product(range(len(rates)), repeat=2):
        if kappa[one] > max(kappa[other], 0.0):
            times = terms.order_factor
            if kappa[other] > 0:
                times = min(times, kappa[one] / kappa[other])
            if rho[one] < times * rho[other] * (1 - near) - near:
                return False
    mixed = terms.strength * market.best + (1 - terms.strength) * market.now
    pay = mixed @ (market.base * rates)
    payroll = market.pay_now.sum() if terms.payroll is None else terms.payroll
    over = pay.sum() - payroll
    if over > near * payroll or (terms.exactly and over < -near * payroll):
        return False
    if terms.most_lost is not None:
        kept = (1 - terms.most_lost) * market.pay_now
        if (pay < kept * (1 - near)).any():
            return False
    lowest = np.array([each.lowest for each in market.segments])
    highest = np.array([each.highest for each in market.segments])
    return bool((rates >= lowest - near).all() and (rates <= highest + near).all())


def changed(market: Market, rates: np.ndarray) -> float:
    return float(market.leads.sum(axis=0) * market.base @ np.abs(rates - market.rates))


def wide(market: Market) -> Market:
    """The market with hardly a limit to its rates."""
    return replace(market, segments=tuple(replace(each, highest=50.0) for each in market.segments))


def rates_of(market: Market, found: Design) -> np.ndarray:
    return np.array([found.rates[each.segment] for each in market.segments])


@given(seeds, st.booleans(), st.sampled_from([None, 0.3, 0.05]), st.sampled_from([0.0, 0.5, 1.0]))
def test_no_rates_of_a_grid_keep_the_terms_with_less_change(
    seed: int, exactly: bool, most_lost: float | None, strength: float
) -> None:
    market = random_market(seed, segments=2)
    terms = Terms(most_lost=most_lost, exactly=exactly, strength=strength)
    found = design(market, terms)
    grid = np.linspace(0.0, 0.3, 61)
    mixed = strength * market.best + (1 - strength) * market.now
    credited = mixed.sum(axis=0) * market.base
    assume(not exactly or credited[1] > 0)
    tried = []
    for first in grid:
        to_pay = market.pay_now.sum() - credited[0] * first
        seconds = [to_pay / credited[1]] if exactly else grid
        tried += [np.array([first, second]) for second in seconds if 0 <= second <= 1]
    near = 1e-12 if exactly else 0.0
    kept = [changed(market, rates) for rates in tried if keeps(market, terms, rates, near)]
    if found.feasible:
        assert keeps(market, terms, rates_of(market, found))
        assert float(found.changed) == pytest.approx(
            changed(market, rates_of(market, found)), abs=1e-3
        )
        assert min(kept, default=np.inf) >= float(found.changed) * (1 - 1e-6) - 1e-3
    else:
        assert kept == []


@given(seeds, st.integers(2, 6), st.integers(1, 4))
def test_a_plan_that_keeps_the_order_is_answered_by_the_best_allocation(
    seed: int, segments: int, sellers: int
) -> None:
    market = random_market(seed, segments, sellers)
    found = design(market)
    assume(found.feasible)
    came = simulate(market, found.rates)
    best = market.best @ market.gain
    assert float(came.contribution_new) == pytest.approx(best.sum(), rel=1e-6)
    assert float(came.payroll_new) == pytest.approx(market.pay_now.sum(), rel=1e-6)


@given(seeds, st.floats(0.0, 0.5))
def test_nobody_loses_more_than_the_bound(seed: int, most_lost: float) -> None:
    market = wide(random_market(seed, segments=4, sellers=4))
    found = design(market, Terms(most_lost=most_lost, exactly=False, payroll=1e9))
    assert found.feasible
    for each in simulate(market, found.rates).sellers:
        assert float(each.pay_new) >= float(each.pay_now) * (1 - most_lost) * (1 - 1e-6) - 1e-3


@given(seeds)
def test_one_rate_on_contribution_keeps_order_and_payroll(seed: int) -> None:
    market = random_market(seed, segments=4, sellers=2)
    plan = equal_margin(market)
    rates = np.array([plan.rates[each.segment] for each in market.segments])
    assert keeps(wide(market), Terms(), rates)
    # So a plan can be found, and it changes rates no more than this one does.
    assert design(wide(market)).feasible
    assert float(design(wide(market)).changed) <= changed(market, rates) * (1 + 1e-6) + 1e-3


def test_what_binds_is_said_with_its_price() -> None:
    found = design(market_x())
    assert {(each.kind, each.who, each.against) for each in found.binding} == {
        ("order", "parts", "gates"),
        ("payroll", "", ""),
    }
    eased = design(market_x(), Terms(payroll=1_501.0))
    (payroll,) = (each for each in found.binding if each.kind == "payroll")
    moved = abs(eased.changed - found.changed)
    assert float(moved) == pytest.approx(payroll.price, rel=1e-3)


def test_an_aligned_plan_is_left_as_it_is() -> None:
    aligned = Market((GATES, replace(PARTS, rate=0.2)), (Seller("all", LEADS, 300.0),))
    found = design(aligned)
    assert found.changed == 0
    assert (found.given_up, found.notes) == ((), ())


def test_limits_that_contradict_are_explained_by_the_least_to_give_up() -> None:
    # Parts can be paid 6 % at most, so gates would have to go below 2.5 %, and payroll with it.
    gates, parts = replace(GATES, lowest=0.025), replace(PARTS, highest=0.06)
    found = design(Market((gates, parts), (Seller("all", LEADS, 300.0),)))
    assert not found.feasible
    note = found.notes[0]
    assert note.code == "refused_limits_contradict"
    assert note.params["kind"] == found.given_up[0].kind
    assert {each.kind for each in found.given_up} <= {"payroll", "rate_high", "rate_low"}
    # Giving up what is said makes it possible.
    more = {each.kind: each.amount for each in found.given_up}
    gates = replace(gates, lowest=0.025 - more.get("rate_low", 0.0) - 1e-9)
    parts = replace(parts, highest=0.06 + more.get("rate_high", 0.0) + 1e-9)
    terms = Terms(payroll=1_500.0 + more.get("payroll", 0.0))
    assert design(Market((gates, parts), (Seller("all", LEADS, 300.0),)), terms).feasible


@pytest.mark.parametrize(("payroll", "sign"), [(100.0, 1), (90_000.0, -1)])
def test_a_payroll_that_can_not_be_is_missed_in_one_direction(payroll: float, sign: int) -> None:
    narrow = [replace(each, lowest=0.02, highest=0.2) for each in (GATES, PARTS)]
    found = design(Market(tuple(narrow), (Seller("all", LEADS, 300.0),)), Terms(payroll=payroll))
    (payroll_held,) = (each for each in found.given_up if each.kind == "payroll")
    assert payroll_held.amount * sign > 0
    assert float(found.payroll) == pytest.approx(payroll + payroll_held.amount)


@given(seeds)
def test_what_is_given_up_is_the_least(seed: int) -> None:
    # With half the payroll nobody's pay can be kept.
    market = random_market(seed, segments=2, sellers=2)
    terms = Terms(payroll=float(market.pay_now.sum()) / 2, most_lost=0.0)
    found, asked = design(market, terms), limits(market, terms)
    assert not found.feasible

    def passed(rates: np.ndarray) -> float:
        over = [(each.row @ rates - each.bound, each) for each in asked]
        return sum(
            each.money * (abs(amount) if each.equal else max(amount, 0.0)) for amount, each in over
        )

    given_up = float(sum(each.money for each in found.given_up))
    assert given_up == pytest.approx(passed(rates_of(market, found)), rel=1e-6, abs=1e-2)
    weighed = SERIOUS * given_up + float(found.changed)
    for cell in product(np.linspace(0.0, 0.3, 41), repeat=2):
        rates = np.array(cell)
        assert SERIOUS * passed(rates) + changed(market, rates) >= weighed * (1 - 1e-6) - 1.0


def test_a_plan_for_many_people_and_segments_is_found() -> None:
    market = wide(random_market(7, segments=12, sellers=40))
    rates = rates_of(market, design(market))
    assert keeps(market, Terms(), rates)
    order = np.argsort(-market.contribution_per_hour)
    rho = market.pay_per_hour(rates)
    assert all(rho[one] >= rho[other] for one, other in pairwise(order))


def test_no_more_is_asked_of_pay_than_contribution_gives() -> None:
    # The second brings 1 % more an hour, so it need not pay 5 % more.
    near = replace(GATES, segment="doors", contribution_per_win=303.0, rate=0.02)
    found = design(Market((GATES, near), (Seller("all", (100.0, 50.0), 300.0),)))
    ratio = found.pay_per_hour["doors"] / found.pay_per_hour["gates"]
    assert ratio == pytest.approx(1.01)


@pytest.mark.parametrize(
    "wrong",
    [{"order_factor": 0.9}, {"most_lost": 1.2}, {"strength": -0.1}, {"payroll": -5.0}],
)
def test_terms_that_can_not_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Terms(**wrong)
