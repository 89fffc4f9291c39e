"""The compiled pass counts the steps of every path, however long it is and often it counts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import BUCKETS, Ints, buckets_of
from onefunnel.measures.attribution.dense import counting
from onefunnel.measures.attribution.dense.players import players_of
from onefunnel.measures.attribution.family import BITS, CONVERTED, MOST_RATED, NULL
from onefunnel.vocabulary import Question

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = ["marketing:mail", "marketing:search", "sales:call"]
SIZES = [1, 9_000, 0, 3, 40, 5_000, 2, 7]
"""The touches of each entity: two have more than may wait in a bucket."""
OFTEN = {0: 2, 1: 3, 4: 0, 7: 1}
"""How many conversions one stands for, by entity; the others made none."""


def expected(numbers: list[Ints], order: int) -> Counter[tuple[int, int]]:
    """The steps by bucket and key, path by path."""
    found: Counter[tuple[int, int]] = Counter()
    for entity, (bucket, mine) in enumerate(
        zip(buckets_of(range(len(numbers))).tolist(), numbers, strict=True)
    ):
        if not len(mine):
            continue
        ending = CONVERTED if entity in OFTEN else NULL
        before = [0] * order
        for follows in [*(mine + 1).tolist(), ending]:
            digits = [*before, follows]
            key = sum(digit << BITS * place for place, digit in enumerate(reversed(digits)))
            found[bucket, key] += OFTEN.get(entity, 1)
            before = digits[1:]
    return +found


@pytest.mark.parametrize("order", [1, 2, 4])
@pytest.mark.parametrize("room", [1, 64, 1 << 16])
@pytest.mark.parametrize("cells", [0, counting.MOST_CELLS])
@pytest.mark.parametrize("in_half", [1_000, counting.MOST_IN_HALF])
@pytest.mark.parametrize("parts", [1, 2])
def test_paths_of_any_length(
    order: int, room: int, cells: int, in_half: int, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "STEPS", room)
    monkeypatch.setattr(counting, "MOST_CELLS", cells)
    monkeypatch.setattr(counting, "MOST_IN_HALF", in_half)
    random = np.random.default_rng(order)
    who = players_of(pa.table({"number": range(len(NAMES)), "player": NAMES}))
    numbers = [random.integers(0, len(NAMES), size) for size in SIZES]
    keys = np.concatenate([np.arange(len(each)) << who.bits for each in numbers])
    keys |= who.marks[2 * np.concatenate(numbers)]
    ends = np.concatenate(([0], np.cumsum(SIZES)))
    codes = np.arange(len(SIZES))
    converting = np.array(sorted(OFTEN))
    nothing = np.zeros(len(OFTEN), np.int64)
    at = np.full(len(OFTEN), max(SIZES))
    made = counting.Ends(
        converting, at, np.array([OFTEN[each] for each in converting]), nothing, nothing
    )
    agreed = counting.agreed_of(who, Question(now=NOW), Asked(orders=(order,)))
    sums = [counting.Sums(made, agreed) for _ in range(parts)]
    for part, each in enumerate(sums):
        mine = np.array_split(codes, parts)[part]
        own = ends[mine[0] : mine[-1] + 2]
        each.count(lambda _, at=(keys[own[0] : own[-1]], own - own[0], mine): at, iter([0]))
    found = counting.tables(sums)
    told = {(row["bucket"], row["key"]): row["paths"] for row in found["transitions"].to_pylist()}
    assert told == dict(expected(numbers, order))
    of_sets = found["sets"].to_pylist()
    assert sum(row["conversions"] for row in of_sets) == sum(OFTEN.values())
    assert {row["bucket"] for row in of_sets} <= set(range(BUCKETS))
    whole = {0: 1 << int(numbers[0][0]), 1: 7, 4: 7, 7: int(np.bitwise_or.reduce(1 << numbers[7]))}
    for entity, mask in whole.items():
        bucket = int(buckets_of([entity])[0])
        assert any(row["bucket"] == bucket and row["mask"] == mask for row in of_sets)


def test_among_many_players_paths_that_ended_are_told_by_player() -> None:
    names = [f"marketing:{number:02}" for number in range(MOST_RATED + 1)]
    who = players_of(pa.table({"number": range(len(names)), "player": names}))
    met = [[0, 5, 0], [5, 16], [16], [3, 3]]
    keys = np.array(
        [at << who.bits | who.marks[2 * n] for each in met for at, n in enumerate(each)]
    )
    ends = np.cumsum([0, *map(len, met)])
    one = np.array([1])
    made = counting.Ends(3 * one, 9 * one, 2 * one, 7 * one, 0 * one)
    agreed = counting.agreed_of(who, Question(now=NOW), Asked(orders=()))
    piece = keys, ends, np.arange(len(met))
    tables = counting.tables(counting.counted(lambda _: piece, 1, made, agreed, threads=1))
    found: Counter[tuple[int, int]] = Counter()
    for row in tables["sets"].to_pylist():
        found[row["mask"], 0] += row["nulls"]
        found[row["mask"], 1] += row["conversions"]
    assert +found == {(1 << 0, 0): 1, (1 << 5, 0): 2, (1 << 16, 0): 2, (1 << 3, 1): 2}
