"""Keys by bucket that come one by one, and are summed up when they are many."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from onefunnel.measures.attribution.buckets import BUCKETS, Ints
from onefunnel.measures.attribution.dense.kernel import Waiting

MANY = 1 << 21
"""So many keys with sums are summed up, lest they fill the memory."""

Tags: TypeAlias = npt.NDArray[np.uint8]
Keys: TypeAlias = npt.NDArray[np.integer]
Counts: TypeAlias = tuple[Keys, Ints]
"""Distinct keys in order, and how often each came, or sums of each."""
Rows: TypeAlias = tuple[Tags, Keys, Ints]
"""The bucket of each row, its key, and sums: (rows,), (rows,) and (rows, sums)."""


class Pending:
    """Keys that count once each: they wait by bucket, and a bucket's are counted when many."""

    def __init__(self, room: int, kind: type[np.integer]) -> None:
        self.waiting = Waiting(np.empty((BUCKETS, room), kind), np.zeros(BUCKETS, np.int64))
        self.counts: list[list[Counts]] = [[] for _ in range(BUCKETS)]

    def make_room(self, more: Ints) -> None:
        """See that so many more can wait in each bucket."""
        keys, used = self.waiting
        if int((used + more).max()) <= keys.shape[1]:
            return
        self.settle()
        if (most := int(more.max())) > keys.shape[1]:
            self.widen(most)

    def widen(self, most: int) -> None:
        """Let twice as many wait in each bucket, where none does."""
        keys, used = self.waiting
        self.waiting = Waiting(np.empty((BUCKETS, 2 * most), keys.dtype), used)

    def settle(self) -> None:
        """Count what waits."""
        keys, used = self.waiting
        for bucket, size in enumerate(used.tolist()):
            if size:
                mine = keys[bucket, :size]
                mine.sort()
                _add(self.counts[bucket], _distinct(mine))
        used[:] = 0


def gathered(parts: Sequence[Pending], pool: ThreadPoolExecutor) -> list[Counts]:
    """By bucket, the keys of all parts, each once."""

    def whole(bucket: int) -> Counts:
        return _together([each for part in parts for each in part.counts[bucket]])

    for _ in pool.map(Pending.settle, parts):
        pass
    return list(pool.map(whole, range(BUCKETS)))


@dataclass
class Grouped:
    """Keys with sums of each."""

    few: list[Rows] = field(default_factory=list)
    many: list[Rows] = field(default_factory=list)
    waiting: int = 0

    def add(self, buckets: Tags, keys: Keys, sums: Ints) -> None:
        """Add these keys."""
        self.few.append((buckets, keys, sums))
        self.waiting += len(keys)
        if self.waiting > MANY:
            self.settle()

    def settle(self) -> None:
        """Sum up what came."""
        if self.few:
            self.many.append(summed(self.few))
        self.few, self.waiting = [], 0


def summed_by_bucket(parts: Sequence[Grouped], pool: ThreadPoolExecutor) -> list[Counts]:
    """By bucket, the keys of all parts, each once, with their sums."""
    for _ in pool.map(Grouped.settle, parts):
        pass
    nothing = np.empty(0, np.uint8), np.empty(0, np.int64), np.empty((0, 2), np.int64)
    tags, keys, sums = summed([each for part in parts for each in part.many] or [nothing])
    cuts = np.searchsorted(tags, np.arange(BUCKETS + 1))
    return [(keys[i:j], sums[i:j]) for i, j in pairwise(cuts.tolist())]


def summed(rows: Sequence[Rows]) -> Rows:
    """Each key of a bucket once, in order of bucket and key, with its sums.

    >>> rows = np.array([1, 0, 1], np.uint8), np.array([7, 9, 7]), np.array([[1], [1], [2]])
    >>> [each.tolist() for each in summed([rows])]
    [[0, 1], [9, 7], [[1], [3]]]
    """
    buckets, keys, sums = (np.concatenate(each) for each in zip(*rows, strict=True))
    if not len(keys):
        return buckets, keys, sums
    order = _order(buckets, keys)
    buckets, keys = buckets[order], keys[order]
    new = (buckets[1:] != buckets[:-1]) | (keys[1:] != keys[:-1])
    starts = np.flatnonzero(np.concatenate(([True], new)))
    return buckets[starts], keys[starts], np.add.reduceat(sums[order], starts, axis=0)


def _order(buckets: Tags, keys: Keys) -> Ints:
    """The order of rows by bucket and key."""
    if int(keys.max()) < 1 << 56 and keys.min() >= 0:
        return np.argsort((buckets.astype(np.int64) << 56) | keys)
    order = np.argsort(keys)
    return order[np.argsort(buckets[order], kind="stable")]  # A radix sort, of bytes.


def _add(counts: list[Counts], more: Counts) -> None:
    """Put counts to those of a bucket; the newer ones join when they are as many as the first."""
    counts.append(more)
    if len(counts) > 2 and sum(len(keys) for keys, _ in counts[1:]) > len(counts[0][0]):
        counts[:] = [_together(counts)]


def _together(counts: Sequence[Counts]) -> Counts:
    """Each key once."""
    if len(counts) == 1:
        return counts[0]
    if not counts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    keys, often = (np.concatenate(each) for each in zip(*counts, strict=True))
    order = np.argsort(keys)
    keys = keys[order]
    starts = _starts(keys)
    return keys[starts], np.add.reduceat(often[order], starts)


def _distinct(keys: Keys) -> Counts:
    """The distinct keys of an array in order, and how often each is in it."""
    starts = _starts(keys)
    return keys[starts], np.diff(np.append(starts, len(keys)))


def _starts(keys: Keys) -> Ints:
    """Where each key begins in an array in order."""
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
