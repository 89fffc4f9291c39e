"""The compiled passes over touches: the paths of entities, and their steps.

They count what the queries in :mod:`onefunnel.measures.attribution.query` count, in the same units,
so that no sum differs by a bit. Touches are keys: an instant in microseconds since 1970, the place
of the player's name among all, and in the last bit whether the touch was direct. So the order of
keys is that of time and, at one instant, of names.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onefunnel.funnel.dense.compiling import compiled

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Cells = npt.NDArray[np.signedinteger]
Int = int | np.signedinteger

NONE = -1
"""The conversion of a path that has none."""


class Touches(NamedTuple):
    """Those of entity i are ``keys[ends[i] : ends[i + 1]]``, in order."""

    keys: Ints
    ends: Ints


class Conversions(NamedTuple):
    """Those of entity i stand at ``ends[i] : ends[i + 1]``, in order of their instants.

    ``lead_at`` is before every instant where there is none.
    """

    ends: Ints
    at: Ints
    conversions: Ints
    units: Ints
    lead_at: Ints


class Agreed(NamedTuple):
    """How paths are made, in microseconds, and how keys are read.

    A key's last ``bits`` bits are a place in ``numbers``, the numbers of players. Touches before
    ``since`` are none; paths end from ``start`` on and before ``end``. ``order`` is 0 where no
    chain is counted, ``width`` the bits of a digit of its keys.
    """

    bits: int
    numbers: Ints
    window: int
    since: int
    start: int
    end: int
    reuse: bool
    collapse: bool
    once: bool
    order: int
    width: int
    half_life: float


class Paths(NamedTuple):
    """Paths, one after the other: from ``begin`` before ``stop`` in the route.

    ``places`` has the place of the entity, ``made`` that of the conversion, or ``NONE``.
    """

    begin: Ints
    stop: Ints
    places: Ints
    made: Ints


class Waiting(NamedTuple):
    """Keys of each bucket: in each row as many as ``used`` says."""

    keys: npt.NDArray[np.integer]
    used: Ints


@compiled
def end_each(places: Ints, ends: Ints) -> None:
    """Write where those of each place end, of places in order; ``ends`` are zeros, one more."""
    for each in range(len(places)):
        ends[places[each] + 1] += 1
    for place in range(1, len(ends)):
        ends[place] += ends[place - 1]


@compiled
def find(touches: Touches, conversions: Conversions, agreed: Agreed, paths: Paths) -> Int:
    """Write the paths of these entities; how many there are."""
    keys, ends, of, happened = touches.keys, touches.ends, conversions.ends, conversions.at
    begins, stops, places, made = paths
    bits, window, reuse, once = agreed.bits, agreed.window, agreed.reuse, agreed.once
    since, start, end = agreed.since, agreed.start, agreed.end
    found = 0
    for place in range(len(ends) - 1):
        first, last, none = ends[place], ends[place + 1], of[place + 1]
        fresh = first
        for each in range(of[place], none + 1):  # The last one has no conversion.
            begin = fresh
            if each == none:
                if fresh == last or (once and of[place] < none):
                    break
                at, fresh = keys[last - 1] >> bits, last
            else:
                at = happened[each]
                while fresh < last and keys[fresh] >> bits <= at:
                    fresh += 1
                if reuse:
                    begin = first
            if at < start or at >= end:
                continue
            bound = max(at - window, since)
            while begin < fresh and keys[begin] >> bits < bound:
                begin += 1
            if begin < fresh:
                begins[found], stops[found], places[found] = begin, fresh, place
                made[found] = NONE if each == none else each
                found += 1
    return found


@compiled
def collapse(keys: Ints, paths: Paths, bits: int, numbers: Ints, route: Ints) -> None:
    """Write of each path's touches of one player that follow each other the first to the route."""
    begins, stops, _, _ = paths
    low, to = (1 << bits) - 1, 0
    for path in range(len(begins)):
        begin, before = to, np.int64(-1)
        for at in range(begins[path], stops[path]):
            number = numbers[keys[at] & low]
            route[to] = keys[at]  # Overwritten where it is the same player's: no branch to guess.
            to += number != before
            before = number
        begins[path], stops[path] = begin, to


