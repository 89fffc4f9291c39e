"""Shapley values of two games whose players are channels and contacts.

What a player gets is the mean, over all orders in which players could join, of what the worth v of
those present grows by when it joins. The worth has to be stated:

*Sums*: v(S) is the conversions of paths that met nobody outside S. Then a player gets the sum, over
the sets S it is in, of the conversions of paths that met exactly S, each divided by the size of S
(Zhao, Mahboobi & Bagheri 2018, arXiv 1804.05327): a conversion is split evenly among the different
players of its path. It looks at no path that did not convert.

*Rates*: v(S) is the conversion rate of paths that met nobody outside S, 0 where there are none. A
player that joins and lowers the rate gets less than nothing. What all get sums to the rate of all
paths, so that times the number of paths it sums to the conversions.

Dalessandro, Perlich, Stitelman & Provost (2012, ADKDD) take the rate of paths that met *exactly* S:
:func:`by_exact_rate`. It sums to the rate of paths that met every player, which is 0 wherever
nobody met all, so it can't be turned into credits; it stands here for comparison.
"""

from math import comb

import numpy as np
from scipy.sparse import csr_array

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.buckets import Floats, Ints
from onefunnel.measures.attribution.counts import members
from onefunnel.measures.attribution.family import MOST_RATED


def by_sum(sets: Ints, worth: Floats | csr_array, players: int) -> Floats:
    """What each player gets in the game of sums: (…, sets), sparse too, gives (…, players).

    ``sets`` are masks of players, ``worth`` the conversions, or their value, of paths that met
    exactly these. The empty set's is given to nobody.

    >>> by_sum(np.array([1, 2, 3]), np.array([2.0, 1.0, 1.0]), 2).tolist()
    [2.5, 1.5]
    """
    within = members(sets, players)
    sizes = within.sum(axis=1, keepdims=True)
    return np.asarray(worth @ np.divide(within, sizes, out=within, where=sizes > 0))


def by_rate(sets: Ints, worth: Floats, paths: Floats, players: int) -> Floats:
    """What each player gets in the game of rates, times the paths: (…, sets) gives (…, players).

    ``paths`` counts all paths that met exactly a set, converting or not. The parts sum to the worth
    of all sets but the empty one. Raises UsageError where more than 16 players occur.

    >>> sets, paths = np.array([1, 2, 3]), np.array([3.0, 1.0, 1.0])
    >>> by_rate(sets, np.array([2.0, 1.0, 1.0]), paths, 2).round(4).tolist()
    [1.1667, 2.8333]
    """
    present, table = _occurring(sets, players)
    found = np.zeros((*worth.shape[:-1], players))
    if len(present):
        gained, through = (_within(table, each, len(present)) for each in (worth, paths))
        rates = np.divide(gained, through, out=np.zeros_like(gained), where=through > 0)
        found[..., present] = _values(rates, len(present)) * through[..., -1:]
    return found


def by_exact_rate(sets: Ints, worth: Floats, paths: Floats, players: int) -> Floats:
    """What each player gets where a set is worth the rate of paths that met exactly it.

    Shape (players,); it sums to the rate of paths that met everybody who occurs. A set that nobody
    met is worth 0. Raises UsageError where more than 16 players occur.

    >>> sets, paths = np.array([1, 2, 3]), np.array([3.0, 1.0, 1.0])
    >>> by_exact_rate(sets, np.array([2.0, 1.0, 1.0]), paths, 2).round(4).tolist()
    [0.3333, 0.6667]
    """
    present, table = _occurring(sets, players)
    if not len(present):
        return np.zeros(players)
    rates = np.zeros(2 ** len(present))
    rates[table] = np.divide(worth, paths, out=np.zeros(len(sets)), where=paths > 0)
    rates[0] = 0.0
    found = np.zeros(players)
    found[present] = _values(rates, len(present))
    return found


def _occurring(sets: Ints, players: int) -> tuple[Ints, Ints]:
    """The players who are in a set, and the sets as masks of these only."""
    within = members(sets, players)
    present = np.flatnonzero(within.any(axis=0))
    if len(present) > MOST_RATED:
        raise UsageError(
            f"The rates of all sets of {len(present)} players are too many.",
            remedy=f"Put small ones together, so that {MOST_RATED} at most are left.",
        )
    return present, (within[:, present] @ 2.0 ** np.arange(len(present))).astype(np.int64)


def _within(table: Ints, exact: Floats, size: int) -> Floats:
    """For each set of players the sum over all sets within it, but for the empty one."""
    sums = np.zeros((*exact.shape[:-1], 2**size))
    sums[..., table] = exact
    sums[..., 0] = 0.0
    for player in range(size):
        halves = sums.reshape(*exact.shape[:-1], -1, 2, 2**player)
        halves[..., 1, :] += halves[..., 0, :]
    return sums


def _values(worth: Floats, size: int) -> Floats:
    """The Shapley values (…, size) of games that give the worth of every set (…, 2^size).

    A set S with player j adds v(S) w(|S| - 1) to its value, one without takes off v(S) w(|S|), with
    w(s) = s! (n - s - 1)! / n! = 1 / (n C(n - 1, s)).
    """
    within = members(np.arange(2**size), size)
    sizes = within.sum(axis=1).astype(np.int64)
    weights = np.array([1 / (size * comb(size - 1, s)) for s in range(size)])
    joined = worth * np.where(sizes > 0, weights[sizes - 1], 0.0)
    not_joined = worth * np.where(sizes < size, weights[np.minimum(sizes, size - 1)], 0.0)
    return np.asarray((joined + not_joined) @ within - not_joined.sum(axis=-1, keepdims=True))
