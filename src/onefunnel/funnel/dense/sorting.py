"""Bucket sort of what entities did, from batches to buckets of a few thousand entities each.

An act is two words: the entity's place within its bucket, and a key that packs the instant with the
step, so that the order of keys is the order of time and, at one instant, of steps. Every instant
of the years 1 to 9999 fits beside five bits of step to the microsecond, whoever the entities are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from onefunnel.errors import UsageError
from onefunnel.funnel.dense.compiling import compiled
from onefunnel.vocabulary import MOST_STEPS

Integers: TypeAlias = npt.NDArray[np.signedinteger]
Keys: TypeAlias = npt.NDArray[np.int64]
Places: TypeAlias = npt.NDArray[np.uint16]
Columns: TypeAlias = tuple[Integers, Integers, Integers]
"""Whose acts they are, when, and what; in one length."""

STEP_BITS = (MOST_STEPS - 1).bit_length()
"""Bits of a key that hold the step."""
PLACE_BITS = 13
"""Bits of an entity's code that are its place within the bucket: a bucket then stays in the
processor's second cache at some ten acts an entity."""
BUCKET = 1 << PLACE_BITS
LARGEST = (1 << 32) - 1
"""The largest code of an entity."""
MOST_BUCKETS = (LARGEST >> PLACE_BITS) + 1
LATEST = (1 << (63 - STEP_BITS)) - 1
"""Instants are from -LATEST to LATEST: in microseconds, 9,134 years from 1970 either way."""
LEAST_ROOM, MOST_ROOM = 1 << 20, 1 << 25
"""Acts that an array has room for: at least, and at most but for larger runs."""
TOGETHER, MOST_TOGETHER = 8, 1 << 19
"""So many buckets are put in order at once, of so many acts: threads that come back from a
compiled pass for each small bucket wait for the interpreter's lock a third of their time."""
GROUPS = 4
"""Groups of buckets for each thread, at least, so that none waits long for the others."""
FEW = 24
"""Up to so many keys, inserting each at its place is quicker than a general sort."""


@dataclass(slots=True)
class Slab:
    """Room for many acts, taken by one run after the other.

    The acts of a run's bucket b stand at ``ends[b]`` to ``ends[b + 1]``.
    """

    places: Places
    keys: Keys
    taken: int = 0
    ends: list[Keys] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Room:
    """What a run has of a slab: from ``first`` on."""

    slab: Slab
    first: int


class Acts:
    """Acts bucket by bucket, in runs; several threads may fill their rooms.

    Runs lie in few large arrays, each as large as all before it: memory in large pieces is given in
    large pages, which are cheaper to get and to write all over.
    """

    def __init__(self) -> None:
        self.slabs: list[Slab] = []

    def room(self, size: int) -> Room:
        """Room for a run of so many keys. Only one thread may ask."""
        slab = self.slabs[-1] if self.slabs else None
        if slab is None or slab.taken + size > len(slab.keys):
            before = sum(each.taken for each in self.slabs)
            most = max(size, min(max(before, LEAST_ROOM), MOST_ROOM))
            slab = Slab(np.empty(most, np.uint16), np.empty(most, np.int64))
            self.slabs.append(slab)
        first, slab.taken = slab.taken, slab.taken + size
        return Room(slab, first)

    def whole(self) -> "Buckets":
        """What is there when nothing more is added."""
        most = max((len(ends) for slab in self.slabs for ends in slab.ends), default=1)
        slabs = [
            (slab.places, slab.keys, np.stack([_longer(each, most) for each in slab.ends]))
            for slab in self.slabs
        ]
        return Buckets(most - 1, slabs)


