"""Which touches are on which path: windows, ties, several conversions, what did not convert."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.attribution.counts import transition_key
from onefunnel.measures.attribution.family import CONVERTED, NULL
from onefunnel.measures.attribution.reference import Conversion, collapsed, paths
from onefunnel.measures.attribution.rules import Path, Settings, Touch
from tests.unit.attribution.paths import DAY, counted, path

TEN_DAYS = Settings(window_days=10)
TOUCHES = st.lists(
    st.builds(
        Touch,
        st.uuids().map(str),
        st.integers(0, 40).map(lambda day: DAY + timedelta(days=day)),
        st.sampled_from(["search", "email", None]),
    ),
    max_size=120,
)
CONVERSIONS = st.lists(
    st.builds(Conversion, st.integers(0, 40).map(lambda day: DAY + timedelta(days=day))),
    max_size=3,
)


def touch(day: float, player: str = "search", key: str = "a") -> Touch:
    return Touch(key, DAY + timedelta(days=day), player)


def days(found: list[Path]) -> list[list[float]]:
    return [[(each.at - DAY) / timedelta(days=1) for each in one.touches] for one in found]


def bought(day: float, value: float = 0.0) -> Conversion:
    return Conversion(DAY + timedelta(days=day), value)


def test_a_conversion_looks_back_over_its_window_and_no_further() -> None:
    found = paths([touch(each) for each in (0, 1.9, 2, 12, 12.1)], [bought(12)], TEN_DAYS)
    assert days(found) == [[2, 12], [12.1]]
    assert [(each.conversions, each.nulls) for each in found] == [(1, 0), (0, 1)]


def test_ties_in_time_are_ended_by_the_name_of_the_player() -> None:
    given = [touch(1, "social", "a"), touch(1, "email", "b"), touch(0, "web", "z")]
    given += [touch(1, None, "c"), touch(1, "web", "d"), touch(1, "web", "0")]
    (found,) = paths(given, [bought(2)], TEN_DAYS)
    assert found.players == ["web", "email", "social", None, "web", "web"]
    assert [each.key for each in found.touches[-2:]] == ["0", "d"]


def test_a_second_purchase_has_fresh_touches_only() -> None:
    given = [touch(each) for each in (1, 2, 5)]
    assert days(paths(given, [bought(3), bought(6)], TEN_DAYS)) == [[1, 2], [5]]
    reused = paths(given, [bought(3), bought(6)], Settings(window_days=10, reuse=True))
    assert days(reused) == [[1, 2], [1, 2, 5]]


def test_a_purchase_without_fresh_touches_is_credited_to_nobody() -> None:
    found = paths([touch(1)], [bought(3), bought(6)], TEN_DAYS)
    assert days(found) == [[1], []]
    sets = counted(found, ("search",)).sets
    assert sets.conversions.keys.tolist() == [0, 1]


def test_purchases_at_one_instant_share_a_path() -> None:
    (found,) = paths([touch(1)], [bought(3, 10.0), bought(3, 5.0)], TEN_DAYS)
    assert (found.conversions, found.value) == (2, 15.0)


def test_what_is_left_is_one_path_cut_by_the_window() -> None:
    found = paths([touch(each) for each in (0, 30, 35, 40.5)], [], TEN_DAYS)
    assert days(found) == [[35, 40.5]]
    assert found[0].nulls == 1


def test_touches_of_one_player_in_a_row_count_once_where_the_first_stands() -> None:
    given = path(["search", "search", "email", "search"], conversions=1)
    assert days([collapsed(given)]) == [[0, 2, 3]]
    settings = Settings(window_days=10, collapse=True)
    assert days(paths(given.touches, [bought(5)], settings)) == [[0, 2, 3]]


@given(TOUCHES, CONVERSIONS)
def test_each_touch_is_used_once_at_most_and_each_conversion_is_kept(
    touches: list[Touch], conversions: list[Conversion]
) -> None:
    found = paths(touches, conversions, TEN_DAYS)
    used = [each.key for one in found for each in one.touches]
    assert len(used) == len(set(used))
    assert sum(one.conversions for one in found) == len(conversions)
    assert sum(one.nulls for one in found) <= 1
    for one in found:
        order = [(each.at, each.key) for each in one.touches]
        assert order == sorted(order)
        if one.at is not None:
            assert all(timedelta(0) <= one.at - at <= timedelta(days=10) for at, _ in order)


def test_transitions_begin_with_shorter_states() -> None:
    found = counted(
        [path(["search", "email", "search"], conversions=2, nulls=1)], ["search", "email"]
    )
    of_order_2 = found.transitions[2].tally
    said = {
        transition_key([], 1): 3,
        transition_key([1], 2): 3,
        transition_key([1, 2], 1): 3,
        transition_key([2, 1], CONVERTED): 2,
        transition_key([2, 1], NULL): 1,
    }
    counted_keys = dict(zip(of_order_2.keys.tolist(), of_order_2.total.tolist(), strict=True))
    assert counted_keys == said
    assert np.array_equal(found.sets.nulls.keys, [3])
