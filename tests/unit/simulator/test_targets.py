"""What departments are asked for is a share of what they do in an ordinary month."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
import pytest

from onefunnel.simulator import SCENARIOS, Company, simulate
from onefunnel.simulator.deals import amounts
from onefunnel.simulator.delays import DAY
from onefunnel.simulator.prices import UNITS
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.spending import spending
from onefunnel.simulator.targets import MEASURES, ordinary, target_table, targets

BEGUN = 120 * DAY
"""After so long no journey is only beginning any more."""


@pytest.fixture(
    scope="module", params=["healthy", "company-x", "no-follow-up", "poor-leads", "too-few-hours"]
)
def company(request: pytest.FixtureRequest) -> Company:
    return simulate(SCENARIOS[request.param](touches=200_000, touches_per_person=2.0, seed=31))


def test_an_ordinary_day_is_what_the_days_are_like(company: Company) -> None:
    setting, deals, usually = company.setting, company.selling, ordinary(company.setting)
    days = (setting.end - BEGUN) / DAY
    sold = deals.bought & (deals.closed_at >= BEGUN) & (deals.closed_at < setting.end)
    revenue = float(amounts(setting, deals)[sold].sum()) / UNITS / days
    # Some 400 gates at 2,000: chance alone moves their sum by a twentieth.
    assert revenue == pytest.approx(usually.revenue, rel=0.16)
    leads = sum(next(company.blocks("lead", 99))["created_at"].is_valid().to_pylist())
    assert leads / (setting.end / DAY) == pytest.approx(usually.leads, rel=0.03)
    spent = float(spending(setting).amount.sum()) / UNITS
    assert spent / leads == pytest.approx(usually.cost_per_lead, rel=0.04)


def test_targets_follow_the_days_and_the_share(company: Company) -> None:
    usually, setting = ordinary(company.setting), company.setting
    found = dict(zip(MEASURES, targets(setting).T, strict=True))
    april, may = (found["sales", "revenue"][month] for month in (3, 4))
    assert (april, may) == pytest.approx([0.9 * n * usually.revenue for n in (30, 31)], rel=1e-3)
    assert found["marketing", "leads"][1] == round(0.9 * 28 * usually.leads)
    assert found["marketing", "cost_per_lead"][0] == round(usually.cost_per_lead / 0.9, 2)
    weekly = Setting(replace(company.scenario, touches=90_000))
    assert ordinary(weekly).cost_per_lead == pytest.approx(usually.cost_per_lead)
    # Of January's Sundays there are five, of February's four.
    costs = np.asarray([5 * 7 / 31, 4 * 7 / 28]) * usually.cost_per_lead / 0.9
    assert targets(weekly)[:2, 1] == pytest.approx(costs, abs=0.005)
    strict = Setting(replace(company.scenario, target_share=1.0))
    assert targets(strict)[4, 2] == pytest.approx(may / 0.9, rel=1e-3)


def test_the_table_has_a_row_per_month_and_measure(company: Company) -> None:
    rows, months = target_table(company.setting), company.setting.months
    assert rows.num_rows == len(months) * len(MEASURES)
    june = rows.filter(pc.equal(rows["period"], months[5].label))
    assert dict(zip(june["measure"].to_pylist(), june["value"].to_pylist(), strict=True)) == dict(
        zip((name for _, name in MEASURES), targets(company.setting)[5].tolist(), strict=True)
    )


def test_nobody_is_asked_for_leads_where_none_can_come() -> None:
    first, *others = SCENARIOS["healthy"]().steps
    none = SCENARIOS["healthy"](steps=(replace(first, move=0.0), *others))
    assert targets(Setting(none)).max() == 0.0
