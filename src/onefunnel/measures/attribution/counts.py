"""What every model of attribution is computed from: small counts that add up.

Any engine can deliver them: they are sums of numbers by whole-number keys and buckets of parties.
Those of two sets of parties add up to those of both, and those of a party that has changed are
taken off and added anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.buckets import BUCKETS, Floats, Ints
from onefunnel.measures.attribution.family import (
    BITS,
    MOST_ORDER,
    MOST_PLAYERS,
    MOST_RATED,
    Player,
)
from onefunnel.measures.attribution.tally import Additive, Numbers, Tally


def transition_key(state: Sequence[int], following: int) -> int:
    """The key of a transition.

    A digit of six bits for each: the players of ``state`` (the last ones met, oldest first, as
    their number plus 1), and at the end what follows: a player's number plus 1, ``NULL`` or
    ``CONVERTED``. The state before the first touch is empty.

    >>> from onefunnel.measures.attribution.family import CONVERTED
    >>> transition_key([], 1), transition_key([1, 2], CONVERTED)
    (1, 4287)
    """
    key = 0
    for digit in (*state, following):
        key = key << BITS | digit
    return key


@dataclass(frozen=True, slots=True)
class Transitions(Additive):
    """How often one state of the chain of an order was followed by a player or by an end.

    A state is the last ``order`` players of a path, or as many as there were: a path starts in the
    empty state, goes through shorter states first, and ends in ``NULL`` or ``CONVERTED``. Keys are
    those of :func:`transition_key`; a path that stands for several counts as often. Conversions
    without any touch are in no chain.
    """

    order: int
    tally: Tally

    def __post_init__(self) -> None:
        if not 1 <= self.order <= MOST_ORDER:
            raise UsageError(f"The order is {self.order}.", remedy=f"Give 1 to {MOST_ORDER}.")

    def __add__(self, other: "Transitions") -> "Transitions":
        if self.order != other.order:
            raise UsageError(
                f"Transitions of order {self.order} and of order {other.order} don't add up.",
                remedy="Count both in the same order.",
            )
        return replace(self, tally=self.tally + other.tally)

    def __neg__(self) -> "Transitions":
        return replace(self, tally=-self.tally)


@dataclass(frozen=True, slots=True)
class Sets(Additive):
    """Conversions, their value, and paths that ended without, by the set of players on the path.

    A key has bit i where player i is on the path; key 0 has the conversions without any touch,
    whose credit goes to nobody known. ``value`` is in units of 1 / ``value_scale`` of the currency.
    Among more than ``MOST_RATED`` players ``nulls`` are by each player on the path, as sets of one:
    only the game of rates asks for more, and there can be nearly as many sets as paths.
    """

    conversions: Tally
    value: Tally
    nulls: Tally
    value_scale: int = 1

    def __add__(self, other: "Sets") -> "Sets":
        _same_scale(self.value_scale, other.value_scale)
        return Sets(
            self.conversions + other.conversions,
            self.value + other.value,
            self.nulls + other.nulls,
            self.value_scale,
        )

    def __neg__(self) -> "Sets":
        return Sets(-self.conversions, -self.value, -self.nulls, self.value_scale)

    def among(self, players: int) -> "Sets":
        """The same as it is counted among so many players."""
        return replace(self, nulls=by_player(self.nulls)) if players > MOST_RATED else self


@dataclass(frozen=True, slots=True, eq=False)
class Credits(Additive):
    """What the rules of ``models`` give to each player: arrays of (buckets, models, players).

    They are whole numbers of 1 / ``scale`` of a conversion and 1 / ``value_scale`` of the currency,
    so that sums are exact in any order, or floating point numbers with a scale of 1.
    """

    models: tuple[str, ...]
    conversions: Numbers
    value: Numbers
    scale: int = 1
    value_scale: int = 1

    def __add__(self, other: "Credits") -> "Credits":
        _same_scale(self.scale, other.scale)
        _same_scale(self.value_scale, other.value_scale)
        if self.models != other.models or self.conversions.shape[0] != other.conversions.shape[0]:
            raise UsageError(
                "Credits of other rules or in other buckets don't add up.",
                remedy="Count both by the same rules, in as many buckets.",
            )
        return replace(
            self,
            conversions=_sum(self.conversions, other.conversions),
            value=_sum(self.value, other.value),
        )

    def __neg__(self) -> "Credits":
        return replace(self, conversions=-self.conversions, value=-self.value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Credits):
            return NotImplemented
        mine, theirs = ((c.models, c.scale, c.value_scale) for c in (self, other))
        return mine == theirs and all(
            np.array_equal(a, b)
            for a, b in ((self.conversions, other.conversions), (self.value, other.value))
        )

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Counts(Additive):
    """All that attribution needs of the paths of parties.

    ``players`` says who the numbers are; of two that are added the shorter list must begin the
    longer, so new players come last. Raises UsageError where there are more than 62.
    """

    players: tuple[Player, ...]
    sets: Sets
    credits: Credits
    transitions: Mapping[int, Transitions] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.players) > MOST_PLAYERS:
            raise UsageError(
                f"There are {len(self.players)} channels and kinds of contacts.",
                remedy=f"Put the small ones together: {MOST_PLAYERS} at most can be told apart.",
            )

    @property
    def buckets(self) -> int:
        """How many buckets of parties there are."""
        return self.sets.conversions.buckets

    def __add__(self, other: "Counts") -> "Counts":
        players = max(self.players, other.players, key=len)
        fewer = min(self.players, other.players, key=len)
        if players[: len(fewer)] != fewer or set(self.transitions) != set(other.transitions):
            raise UsageError(
                "Counts of other players or orders don't add up.",
                remedy="Number the players alike, new ones last, and count the same orders.",
            )
        chains = {
            order: mine + other.transitions[order] for order, mine in self.transitions.items()
        }
        sets = (self.sets + other.sets).among(len(players))
        return Counts(players, sets, self.credits + other.credits, chains)

    def __neg__(self) -> "Counts":
        chains = {order: -each for order, each in self.transitions.items()}
        return Counts(self.players, -self.sets, -self.credits, chains)


def nothing(
    players: tuple[Player, ...], models: tuple[str, ...], orders: Sequence[int], size: int = BUCKETS
) -> Counts:
    """Counts of no paths at all."""
    empty = Tally.empty(size)
    none = np.zeros((size, len(models), len(players)), np.int64)
    chains = {order: Transitions(order, empty) for order in orders}
    return Counts(players, Sets(empty, empty, empty), Credits(models, none, none), chains)


def members(keys: Ints, players: int) -> Floats:
    """Which players are in which set: (sets, players), of ones and zeros.

    >>> members(np.array([5]), 3).tolist()
    [[1.0, 0.0, 1.0]]
    """
    return (keys[:, None] >> np.arange(players) & 1).astype(np.float64)


def by_player(sets: Tally) -> Tally:
    """What was counted of each player, as sets of one, from counts of sets.

    >>> found = by_player(Tally.of([0, 0], [5, 4], [2, 1], size=1))
    >>> found.keys.tolist(), found.total.tolist()
    ([1, 4], [2, 3])
    """
    ones = np.int64(1) << np.arange(MOST_PLAYERS)
    met = [sets.keys & one != 0 for one in ones]
    sums = np.stack([np.asarray(sets.counts[:, each].sum(axis=1)) for each in met], axis=1)
    buckets, places = np.nonzero(sums)
    return Tally.of(buckets, ones[places], sums[buckets, places], sets.buckets)


def _same_scale(one: int, other: int) -> None:
    if one != other:
        raise UsageError(
            f"Amounts in units of 1/{one} and of 1/{other} don't add up.",
            remedy="Count both in the same units.",
        )


def _sum(one: Numbers, other: Numbers) -> Numbers:
    """Their sum, as wide as the wider."""
    players = max(one.shape[-1], other.shape[-1])
    first, second = (
        np.pad(each, ((0, 0), (0, 0), (0, players - each.shape[-1]))) for each in (one, other)
    )
    return np.asarray(first + second)
