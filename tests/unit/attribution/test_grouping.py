"""Keys that wait by bucket are counted as they came, however much room there is."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from onefunnel.measures.attribution.buckets import BUCKETS, buckets_of, put_buckets
from onefunnel.measures.attribution.dense.grouping import (
    Grouped,
    Pending,
    gathered,
    summed,
    summed_by_bucket,
)


def fill(pending: Pending, random: np.random.Generator, size: int) -> Counter[tuple[int, int]]:
    """Let keys wait in a few buckets; which."""
    buckets, keys = random.integers(0, 3, size), random.integers(0, 9, size)
    pending.make_room(np.bincount(buckets, minlength=BUCKETS))
    for bucket, key in zip(buckets, keys, strict=True):
        waiting, used = pending.waiting
        waiting[bucket, used[bucket]] = key
        used[bucket] += 1
    return Counter(zip(buckets.tolist(), keys.tolist(), strict=True))


@pytest.mark.parametrize("kind", [np.int64, np.int32])
@pytest.mark.parametrize("threads", [1, 2])
def test_keys_of_all_parts_are_counted_once_each(
    kind: type[np.signedinteger], threads: int
) -> None:
    random, expected = np.random.default_rng(5), Counter[tuple[int, int]]()
    parts = [Pending(8, kind) for _ in range(2)]
    for part in parts:
        for size in (5, 30, 1, 300, 12, 0):  # more than there is room for, too
            expected += fill(part, random, size)
    with ThreadPoolExecutor(threads) as pool:
        found = gathered(parts, pool)
    told = {
        (bucket, int(key)): int(count)
        for bucket, (keys, counts) in enumerate(found)
        for key, count in zip(keys, counts, strict=True)
    }
    assert told == dict(expected)
    assert sum(len(keys) for keys, _ in found) == len(told)


@pytest.mark.parametrize("most", [9, 1 << 55, 1 << 56, 1 << 62])
def test_sums_come_in_order_of_bucket_and_key_however_large_keys_are(most: int) -> None:
    random = np.random.default_rng(3)
    buckets = random.integers(0, BUCKETS, 400).astype(np.uint8)
    keys, sums = random.integers(0, 5, 400) * (most // 4), random.integers(1, 9, (400, 2))
    expected: Counter[tuple[int, int, int]] = Counter()
    for bucket, key, both in zip(buckets.tolist(), keys.tolist(), sums.tolist(), strict=True):
        for place, one in enumerate(both):
            expected[bucket, key, place] += one
    tags, found, added = summed(
        [(buckets[:150], keys[:150], sums[:150]), (buckets[150:], keys[150:], sums[150:])]
    )
    rows = list(zip(tags.tolist(), found.tolist(), strict=True))
    assert rows == sorted({(bucket, key) for bucket, key, _ in expected})
    assert {
        (*row, place): one
        for row, both in zip(rows, added.tolist(), strict=True)
        for place, one in enumerate(both)
    } == dict(expected)


def test_sums_of_a_key_add_up_over_parts() -> None:
    parts = [Grouped(), Grouped()]
    for part in parts:
        for _ in range(2):
            part.add(np.array([1, 0], np.uint8), np.array([4, 4]), np.array([[1, 10], [2, 20]]))
            part.settle()
    with ThreadPoolExecutor(2) as pool:
        found = summed_by_bucket(parts, pool)
    assert [(keys.tolist(), sums.tolist()) for keys, sums in found[:2]] == [
        ([4], [[8, 80]]),
        ([4], [[4, 40]]),
    ]
    assert len(found) == BUCKETS and not any(len(keys) for keys, _ in found[2:])


def test_no_keys_at_all() -> None:
    with ThreadPoolExecutor(1) as pool:
        found = summed_by_bucket([Grouped()], pool)
    assert [(keys.tolist(), sums.tolist()) for keys, sums in found] == [([], [])] * BUCKETS


def test_compiled_buckets_are_those_of_every_engine() -> None:
    codes = np.concatenate([np.arange(5000), 2**31 - 3 + np.arange(6), [2**46]])
    found = np.empty(len(codes), np.uint8)
    put_buckets(codes, found)
    assert found.tolist() == buckets_of(codes).tolist()
