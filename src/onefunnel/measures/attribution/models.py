"""What each model gives to each channel and contact, from counts.

In every model the conversions without any touch, and those credited to touches whose channel is
unknown, stand in one place whose player is None, so that all shares sum to exactly 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from onefunnel.errors import UnknownName
from onefunnel.measures.attribution import shapley
from onefunnel.measures.attribution.buckets import Floats, Ints, replicates
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.family import MARKOV, MODELS, MOST_RATED, Player, Worth
from onefunnel.measures.attribution.markov import Removals, removals
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.tally import Tally
from onefunnel.vocabulary import Note

FEWEST_BUCKETS = 10
"""Intervals need conversions in so many buckets of parties."""

_AT_ONCE = 32
"""Rates of all sets of players are worked out for so many draws at a time."""


@dataclass(frozen=True, slots=True)
class Draws:
    """How often whole buckets are drawn for intervals, and from which seed."""

    size: int = 500
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """The parts of one model: ``parts`` (players,) sum to 1; the last player is None, unknown.

    ``drawn`` (draws, players) has those of replicates, NaN where one has none; ``effects`` the
    removal effects, where the model has any, NaN of unknown. A part can be negative in
    ``shapley_rate``, and in any model where values are.
    """

    model: str
    players: tuple[Player, ...]
    parts: Floats
    drawn: Floats
    effects: Floats | None = None


def shares(
    counts: Counts, model: str, worth: Worth = Worth.CONVERSIONS, draws: Draws | None = None
) -> Shares | Note:
    """The parts of a model, or a note where it is refused.

    Replicates are drawn where ``draws`` are given and :func:`interval_note` leaves no note; those
    of ``shapley_rate`` only where nobody is :func:`never_alone`. The share of a Markov model is
    that of the removal effects, for conversions and value alike. Raises UnknownName where there is
    no such model or it was not counted for, UsageError where the counts are not those of paths.
    """
    return shares_of((model,), counts, worth, draws)[0]


def shares_of(
    models: Sequence[str],
    counts: Counts,
    worth: Worth = Worth.CONVERSIONS,
    draws: Draws | None = None,
) -> list[Shares | Note]:
    """The parts of several models, each as :func:`shares` gives them, from the same replicates."""
    weights = np.ones((1, counts.buckets))
    if draws is not None and interval_note(counts) is None:
        drawn = replicates(counts.buckets, draws.size, draws.seed)
        weights = np.concatenate([weights, drawn])
    sets = _Worths(counts, worth, weights)
    return [_shares_of(model, counts, worth, sets, weights) for model in models]


def _shares_of(
    model: str, counts: Counts, worth: Worth, sets: "_Worths", weights: Floats
) -> Shares | Note:
    if model not in MODELS:
        raise UnknownName("model of attribution", model, MODELS)
    if not sets.touched[0] > 0:
        reason = "nothing_converts" if worth is Worth.CONVERSIONS else "no_value"
        return note("refused_attribution", model=model, reason=reason)
    if model in MARKOV:
        return _markov(counts, model, sets, weights)
    if model == "shapley_rate" and (known := len(counts.players)) > MOST_RATED:
        params: dict[str, str | int | float] = {"players": known, "most": MOST_RATED}
        return note("refused_attribution", model=model, reason="many_players", **params)
    if model == "shapley_rate" and never_alone(counts):
        weights = weights[:1]
    return _shares(model, counts.players, _amounts(counts, model, worth, sets, weights), sets)


def grouped(found: Shares, group: Callable[[Player], Player]) -> Shares:
    """The same for groups of players, such as departments; removal effects don't add up.

    Groups come in the order in which their players do, None at the end.
    """
    names = [None if player is None else group(player) for player in found.players]
    order: list[Player] = [*dict.fromkeys(name for name in names if name is not None), None]
    sums = np.array([[float(name == wanted) for wanted in order] for name in names])
    return replace(
        found,
        players=tuple(order),
        parts=found.parts @ sums,
        drawn=found.drawn @ sums,
        effects=None,
    )


def interval_note(counts: Counts) -> Note | None:
    """Why intervals are refused, or None."""
    found = int((np.asarray(counts.sets.conversions.counts.sum(axis=1)) > 0).sum())
    if found >= FEWEST_BUCKETS:
        return None
    return note("refused_intervals", buckets=found, needed=FEWEST_BUCKETS)


def never_alone(counts: Counts) -> int:
    """How many players are met, and by nobody who converted without meeting another.

    The game of rates starts from what each player brings alone. Where that was never seen its rate
    is taken for 0 in every replicate, as if that were certain: intervals would hold the truth in
    three of four cases, so ``shapley_rate`` has none.
    """
    made = counts.sets.conversions
    met = np.concatenate([made.keys[made.total > 0], counts.sets.nulls.keys])
    alone = [key for key in made.keys[made.total > 0].tolist() if key.bit_count() == 1]
    return int(np.bitwise_or.reduce(met)).bit_count() - len(alone) if len(met) else 0


class _Worths:
    """What paths of each set of players are worth per bucket, for all models and draws.

    ``touched`` and ``untouched`` (draws,) are the worth under the weights, whose first row is ones.
    """

    def __init__(self, counts: Counts, worth: Worth, weights: Floats) -> None:
        given = self.given = counts.sets
        of_conversions = worth is Worth.CONVERSIONS
        kind = given.conversions if of_conversions else given.value
        self.tally = Tally(
            kind.keys, csr_array(kind.counts / (1 if of_conversions else given.value_scale))
        )
        self.keys, self.worth = self.tally.keys, self.tally.counts
        none = self.keys == 0
        self.untouched = np.asarray(weights @ self.worth[:, none].sum(axis=1))
        self.touched = np.asarray(weights @ self.worth[:, ~none].sum(axis=1))
        self.players = len(counts.players)

    @cached_property
    def rated(self) -> tuple[Ints, csr_array, csr_array]:
        """All sets, and per bucket what their paths are worth and how many paths there are."""
        made, nulls = self.given.conversions, self.given.nulls
        keys = np.union1d(np.union1d(self.keys, nulls.keys), made.keys)
        paths = made.along(keys) + nulls.along(keys)
        return keys, self.tally.along(keys), csr_array(paths)

    def by_rate(self, weights: Floats) -> Floats:
        """The game of rates under these weights, which are few."""
        keys, *given = self.rated
        worth, paths = (np.asarray(weights @ each) for each in given)
        return shapley.by_rate(keys, worth, paths, self.players)


def _amounts(counts: Counts, model: str, worth: Worth, sets: _Worths, weights: Floats) -> Floats:
    """What a rule or a game gives to each player, per draw."""
    if model == "shapley":
        return np.asarray(weights @ shapley.by_sum(sets.keys, sets.worth, sets.players))
    if model == "shapley_rate":
        some = range(0, len(weights), _AT_ONCE)
        return np.concatenate([sets.by_rate(weights[each : each + _AT_ONCE]) for each in some])
    given = counts.credits
    if model not in given.models:
        raise UnknownName("model that was counted for", model, given.models)
    kind = given.conversions if worth is Worth.CONVERSIONS else given.value
    return np.asarray(weights @ kind[:, given.models.index(model), :])


def _markov(counts: Counts, model: str, sets: _Worths, weights: Floats) -> Shares | Note:
    order = MARKOV[model]
    if order not in counts.transitions:
        raise UnknownName(
            "order that was counted", model, [f"markov_{k}" for k in counts.transitions]
        )
    drawn = weights[1:] if len(weights) > 1 else None
    found = removals(counts.transitions[order], sets.players, drawn)
    if found is None:
        return note("refused_attribution", model=model, reason="nothing_converts")
    every = np.concatenate([found.shares[None], found.drawn_shares]) * sets.touched[:, None]
    return replace(
        _shares(model, counts.players, every, sets), effects=_effects(found, counts.players)
    )


def _shares(model: str, players: Sequence[Player], amounts: Floats, sets: _Worths) -> Shares:
    """Amounts as parts of all there is, with what is unknown in one place at the end."""
    known = [i for i, player in enumerate(players) if player is not None]
    unknown = [i for i, player in enumerate(players) if player is None]
    given = amounts.sum(axis=1)
    touched, untouched = sets.touched[: len(amounts)], sets.untouched[: len(amounts)]
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = amounts * (touched / given)[:, None]
        rest = untouched + scaled[:, unknown].sum(axis=1)
        parts = np.column_stack([scaled[:, known], rest])
        parts = parts / (touched + untouched)[:, None]
    names = (*(players[i] for i in known), None)
    return Shares(model, names, parts[0], parts[1:])


def _effects(found: Removals, players: Sequence[Player]) -> Floats:
    """The effects in the order of shares; that of unknown touches is one of their own."""
    known = [each is not None for each in players]
    unknown = [*found.effects[np.logical_not(known)], np.nan]
    return np.array([*found.effects[known], unknown[0]])
