"""Company X: the quarrel of a firm whose pay follows the price and not the contribution.

100 leads for gates (win .25, price 2000, contribution 15 %, 3 hours), 400 for spare parts (.4, 60,
60 %, .4 hours), commission 3 % of the price, 300 hours; all gates are worked and no parts.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from onefunnel.measures.incentives import reference
from onefunnel.measures.incentives.between import market_of
from onefunnel.measures.incentives.concordance import dissimilarity, tau_b
from onefunnel.measures.incentives.cost import quarrel
from onefunnel.measures.incentives.designer import design
from onefunnel.measures.incentives.outcome import equal_margin, simulate
from onefunnel.measures.incentives.rates import rates_of
from onefunnel.measures.incentives.reference import Lot
from onefunnel.measures.incentives.response import Component, Staff, Tier
from onefunnel.measures.incentives.trial import Question, settle
from tests.unit.incentives.companies import company_x, market_x

PRICE = Component("price", (2_000.0, 60.0), (Tier(0, 0.03),))


def test_company_x_rates_per_hour() -> None:
    gates, parts, _ = quarrel(company_x()).rows
    assert (gates.pay_per_hour, parts.pay_per_hour) == (Decimal("5.0"), Decimal("1.8"))
    assert (gates.contribution_per_hour, parts.contribution_per_hour) == (25, 36)


def test_company_x_values_and_costs() -> None:
    whole = quarrel(company_x()).rows[-1]
    assert (whole.v_plan, whole.v_best, whole.v_unlimited) == (7_500, 9_260, 13_260)
    assert (whole.capacity_cost, whole.incentive_cost, whole.execution_cost) == (4_000, 1_760, 0)
    assert whole.alignment == pytest.approx(0.8099, abs=5e-5)
    assert whole.value_of_hour == 25
    assert (whole.payroll_plan, whole.payroll_best) == (1_500, 988)


def test_company_x_allocations_side_by_side() -> None:
    gates, parts, _ = quarrel(company_x()).rows
    assert (gates.worked_actual, gates.worked_plan) == (100, 100)
    assert gates.worked_best == pytest.approx(46.67, abs=5e-3)
    assert (parts.worked_actual, parts.worked_plan, parts.worked_best) == (0, 0, 400)


def test_company_x_by_the_plan_of_one_tier() -> None:
    whole = quarrel(company_x(), staff=[Staff((PRICE,), people=3)]).rows[-1]
    assert float(whole.v_plan) == pytest.approx(7_500, abs=1e-3)
    assert float(whole.payroll_plan) == pytest.approx(1_500, abs=1e-3)
    assert float(whole.payroll_best) == pytest.approx(988, abs=1e-3)


def test_company_x_by_plain_loops() -> None:
    lots = [Lot(100, 3.0, 75.0, 15.0), Lot(400, 0.4, 14.4, 0.72)]
    found = reference.costs(lots, 300, [100, 0])
    assert (found.capacity, found.incentive, found.execution) == pytest.approx((4_000, 1_760, 0))
    assert reference.best_by_program(lots, 300) == pytest.approx((9_260, 25))


def test_company_x_hours_short() -> None:
    aside = quarrel(company_x(), hour_cost=0.0).aside
    assert aside.hours_worth_adding.value == pytest.approx(160)
    assert aside.worth_of_hours.value == 4_000


def test_company_x_one_rate_on_contribution_at_equal_payroll() -> None:
    plan = equal_margin(market_x())
    assert plan.rate * 100 == pytest.approx(16.1987, abs=5e-5)
    assert plan.pay_per_hour["gates"] == pytest.approx(4.0497, abs=5e-5)
    assert plan.pay_per_hour["parts"] == pytest.approx(5.8315, abs=5e-5)
    came = simulate(market_x(), plan.rates)
    assert came.contribution_new - came.contribution_now == 1_760
    assert (came.payroll_now, came.payroll_new) == (1_500, 1_500)
    net_now = came.contribution_now - came.payroll_now
    net_new = came.contribution_new - came.payroll_new
    assert (net_now, net_new) == (6_000, 7_760)
    assert float(net_new / net_now) == pytest.approx(1.29, abs=5e-3)


def test_company_x_least_change_of_rates() -> None:
    found = design(market_x())
    assert found.rates["gates"] == pytest.approx(0.0292208, abs=5e-8)
    assert found.rates["parts"] == pytest.approx(0.0852273, abs=5e-8)
    assert found.payroll == 1_500
    ratio = found.pay_per_hour["parts"] / found.pay_per_hour["gates"]
    assert ratio == pytest.approx(1.05)


def test_company_x_least_change_as_rates_on_revenue_and_contribution() -> None:
    rows = quarrel(company_x()).rows
    assert [row.revenue_per_win for row in rows] == [2_000, 60, None]
    marketed = market_of(rows)
    rates = rates_of(marketed, design(marketed.market, None).rates)
    assert rates["gates"].of_revenue == pytest.approx(0.0292208, abs=5e-8)
    assert rates["parts"].of_revenue == pytest.approx(0.0852273, abs=5e-8)
    assert rates["gates"].of_contribution == pytest.approx(0.0292208 / 0.15, abs=5e-7)
    assert rates["parts"].of_contribution == pytest.approx(0.0852273 / 0.6, abs=5e-7)


def test_kendalls_tau_of_five_segments() -> None:
    rho, kappa = np.array([[5, 1.8, 3, 4, 2.5]]), np.array([[25.0, 36, 20, 30, 22]])
    assert tau_b(rho, kappa, np.ones((1, 5)))[0] == pytest.approx(-0.2)


def test_effort_against_potential() -> None:
    found = dissimilarity(np.array([[0.9, 0.1]]), np.array([[0.55, 0.45]]))
    assert found[0] == pytest.approx(0.35)


def test_retroactive_tiers_to_the_cent() -> None:
    tiers = (Tier(0, 0.05), Tier(50_000, 0.07, 1_000.0), Tier(100_000, 0.10, 3_000.0))
    part = Component("revenue", (1.0,), tiers)
    assert part.paid(50_001) == pytest.approx(3_500.07)
    assert part.paid(120_000) == pytest.approx(12_000)


def test_marginal_tiers_to_the_cent() -> None:
    tiers = (Tier(0, 0.05), Tier(50_000, 0.07), Tier(100_000, 0.10))
    part = Component("revenue", (1.0,), tiers)
    assert part.paid(50_001) == pytest.approx(2_500.07)
    assert part.paid(120_000) == pytest.approx(8_000)


def test_the_difference_of_two_shares_matches_newcombe_1998() -> None:
    # Statistics in Medicine 17:873, the hybrid score interval (method 10) of 56/70 - 48/80.
    found = settle(Question(1, 0.8, 0.6, 1.0, 1.0, 0.0), 70, 56, 80, 48).gain_in_chance
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
