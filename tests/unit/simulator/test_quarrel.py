"""Company X's quarrel: the figures of the base numbers, and what holds for every seed.

The base numbers: 100 leads for gates (win .25, price 2000, contribution 15 %, 3 hours), 400 for
spare parts (.4, 60, 60 %, .4 hours), commission 3 % of the price, 300 hours.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.simulator import SCENARIOS, simulate
from onefunnel.simulator.quarrel import expected
from onefunnel.simulator.scenarios import ON_CONTRIBUTION


def test_company_x_by_the_base_numbers() -> None:
    values = expected(SCENARIOS["company-x"]())
    assert values.hours == pytest.approx(300.0)
    assert values.hours_short == pytest.approx(160.0)
    assert (values.plan, values.best, values.unlimited) == pytest.approx((7_500, 9_260, 13_260))
    assert values.capacity_cost == pytest.approx(4_000)
    assert values.incentive_cost == pytest.approx(1_760)
    assert values.execution_cost == pytest.approx(0, abs=1e-9)
    assert values.alignment == pytest.approx(0.8099, abs=5e-5)


def test_rates_per_hour_by_the_base_numbers() -> None:
    gates, parts = simulate(SCENARIOS["company-x"](touches=1_000)).truth.quarrel.rates
    assert gates.pay_per_hour == pytest.approx(5.0)
    assert parts.pay_per_hour == pytest.approx(1.8)
    assert gates.contribution_per_hour == pytest.approx(25.0)
    assert parts.contribution_per_hour == pytest.approx(36.0)


def test_pay_on_contribution_aligns_at_the_same_payroll() -> None:
    scenario = SCENARIOS["company-x"](plan=ON_CONTRIBUTION)
    values = expected(scenario)
    assert values.alignment == pytest.approx(1.0)
    assert values.actual == pytest.approx(9_260)
    gates, parts = simulate(SCENARIOS["company-x"](1_000, plan=ON_CONTRIBUTION)).truth.quarrel.rates
    assert gates.pay_per_hour == pytest.approx(4.0497, abs=5e-5)
    assert parts.pay_per_hour == pytest.approx(5.8315, abs=5e-5)
    # The payroll at the best allocation is that of the gates alone under the old plan.
    assert ON_CONTRIBUTION.rate * values.actual == pytest.approx(1_500, rel=1e-5)


def test_a_healthy_company_has_no_quarrel() -> None:
    total = simulate(SCENARIOS["healthy"](touches=200_000, seed=4)).truth.quarrel.total
    assert total.alignment == pytest.approx(1.0)
    assert total.capacity_cost == pytest.approx(0.0, abs=1e-6)
    assert total.execution_cost == pytest.approx(0.0, abs=1e-6)


def test_a_large_company_x_comes_near_the_expected_index() -> None:
    company = simulate(SCENARIOS["company-x"](touches=2_000_000, seed=4))
    # The first months have fewer leads than hours are there for: journeys have only begun.
    later = [each.values for each in company.truth.quarrel.months[6:]]
    plan, best = sum(each.plan for each in later), sum(each.best for each in later)
    assert plan / best == pytest.approx(0.8099, abs=0.01)


@given(
    seed=st.integers(0, 2**32),
    hours=st.floats(0.1, 2.0),
    pull=st.floats(0.0, 1.0),
    noise=st.floats(0.0, 2.0),
    follow_up=st.floats(0.0, 1.0),
    junk=st.floats(0.0, 0.9),
)
def test_the_causes_add_up_in_every_month(
    seed: int, hours: float, pull: float, noise: float, follow_up: float, junk: float
) -> None:
    scenario = SCENARIOS["company-x"](touches=4_000, seed=seed).with_conflicts(
        hours=hours, pull=pull, noise=noise, follow_up=follow_up, junk=junk
    )
    truth = simulate(scenario).truth.quarrel
    for values in (truth.total, truth.expected, *(month.values for month in truth.months)):
        causes = values.capacity_cost + values.incentive_cost + values.execution_cost
        assert causes == pytest.approx(values.unlimited - values.actual, abs=1e-6)
        assert values.unlimited >= values.best - 1e-6
        assert values.best >= values.plan - 1e-6
        assert values.best >= values.actual - 1e-6
    for month in truth.months:
        for name in ("best", "plan", "actual", "unlimited"):
            whole = sum(getattr(each, name) for each in month.segments)
            assert whole == pytest.approx(getattr(month.values, name), abs=1e-6)
        assert sum(each.leads for each in month.segments) == month.values.leads
    months = [month.values for month in truth.months]
    assert sum(each.actual for each in months) == pytest.approx(truth.total.actual)
    assert sum(each.best for each in months) == pytest.approx(truth.total.best)


def test_the_pull_moves_the_hours_to_the_gates() -> None:
    def parts_worked(pull: float, noise: float = 0.0) -> float:
        scenario = SCENARIOS["company-x"](touches=300_000, seed=2)
        sold = simulate(scenario.with_conflicts(pull=pull, noise=noise)).selling
        return float(sold.worked[sold.segment == 1].mean())

    aligned, pulled = parts_worked(0.0), parts_worked(1.0)
    between = parts_worked(0.5, noise=1.0)
    assert aligned > 0.95
    assert pulled < 0.2
    assert pulled < between < aligned
