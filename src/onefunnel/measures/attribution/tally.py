"""Sums per key and bucket, which add up."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.buckets import Floats, Ints

_MOST_A_KEY = 16
"""Keys up to so many times as large as there are of them are looked up, not sorted."""

EXACT = 1 << 53
"""Below it, whole numbers are exact as floating point numbers."""

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]


class Additive:
    """What has a sum and an opposite has differences."""

    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        raise NotImplementedError

    def __neg__(self) -> Self:
        raise NotImplementedError

    def __sub__(self, other: Self) -> Self:
        return self + -other


@dataclass(frozen=True, slots=True, eq=False)
class Tally(Additive):
    """What was counted of each key in each bucket.

    ``keys`` (n,) are in order, each once; ``counts`` is a sparse (buckets, n). A key whose counts
    are all zero is left out, so that a sum equals what would be counted at once; with whole numbers
    it does so exactly, with floating point numbers but for rounding.
    """

    keys: Ints
    counts: csr_array

    @staticmethod
    def of(
        buckets: npt.ArrayLike, keys: npt.ArrayLike, counts: npt.ArrayLike, size: int
    ) -> "Tally":
        """From rows (bucket, key, count), in any order; those of one bucket and key are added.

        Raises UsageError where a bucket is not among ``size``.

        >>> Tally.of([0, 1, 0], [7, 7, 3], [1, 2, 4], size=2).total.tolist()
        [4, 3]
        """
        rows = np.asarray(buckets, np.int64)
        if rows.size and not 0 <= rows.min() <= rows.max() < size:
            raise UsageError(
                f"There is a bucket {rows.min()} or {rows.max()} among {size}.",
                remedy=f"Buckets are 0 to {size - 1}.",
            )
        given = np.asarray(counts)
        given = given.astype(np.int64 if given.dtype.kind in "iub" else np.float64)
        some, named = given != 0, np.asarray(keys, np.int64)
        if not some.all():
            rows, given, named = rows[some], given[some], named[some]
        found, places = _distinct(named)
        shape = (size, len(found))
        if size * len(found) <= len(given):  # Fewer places than rows.
            return _without_zeros(found, csr_array(_added(rows, places, given, shape)))
        if not _in_order(rows, places):
            return _without_zeros(found, csr_array((given, (rows, places)), shape))
        ends = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=size))))
        return Tally(found, csr_array((given, places, ends), shape))

    @staticmethod
    def empty(size: int) -> "Tally":
        """Nothing counted, in so many buckets."""
        return Tally.of([], [], np.empty(0, np.int64), size)

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return int(self.counts.shape[0])

    @property
    def total(self) -> Numbers:
        """The counts of all buckets together (n,)."""
        return np.asarray(self.counts.sum(axis=0))

    def weighted(self, weights: Floats) -> Floats:
        """The counts under weights of buckets: (draws, buckets) gives (draws, n)."""
        return np.asarray(weights @ self.counts)

    def along(self, keys: Ints) -> csr_array:
        """The counts (buckets, keys) of these keys, which are in order; 0 where there are none."""
        places = np.searchsorted(keys, self.keys)
        held = (places < len(keys)) & (keys[np.minimum(places, max(len(keys) - 1, 0))] == self.keys)
        part = self.counts[:, held].tocoo()
        size = (self.buckets, len(keys))
        return csr_array((part.data, (part.coords[0], places[held][part.coords[1]])), size)

    def __add__(self, other: "Tally") -> "Tally":
        if self.buckets != other.buckets:
            raise UsageError(
                f"Counts in {self.buckets} and in {other.buckets} buckets don't add up.",
                remedy="Count both in as many buckets.",
            )
        keys = np.union1d(self.keys, other.keys)
        return _without_zeros(keys, csr_array(self.along(keys) + other.along(keys)))

    def __neg__(self) -> "Tally":
        return Tally(self.keys, csr_array(-self.counts))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        if self.buckets != other.buckets or not np.array_equal(self.keys, other.keys):
            return False
        different = csr_array(self.counts - other.counts)
        return bool(different.count_nonzero() == 0)

    __hash__ = None  # type: ignore[assignment]


def _added(rows: Ints, places: Ints, given: Numbers, shape: tuple[int, int]) -> Numbers:
    """The sums at each place of a table of this shape."""
    largest = float(np.abs(given.astype(np.float64)).max(initial=0))
    if given.dtype == np.float64 or largest * len(given) < EXACT:
        # Numpy is quickest with floating point numbers, which hold these as exactly.
        cells = rows * shape[1] + places
        added = np.bincount(cells, given, shape[0] * shape[1]).reshape(shape)
        return np.asarray(added, np.int64) if given.dtype == np.int64 else added
    sums = np.zeros(shape, np.int64)
    np.add.at(sums, (rows, places), given)
    return sums


def _without_zeros(keys: Ints, counts: csr_array) -> Tally:
    counts.sum_duplicates()
    counts.eliminate_zeros()
    held = np.flatnonzero(np.bincount(counts.indices, minlength=len(keys)))
    if len(held) == len(keys):
        return Tally(keys, counts)
    return Tally(keys[held], csr_array(counts[:, held]))


def _in_order(rows: Ints, places: Ints) -> bool:
    """Whether rows come in order, and in each row the places, none twice."""
    further, more = rows[1:] > rows[:-1], places[1:] > places[:-1]
    return bool(np.all(further | (more & (rows[1:] == rows[:-1]))))


def _distinct(keys: Ints) -> tuple[Ints, Ints]:
    """The distinct keys in order, and the place of each key among them."""
    most = int(keys.max(initial=0)) + 1
    if most > _MOST_A_KEY * len(keys) or keys.min(initial=0) < 0:
        found, places = np.unique(keys, return_inverse=True)
        return found, places
    # So few in all that a place for each is quicker than sorting.
    there = np.zeros(most, np.bool_)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]
