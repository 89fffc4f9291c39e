"""Buckets of parties: even, the same in every engine, and what drawing them is worth."""

from __future__ import annotations

import numpy as np
import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.buckets import (
    PRIME,
    buckets_of,
    error_of_error,
    replicates,
)


def test_a_bucket_is_what_whole_numbers_of_any_size_say() -> None:
    codes = [0, 1, 7, 10**6, PRIME - 1, PRIME, 2**46]
    said = [pow(48_271 * (code % PRIME) + 1, 5, PRIME) % 128 for code in codes]
    assert buckets_of(codes).tolist() == said


def test_codes_in_a_row_fall_as_if_by_chance() -> None:
    buckets = buckets_of(np.arange(128_000))
    sizes = np.bincount(buckets, minlength=128)
    assert 0.6 < sizes.var() / 1000 < 1.5
    together = np.mean(buckets[1:] == buckets[:-1])
    assert together == pytest.approx(1 / 128, rel=0.1)


def test_replicates_draw_whole_buckets_as_often_as_there_are() -> None:
    weights = replicates(16, 4_000, seed=1)
    assert (weights.sum(axis=1) == 16).all()
    assert weights.mean() == 1.0
    assert weights.var() == pytest.approx(1 - 1 / 16, rel=0.05)
    assert np.array_equal(weights, replicates(16, 4_000, seed=1))


def test_the_error_of_a_mean_is_known_as_well_as_the_buckets_say() -> None:
    random = np.random.default_rng(0)
    errors = random.standard_normal((4_000, 32)).std(axis=1, ddof=1)
    assert errors.std() / errors.mean() == pytest.approx(error_of_error(32), rel=0.1)


def test_one_bucket_can_not_be_drawn_from() -> None:
    with pytest.raises(UsageError, match="1 buckets"):
        replicates(1, 10, seed=0)
