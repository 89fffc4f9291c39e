"""Choices that are simulated with known strengths, and the sentence that they support."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.behaviour import Behaviour, Choices, behaviour, sentence
from onefunnel.measures.incentives.logit import GROUP_RIDGE, fit
from onefunnel.measures.incentives.quantities import Figure

RATES = np.exp([[-0.9, 0.1], [-0.4, 1.0], [0.1, -0.8], [0.4, 0.5], [0.9, -0.6], [0.2, -0.1]])


def choices(by_pay: float, by_contribution: float, people: int = 20, seed: int = 1) -> Choices:
    """200 leads for each salesperson, who choose with these strengths."""
    random = np.random.default_rng(seed)
    size = people * 200
    segment, person = random.integers(0, 6, size), np.repeat(np.arange(people), 200)
    pay, contribution = RATES[segment].T
    age, load = random.exponential(5.0, size), random.poisson(10.0, size).astype(float)
    odds = by_pay * np.log(pay) + by_contribution * np.log(contribution) - 0.05 * age
    odds = odds - 0.03 * load + random.normal(0.0, 0.7, people)[person]
    worked = random.random(size) < expit(odds)
    return Choices(worked, pay, contribution, age, load, [f"p{each}" for each in person])


def shuffled(given: Choices, order: np.ndarray) -> Choices:
    people = np.asarray(given.salesperson)[order].tolist()
    names = ("worked", "pay_per_hour", "contribution_per_hour", "age_hours", "workload")
    return Choices(*(getattr(given, name)[order] for name in names), people)


Ends = tuple[float, float]
NEITHER = ((-1.0, 1.0), (-1.0, 1.0))
PAY, COMPANY = ((0.9, 3.1), (-9.0, -3.0)), ((-9.0, -3.0), (0.9, 3.1))
"""Intervals of b1 - 4 b2 and of b2 - 4 b1."""


@pytest.mark.parametrize(
    ("pay", "contribution", "difference", "beside", "code"),
    [
        ((0.5, 1.5), (-0.5, 0.5), (0.1, 1.9), NEITHER, "plan_explains"),
        ((0.5, 1.5), (-0.5, 1.5), (-0.5, 1.5), NEITHER, "undecided"),
        ((1.5, 2.5), (0.1, 0.5), (1.0, 2.4), NEITHER, "undecided"),
        ((2.5, 3.5), (0.1, 0.4), (2.1, 3.4), PAY, "plan_explains"),
        ((-0.5, 0.5), (-2.5, -1.5), (1.0, 3.0), PAY, "undecided"),
        ((-0.5, 0.5), (0.5, 1.5), (-1.9, -0.1), NEITHER, "company_rate_explains"),
        ((0.1, 0.5), (1.5, 2.5), (-2.4, -1.0), NEITHER, "undecided"),
        ((0.1, 0.4), (2.5, 3.5), (-3.4, -2.1), COMPANY, "company_rate_explains"),
        ((-0.5, 1.5), (0.5, 1.5), (-1.5, 0.5), NEITHER, "undecided"),
        ((-0.3, 0.3), (-0.3, 0.3), (-0.5, 0.5), NEITHER, "capacity_or_process"),
        ((-0.3, 0.3), (-0.3, 0.4), (-0.5, 0.5), NEITHER, "undecided"),
        ((-0.4, 0.3), (-0.3, 0.3), (-0.5, 0.5), NEITHER, "undecided"),
    ],
)
def test_the_sentence_is_that_of_the_intervals(
    pay: Ends, contribution: Ends, difference: Ends, beside: tuple[Ends, Ends], code: str
) -> None:
    def figure(ends: Ends) -> Figure:
        return Figure(sum(ends) / 2, *ends)

    both = (figure(beside[0]), figure(beside[1]))
    assert sentence(figure(pay), figure(contribution), figure(difference), both) == code


@pytest.mark.parametrize("people", [4, 40])
def test_what_follows_pay_but_for_a_little_is_the_plan(people: int) -> None:
    found = [behaviour(choices(3.0, 0.2, people=people, seed=seed)) for seed in range(10)]
    assert Counter(each.sentence for each in found)["plan_explains"] >= 8


@pytest.mark.parametrize(
    ("strengths", "code"),
    [
        ((1.0, 0.0), "plan_explains"),
        ((0.0, 1.0), "company_rate_explains"),
        ((0.0, 0.0), "capacity_or_process"),
        ((0.6, 0.6), "undecided"),
    ],
)
def test_the_sentence_is_that_of_what_was_simulated(
    strengths: tuple[float, float], code: str
) -> None:
    found = [behaviour(choices(*strengths, seed=seed)).sentence for seed in range(10)]
    assert Counter(found)[code] >= 8


def test_the_intervals_cover_the_strengths_as_often_as_they_say() -> None:
    covered = [
        each.low <= true <= each.high
        for seed in range(60)
        for found in (behaviour(choices(0.8, 0.3, people=12, seed=seed)),)
        for each, true in ((found.by_pay, 0.8), (found.by_contribution, 0.3))
    ]
    assert 0.9 <= np.mean(covered) <= 0.99


def test_the_pull_is_that_of_the_strengths() -> None:
    assert behaviour(choices(0.9, 0.3, people=60)).pull == pytest.approx(0.75, abs=0.05)


def test_the_order_of_leads_and_the_names_do_not_matter() -> None:
    given = choices(0.5, 0.2, people=6)
    order = np.random.default_rng(0).permutation(len(given.worked))
    renamed = replace(given, salesperson=[f"x{each}" for each in given.salesperson])
    one, other, third = (behaviour(each) for each in (given, shuffled(given, order), renamed))
    assert other.by_pay.value == pytest.approx(one.by_pay.value)
    assert other.by_pay.low == pytest.approx(one.by_pay.low)
    assert third.by_contribution.high == pytest.approx(one.by_contribution.high)


@pytest.mark.parametrize("people", [3, 8])
def test_equal_leads_can_stand_as_one_entry(people: int) -> None:
    random = np.random.default_rng(2)
    few = shuffled(choices(0.7, 0.2, people=people), np.arange(0, 200 * people, 2))
    times = random.integers(1, 6, len(few.worked))
    each = behaviour(shuffled(few, np.repeat(np.arange(len(times)), times)))
    one = behaviour(replace(few, counted=times.astype(float)))
    assert (one.leads, one.salespeople) == (times.sum(), people)
    assert (one.sentence, one.notes) == (each.sentence, each.notes)
    assert one.pull == pytest.approx(each.pull)
    for end in ("value", "low", "high"):
        for name in ("by_pay", "by_contribution"):
            counted, repeated = (getattr(getattr(found, name), end) for found in (one, each))
            assert counted == pytest.approx(repeated, rel=1e-7), (name, end)


def test_refusals_count_leads_and_not_entries() -> None:
    few = shuffled(choices(1.0, 0.0, people=2), np.arange(30))
    assert refused(few) == "refused_few_leads"
    assert behaviour(replace(few, counted=np.full(30, 20.0))).sentence is not None


def test_rates_that_decide_everything_give_finite_strengths() -> None:
    given = choices(0.0, 0.0, people=8)
    found = behaviour(replace(given, worked=given.pay_per_hour > 1.0))
    assert np.isfinite([found.by_pay.low, found.by_pay.high]).all()
    assert found.by_pay.value > 5.0


def refused(given: Choices) -> str:
    found: Behaviour = behaviour(given)
    assert (found.sentence, found.by_pay, found.by_contribution, found.pull) == (None,) * 4
    return found.notes[0].code


def test_rates_that_rise_together_are_refused() -> None:
    given = choices(1.0, 0.0)
    together = replace(given, contribution_per_hour=3.0 * given.pay_per_hour**1.5)
    assert refused(together) == "refused_collinear"
    same = replace(given, contribution_per_hour=given.age_hours * 0 + 7.0)
    assert refused(same) == "refused_collinear"


def test_too_few_leads_or_segments_are_refused() -> None:
    given = choices(1.0, 0.0)
    few = np.zeros_like(given.worked)
    few[:39] = True
    assert refused(replace(given, worked=few)) == "refused_few_leads"
    assert refused(replace(given, worked=~few)) == "refused_few_leads"
    two = np.isin(given.pay_per_hour, RATES[:2, 0])
    assert refused(shuffled(given, np.flatnonzero(two))) == "refused_few_segments"


def test_few_salespeople_speak_for_themselves_only() -> None:
    found = behaviour(choices(1.0, 0.0, people=2))
    assert [note.code for note in found.notes] == ["few_salespeople"]
    assert found.salespeople == 2
    assert behaviour(choices(1.0, 0.0, people=5)).notes == ()


def test_choices_that_can_not_be_are_refused() -> None:
    given = choices(1.0, 0.0, people=2)
    with pytest.raises(UsageError, match="length"):
        replace(given, age_hours=given.age_hours[1:])
    with pytest.raises(UsageError, match="stands for no lead"):
        replace(given, counted=np.zeros(len(given.worked)))
    with pytest.raises(UsageError, match="above zero"):
        replace(given, pay_per_hour=given.pay_per_hour * 0.0)


def test_the_fit_is_the_maximum_and_its_errors_those_of_the_whole_matrix() -> None:
    random = np.random.default_rng(5)
    columns, group = random.normal(size=(300, 2)), np.repeat(np.arange(6), 50)
    outcome = (random.random(300) < expit(columns @ [0.7, -0.4])).astype(float)
    ridge = np.array([0.1, 0.2])
    found = fit(outcome, columns, group, ridge)
    wide = np.hstack([columns, np.eye(6)[group]])
    penalty = np.concatenate([ridge, np.full(6, GROUP_RIDGE)])

    def loss(b: np.ndarray) -> float:
        linear = wide @ b
        return float(np.logaddexp(0, linear).sum() - outcome @ linear + 0.5 * penalty @ b**2)

    best = minimize(loss, np.zeros(8), method="BFGS", options={"gtol": 1e-8}).x
    assert found.coefficients == pytest.approx(best[:2], abs=1e-5)
    assert found.groups == pytest.approx(best[2:], abs=1e-5)
    chance = expit(wide @ np.concatenate([found.coefficients, found.groups]))
    bread = wide.T @ (wide * (chance * (1 - chance))[:, None]) + np.diag(penalty)
    scores = np.stack([wide[group == g].T @ (outcome - chance)[group == g] for g in range(6)])
    inverse = np.linalg.inv(bread)
    covariance = inverse @ scores.T @ scores @ inverse * 6 / 5
    assert found.covariance == pytest.approx(covariance[:2, :2], rel=1e-6)
