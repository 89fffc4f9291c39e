"""Removal effects, against chains solved in exact fractions and against each other."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.attribution import solving
from onefunnel.measures.attribution.buckets import replicates
from onefunnel.measures.attribution.chains import chain_of
from onefunnel.measures.attribution.counts import Transitions, transition_key
from onefunnel.measures.attribution.family import CONVERTED, NULL
from onefunnel.measures.attribution.markov import Removals, removals
from onefunnel.measures.attribution.reference import collapsed
from onefunnel.measures.attribution.rules import Path
from onefunnel.measures.attribution.solving import Equations
from onefunnel.measures.attribution.tally import Tally
from tests.unit.attribution.paths import PATHS, PLAYERS, by_elimination, counted, path, with_ends

SOME = st.lists(PATHS, min_size=1, max_size=6).filter(with_ends)
ORDERS = st.integers(1, 4)


def effects(paths: list[Path], order: int) -> Removals:
    found = removals(counted(paths, orders=(order,)).transitions[order], len(PLAYERS))
    assert found is not None
    return found


def transitions(order: int, rows: dict[tuple[tuple[int, ...], int], int]) -> Transitions:
    keys = [transition_key(state, following) for state, following in rows]
    return Transitions(order, Tally.of([0] * len(rows), keys, list(rows.values()), 4))


@given(SOME, ORDERS)
def test_chains_equal_those_solved_in_fractions(paths: list[Path], order: int) -> None:
    found = effects(paths, order)
    everybody = by_elimination(paths, order, "nobody")
    assert found.chance == pytest.approx(float(everybody), abs=1e-12)
    for place, player in enumerate(PLAYERS):
        said = float(1 - by_elimination(paths, order, player) / everybody)
        assert found.effects[place] == pytest.approx(said, abs=1e-10)


@given(SOME)
def test_a_chain_converts_as_often_as_its_paths(paths: list[Path]) -> None:
    conversions = sum(each.conversions for each in paths)
    every = conversions + sum(each.nulls for each in paths)
    for order in (1, 2, 3, 4):
        assert effects(paths, order).chance == pytest.approx(conversions / every)


@given(SOME)
def test_repeats_in_a_row_make_no_difference_to_order_one(paths: list[Path]) -> None:
    once = effects([collapsed(each) for each in paths], 1)
    assert effects(paths, 1).effects == pytest.approx(once.effects, abs=1e-9)


@given(SOME, ORDERS, st.permutations(range(len(PLAYERS))))
def test_names_do_not_matter(paths: list[Path], order: int, places: list[int]) -> None:
    other = [
        path(
            [PLAYERS[places[PLAYERS.index(str(player))]] for player in each.players],
            conversions=each.conversions,
            nulls=each.nulls,
        )
        for each in paths
    ]
    assert effects(other, order).effects[places] == pytest.approx(effects(paths, order).effects)


@given(SOME, ORDERS)
def test_who_is_on_no_converting_walk_has_no_effect(paths: list[Path], order: int) -> None:
    found = effects(paths, order)
    for place, player in enumerate(PLAYERS):
        if not any(player in each.players for each in paths):
            assert found.effects[place] == 0
    assert ((found.effects >= 0) & (found.effects <= 1)).all()
    assert found.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_one_player_has_the_whole_effect(order: int) -> None:
    found = effects([path(["search"] * 9, conversions=1, nulls=4)], order)
    assert found.chance == pytest.approx(0.2)
    assert found.shares.tolist() == pytest.approx([1, 0, 0, 0])


def test_where_all_convert_effects_are_shares_of_paths() -> None:
    found = effects([path(["search"], conversions=3), path(["social"], conversions=1)], 1)
    assert found.chance == 1.0
    assert found.effects.tolist() == [0.75, 0.25, 0, 0]


def test_where_nothing_converts_there_is_no_effect() -> None:
    nulls = counted([path(["search"], nulls=3)]).transitions
    assert removals(nulls[1], 4) is None
    assert removals(counted([]).transitions[2], 4) is None


def test_a_state_that_is_never_reached_changes_nothing() -> None:
    chain = {((), 1): 4, ((1,), CONVERTED): 1, ((1,), NULL): 3, ((2,), CONVERTED): 5}
    found = removals(transitions(1, chain), 2)
    assert found is not None
    assert (found.chance, found.effects.tolist()) == (0.25, [1.0, 0.0])


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ({((), 1): 1, ((1,), CONVERTED): -1}, "less than never"),
        ({((), 1): 1, ((1,), 2): 1}, "entered and never left"),
        ({((), 1): 2, ((1,), CONVERTED): 1, ((1,), 2): 1, ((2,), 2): 1}, "no path ends"),
    ],
)
def test_counts_that_are_not_of_paths_are_refused(
    chain: dict[tuple[tuple[int, ...], int], int], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        removals(transitions(1, chain), 2)


def wandering(size: int, length: float, order: int, paths: int = 400) -> Transitions:
    """Counts of paths that remember two steps, of a mean length, over so many players."""
    random = Random(0)
    tastes = {
        pair: [random.random() ** 4 for _ in range(size)] for pair in product(range(size), repeat=2)
    }
    rows: list[tuple[int, int]] = []
    for party in range(paths):
        met = [random.randrange(size), random.randrange(size)]
        while random.random() > 1 / length:
            met += random.choices(range(size), tastes[met[-2], met[-1]])
        digits = [each + 1 for each in met]
        ends = CONVERTED if random.random() < (met[-1] + 1) / size / 2 else NULL
        rows += [
            (party % 32, transition_key(digits[max(0, i - order) : i], following))
            for i, following in enumerate([*digits, ends])
        ]
    buckets, keys = zip(*rows, strict=True)
    return Transitions(order, Tally.of(buckets, keys, np.ones(len(rows), np.int64), 32))


@pytest.mark.parametrize(("order", "length"), [(2, 5.0), (3, 5.0), (2, 60.0), (4, 9.0)])
def test_a_smaller_chain_leads_to_the_same_solution(
    order: int, length: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = wandering(5, length, order).tally
    chain = chain_of(tally.keys, tally.total, order)
    monkeypatch.setattr(solving, "MOST_GROUPS", 31)
    equations = Equations(chain, 5)
    chances, visits = equations.converting(), equations.visiting()
    moves, last = chain.moves.toarray(), chain.last
    for removed in (None, 0, 3):
        column = 0 if removed is None else removed + 1
        kept = (last != removed).astype(float) if removed is not None else np.ones(len(last))
        matrix = np.eye(len(last)) - kept[:, None] * moves
        assert np.allclose(
            chances[:, column], np.linalg.solve(matrix, kept * chain.ends), atol=1e-12
        )
        start = np.eye(len(last))[0]
        there = np.linalg.solve((np.eye(len(last)) - moves * kept).T, start * kept)
        assert np.allclose(visits[:, column], there, atol=1e-10)


@pytest.mark.parametrize("seed", [2, 4, 8, 24])
def test_counts_that_no_paths_have_are_solved_as_well(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(seed)
    digits = range(1, 5)
    states = [(), *product(digits), *product(digits, repeat=2)]
    keys = np.sort([transition_key(s, then) for s in states for then in (NULL, *digits, CONVERTED)])
    chain = chain_of(keys, (random.exponential(1, len(keys)) ** 6 * 100).astype(np.int64) + 1, 2)
    said = np.linalg.solve(np.eye(len(states)) - chain.moves.toarray(), chain.ends)
    monkeypatch.setattr(solving, "MOST_GROUPS", 5)
    equations = Equations(chain, 4)
    assert equations.converting()[:, 0] == pytest.approx(said, abs=1e-9)
    assert equations.visiting()[:, 0] @ chain.ends == pytest.approx(said[0], abs=1e-9)


@given(SOME, st.integers(0, 10_000))
def test_draws_of_order_one_are_solved_anew(paths: list[Path], seed: int) -> None:
    found = counted(paths, orders=(1,), size=4).transitions[1]
    weights = replicates(4, 3, seed)
    drawn = removals(found, len(PLAYERS), weights)
    assert drawn is not None
    for each, said in zip(weights, drawn.drawn, strict=True):
        rows = found.tally.weighted(each[None])[0]
        assume(rows.any())
        alone = removals(
            Transitions(1, Tally.of(rows * 0, found.tally.keys, rows, 4)), len(PLAYERS)
        )
        if alone is None:
            assert np.isnan(said).all()
        else:
            assert said == pytest.approx(alone.effects, abs=1e-9)


@pytest.mark.parametrize("order", [2, 3])
def test_linear_draws_spread_as_those_solved_anew(order: int) -> None:
    found = wandering(4, 4.0, order, 2_000)
    weights = replicates(32, 50, seed=3)
    drawn = removals(found, 4, weights)
    assert drawn is not None
    anew = []
    for each in weights:
        rows = found.tally.weighted(each[None])[0]
        again = Transitions(order, Tally.of(rows * 0, found.tally.keys, rows, 4))
        alone = removals(again, 4)
        assert alone is not None
        anew.append(alone.shares)
    errors = np.std(anew, axis=0)
    assert drawn.drawn_shares.std(axis=0) == pytest.approx(errors, rel=0.15)
    for place in range(4):
        assert np.corrcoef(drawn.drawn_shares[:, place], np.array(anew)[:, place])[0, 1] > 0.95
