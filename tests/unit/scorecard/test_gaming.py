"""Signs of gaming: found where they were planted, rare where nobody games, of the power stated."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.gaming import (
    Stretch,
    bunching,
    decay,
    detectable,
    spike,
)


def test_the_plain_test_is_the_binomial_one() -> None:
    found = bunching([0.5] * 14 + [-0.5] * 6, 0.0, 1.0)
    by_hand = sum(comb(20, k) for k in range(14, 21)) / 2**20
    assert (found.short, found.beyond) == (6, 14)
    assert found.p_value == pytest.approx(by_hand)


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_without_gaming_bunching_is_rarely_seen_whatever_the_slope(slope: float) -> None:
    # The density rises as exp(slope x) over -3 to 3, and the bins are 1 wide.
    random = np.random.default_rng(5)
    seen = 0
    for _ in range(300):
        uniform = random.random(200)
        values = 6 * uniform - 3
        if slope:
            low, high = np.exp(-3 * slope), np.exp(3 * slope)
            values = np.log(low + uniform * (high - low)) / slope
        seen += bunching(values.tolist(), 0.0, 1.0).code == "bunching"
    assert seen / 300 <= 0.07


def test_those_who_were_just_short_and_moved_beyond_are_found() -> None:
    random = np.random.default_rng(6)
    found = 0
    for _ in range(100):
        values = random.normal(0.0, 2.0, 400)
        moved = (values >= -1) & (values < 0) & (random.random(400) < 0.6)
        values[moved] = random.uniform(0.0, 0.5, moved.sum())
        found += bunching(values.tolist(), 0.0, 1.0).code == "bunching"
    assert found >= 90


def test_the_power_is_the_one_that_is_stated() -> None:
    random = np.random.default_rng(7)
    for cases in (20, 60, 200):
        share = detectable(cases)
        assert share is not None
        beyond = random.binomial(cases, share, 4_000)
        less = random.binomial(cases, share - 0.03, 4_000)
        needed = min(
            k
            for k in range(cases + 1)
            if sum(comb(cases, j) for j in range(k, cases + 1)) <= 2**cases / 20
        )
        assert (beyond >= needed).mean() >= 0.78
        assert (less >= needed).mean() < 0.80


def test_a_steep_distribution_is_not_called_bunching() -> None:
    far, near = [-1.5] * 4 + [-0.5] * 10, [0.5] * 24 + [1.5] * 60
    found = bunching(far + near, 0.0, 1.0)
    assert found.p_value is not None
    assert found.p_value < 0.05
    assert found.code == "slope"


def test_less_is_better_turns_the_sides_and_the_threshold_itself_is_beyond() -> None:
    values = [10.0] * 15 + [10.5] * 3 + [8.5] * 9 + [11.5] * 9
    assert (bunching(values, 10.0, 1.0, better=-1).beyond) == 15
    assert bunching(values, 10.0, 1.0, better=-1).code == "bunching"
    assert bunching(values, 10.0, 1.0).beyond == 18
    assert bunching([1.0] * 5, 0.0, 2.0).code == "too_few"
    with pytest.raises(UsageError, match="can't be 0 wide"):
        bunching([1.0], 0.0, 0)


def test_a_spike_of_one_period_is_the_binomial_one() -> None:
    said = spike([Stretch(10, 20, 5, 17)])
    share = 5 / 22
    by_hand = sum(comb(30, k) * share**k * (1 - share) ** (30 - k) for k in range(10, 31))
    assert said.p_value == pytest.approx(by_hand)
    assert said.ratio == pytest.approx(10 / (30 * share))


def test_a_spike_is_followed_by_a_dip_or_not() -> None:
    ends = [Stretch(15, 25, 5, 17)] * 3
    assert spike(ends).code == "spike"
    assert spike(ends, [Stretch(2, 38, 5, 17)] * 3).code == "spike_then_dip"
    assert spike(ends, [Stretch(9, 31, 5, 17)] * 3).code == "spike"
    assert spike([Stretch(9, 31, 5, 17)] * 3).code == "no_sign"
    assert spike([Stretch(4, 5, 5, 17)]).code == "too_few"
    with pytest.raises(UsageError, match="0 days can't be held against 17"):
        Stretch(1, 1, 0, 17)


def test_closings_by_chance_rarely_make_a_spike_in_periods_of_unlike_length() -> None:
    random = np.random.default_rng(8)
    seen = 0
    for _ in range(400):
        periods = []
        for days in (16, 17, 18):
            cases = int(random.poisson(25))
            inside = int(random.binomial(cases, 5 / (5 + days)))
            periods.append(Stretch(inside, cases - inside, 5, days))
        seen += spike(periods).code == "spike"
    assert seen / 400 <= 0.07


def test_a_link_that_fades_is_found_and_one_that_stays_is_not() -> None:
    random = np.random.default_rng(9)

    def pairs(noise: float) -> list[tuple[float, float]]:
        measure = random.normal(size=60)
        outcome = measure + noise * random.normal(size=60)
        return [(float(a), float(b)) for a, b in zip(measure, outcome, strict=True)]

    faded = sum(decay(pairs(0.5), pairs(3.0)).code == "decayed" for _ in range(50))
    stayed = sum(decay(pairs(1.0), pairs(1.0)).code == "decayed" for _ in range(400))
    assert faded >= 48
    assert stayed / 400 <= 0.08


def test_a_link_is_refused_where_nothing_moved_or_there_is_too_little() -> None:
    some = [(float(n), float(n % 3)) for n in range(12)]
    assert decay(some, some[:9]).code == "too_few"
    assert decay(some, [(1.0, float(n)) for n in range(12)]).code == "no_variation"
    perfect = [(float(n), float(n)) for n in range(12)]
    assert decay(perfect, some).code == "decayed"
