"""Keys by bucket that come one by one, and are summed up when they are many."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from onefunnel.measures.attribution.buckets import BUCKETS, Ints

MANY = 1 << 21
"""So many keys are summed up, lest they fill the memory."""

Buckets = npt.NDArray[np.uint8]
Keys = npt.NDArray[np.signedinteger]
Rows = tuple[Buckets, Keys, Ints]
"""Buckets, keys, and sums of each: (rows,), (rows,) and (rows, sums)."""


@dataclass
class Grouped:
    """Keys with ``sums`` of each, or 0: then they are counted."""

    sums: int = 0
    few: list[tuple[Buckets, Keys, Ints | None]] = field(default_factory=list)
    many: list[Rows] = field(default_factory=list)
    waiting: int = 0

    def add(self, buckets: Buckets, keys: Keys, sums: Ints | None = None) -> None:
        """Add these keys."""
        self.few.append((buckets, keys, sums))
        self.waiting += len(keys)
        if self.waiting > MANY:
            self.settle()

    def settle(self) -> None:
        """Sum up what came."""
        if self.few:
            buckets, keys = (np.concatenate([each[i] for each in self.few]) for i in (0, 1))
            sums = [each[2] for each in self.few if each[2] is not None]
            self.many.append(grouped(buckets, keys, np.concatenate(sums) if sums else None))
        self.few, self.waiting = [], 0


def gathered(parts: Sequence[Grouped]) -> Rows:
    """The keys of all parts, each of a bucket once, with its sums or count."""
    for each in parts:
        each.settle()
    rows = [each for part in parts for each in part.many]
    if len(rows) == 1:
        return rows[0]
    if not rows:
        nothing = np.empty((0, max(parts[0].sums, 1)), np.int64)
        return np.empty(0, np.uint8), np.empty(0, np.int64), nothing
    return grouped(*(np.concatenate(each) for each in zip(*rows, strict=True)))


def grouped(buckets: Buckets, keys: Keys, sums: Ints | None) -> Rows:
    """Each key of a bucket once, in order, with its sums, or with how often it came.

    >>> buckets, keys = np.array([1, 0, 1], np.uint8), np.array([7, 9, 7])
    >>> [each.tolist() for each in grouped(buckets, keys, None)]
    [[0, 1], [9, 7], [[1], [2]]]
    """
    order = np.argsort(buckets, kind="stable")  # of bytes: each is looked at once
    sizes = np.bincount(buckets, minlength=BUCKETS)
    sorted_keys, found, last = keys[order], [], 0
    for bucket, size in enumerate(sizes.tolist()):
        mine, part = sorted_keys[last : last + size], order[last : last + size]
        last += size
        if not size:
            continue
        if sums is None:
            mine, starts = _distinct(np.sort(mine))
            rows = np.diff(np.append(starts, size))[:, None]
        else:
            again = np.argsort(mine, kind="stable")
            mine, starts = _distinct(mine[again])
            rows = np.add.reduceat(sums[part[again]], starts, axis=0)
        found.append((np.full(len(mine), bucket, np.uint8), mine, rows))
    if not found:
        return buckets, keys, np.empty((0, 1 if sums is None else sums.shape[1]), np.int64)
    one, two, three = (np.concatenate(each) for each in zip(*found, strict=True))
    return one, two, three


def _distinct(keys: Keys) -> tuple[Keys, Ints]:
    """The distinct keys of an array in order, and where each begins."""
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts], starts
