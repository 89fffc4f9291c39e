"""What the quarrel costs: the four values and three causes, expected and of this seed."""

import numpy as np

from onefunnel.simulator.choice import Rates, rates, shares
from onefunnel.simulator.delays import Flags, Floats
from onefunnel.simulator.scenario import Scenario
from onefunnel.simulator.selling import Selling, hours_of_months
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.truth import MonthValues, QuarrelTruth, SegmentRates, Values

BASE_LEADS = 500.0
"""The leads of the expected values: with company X's shares, 100 for gates and 400 for parts."""


def quarrel(setting: Setting, deals: Selling) -> QuarrelTruth:
    """The truth of the conflict about hours, plan and follow-up."""
    scenario = setting.scenario
    given = rates(scenario)
    labels = [month.label for month in setting.months]
    months = [
        MonthValues(label, _realised(setting, deals, given, deals.month == position))
        for position, label in enumerate(labels)
    ]
    return QuarrelTruth(
        scenario.plan.base,
        scenario.plan.rate,
        _segments(scenario, given),
        expected(scenario),
        tuple(months),
        _realised(setting, deals, given, np.ones(len(deals), bool)),
    )


def expected(scenario: Scenario, leads: float = BASE_LEADS) -> Values:
    """The values of so many leads at the segments' shares, with hours in proportion, in euro.

    ``actual`` is what salespeople do who care for ``follow_up`` of the leads and follow the plan
    with strength ``pull``, the chance part of their choice left aside.
    """
    given = rates(scenario)
    share = np.asarray([each.share for each in scenario.segments])
    counts = leads * share / share.sum()
    need = counts * given.hours
    hours = scenario.conflicts.hours * float(need.sum())
    follow_up, pull = scenario.conflicts.follow_up, scenario.conflicts.pull
    utility = pull * np.log(given.pay_per_hour)
    utility = utility + (1.0 - pull) * np.log(given.contribution_per_hour)
    return _values(
        leads,
        hours,
        float(need.sum()),
        _greedy(given.contribution_per_hour, counts, given, hours),
        _greedy(given.pay_per_hour, counts, given, hours),
        _greedy(utility, counts * follow_up, given, hours),
        float(counts @ given.contribution),
    )


def _greedy(score: Floats, counts: Floats, given: Rates, hours: float) -> float:
    """Contribution where the hours go to the segments by falling score."""
    total = 0.0
    for position in np.argsort(-score, kind="stable"):
        taken = min(hours, float(counts[position] * given.hours[position]))
        total += taken * float(given.contribution_per_hour[position])
        hours -= taken
    return total


def _realised(setting: Setting, deals: Selling, given: Rates, where: Flags) -> Values:
    segment = deals.segment[where]
    hours, worth = given.hours[segment], given.contribution[segment] * setting.scenario.euro
    there = hours_of_months(setting)
    limit = there[deals.month[where]]
    months = np.unique(deals.month[where])
    return _values(
        float(where.sum()),
        float(there[months].sum()),
        float(hours.sum()),
        float(worth @ shares(deals.before_best[where], hours, limit)),
        float(worth @ shares(deals.before_plan[where], hours, limit)),
        float(worth @ deals.worked[where]),
        float(worth.sum()),
    )


def _values(
    leads: float,
    hours: float,
    need: float,
    best: float,
    plan: float,
    actual: float,
    unlimited: float,
) -> Values:
    return Values(
        leads,
        hours,
        max(0.0, need - hours),
        best,
        plan,
        actual,
        unlimited,
        unlimited - best,
        best - plan,
        plan - actual,
        plan / best if best > 0 else None,
    )


def _segments(scenario: Scenario, given: Rates) -> tuple[SegmentRates, ...]:
    return tuple(
        SegmentRates(
            each.name,
            each.win,
            each.price,
            each.contribution,
            each.hours,
            float(given.pay_per_hour[position]),
            float(given.contribution_per_hour[position]),
        )
        for position, each in enumerate(scenario.segments)
    )
