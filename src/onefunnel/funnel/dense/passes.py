"""Compiled passes over the touches of entities.

Each kernel works on a range of entities and releases the interpreter's lock, so that ranges run
side by side in threads; what they write does not overlap.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from onefunnel.funnel.dense.compiling import compiled

Ints = npt.NDArray[np.int64]

NEVER = np.iinfo(np.int64).max
MICROSECONDS = 1_000_000
_PIECES = 8


def side_by_side(work: Callable[[int, int, int], None], size: int, threads: int) -> int:
    """Call ``work(piece, first, last)`` for pieces of ``range(size)``; returns how many pieces."""
    pieces = max(1, min(size, _PIECES * threads if threads > 1 else 1))
    bounds = [size * i // pieces for i in range(pieces + 1)]
    if threads < 2:
        for i in range(pieces):
            work(i, bounds[i], bounds[i + 1])
        return pieces
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(pieces), bounds[:-1], bounds[1:]))
    return pieces


def pieces_of(size: int, threads: int) -> int:
    """How many pieces :func:`side_by_side` makes."""
    return max(1, min(size, _PIECES * threads if threads > 1 else 1))


def first_matches(
    offsets: Ints,
    at: Ints,
    marks: npt.NDArray[np.uint32],
    steps: Ints,
    slots: int,
    threads: int,
) -> Ints:
    """The earliest instant that the rules of each slot yield: one row per slot, NEVER for none.

    ``steps`` has a row per rule: slot, mark, nth, seconds within which the nth must come (or -1).
    The nth touch that has the mark makes the entry; with a bound, the first that is the nth within
    so many seconds, instants cut to whole seconds.

    >>> steps = np.array([[0, 1, 2, -1]])
    >>> first_matches(
    ...     np.array([0, 3]), np.array([4, 6, 9]), np.array([1, 0, 1], np.uint32), steps, 1, 1
    ... ).tolist()
    [[9]]
    """
    size = len(offsets) - 1
    found = np.full((slots, size), NEVER, np.int64)
    longest = int(steps[:, 2].max(initial=1))

    def work(_: int, first: int, last: int) -> None:
        _first_matches(first, last, offsets, at, marks, steps, longest, found)

    side_by_side(work, size, threads)
    return found


def runs(starts: Ints, lengths: Ints) -> Ints:
    """The places of runs that begin at ``starts`` and have ``lengths``, one after the other.

    >>> runs(np.array([10, 3]), np.array([2, 1])).tolist()
    [10, 11, 3]
    """
    ends = np.cumsum(lengths)
    if not len(ends):
        return np.empty(0, np.int64)
    shift = np.repeat(starts - (ends - lengths), lengths)
    places: Ints = np.arange(ends[-1], dtype=np.int64) + shift
    return places


def order_within(offsets: Ints, at: Ints) -> Ints:
    """The places of touches in order of time within each entity; ties keep their order.

    >>> order_within(np.array([0, 3, 4]), np.array([7, 5, 7, 1])).tolist()
    [1, 0, 2, 3]
    """
    order = np.arange(len(at), dtype=np.int64)
    for entity in _unordered(offsets, at):
        first, last = offsets[entity], offsets[entity + 1]
        order[first:last] = first + np.argsort(at[first:last], kind="stable")
    return order


@compiled
def _first_matches(
    first: int,
    last: int,
    offsets: Ints,
    at: Ints,
    marks: npt.NDArray[np.uint32],
    steps: Ints,
    longest: int,
    found: Ints,
) -> None:
    recent = np.empty(longest, np.int64)
    for entity in range(first, last):
        begin, end = offsets[entity], offsets[entity + 1]
        if begin == end:
            continue
        for rule in range(steps.shape[0]):
            slot, mark, nth, within = steps[rule]
            seen = 0
            for place in range(begin, end):
                if not (marks[place] & mark):
                    continue
                recent[seen % nth] = at[place]
                seen += 1
                if seen < nth:
                    continue
                earlier = recent[seen % nth]
                near = at[place] // MICROSECONDS - earlier // MICROSECONDS <= within
                if within < 0 or near:
                    if at[place] < found[slot, entity]:
                        found[slot, entity] = at[place]
                    break


@compiled
def _unordered(offsets: Ints, at: Ints) -> Ints:
    """The entities whose touches are out of order."""
    flags = np.zeros(len(offsets) - 1, np.bool_)
    for entity in range(len(offsets) - 1):
        for place in range(offsets[entity] + 1, offsets[entity + 1]):
            if at[place] < at[place - 1]:
                flags[entity] = True
                break
    return np.flatnonzero(flags)
