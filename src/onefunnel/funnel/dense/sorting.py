"""Bucket sort of what entities did, from batches to buckets of a few thousand entities each.

An act is two words: the entity's place within its bucket, and a key that packs the instant with the
step, so that the order of keys is the order of time and, at one instant, of steps. Every instant
of the years 1 to 9999 fits beside five bits of step to the microsecond, whoever the entities are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from onefunnel.errors import UsageError
from onefunnel.funnel.dense.compiling import compiled
from onefunnel.vocabulary import MOST_STEPS

Integers: TypeAlias = npt.NDArray[np.signedinteger]
Keys: TypeAlias = npt.NDArray[np.int64]
Places: TypeAlias = npt.NDArray[np.uint16]

STEP_BITS = (MOST_STEPS - 1).bit_length()
"""Bits of a key that hold the step."""
PLACE_BITS = 13
"""Bits of an entity's code that are its place within the bucket: a bucket then stays in the
processor's second cache at some ten acts an entity."""
BUCKET = 1 << PLACE_BITS
LATEST = (1 << (63 - STEP_BITS)) - 1
"""Instants are from -LATEST to LATEST: in microseconds, 9,134 years from 1970 either way."""
FEW = 24
"""Up to so many keys, inserting each at its place is quicker than a general sort."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some acts, bucket after bucket: those of bucket b stand at ``ends[b]`` to ``ends[b + 1]``."""

    places: Places
    keys: Keys
    ends: Keys

    @property
    def buckets(self) -> int:
        """How many buckets there are; the last one holds something."""
        return len(self.ends) - 1


def partition(entity: Integers, instant: Integers, mask: Integers) -> Run:
    """The acts as a run: a key for each step in the mask of each act.

    ``entity`` are codes from 0, ``instant`` whole numbers in any unit, bit k of ``mask`` says that
    the act is step k, from 0; the three have one length. An act without a bit vanishes. Raises
    UsageError for a negative code or mask, and for what no key can hold: see ``MOST_STEPS`` and
    ``LATEST``.

    >>> run = partition(np.array([1, 0, 1]), np.array([7, 5, 6]), np.array([1, 3, 2]))
    >>> run.places.tolist(), (run.keys >> STEP_BITS).tolist(), (run.keys % MOST_STEPS).tolist()
    ([1, 0, 0, 1], [7, 5, 5, 6], [0, 0, 1, 1])
    """
    if not len(entity):
        return Run(np.empty(0, np.uint16), np.empty(0, np.int64), np.zeros(1, np.int64))
    entity = _checked("entity code", entity, 0, (1 << 32) - 1)
    instant = _checked("instant", instant, -LATEST, LATEST)
    mask = _checked("mask", mask, 0, (1 << MOST_STEPS) - 1)
    ends = np.zeros((int(entity.max()) >> PLACE_BITS) + 2, np.int64)
    _count(entity, mask, ends)
    places, keys = np.empty(ends[-1], np.uint16), np.empty(ends[-1], np.int64)
    _spread(entity, instant, mask, ends[:-1].copy(), places, keys, STEP_BITS)
    return Run(places, keys, ends)


def partition_marked(
    entity: Integers, instant: Integers, mark: Integers, marks: Keys, bits: int
) -> Run:
    """The acts as a run, with a key for each: its instant and, in the last ``bits``, its mark.

    ``marks`` has the mark of each value in ``mark``, a whole number that fits into the bits. Raises
    UsageError for a negative code and for instants that no key can hold.

    >>> run = partition_marked(
    ...     np.array([1, 0]), np.array([7, 5]), np.array([0, 1]), np.array([3, 2]), bits=2
    ... )
    >>> run.places.tolist(), (run.keys >> 2).tolist(), (run.keys % 4).tolist()
    ([1, 0], [7, 5], [3, 2])
    """
    if not len(entity):
        return Run(np.empty(0, np.uint16), np.empty(0, np.int64), np.zeros(1, np.int64))
    latest = (1 << (63 - bits)) - 1
    entity = _checked("entity code", entity, 0, (1 << 32) - 1)
    instant = _checked("instant", instant, -latest, latest)
    ends = np.zeros((int(entity.max()) >> PLACE_BITS) + 2, np.int64)
    _count_rows(entity, ends)
    places, keys = np.empty(ends[-1], np.uint16), np.empty(ends[-1], np.int64)
    _spread_rows(entity, instant, mark, marks, bits, ends[:-1].copy(), places, keys)
    return Run(places, keys, ends)


def bucket_of(runs: Sequence[Run], bucket: int) -> tuple[Places, Keys]:
    """The acts of one bucket from all runs, in the order of the runs: their places, their keys."""
    held = [run for run in runs if bucket < run.buckets]
    cuts = [slice(run.ends[bucket], run.ends[bucket + 1]) for run in held]
    return (
        np.concatenate([run.places[cut] for run, cut in zip(held, cuts, strict=True)]),
        np.concatenate([run.keys[cut] for run, cut in zip(held, cuts, strict=True)]),
    )


def _checked(what: str, values: Integers, least: int, most: int) -> Integers:
    """The values, which must be within the bounds; compiled code does sums with signed ones."""
    low, high = int(values.min()), int(values.max())
    if low < least or high > most:
        wrong = low if low < least else high
        raise UsageError(f"The {what} {wrong} is out of range.", remedy=f"{least} to {most}.")
    return values.astype(np.int64) if values.dtype == np.uint64 else values


@compiled
def _count(entity: Integers, mask: Integers, ends: Keys) -> None:
    """Fill ``ends`` with where the keys of each bucket end; the first of ``ends`` stays 0."""
    for row in range(len(entity)):
        left = mask[row]
        while left:
            ends[(entity[row] >> PLACE_BITS) + 1] += 1
            left &= left - 1
    for bucket in range(1, len(ends)):
        ends[bucket] += ends[bucket - 1]


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
def _count_rows(entity: Integers, ends: Keys) -> None:
    """Fill ``ends`` with where the acts of each bucket end; the first of ``ends`` stays 0."""
    for row in range(len(entity)):
        ends[(entity[row] >> PLACE_BITS) + 1] += 1
    for bucket in range(1, len(ends)):
        ends[bucket] += ends[bucket - 1]


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
def by_entity(places: Places, keys: Keys, ends: Keys) -> Keys:
    """The keys of a bucket by entity and, for each, in ascending order.

    ``ends`` (zeros, one more than there are places) is filled: the keys of a place end there.
    """
    for place in places:
        ends[place + 1] += 1
    for place in range(1, len(ends)):
        ends[place] += ends[place - 1]
    free, ordered = ends[:-1].copy(), np.empty_like(keys)
    for at in range(len(keys)):
        ordered[free[places[at]]] = keys[at]
        free[places[at]] += 1
    for place in range(len(ends) - 1):
        _sort(ordered, ends[place], ends[place + 1])
    return ordered


@compiled
def _sort(keys: Keys, first: int, last: int) -> None:
    """Sort a part of the keys, which is most often short and nearly in order."""
    if last - first > FEW:
        keys[first:last].sort()
        return
    for at in range(first + 1, last):
        key, to = keys[at], at
        while to > first and keys[to - 1] > key:
            keys[to] = keys[to - 1]
            to -= 1
        keys[to] = key
