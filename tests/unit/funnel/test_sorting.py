"""Acts in buckets: nothing is lost or mixed up, in however many runs and arrays they come."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from onefunnel.errors import UsageError
from onefunnel.funnel.dense import sorting
from onefunnel.funnel.dense.sorting import BUCKET, Acts, Buckets, acts_in, partition_marked

MARKS = np.arange(8)


def batch(random: np.random.Generator, size: int, people: int) -> sorting.Columns:
    """Acts of so many people, in no order."""
    return (
        random.integers(0, people, size),
        random.integers(-50, 50, size),
        random.integers(0, len(MARKS), size),
    )


def by_person(acts: Buckets, threads: int = 1) -> dict[int, list[int]]:
    """The keys of each entity who has any, from groups of buckets for so many threads."""
    found = {}
    for first, last in acts.groups(threads):
        keys, ends = acts.by_entity(first, last)
        for place in range((last - first) * BUCKET):
            if ends[place] < ends[place + 1]:
                found[first * BUCKET + place] = keys[ends[place] : ends[place + 1]].tolist()
    return found


@pytest.mark.parametrize("threads", [1, 4])
def test_runs_that_fill_several_arrays_hold_every_act(
    monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    monkeypatch.setattr(sorting, "LEAST_ROOM", 300)
    monkeypatch.setattr(sorting, "MOST_ROOM", 1000)
    random = np.random.default_rng(3)
    runs = [
        [batch(random, size, 19 * BUCKET + 1), batch(random, 20, 40)]
        for size in (1, 250, 90, 2000, 0, 400, 500)
    ]
    acts, expected = Acts(), defaultdict(list)
    with ThreadPoolExecutor(threads) as pool:
        for done in [
            pool.submit(partition_marked, acts.room(acts_in(run)), run, MARKS, 3) for run in runs
        ]:
            done.result()
    for run in runs:
        for entities, instants, marks in run:
            for entity, instant, mark in zip(entities, instants, marks, strict=True):
                expected[int(entity)].append((int(instant) << 3) | int(mark))
    assert len(acts.slabs) > 2
    found = acts.whole()
    assert [len(found.groups(each)) for each in (1, 4, 8)] == [4, 10, found.count]
    for each in (1, 4, 8):
        assert by_person(found, each) == {who: sorted(keys) for who, keys in expected.items()}


def test_buckets_go_together_but_not_too_many_acts_and_not_too_few_groups() -> None:
    def groups(count: int, acts: int, threads: int) -> list[int]:
        runs = np.array([[0] * count + [acts]])
        nothing = np.empty(0, np.uint16), np.empty(0, np.int64)
        found = Buckets(count, [(*nothing, runs)]).groups(threads)
        assert [each for first, last in found for each in range(first, last)] == list(range(count))
        return [last - first for first, last in found]

    many = sorting.MOST_TOGETHER
    assert groups(100, 100, threads=2) == [8] * 12 + [4]
    assert groups(100, 0, threads=2) == [8] * 12 + [4]
    assert groups(100, 25 * many, threads=2) == [4] * 25
    assert groups(4, 9 * many, threads=1) == [1] * 4
    assert groups(20, 20, threads=2) == [3] * 6 + [2]
    assert groups(0, 0, threads=2) == []


def test_many_acts_of_one_person_in_falling_order() -> None:
    size = 5 * sorting.FEW
    acts, none = Acts(), np.zeros(size, np.int64)
    run = [(none, np.arange(size)[::-1].copy(), none)]
    partition_marked(acts.room(size), run, MARKS, 3)
    assert by_person(acts.whole()) == {0: [at << 3 for at in range(size)]}


LAST = (1 << 60) - 1


@pytest.mark.parametrize(
    ("what", "entity", "instant"),
    [
        ("entity code -1 is", [0, -1], [0, 0]),
        ("entity code 4294967296 is", [0, 1 << 32], [0, 0]),
        (f"instant {LAST + 1} is", [0, 0], [0, LAST + 1]),
        (f"instant {-LAST - 1} is", [0, 0], [-LAST - 1, 0]),
        ("instant 9223372036854775807 is", [0, 0], np.array([0, 2**64 - 5], np.uint64)),
        ("entity code 9223372036854775807 is", np.array([2**64 - 5, 0], np.uint64), [0, 0]),
    ],
)
def test_what_no_key_can_hold_is_refused(what: str, entity: object, instant: object) -> None:
    run = [(np.asarray(entity), np.asarray(instant), np.zeros(2, np.int64))]
    acts = Acts()
    with pytest.raises(UsageError, match=what):
        partition_marked(acts.room(2), [batch(np.random.default_rng(1), 0, 5), *run], MARKS, 3)


@pytest.mark.parametrize("kind", [np.int32, np.uint32, np.int64, np.uint64])
def test_the_last_that_a_key_can_hold(kind: type[np.integer]) -> None:
    acts, most = Acts(), min(np.iinfo(kind).max, LAST)
    code = min(np.iinfo(kind).max, sorting.LARGEST)
    run = [(np.array([code], kind), np.array([most], kind), np.array([7], np.uint8))]
    partition_marked(acts.room(1), run, MARKS, 3)
    keys, _ = acts.whole().by_entity(code // BUCKET, code // BUCKET + 1)
    assert keys.tolist() == [(int(most) << 3) | 7]


def test_no_acts_have_no_buckets() -> None:
    assert Acts().whole().count == 0