@compiled
def follow(
    route: Ints,
    paths: Paths,
    buckets: Bytes,
    counts: Ints,
    agreed: Agreed,
    sets: Waiting,
    lost: Ints,
    steps: Waiting,
    chain: Cells,
    masks: Ints,
) -> None:
    """Add the set of each path's players, and its steps in the chain with their ending.

    Sets are bits. Those of paths without a conversion wait in ``sets`` by the entity's bucket; or,
    where ``lost`` has places, each of their players is counted there, by bucket and number. The
    others are written to ``masks``. A step is a key of the chain: the players before, the oldest
    first, and who follows; the ending is 0, or has ones in all its bits for a conversion. It counts
    as often as the conversion, of which ``counts`` says how many it is. Steps wait in ``steps``,
    where there must be room for all; or, where the chain has a place for each key, for those of one
    path: then those of a bucket are counted when they are many, for they fall on the same lines of
    memory.
    """
    begins, stops, places, made = paths
    keys, used, gone, used_by_gone = steps.keys, steps.used, sets.keys, sets.used
    numbers, low, width = agreed.numbers, (1 << agreed.bits) - 1, agreed.width
    converted, placed, written = (1 << width) - 1, chain.shape[1] > 0, 0
    kept, players = (1 << width * agreed.order) - 1, lost.shape[1]
    for path in range(len(begins)):
        bucket, of = np.int64(buckets[places[path]]), made[path]
        begin, stop = begins[path], stops[path]
        often, ending = (1, 0) if of == NONE else (counts[of], converted)
        mask = np.int64(0)
        if not (agreed.order and often):
            mask = _set(route, begin, stop, numbers, low)
        else:
            for _ in range(often):
                to = used[bucket]
                if placed and to + stop - begin >= keys.shape[1]:
                    _place(steps, bucket, chain)
                    to = 0
                mask = _step(
                    route, begin, stop, numbers, low, width, kept, ending, keys, bucket, to
                )
                used[bucket] = to + stop - begin + 1
        if of != NONE:
            masks[written] = mask
            written += 1
        elif players:
            for number in range(players):
                lost[bucket, number] += (mask >> number) & 1
        else:
            gone[bucket, used_by_gone[bucket]] = mask
            used_by_gone[bucket] += 1


@compiled
def _set(route: Ints, begin: Int, stop: Int, numbers: Ints, low: Int) -> np.int64:
    """The players of a path, as bits."""
    mask = np.int64(0)
    for at in range(begin, stop):
        mask |= np.int64(1) << numbers[route[at] & low]
    return mask


@compiled
def _step(
    route: Ints,
    begin: Int,
    stop: Int,
    numbers: Ints,
    low: Int,
    width: Int,
    kept: Int,
    ending: Int,
    keys: npt.NDArray[np.integer],
    bucket: Int,
    to: Int,
) -> np.int64:
    """Write the steps of a path to those of its bucket, from ``to`` on; the players as bits."""
    mask, step = np.int64(0), np.int64(0)
    for at in range(begin, stop):
        number = numbers[route[at] & low]
        mask |= np.int64(1) << number
        step = ((step & kept) << width) | (number + 1)
        keys[bucket, to] = step
        to += 1
    keys[bucket, to] = ((step & kept) << width) | ending
    return mask


@compiled
def _place(steps: Waiting, bucket: Int, chain: Cells) -> None:
    """Count the steps of a bucket that wait."""
    for at in range(steps.used[bucket]):
        chain[bucket, steps.keys[bucket, at]] += 1
    steps.used[bucket] = 0


@compiled
def place_all(steps: Waiting, chain: Cells) -> None:
    """Count the steps of all buckets that wait."""
    for bucket in range(len(steps.used)):
        _place(steps, bucket, chain)


@compiled
def need(paths: Paths, buckets: Bytes, counts: Ints, sets: Ints, steps: Ints) -> Int:
    """Add up how many sets and steps of these paths would wait in each bucket.

    The most steps of one path, its ending among them, are given back.
    """
    begins, stops, places, made = paths
    longest = 0
    for path in range(len(begins)):
        bucket, often = buckets[places[path]], np.int64(1)
        if made[path] == NONE:
            sets[bucket] += 1
        else:
            often = counts[made[path]]
        own = stops[path] - begins[path] + 1
        longest = max(longest, own)
        steps[bucket] += own * often
    return longest


@compiled
def add_up(buckets: Bytes, values: Ints, sums: Ints) -> None:
    """Add each value to the sum of its bucket."""
    for row in range(len(values)):
        sums[buckets[row]] += values[row]


@compiled
def cells_in(chain: Cells) -> Int:
    """How many of the chain's places are not empty."""
    found = 0
    for bucket in range(chain.shape[0]):
        for cell in range(chain.shape[1]):
            found += chain[bucket, cell] != 0
    return found


@compiled
def write_cells(
    chain: Cells, widths: tuple[int, int], converted: Int, buckets: Bytes, keys: Ints, paths: Ints
) -> None:
    """Write the bucket, the key and the count of each that is not empty, in their order.

    ``widths`` are the bits of a digit in the chain and in a key, ``converted`` the digit of a
    conversion in a key; in the chain it has ones in all its bits.
    """
    narrow, wide = widths
    low, found = (1 << narrow) - 1, 0
    for bucket in range(chain.shape[0]):
        for cell in range(chain.shape[1]):
            if chain[bucket, cell]:
                last, left, shift = cell & low, cell >> narrow, wide
                key = converted if last == low else last
                while left:
                    key |= (left & low) << shift
                    left >>= narrow
                    shift += wide
                buckets[found], keys[found], paths[found] = bucket, key, chain[bucket, cell]
                found += 1
