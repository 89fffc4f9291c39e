"""A random share of ignored leads: its size, its power, and what it settles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.trial import Question, plan_trial, settle

PARTS = Question(400, 0.4, 0.02, 36.0, 0.4, 25.0)


def outcomes(question: Question, share: float, months: int, times: int) -> list[str]:
    """The verdicts of trials in which the question's chances are true."""
    random = np.random.default_rng(8)
    leads = round(question.left_per_month * months)
    worked = random.binomial(leads, share, times)
    won = random.binomial(worked, question.win)
    left_won = random.binomial(leads - worked, question.win_unworked)
    return [
        settle(question, int(n), int(w), int(leads - n), int(lw)).verdict
        for n, w, lw in zip(worked, won, left_won, strict=True)
    ]


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("cost", [18.0, 28.0, 45.0])
def test_a_trial_of_the_planned_size_settles_it_as_often_as_asked(
    share: float, cost: float
) -> None:
    question = replace(PARTS, hour_cost=cost, left_per_month=60)
    planned = plan_trial(question, share, horizon_months=500)
    assert planned.months is not None
    true = "worth_an_hour" if question.margin > 0 else "not_worth_an_hour"
    found = outcomes(question, share, planned.months, 2_000)
    assert found.count(true) / 2_000 >= 0.75
    wrong = {"worth_an_hour", "not_worth_an_hour"} - {true}
    assert sum(found.count(each) for each in wrong) <= 2_000 * 0.005


@given(st.floats(0.01, 0.9), st.floats(5.0, 60.0), st.floats(10.0, 500.0))
def test_the_months_are_the_fewest_that_reach_the_power(
    share: float, cost: float, leads: float
) -> None:
    question = replace(PARTS, hour_cost=cost, left_per_month=leads)
    planned = plan_trial(question, share, horizon_months=10**9)
    if planned.months is None:
        assert abs(question.margin) < 1e-6
        return
    assert planned.power >= 0.8 - 1e-9
    assert planned.leads == pytest.approx(share * leads * planned.months)
    assert planned.hours_per_month == pytest.approx(share * leads * 0.4)
    if planned.months > 1:
        fewer = plan_trial(question, share, horizon_months=planned.months - 1)
        assert fewer.months is None
        few_wins = (planned.months - 1) * share * leads * 0.4 < 5.0
        assert fewer.power < 0.8 + 1e-9 or few_wins


def test_a_longer_wait_is_counted_and_no_is_said_beyond_the_horizon() -> None:
    question = replace(PARTS, left_per_month=60)
    months = plan_trial(question, 0.2, horizon_months=60).months
    assert months is not None
    assert plan_trial(question, 0.2, horizon_months=months + 2, wait_months=2).months == months
    late = plan_trial(question, 0.2, horizon_months=months + 1, wait_months=2)
    assert (late.months, late.notes[0].code) == (None, "refused_within_horizon")
    assert late.notes[0].params["months"] == months + 2
    assert 0.05 < late.power < 0.8
    never = plan_trial(question, 0.2, horizon_months=2, wait_months=2)
    assert (never.leads, never.power) == (0.0, 0.05)


def test_where_there_is_nothing_to_find_no_is_said() -> None:
    nothing = replace(PARTS, win_unworked=0.0, hour_cost=36.0)
    found = plan_trial(nothing, 0.1)
    assert (found.months, found.notes[0].code) == (None, "refused_no_margin")


def test_spread_of_contribution_takes_longer() -> None:
    wide = replace(PARTS, spread=60.0, left_per_month=20)
    plain = replace(wide, spread=0.0)
    months = [plan_trial(each, 0.1, horizon_months=10**4).months for each in (plain, wide)]
    assert months[0] < months[1]


def test_nobody_left_to_win_can_be_settled_too() -> None:
    found = settle(PARTS, 50, 20, 900, 0)
    assert found.gain_in_chance.value == 0.4
    assert found.contribution_per_hour.value == 36
    assert found.verdict == "open"
    assert settle(PARTS, 500, 200, 900, 0).verdict == "worth_an_hour"
    assert settle(PARTS, 500, 50, 900, 0).verdict == "not_worth_an_hour"


def test_the_months_by_hand() -> None:
    # 1.959964 and .841621 are the normal points of 5 % on two sides and of 80 %.
    question = Question(100, 0.5, 0.3, 10.0, 1.0, 1.0)
    worked, left = 0.25 * 100 / 0.4, 0.21 * 100 / 0.6
    months = (1.959964 + 0.841621) ** 2 * (worked + left) / (100 * 1.0**2)
    assert plan_trial(question, 0.4).months == int(months) + 1


def test_five_wins_are_awaited_whatever_the_power() -> None:
    rare = Question(50, 0.02, 0.0, 100_000.0, 1.0, 0.0)
    assert plan_trial(replace(rare, hour_cost=500.0), 0.5, horizon_months=500).months >= 10
    sure = Question(50, 0.02, 0.02, 100.0, 1.0, 5_000.0)
    assert plan_trial(sure, 0.5).months == 10


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(UsageError):
        replace(PARTS, win=1.2)
    with pytest.raises(UsageError):
        plan_trial(PARTS, 1.0)
    with pytest.raises(UsageError):
        settle(PARTS, 0, 0, 10, 1)