@dataclass(frozen=True, slots=True)
class Buckets:
    """All acts: ``count`` buckets; the last one holds something.

    ``slabs`` have places, keys, and for each run (a row) where its buckets end.
    """

    count: int
    slabs: list[tuple[Places, Keys, Keys]]

    def groups(self, threads: int) -> list[tuple[int, int]]:
        """All buckets in order, in groups for :meth:`by_entity`: from one on, before another.

        >>> Buckets(20, []).groups(threads=1)
        [(0, 5), (5, 10), (10, 15), (15, 20)]
        """
        acts = sum(int((runs[:, -1] - runs[:, 0]).sum()) for _, _, runs in self.slabs)
        fit = MOST_TOGETHER * self.count // max(acts, 1)
        most = max(1, min(TOGETHER, fit, -(-self.count // (GROUPS * threads))))
        return [(first, min(first + most, self.count)) for first in range(0, self.count, most)]

    def by_entity(self, first: int, last: int) -> tuple[Keys, Keys]:
        """The keys of buckets, from one on and before another, by place and in ascending order.

        Besides, where those of each place end: from 0, one more than the buckets have places.
        """
        ends = np.zeros((last - first) * BUCKET + 1, np.int64)
        for places, _, runs in self.slabs:
            _count_places(places, runs, first, last, ends)
        free = np.cumsum(ends, out=ends)[:-1].copy()
        ordered = np.empty(ends[-1], np.int64)
        for places, keys, runs in self.slabs:
            _put_in_place(places, keys, runs, first, last, free, ordered)
        _sort_each(ordered, ends)
        return ordered, ends


def partition(room: Room, batches: Sequence[Columns]) -> None:
    """Write a run of acts: a key for each step in the mask of each.

    There must be room for :func:`steps_in` the batches.

    A batch is codes of entities from 0, instants (whole numbers in any unit), and masks, whose bit
    k says that the act is step k, from 0; the three have one length. An act without a bit vanishes.
    Raises UsageError for a negative code or mask, and for what no key can hold: see ``MOST_STEPS``
    and ``LATEST``.

    >>> acts = Acts()
    >>> batches = [(np.array([1, 0, 1]), np.array([7, 5, 6]), np.array([1, 3, 2]))]
    >>> partition(acts.room(steps_in(batches)), batches)
    >>> keys, ends = acts.whole().by_entity(0, 1)
    >>> (keys >> STEP_BITS).tolist(), (keys % MOST_STEPS).tolist(), ends[:3].tolist()
    ([5, 5, 6, 7], [0, 1, 1, 0], [0, 2, 4])
    """
    found = [
        (*_checked_acts(entity, instant, LATEST), _checked("mask", mask, 0, (1 << MOST_STEPS) - 1))
        for entity, instant, mask in batches
        if len(entity)
    ]
    ends = _no_ends([entity for entity, _, _ in found])
    for entity, _, mask in found:
        _count(entity, mask, ends)
    slab, free = room.slab, _taken(room, ends)
    for each in found:
        _spread(*each, free, slab.places, slab.keys, STEP_BITS)


def partition_marked(room: Room, batches: Sequence[Columns], marks: Keys, bits: int) -> None:
    """Write a run of acts, with a key for each: its instant and, in the last ``bits``, its mark.

    A batch is codes of entities, instants, and places in ``marks``, whole numbers that fit into the
    bits. Raises UsageError for a negative code and for instants that no key can hold.

    >>> acts, batch = Acts(), (np.array([1, 0]), np.array([7, 5]), np.array([0, 1]))
    >>> partition_marked(acts.room(acts_in([batch])), [batch], np.array([3, 2]), bits=2)
    >>> keys, ends = acts.whole().by_entity(0, 1)
    >>> (keys >> 2).tolist(), (keys % 4).tolist(), ends[:3].tolist()
    ([5, 7], [2, 3], [0, 1, 2])
    """
    latest = (1 << (63 - bits)) - 1
    found = [
        (_signed(entity), _signed(instant), mark)
        for entity, instant, mark in batches
        if len(entity)
    ]
    counts, largest = np.zeros(MOST_BUCKETS + 1, np.int32), -1
    for entity, instant, _ in found:
        least, most, first, last = _count_rows(entity, instant, counts)
        if least < 0 or most > LARGEST or first < -latest or last > latest:
            _checked_acts(entity, instant, latest)  # It says what is wrong.
        largest = max(largest, int(most))
    ends = counts[: (largest >> PLACE_BITS) + 2].astype(np.int64)
    slab, free = room.slab, _taken(room, ends)
    for entity, instant, mark in found:
        _spread_rows(entity, instant, mark, marks, bits, free, slab.places, slab.keys)


def steps_in(batches: Sequence[Columns]) -> int:
    """The bits of all masks."""
    return sum(int(np.bitwise_count(mask).sum()) for _, _, mask in batches)


def acts_in(batches: Sequence[Columns]) -> int:
    """How many acts there are."""
    return sum(len(entity) for entity, _, _ in batches)


def _taken(room: Room, sizes: Keys) -> Keys:
    """Take the room for buckets of these sizes; where each begins.

    ``sizes``, whose first is 0, become the ends.
    """
    ends = np.cumsum(sizes, out=sizes)
    ends += room.first
    room.slab.ends.append(ends)
    return ends[:-1].copy()


def _no_ends(entities: Sequence[Integers]) -> Keys:
    """Zeros: one more than these entities have buckets."""
    largest = max((int(each.max()) for each in entities), default=-1)
    return np.zeros((largest >> PLACE_BITS) + 2, np.int64)


def _longer(ends: Keys, most: int) -> Keys:
    """The ends of a run's buckets, with empty ones after its last."""
    return np.concatenate([ends, np.full(most - len(ends), ends[-1])])


def _checked_acts(entity: Integers, instant: Integers, latest: int) -> tuple[Integers, Integers]:
    return (
        _checked("entity code", entity, 0, LARGEST),
        _checked("instant", instant, -latest, latest),
    )


def _checked(what: str, values: Integers, least: int, most: int) -> Integers:
    """The values, which must be within the bounds; compiled code does sums with signed ones."""
    low, high = int(values.min()), int(values.max())
    if low < least or high > most:
        wrong = low if low < least else high
        raise UsageError(f"The {what} {wrong} is out of range.", remedy=f"{least} to {most}.")
    return _signed(values)


def _signed(values: Integers) -> Integers:
    """The values in a type that compiled code does sums with; one past it becomes its largest."""
    if values.dtype != np.uint64:
        return values
    return np.minimum(values, np.uint64(np.iinfo(np.int64).max)).astype(np.int64)


@compiled
def _count(entity: Integers, mask: Integers, ends: Keys) -> None:
    """Count the keys of each bucket, one further on in ``ends``."""
    for row in range(len(entity)):
        left = mask[row]
        while left:
            ends[(entity[row] >> PLACE_BITS) + 1] += 1
            left &= left - 1


@compiled
def _spread(
    entity: Integers,
    instant: Integers,
    mask: Integers,
    free: Keys,
    places: Places,
    keys: Keys,
    step_bits: int,
) -> None:
    """Write each key to the next free place of its bucket."""
    for row in range(len(entity)):
        left, step = mask[row], 0
        bucket, place = entity[row] >> PLACE_BITS, entity[row] & (BUCKET - 1)
        while left:
            if left & 1:
                to = free[bucket]
                places[to] = place
                keys[to] = (np.int64(instant[row]) << step_bits) | step
                free[bucket] = to + 1
            left >>= 1
            step += 1


@compiled
def _count_rows(
    entity: Integers, instant: Integers, counts: npt.NDArray[np.int32]
) -> tuple[np.int64, np.int64, np.int64, np.int64]:
    """Count the acts of each bucket, one further on; the bounds of codes and of instants, and 0.

    A code out of bounds is counted anywhere.
    """
    least = most = first = last = np.int64(0)
    for row in range(len(entity)):
        code, at = np.int64(entity[row]), np.int64(instant[row])
        counts[((code & LARGEST) >> PLACE_BITS) + 1] += 1
        least, most = min(least, code), max(most, code)
        first, last = min(first, at), max(last, at)
    return least, most, first, last


@compiled
def _spread_rows(
    entity: Integers,
    instant: Integers,
    mark: Integers,
    marks: Keys,
    bits: int,
    free: Keys,
    places: Places,
    keys: Keys,
) -> None:
    """Write the key of each act to the next free place of its bucket."""
    for row in range(len(entity)):
        bucket = entity[row] >> PLACE_BITS
        to = free[bucket]
        places[to] = entity[row] & (BUCKET - 1)
        keys[to] = (np.int64(instant[row]) << bits) | marks[mark[row]]
        free[bucket] = to + 1


@compiled
def _count_places(places: Places, runs: Keys, first: int, last: int, ends: Keys) -> None:
    """Count the acts of each place of these buckets, one further on in ``ends``."""
    for bucket in range(first, last):
        before = (bucket - first) * BUCKET
        for run in range(len(runs)):
            for at in range(runs[run, bucket], runs[run, bucket + 1]):
                ends[before + places[at] + 1] += 1


@compiled
def _put_in_place(
    places: Places, keys: Keys, runs: Keys, first: int, last: int, free: Keys, ordered: Keys
) -> None:
    """Write the keys of buckets to the next free position of their place, run after run."""
    for bucket in range(first, last):
        before = (bucket - first) * BUCKET
        for run in range(len(runs)):
            for at in range(runs[run, bucket], runs[run, bucket + 1]):
                place = before + places[at]
                to = free[place]
                ordered[to] = keys[at]
                free[place] = to + 1


@compiled
def _sort_each(ordered: Keys, ends: Keys) -> None:
    """Sort the keys of each place, which are most often few and nearly in order."""
    for place in range(len(ends) - 1):
        first, last = ends[place], ends[place + 1]
        done = first + 1
        while done < last and ordered[done - 1] <= ordered[done]:
            done += 1
        if done < last and last - first > FEW:
            ordered[first:last].sort()
            continue
        for at in range(done, last):
            key, to = ordered[at], at
            while to > first and ordered[to - 1] > key:
                ordered[to] = ordered[to - 1]
                to -= 1
            ordered[to] = key
