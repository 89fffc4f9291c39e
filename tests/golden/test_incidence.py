"""Incidence and survival against published and hand-computed numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from onefunnel.funnel.estimates import estimate
from onefunnel.funnel.incidence import Incidence, greenwood_errors, wilson

# Freireich et al. 1963: weeks of remission under 6-MP; 1 = relapse, 0 = censored.
RELAPSES = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
# Ten deals: days, and 0 censored, 1 won, 2 lost.
TEN = [(1, 2), (2, 1), (3, 0), (4, 2), (5, 1), (6, 0), (7, 1), (8, 2), (9, 0), (10, 0)]


def cohort(cases: list[tuple[int, int]]) -> Incidence:
    """A cohort of (time, outcome): 0 censored, 1 moved, 2 lost."""
    times = [time for time, _ in cases]
    return Incidence.of(times, *[[int(end == k) for _, end in cases] for k in (1, 2, 0)])


def freireich() -> Incidence:
    return cohort([(time, 1) for time in RELAPSES] + [(time, 0) for time in CENSORED])


def test_freireich_6mp_survival_matches_the_textbook_to_four_places() -> None:
    published = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    found = {week: round(freireich().surviving_at(week), 4) for week in published}
    assert found == published


def test_freireich_6mp_greenwood_errors_match_the_textbook_to_four_places() -> None:
    sample = freireich()
    errors = dict(zip(sample.times.tolist(), greenwood_errors(sample).tolist(), strict=True))
    assert round(errors[6], 4) == 0.0764
    assert round(errors[23], 4) == 0.1346


def test_freireich_6mp_median_is_23_weeks() -> None:
    assert freireich().median() == 23


def test_ten_deals_have_four_different_rates_of_winning() -> None:
    deals = cohort(TEN)
    assert round(deals.moved_by(10), 6) == 0.357143
    assert round(deals.lost_by(10), 6) == 0.357143
    assert round(deals.surviving_at(10), 6) == 0.285714
    assert round(deals.one_minus_km(10), 6) == 0.444444


def test_aalen_johansen_by_hand() -> None:
    # Five cases: lost at 1, moved at 2 and 2, censored at 2, moved at 4.
    five = cohort([(1, 2), (2, 1), (2, 1), (2, 0), (4, 1)])
    by_two = Fraction(4, 5) * Fraction(2, 4)
    by_four = by_two + Fraction(4, 5) * Fraction(2, 4) * 1
    assert five.moved_by(2) == pytest.approx(float(by_two), rel=1e-12)
    assert five.moved_by(4) == pytest.approx(float(by_four), rel=1e-12)
    assert five.lost_by(4) == pytest.approx(0.2, rel=1e-12)
    assert five.surviving_at(4) == 0.0


def test_variance_by_hand_with_censoring() -> None:
    # Three cases: moved at 1, censored at 2, lost at 3; only the first has an outcome to move.
    three = cohort([(1, 1), (2, 0), (3, 2)])
    assert three.moved_by(3) == pytest.approx(1 / 3, rel=1e-12)
    # At 1: a = 1, m = q = 1/3, G = 0; at 3: m = 0 and G = 0: [m (1 - m)] / 3.
    assert three.variance_at(3) == pytest.approx(Fraction(2, 27), rel=1e-12)


def test_variance_without_censoring_is_that_of_a_binomial_share() -> None:
    random = np.random.default_rng(20240301)
    for _ in range(200):
        size = int(random.integers(5, 60))
        times = random.integers(1, 12, size)
        ends = random.choice([1, 1, 2], size)
        sample = cohort(list(zip(times.tolist(), ends.tolist(), strict=True)))
        for horizon in (3, 6, 12):
            # Those without an outcome by the horizon are known not to have had one.
            p = sample.moved_by(horizon)
            assert sample.variance_at(horizon) == pytest.approx(p * (1 - p) / size, abs=1e-15)
            assert p == pytest.approx(np.mean((times <= horizon) & (ends == 1)), abs=1e-12)


def test_interval_without_censoring_is_wilsons() -> None:
    twelve = cohort([(n, 1) for n in range(1, 10)] + [(20, 2)] * 3)
    low, high = twelve.interval(30)
    assert (round(low, 4), round(high, 4)) == (0.4677, 0.9111)
    assert (low, high) == pytest.approx(wilson(9 / 12, 12), rel=1e-9)


def test_interval_of_nobody_rests_on_those_whose_outcome_is_known() -> None:
    none = cohort([(50, 0)] * 8 + [(10, 0)] * 4)
    assert none.interval(40) == wilson(0.0, 8)


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    # Exponential times to two outcomes, uniform censoring; truth by the formula.
    random = np.random.default_rng(7)
    rate_won, rate_lost, horizon = 0.02, 0.03, 30
    total = rate_won + rate_lost
    truth = rate_won / total * (1 - np.exp(-total * horizon))
    covered = 0
    for _ in range(600):
        times = random.exponential(1 / total, 80)
        won = random.random(80) < rate_won / total
        follow_up = random.uniform(0, 80, 80)
        ends = np.where(times > follow_up, 0, np.where(won, 1, 2))
        seen = np.minimum(times, follow_up) * 1000
        sample = cohort(list(zip(seen.astype(int).tolist(), ends.tolist(), strict=True)))
        low, high = sample.interval(horizon * 1000)
        covered += low <= truth <= high
    assert 0.93 <= covered / 600 <= 0.975


@pytest.mark.parametrize(
    ("cases", "reason"),
    [
        ([], "empty"),
        ([(1, 1)] * 4, "too_few"),
        ([(1, 1)] * 4 + [(89, 0)], "too_early"),
        ([(1, 1)] * 4 + [(90, 0)], None),
        ([(1, 1)] * 4 + [(89, 2)], None),
    ],
)
def test_an_incidence_that_the_data_cannot_support_is_refused(
    cases: list[tuple[int, int]], reason: str | None
) -> None:
    in_seconds = [(days * 86_400, end) for days, end in cases]
    refusal = estimate(cohort(in_seconds), 90).refusal
    assert (refusal.reason if refusal else None) == reason
