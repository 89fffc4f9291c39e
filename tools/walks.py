"""Companies whose touches are walks of a known chain, and what each model says of that chain.

The truth is worked out from the chances that generate the touches, by equations of its own: a few
players, dense tables, and no use of the product's solver.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from math import factorial

import numpy as np

from onefunnel.measures.attribution.buckets import BUCKETS, Floats, Ints, buckets_of
from onefunnel.measures.attribution.counts import Counts, Credits, Sets, Transitions
from onefunnel.measures.attribution.family import BITS, CONVERTED, NULL
from onefunnel.measures.attribution.tally import Tally

LONGEST = 500
"""Walks are followed for so many touches; the chances end nearly all of them long before."""


@dataclass(frozen=True)
class Generating:
    """A chain that touches are walks of.

    ``chances`` (states, players + 2) are those of the next player, of a conversion, and of the end
    without one. A state is the last ``order`` players, as digits to the base players + 1: 0 is
    nobody, and a walk starts in state 0.
    """

    order: int
    chances: Floats

    @property
    def players(self) -> int:
        """How many players there are."""
        return int(self.chances.shape[1]) - 2

    @cached_property
    def following(self) -> Ints:
        """The state after each state and player: (states, players)."""
        base = self.players + 1
        states = np.arange(len(self.chances))[:, None] * base + np.arange(1, base)
        return np.asarray(states % base**self.order)

    @cached_property
    def last(self) -> Ints:
        """The player who leads to each state, -1 for none."""
        return np.arange(len(self.chances)) % (self.players + 1) - 1


@dataclass(frozen=True)
class Walks:
    """What walkers met: one step a row, in order of steps, and how each walk ended."""

    walker: Ints
    player: Ints
    converted: Ints
    size: Ints


def random_chain(order: int, players: int, random: np.random.Generator) -> Generating:
    """A chain of random chances: some players are met often, some convert, most walks end."""
    base = players + 1
    states = base**order
    weights = random.gamma(1.0, size=(states, players + 2)) + 0.05
    weights[:, :players] *= random.uniform(0.3, 1.5, players)
    weights[:, players] *= random.uniform(0.15, 0.8)
    weights[:, players + 1] *= 2.0
    weights[0, players:] = 0.0
    return Generating(order, weights / weights.sum(axis=1, keepdims=True))


def walks(chain: Generating, walkers: int, random: np.random.Generator) -> Walks:
    """So many walks of the chain. A walk that is too long to be one ends without conversion."""
    bounds = chain.chances.cumsum(axis=1)
    converted, size = np.zeros(walkers, np.int64), np.zeros(walkers, np.int64)
    who, state = np.arange(walkers), np.zeros(walkers, np.int64)
    steps: list[tuple[Ints, Ints]] = []
    for _ in range(LONGEST):
        drawn = (random.random((len(who), 1)) >= bounds[state]).sum(axis=1)
        drawn = np.minimum(drawn, chain.players + 1)
        converted[who[drawn == chain.players]] = 1
        on = drawn < chain.players
        who, state, drawn = who[on], state[on], drawn[on]
        if not len(who):
            break
        size[who] += 1
        steps.append((who, drawn))
        state = chain.following[state, drawn]
    met = [np.concatenate(each) for each in zip(*steps, strict=True)]
    return Walks(met[0], met[1], converted, size)


def counted(found: Walks, players: int, orders: tuple[int, ...]) -> Counts:
    """The counts of walks, a party each; the rules counted are the first touch and linear."""
    parties = buckets_of(np.arange(len(found.size)))
    mask = np.zeros(len(found.size), np.int64)
    np.bitwise_or.at(mask, found.walker, 1 << found.player)
    ends = found.converted
    none = Tally.empty(BUCKETS)
    sets = Sets(
        Tally.of(parties, mask, ends, BUCKETS), none, Tally.of(parties, mask, 1 - ends, BUCKETS)
    )
    names = tuple(f"marketing:{number}" for number in range(players))
    chains = {order: Transitions(order, _transitions(found, parties, order)) for order in orders}
    return Counts(names, sets, _credits(found, parties, players), chains)


def _credits(found: Walks, parties: Ints, players: int) -> Credits:
    """The first touch and linear, as floating point numbers."""
    given = np.zeros((2, BUCKETS, players))
    np.add.at(given[0], (parties, found.player[: len(parties)]), found.converted)
    share = (found.converted / found.size)[found.walker]
    np.add.at(given[1], (parties[found.walker], found.player), share)
    credits = given.transpose(1, 0, 2)
    return Credits(("first_touch", "linear"), credits, np.zeros_like(credits))


def _transitions(found: Walks, parties: Ints, order: int) -> Tally:
    state = np.zeros(len(found.size), np.int64)
    keys, whose = [], []
    for walker, player in _steps(found):
        keys.append(state[walker] << BITS | player + 1)
        whose.append(walker)
        state[walker] = keys[-1] & (1 << BITS * order) - 1
    keys.append(state << BITS | np.where(found.converted == 1, CONVERTED, NULL))
    whose.append(np.arange(len(state)))
    rows, every = np.concatenate(whose), np.concatenate(keys)
    return Tally.of(parties[rows], every, np.ones(len(every), np.int64), BUCKETS)


def _steps(found: Walks) -> Iterator[tuple[Ints, Ints]]:
    """The walkers of each step and whom they met; a step begins where the walkers do anew."""
    starts = np.flatnonzero(np.diff(found.walker) <= 0) + 1
    bounds = [0, *starts, len(found.walker)]
    for start, end in pairwise(bounds):
        yield found.walker[start:end], found.player[start:end]


@dataclass(frozen=True)
class Truth:
    """What the chances say: the chance to convert, removal effects, and the share by each model."""

    chance: float
    effects: Floats
    shares: dict[str, Floats]


def truth(chain: Generating) -> Truth:
    """The truth of a chain; ``markov_<order>`` is that of its own order, of others by visits."""
    every = frozenset(range(chain.players))
    chance = _ends(chain, every)[0]
    without = np.array([_ends(chain, every - {player})[0] for player in range(chain.players)])
    effects = 1.0 - without / chance
    shares = {
        f"markov_{chain.order}": effects / effects.sum(),
        "first_touch": _first(chain) / chance,
        "linear": _linear(chain) / chance,
        "shapley": _by_sets(chain) / chance,
        "shapley_rate": _by_rates(chain, every),
    }
    if chain.order > 1:
        lower = effects_of(projected(chain))
        shares["markov_1"] = lower / lower.sum()
    return Truth(float(chance), effects, shares)


def effects_of(chain: Generating) -> Floats:
    """The removal effects by the chances."""
    every = frozenset(range(chain.players))
    chance = _ends(chain, every)[0]
    return np.array([1.0 - _ends(chain, every - {p})[0] / chance for p in range(chain.players)])


def projected(chain: Generating) -> Generating:
    """The chain of order 1 that many walks of this one show: its chances, weighed by visits."""
    base = chain.players + 1
    visits = _visits(chain)
    totals = np.zeros((base, chain.players + 2))
    np.add.at(totals, chain.last + 1, visits[:, None] * chain.chances)
    return Generating(1, totals / totals.sum(axis=1, keepdims=True))


def _moves(chain: Generating, allowed: frozenset[int]) -> Floats:
    """The chances to go from state to state by the allowed players only."""
    states = len(chain.chances)
    moves = np.zeros((states, states))
    for player in allowed:
        np.add.at(moves, (np.arange(states), chain.following[:, player]), chain.chances[:, player])
    return moves


def _ends(chain: Generating, allowed: frozenset[int]) -> tuple[float, float]:
    """The chances to convert, and to end without, having met allowed players only."""
    moves = _moves(chain, allowed)
    ends = np.linalg.solve(np.eye(len(moves)) - moves, chain.chances[:, chain.players :])
    return float(ends[0, 0]), float(ends[0, 1])


def _visits(chain: Generating) -> Floats:
    """How often a walk is in each state."""
    moves = _moves(chain, frozenset(range(chain.players)))
    start = np.eye(1, len(moves))[0]
    return np.asarray(np.linalg.solve((np.eye(len(moves)) - moves).T, start))


def _first(chain: Generating) -> Floats:
    """The chance to meet each player first and to convert."""
    moves = _moves(chain, frozenset(range(chain.players)))
    converts = np.linalg.solve(np.eye(len(moves)) - moves, chain.chances[:, chain.players])
    return np.asarray(chain.chances[0, : chain.players] * converts[chain.following[0]])


def _linear(chain: Generating) -> Floats:
    """The mean part of each player in the touches of a converting walk, length by length."""
    moves = _moves(chain, frozenset(range(chain.players)))
    there = np.eye(1, len(moves))[0]
    met = np.zeros((chain.players, len(moves)))
    of_player = chain.last == np.arange(chain.players)[:, None]
    found = np.zeros(chain.players)
    for length in range(1, LONGEST):
        there = there @ moves
        met = met @ moves + of_player * there
        found += met @ chain.chances[:, chain.players] / length
    return found


def _by_sets(chain: Generating) -> Floats:
    """What a conversion split evenly among the different players met gives each, on the mean."""
    found = np.zeros(chain.players)
    for size in range(1, chain.players + 1):
        for team in combinations(range(chain.players), size):
            found[list(team)] += _exactly(chain, frozenset(team)) / size
    return found


def _exactly(chain: Generating, team: frozenset[int]) -> float:
    """The chance to convert having met just these, by inclusion and exclusion."""
    signed = (
        (-1.0) ** (len(team) - size) * _ends(chain, frozenset(part))[0]
        for size in range(len(team) + 1)
        for part in combinations(sorted(team), size)
    )
    return float(sum(signed))


def _by_rates(chain: Generating, every: frozenset[int]) -> Floats:
    """The parts in the game of rates: marginal rates over all orders of joining."""
    n, found = len(every), np.zeros(len(every))
    for player in every:
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for others in combinations(sorted(every - {player}), size):
                team = frozenset(others)
                found[player] += weight * (_rate(chain, team | {player}) - _rate(chain, team))
    return np.asarray(found / found.sum())


def _rate(chain: Generating, team: frozenset[int]) -> float:
    if not team:
        return 0.0
    converts, ends = _ends(chain, team)
    return converts / (converts + ends)
