"""What explains which leads are worked: the pull that generated a company is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import ibis
import pytest

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.registry import measure
from onefunnel.simulator import simulate
from onefunnel.simulator.delays import Delay
from onefunnel.simulator.scenario import Segment
from onefunnel.simulator.scenarios import HOURS_OF_X, ON_PRICE
from onefunnel.vocabulary import Question
from tools.quarrel import HORIZON, NEEDED, scenario, terms
from tools.recovery import facts_of

SOON = Delay("lognormal", 6.0, 0.6)


def segment(name: str, price: float, margin: float, hours: float, win: float) -> Segment:
    return Segment(name, 1 / 6, price, margin, hours, win, 0.9 - win, SOON, SOON)


# An hour pays from 1.8 to 6.75, and brings from 12 to 90, in another order.
SIX = (
    segment("gates", 2000.0, 0.15, 3.0, 0.25),
    segment("parts", 60.0, 0.6, 0.4, 0.4),
    segment("fences", 600.0, 0.1, 1.0, 0.3),
    segment("locks", 150.0, 0.5, 0.5, 0.3),
    segment("doors", 300.0, 0.2, 1.5, 0.3),
    segment("service", 1500.0, 0.4, 2.0, 0.3),
)
SCARCE = {"hours": HOURS_OF_X, "noise": 0.5}
CASES = {
    "pay": {**SCARCE, "pull": 1.0},
    "company": {**SCARCE, "pull": 0.0},
    "hours": {**SCARCE, "noise": 20.0},
    "follow-up": {"hours": 1.5, "follow_up": 0.6},
}


def told(case: str, seed: int, persons: float = 1.0) -> BehaviourRow:
    """What a company is told of its last whole month and the year before it."""
    made = scenario("healthy", seed)
    made = replace(made, segments=SIX, plan=ON_PRICE, touches=round(made.touches * persons))
    company = simulate(made.with_conflicts(pull=0.0).with_conflicts(**CASES[case]))
    now = company.scenario.now
    month = [each for each in company.setting.months if each.end <= now][-2]
    asked = Question(
        now=now,
        start=month.start,
        end=month.end,
        currency=company.scenario.money,
        horizon_days=HORIZON,
        terms=terms(company),
        calendar=company.scenario.calendar,
    )
    engine, rules, found = ibis.duckdb.connect(), default_rules(), measure("behaviour")
    try:
        queries = found.queries(facts_of(engine, company, asked, NEEDED), rules, asked)
        collected = {name: queries[name].to_pyarrow() for name in queries}
    finally:
        engine.disconnect()
    whole: BehaviourRow = found.assemble(collected, rules, asked)[0][-1]
    return whole


@pytest.mark.xdist_group("quarrel")
def test_a_plan_that_pulls_is_told() -> None:
    found = told("pay", seed=1, persons=0.3)
    assert found.sentence == "plan_explains"
    assert found.pull is not None and found.pull > 0.8
    assert found.salespeople is None


@pytest.mark.xdist_group("quarrel")
@pytest.mark.long
def test_leads_that_nobody_follows_up_are_not_blamed_on_the_plan() -> None:
    found = told("follow-up", seed=1, persons=0.3)
    assert found.sentence in ("capacity_or_process", "undecided")
    assert found.by_pay is not None


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.xdist_group("quarrel")
def test_sentences_are_those_of_what_generated_the_companies() -> None:
    found = {case: [told(case, seed, 2.0) for seed in range(1, 7)] for case in CASES}
    said = {case: Counter(each.sentence for each in rows) for case, rows in found.items()}
    assert said["pay"]["plan_explains"] >= 5
    assert said["company"]["company_rate_explains"] >= 5
    for case in ("company", "hours", "follow-up"):
        assert said[case]["plan_explains"] == 0, case
    assert said["follow-up"]["capacity_or_process"] + said["hours"]["capacity_or_process"] >= 8
