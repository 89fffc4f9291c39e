"""Counts of two sets of parties add up to those of both, and can be taken off again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.attribution import counts as of_counts
from onefunnel.measures.attribution.counts import (
    Counts,
    Credits,
    Transitions,
    nothing,
    transition_key,
)
from onefunnel.measures.attribution.family import CONVERTED
from onefunnel.measures.attribution.met import met
from onefunnel.measures.attribution.reference import counts
from onefunnel.measures.attribution.rules import RULES, Path, Settings
from onefunnel.measures.attribution.tally import Tally
from tests.unit.attribution.paths import PATHS, PLAYERS, counted

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 5)), max_size=12)
PARTIES = st.lists(st.tuples(st.integers(0, 7), PATHS), max_size=5)


def tally(rows: list[tuple[int, int, int]]) -> Tally:
    buckets, keys, numbers = zip(*rows, strict=True) if rows else ((), (), ())
    return Tally.of(buckets, keys, np.array(numbers, np.int64), 4)


@given(ROWS, ROWS)
def test_tallies_add_up_exactly(one: list[tuple[int, int, int]], other: list) -> None:
    both = tally(one + other)
    assert tally(one) + tally(other) == both
    assert both - tally(other) == tally(one)
    assert dict(zip(both.keys.tolist(), both.total.tolist(), strict=True)) == {
        key: total
        for key in {row[1] for row in one + other}
        if (total := sum(row[2] for row in one + other if row[1] == key))
    }


@given(ROWS)
def test_weights_count_buckets_as_often_as_they_say(rows: list[tuple[int, int, int]]) -> None:
    found = tally(rows)
    weights = np.array([[1.0, 0.0, 2.0, 0.5]])
    said = [
        sum(weights[0, bucket] * number for bucket, key, number in rows if key == wanted)
        for wanted in found.keys
    ]
    assert found.weighted(weights)[0].tolist() == pytest.approx(said)


@given(PARTIES, PARTIES)
def test_what_is_new_is_added(old: list[tuple[int, Path]], new: list[tuple[int, Path]]) -> None:
    def of(parties: list[tuple[int, Path]]) -> Counts:
        return counts(parties, PLAYERS, Settings(), (1, 3), 8)

    def integers(found: Counts) -> Counts:
        """Credits in whole numbers, as engines deliver them."""
        given = found.credits
        rounded = (
            np.rint(part * 2**30).astype(np.int64) for part in (given.conversions, given.value)
        )
        credits = Credits(given.models, *rounded, scale=2**30, value_scale=2**30)
        return Counts(found.players, found.sets, credits, found.transitions)

    together = of(old) + of(new)
    assert together.sets == of(old + new).sets
    assert together.transitions == of(old + new).transitions
    assert np.allclose(together.credits.conversions, of(old + new).credits.conversions)
    assert integers(of(old)) + integers(of(new)) - integers(of(new)) == integers(of(old))


@given(PARTIES, PARTIES)
def test_among_many_players_paths_that_ended_are_told_by_player(
    old: list[tuple[int, Path]], new: list[tuple[int, Path]]
) -> None:
    def of(parties: list[tuple[int, Path]], players: Sequence[str] = PLAYERS) -> Counts:
        return counts(parties, players, Settings(), (1,), 8)

    few = of(old + new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_counts, "MOST_RATED", 2)
        many = of(old + new)
        assert (of(old) + of(new)).sets == many.sets
        one = [each for each in old if set(each[1].players) <= set(PLAYERS[:2])]
        assert (of(one, PLAYERS[:2]) + of(new)).sets == of(one + new).sets
    assert all(key.bit_count() == 1 for key in many.sets.nulls.keys.tolist())
    assert many.sets.conversions == few.sets.conversions
    assert met(many) == met(few)


def test_nothing_is_added_to_anything() -> None:
    path = counted([], size=8)
    assert nothing(PLAYERS, tuple(RULES), (1, 2, 3, 4), 8) == path


def test_new_players_come_last() -> None:
    few = nothing(("search",), ("linear",), (1,), 4)
    more = nothing(("search", None), ("linear",), (1,), 4)
    assert (few + more).players == ("search", None)
    assert (few + more).credits.conversions.shape == (4, 1, 2)
    with pytest.raises(UsageError, match="other players"):
        nothing(("email",), ("linear",), (1,), 4) + more


def test_a_key_has_six_bits_for_each() -> None:
    assert transition_key([62, 1], CONVERTED) == 62 * 64**2 + 1 * 64 + 63


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 3)), max_size=60))
@pytest.mark.parametrize("apart", [1, 1_000])
def test_rows_in_any_order_make_one_tally(apart: int, rows: list[tuple[int, int, int]]) -> None:
    """In order each once, which needs no sorting; in disorder and twice; more than keys, or few."""
    sums = Counter[tuple[int, int]]()
    for bucket, key, number in rows:
        sums[bucket, key * apart] += number
    expected = {each: number for each, number in sums.items() if number}
    ordered = tally([(*each, number) for each, number in sorted(sums.items())])
    mixed = tally([(bucket, key * apart, number) for bucket, key, number in rows])
    assert ordered == mixed
    for found in (ordered, mixed):
        buckets, places = found.counts.nonzero()
        keys = found.keys[places].tolist()
        told = dict(
            zip(zip(buckets.tolist(), keys, strict=True), found.counts.data.tolist(), strict=True)
        )
        assert told == expected
        assert found.keys.tolist() == sorted({key for _, key in expected})


@pytest.mark.parametrize("large", [1, 1 << 52, (1 << 60) + 1, -(1 << 62) - 1])
def test_whole_numbers_add_up_exactly_however_large(large: int) -> None:
    rows = [0, 0, 1, 1, 1, 0, 1, 0, 0]
    counts = np.array([large, 1, 1, large, 3, 1, 2, 1, 1], np.int64)
    found = Tally.of(rows, [5] * len(rows), counts, 2)
    assert found.counts.toarray().ravel().tolist() == [large + 4, large + 6]


def test_counts_that_do_not_match_are_refused() -> None:
    empty = Tally.empty(4)
    with pytest.raises(UsageError, match="4 and in 8 buckets"):
        empty + Tally.empty(8)
    with pytest.raises(UsageError, match="order 1 and of order 2"):
        Transitions(1, empty) + Transitions(2, empty)
    with pytest.raises(UsageError, match="order is 5"):
        Transitions(5, empty)
    with pytest.raises(UsageError, match="a bucket 4"):
        Tally.of([4], [1], [1], 4)
    with pytest.raises(UsageError, match="63 channels"):
        nothing(tuple(str(i) for i in range(63)), (), ())
    zeros = np.zeros((4, 1, 1), np.int64)
    one, other = Credits(("linear",), zeros, zeros), Credits(("linear",), zeros, zeros, scale=2)
    with pytest.raises(UsageError, match="1/1 and of 1/2"):
        one + other
    with pytest.raises(UsageError, match="other rules"):
        one + Credits(("first_touch",), zeros, zeros)
