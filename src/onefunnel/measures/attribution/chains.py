"""The absorbing chain of an order, from counts of its transitions."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.buckets import Floats, Ints
from onefunnel.measures.attribution.family import BITS, CONVERTED, DIGIT, NULL
from onefunnel.measures.attribution.tally import Numbers

START = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain whose states are in order of their codes, the empty one, where paths start, first.

    ``moves`` (states, states) and ``ends`` (states,) are the chances to go on to a state and to
    convert; ``visits`` how often a state was left; ``last`` the player who leads to it, -1 for the
    start. Of each key counted: ``origin`` its state, ``following`` the state it leads to, -1 for an
    end, ``converts`` whether that is a conversion.
    """

    codes: Ints
    last: Ints
    moves: csr_array
    ends: Floats
    visits: Floats
    origin: Ints
    following: Ints
    converts: Floats


def chain_of(keys: Ints, counts: Numbers, order: int) -> Chain:
    """The chain of counts per key.

    States that can't be reached from the start are left in: nothing comes to them. Raises
    UsageError where a count is negative, a state is entered and never left, or there are states
    from which no path ends.
    """
    if counts.size and counts.min() < 0:
        raise UsageError(
            "A transition was counted less than never.",
            remedy="Take off only what was counted before.",
        )
    codes, origin, following = _states(keys, order)
    converts = (keys & DIGIT == CONVERTED).astype(np.float64)
    goes_on = following >= 0
    visits = np.bincount(origin, counts, len(codes)).astype(np.float64)
    chances = np.divide(counts, visits[origin], out=np.zeros(len(keys)), where=visits[origin] > 0)
    size = (len(codes), len(codes))
    chain = Chain(
        codes=codes,
        last=(codes & DIGIT) - 1,
        moves=csr_array((chances[goes_on], (origin[goes_on], following[goes_on])), size),
        ends=np.bincount(origin, chances * converts, len(codes)).astype(np.float64),
        visits=visits,
        origin=origin,
        following=following,
        converts=converts,
    )
    _check_ends(chain, chances)
    return chain


def _states(keys: Ints, order: int) -> tuple[Ints, Ints, Ints]:
    """The codes of the states, and of each key the places of its state and of the one after it."""
    ends = keys & DIGIT
    goes_on = (ends != NULL) & (ends != CONVERTED)
    targets = (keys & (1 << BITS * order) - 1)[goes_on]
    codes = np.unique(np.concatenate([[START], keys >> BITS]))
    places = np.minimum(np.searchsorted(codes, targets), len(codes) - 1)
    if not np.array_equal(codes[places], targets):
        raise UsageError(
            "A state is entered and never left.", remedy="Count how each path ends, too."
        )
    following = np.full(len(keys), -1, np.int64)
    following[goes_on] = places
    return codes, np.searchsorted(codes, keys >> BITS), following


def _check_ends(chain: Chain, chances: Floats) -> None:
    """Each state that is left must lead to an end, or the equations have no one solution."""
    end = len(chain.codes)
    used = chances > 0
    reached_from = np.where(chain.following < 0, end, chain.following)[used]
    back = csr_array((chances[used], (reached_from, chain.origin[used])), (end + 1, end + 1))
    ending = breadth_first_order(back, end, return_predecessors=False)
    needed = np.union1d(np.flatnonzero(chain.visits), reached_from)
    if not np.isin(needed, ending).all():
        raise UsageError(
            "There are states from which no path ends.", remedy="Count how each path ends, too."
        )
