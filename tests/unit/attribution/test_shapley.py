"""Shapley values, against the mean over all orders of joining."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.shapley import by_exact_rate, by_rate, by_sum

PLAYERS = 4
GAMES = st.dictionaries(
    st.integers(1, 2**PLAYERS - 1),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=8,
)
Game = dict[int, tuple[int, int]]


def arrays(game: Game) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sets = np.array(sorted(game))
    gained = np.array([float(game[each][0]) for each in sets])
    return sets, gained, gained + [game[each][1] for each in sets]


def over_orders(worth: Callable[[int], Fraction], players: Sequence[int]) -> list[float]:
    """What each adds when it joins, over all orders."""
    sums = {player: Fraction(0) for player in range(PLAYERS)}
    for order in permutations(players):
        present = 0
        for player in order:
            sums[player] += worth(present | 1 << player) - worth(present)
            present |= 1 << player
    return [float(each / factorial(len(players))) for each in sums.values()]


def within(game: Game, place: int) -> Callable[[int], int]:
    """The sum over sets within a set."""
    return lambda those: sum(row[place] for each, row in game.items() if each & ~those == 0)


def rate(gained: int, lost: int) -> Fraction:
    return Fraction(gained, gained + lost) if gained + lost else Fraction(0)


def occurring(game: Game) -> list[int]:
    return [player for player in range(PLAYERS) if any(each >> player & 1 for each in game)]


@given(GAMES)
def test_a_sum_is_split_evenly_within_each_set(game: Game) -> None:
    sets, gained, _ = arrays(game)
    said = over_orders(lambda those: Fraction(within(game, 0)(those)), range(PLAYERS))
    assert by_sum(sets, gained, PLAYERS).tolist() == pytest.approx(said)


@given(GAMES)
def test_rates_of_paths_within_a_set(game: Game) -> None:
    sets, gained, paths = arrays(game)
    said = over_orders(
        lambda those: rate(within(game, 0)(those), within(game, 1)(those)), occurring(game)
    )
    found = by_rate(sets, gained, paths, PLAYERS)
    assert found.tolist() == pytest.approx([each * paths.sum() for each in said])
    assert found.sum() == pytest.approx(gained.sum())


@given(GAMES)
def test_rates_of_paths_of_exactly_a_set(game: Game) -> None:
    sets, gained, paths = arrays(game)
    said = over_orders(lambda those: rate(*game.get(those, (0, 0))), occurring(game))
    assert by_exact_rate(sets, gained, paths, PLAYERS).tolist() == pytest.approx(said)


@given(GAMES)
def test_sums_add_up_over_games(game: Game) -> None:
    sets, gained, paths = arrays(game)
    both = by_sum(sets, np.stack([gained, paths]), PLAYERS)
    assert both.sum(axis=0) == pytest.approx(by_sum(sets, gained + paths, PLAYERS))


def test_players_who_make_no_difference_get_nothing() -> None:
    sets, paths = np.array([1, 2, 3]), np.array([10.0, 10.0, 10.0])
    assert by_rate(sets, np.array([5.0, 5.0, 5.0]), paths, 3).tolist() == pytest.approx(
        [7.5, 7.5, 0]
    )
    only = by_rate(np.array([1, 3]), np.array([5.0, 5.0]), paths[:2], 2)
    assert only.tolist() == pytest.approx([10, 0])


def test_who_lowers_the_rate_gets_less_than_nothing() -> None:
    sets, paths = np.array([1, 2, 3]), np.array([10.0, 100.0, 10.0])
    assert by_rate(sets, np.array([8.0, 0.0, 0.0]), paths, 2)[1] < 0


def test_conversions_without_a_touch_are_given_to_nobody() -> None:
    sets = np.array([0, 1])
    assert by_sum(sets, np.array([7.0, 2.0]), 1).tolist() == [2.0]
    assert by_rate(sets, np.array([7.0, 2.0]), np.array([7.0, 4.0]), 1).tolist() == [2.0]
    assert by_rate(sets[:1], np.array([7.0]), np.array([7.0]), 2).tolist() == [0.0, 0.0]


def test_draws_are_worked_out_as_if_alone() -> None:
    random = np.random.default_rng(0)
    sets = np.arange(1, 8)
    gained, lost = random.integers(0, 5, (70, 7)), random.integers(0, 5, (70, 7))
    together = by_rate(sets, gained.astype(float), (gained + lost).astype(float), 3)
    alone = [
        by_rate(sets, one.astype(float), (one + other).astype(float), 3)
        for one, other in zip(gained, lost, strict=True)
    ]
    assert np.allclose(together, alone)


def test_seventeen_players_are_too_many_for_rates() -> None:
    sets = 1 << np.arange(17)
    with pytest.raises(UsageError, match="17 players"):
        by_rate(sets, np.ones(17), np.ones(17), 17)
    assert by_sum(sets, np.ones(17), 17).tolist() == [1.0] * 17
