"""What the quarrel costs: the four values and three causes, expected and of this seed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onefunnel.simulator.choice import Rates, rates, shares
from onefunnel.simulator.delays import Flags, Floats
from onefunnel.simulator.scenario import Scenario
from onefunnel.simulator.selling import Selling, hours_of_months
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.truth import (
    MonthValues,
    QuarrelTruth,
    SegmentRates,
    SegmentValues,
    Values,
)

BASE_LEADS = 500.0
"""The leads of the expected values: with company X's shares, 100 for gates and 400 for parts."""


def quarrel(setting: Setting, deals: Selling) -> QuarrelTruth:
    """The truth of the conflict about hours, plan and follow-up."""
    scenario = setting.scenario
    given = rates(scenario)
    labels = [month.label for month in setting.months]
    worths = _worths(setting, deals, given)
    months = [
        MonthValues(
            label,
            _realised(setting, deals, given, worths, deals.month == position),
            tuple(_by_segment(setting, deals, worths, deals.month == position)),
        )
        for position, label in enumerate(labels)
    ]
    return QuarrelTruth(
        scenario.plan.base,
        scenario.plan.rate,
        _segments(scenario, given),
        expected(scenario),
        tuple(months),
        _realised(setting, deals, given, worths, np.ones(len(deals), bool)),
    )


def expected(scenario: Scenario, leads: float = BASE_LEADS) -> Values:
    """The values of so many leads at the segments' shares, with hours in proportion, in euro.

    ``actual`` is what salespeople do who care for ``follow_up`` of the leads and follow the plan
    with strength ``pull``, the chance part of their choice left aside.
    """
    given, (counts, hours) = rates(scenario), _offered(scenario, leads)
    rules = (given.contribution_per_hour, given.pay_per_hour)
    best, plan = (float(_greedy(each, counts, given, hours) @ given.contribution) for each in rules)
    return _values(
        leads,
        hours,
        float(counts @ given.hours),
        best,
        plan,
        float(usual(scenario, leads) @ given.contribution),
        float(counts @ given.contribution),
    )


def usual(scenario: Scenario, leads: float) -> Floats:
    """How many of so many leads are worked, by segment, by salespeople who do as in `expected`."""
    given, (counts, hours) = rates(scenario), _offered(scenario, leads)
    pull = scenario.conflicts.pull
    utility = pull * np.log(given.pay_per_hour)
    utility = utility + (1.0 - pull) * np.log(given.contribution_per_hour)
    return _greedy(utility, counts * scenario.conflicts.follow_up, given, hours)


def _offered(scenario: Scenario, leads: float) -> tuple[Floats, float]:
    """So many leads by segment, and the hours there are for them."""
    share = np.asarray([each.share for each in scenario.segments])
    counts = leads * share / share.sum()
    need = float(counts @ rates(scenario).hours)
    return np.asarray(counts), scenario.conflicts.hours * need


def _greedy(score: Floats, counts: Floats, given: Rates, hours: float) -> Floats:
    """The leads worked by segment, where the hours go to the segments by falling score."""
    found = np.zeros(len(counts))
    for position in np.argsort(-score, kind="stable"):
        found[position] = min(hours / given.hours[position], float(counts[position]))
        hours -= found[position] * float(given.hours[position])
    return found


@dataclass(frozen=True, slots=True)
class _Worths:
    """What each lead brings under the four rules, as expected; arrays over the leads."""

    best: Floats
    plan: Floats
    actual: Floats
    unlimited: Floats


def _worths(setting: Setting, deals: Selling, given: Rates) -> _Worths:
    hours = given.hours[deals.segment]
    worth = given.contribution[deals.segment] * setting.scenario.euro
    limit = hours_of_months(setting)[deals.month]
    return _Worths(
        worth * shares(deals.before_best, hours, limit),
        worth * shares(deals.before_plan, hours, limit),
        worth * deals.worked,
        worth,
    )


def _realised(
    setting: Setting, deals: Selling, given: Rates, worths: _Worths, where: Flags
) -> Values:
    return _values(
        float(where.sum()),
        float(hours_of_months(setting)[np.unique(deals.month[where])].sum()),
        float(given.hours[deals.segment[where]].sum()),
        *(float(getattr(worths, name)[where].sum()) for name in _Worths.__slots__),
    )


def _by_segment(
    setting: Setting, deals: Selling, worths: _Worths, where: Flags
) -> Iterator[SegmentValues]:
    for position, each in enumerate(setting.scenario.segments):
        here = where & (deals.segment == position)
        sums = (float(getattr(worths, name)[here].sum()) for name in _Worths.__slots__)
        yield SegmentValues(each.name, int(here.sum()), *sums)


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
