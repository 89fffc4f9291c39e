"""Removal effects: the share of conversions that is lost when a player is taken out of the chain.

Paths are walks of an absorbing chain whose states are the last k players met (Anderl, Becker, von
Wangenheim & Schumann 2016, International Journal of Research in Marketing 33:457). A path starts in
the empty state and goes through the shorter ones, so that a chain of order 3 goes from nothing to
(a), (a, b), (a, b, c), (b, c, d). A player is removed by sending whoever would meet it to the end
without conversion; the effect is the share of conversions lost thereby. The effects are solved for,
not simulated. Touches of one player that follow each other make no difference to order 1, as a loop
only delays what follows; they do to higher orders.

The chain knows nothing of what people would have done by themselves: a player that merely stands on
paths that convert has an effect here, and none in truth.
"""

from dataclasses import dataclass

import numpy as np

from onefunnel.measures.attribution.buckets import Floats
from onefunnel.measures.attribution.chains import START, chain_of
from onefunnel.measures.attribution.counts import Transitions
from onefunnel.measures.attribution.family import BITS, CONVERTED, DIGIT, MOST_PLAYERS, NULL
from onefunnel.measures.attribution.solving import Equations


@dataclass(frozen=True, slots=True)
class Removals:
    """What a chain says: the chance that a path converts, and the effect of removing each player.

    ``effects`` (players,) are from 0 to 1, 0 for who is never met. ``drawn`` (draws, players) are
    those of replicates; NaN where nothing converts in one.
    """

    chance: float
    effects: Floats
    drawn: Floats

    @property
    def shares(self) -> Floats:
        """Each player's part of the sum of effects."""
        return _shares(self.effects)

    @property
    def drawn_shares(self) -> Floats:
        """The parts in each replicate."""
        return _shares(self.drawn)


def removals(
    transitions: Transitions, players: int, weights: Floats | None = None
) -> Removals | None:
    """The removal effects of players 0 to ``players`` - 1, with replicates where weights are given.

    ``weights`` (draws, buckets) say how often each bucket counts. The chain of order 1 is solved
    anew in each draw; those of higher orders follow their first derivatives by the chances of the
    chain (the infinitesimal jackknife: Efron 1982, The Jackknife, the Bootstrap and Other
    Resampling Plans, chapter 6), which needs two solutions for any number of draws. None where no
    path converts. Raises UsageError where the counts can't be those of paths.

    >>> from onefunnel.measures.attribution.reference import counts
    >>> from onefunnel.measures.attribution.rules import Path, Settings, Touch
    >>> from datetime import datetime
    >>> def path(names, **ends):
    ...     return Path(tuple(Touch(n, datetime(2026, 1, 1), n) for n in names), **ends)
    >>> both = path("gm", conversions=1)
    >>> known = [path("g", conversions=2, nulls=1), path("m", conversions=1), both]
    >>> found = counts([(0, each) for each in known], "gm", Settings())
    >>> one = removals(found.transitions[1], 2)
    >>> one.chance, one.effects.round(4).tolist(), one.shares.round(4).tolist()
    (0.8, [0.75, 0.5], [0.6, 0.4])
    """
    tally = transitions.tally
    chain = chain_of(tally.keys, tally.total, transitions.order)
    if chain.visits[START] == 0 or not chain.converts @ tally.total:
        return None
    equations = Equations(chain, players)
    chances = equations.converting()
    drawn = np.empty((0, players))
    if weights is not None and transitions.order == 1:
        drawn = _solved_anew(transitions, players, weights)
    elif weights is not None:
        drawn = _linear(equations, transitions, chances, weights)
    return Removals(float(chances[START, 0]), _effects(chances[START]), drawn)


def _effects(chances: Floats) -> Floats:
    """The effects (…, players) from the chances to convert with everybody and without each."""
    with np.errstate(invalid="ignore", divide="ignore"):
        lost = 1.0 - chances[..., 1:] / chances[..., :1]
    return np.asarray(np.where(chances[..., :1] > 0, np.clip(lost, 0.0, 1.0), np.nan))


def _shares(effects: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(effects / effects.sum(axis=-1, keepdims=True))


def _solved_anew(transitions: Transitions, players: int, weights: Floats) -> Floats:
    """Order 1 in each draw: with G = (I - Q)^-1 and b = G r the effect is G_sk / G_kk x b_k / b_s.

    G_sk / G_kk is the chance that a path meets player k.
    """
    keys = transitions.tally.keys
    table = np.zeros((len(weights), players + 1, MOST_PLAYERS + 2))
    table[:, keys >> BITS, keys & DIGIT] = transitions.tally.weighted(weights)
    left = table.sum(axis=2, keepdims=True)
    table = np.divide(table, left, out=np.zeros_like(table), where=left > 0)
    moves = np.zeros((len(weights), players + 1, players + 1))
    moves[:, :, 1:] = table[:, :, NULL + 1 : players + 1]
    inverse = np.linalg.inv(np.eye(players + 1) - moves)
    converts = np.einsum("dij,dj->di", inverse, table[:, :, CONVERTED])
    met = inverse[:, START, :] / np.diagonal(inverse, axis1=1, axis2=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        effects = met * converts / converts[:, :1]
    return np.asarray(effects[:, 1:])


def _linear(
    equations: Equations, transitions: Transitions, chances: Floats, weights: Floats
) -> Floats:
    """Each draw from the derivatives of the chances to convert by the counts."""
    chain, visits = equations.chain, equations.visiting()
    per_count = np.divide(
        visits, chain.visits[:, None], out=np.zeros_like(visits), where=chain.visits[:, None] > 0
    )
    goes_on = chain.following >= 0
    after = chain.converts[:, None] + np.where(goes_on[:, None], chances[chain.following], 0.0)
    slopes = per_count[chain.origin] * (after - chances[chain.origin])
    drawn = chances[START] + weights @ (transitions.tally.counts @ slopes)
    return _effects(np.clip(drawn, 0.0, 1.0))
