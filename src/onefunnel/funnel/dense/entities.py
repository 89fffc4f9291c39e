"""The entities of a funnel as arrays: entries, the loss that stands, the group of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefunnel.funnel.collected import Values
from onefunnel.funnel.dense import walks
from onefunnel.funnel.dense.history import NEVER, Codes, Ints
from onefunnel.funnel.matching import slot
from onefunnel.funnel.progress import at as entry
from onefunnel.vocabulary import STAGES, Stage

INSTANT = pa.timestamp("us", "UTC")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entities:
    """Entities 0, 1, 2 and so on; those that entered no stage are nobody's, and not counted.

    ``own`` has a row per slot, in the order of ``slots`` (the eight own entries, then the hints):
    microseconds since 1970, NEVER where there is none. ``lost_at`` is the loss that stands.
    ``group`` is each one's place in ``values``, the values of the question's dimensions.
    """

    slots: tuple[str, ...]
    own: Ints
    lost_at: Ints
    group: Codes
    values: Sequence[Values] = ((),)

    @property
    def size(self) -> int:
        """How many codes there are."""
        return int(self.own.shape[1])

    @property
    def hinted(self) -> Ints:
        """The stage of each slot that is a hint."""
        return np.array([int(s.rpartition("_")[2]) for s in self.slots[len(STAGES) :]], np.int64)

    def grouped(self, group: Codes, values: Sequence[Values]) -> "Entities":
        """The same by other dimensions."""
        return replace(self, group=group, values=values)

    def first_entries(self) -> Ints:
        """When each entity entered the first stage: the earliest of all its slots."""
        return np.asarray(self.own.min(axis=0), np.int64)

    def entries_into(self, stage: Stage) -> Ints:
        """When each entity entered a stage: the earliest of its slots and those of later ones."""
        rows = zip(self.slots, self.own, strict=True)
        later = (own for name, own in rows if int(name.rpartition("_")[2]) >= stage.position)
        return np.asarray(reduce(np.minimum, later), np.int64)

    def progress(self, codes: Ints, named: Ints | None = None) -> pa.Table:
        """What :func:`onefunnel.funnel.progress.entries` says of some entities.

        ``named`` are the codes they have in the ledger, where these are only places here.

        Columns: entity_code, own_0 … own_7, at_0 … at_7. Those that entered no stage are left out.
        """
        at = np.empty((len(STAGES), len(codes)), np.int64)
        walks.enter(self.own, self.hinted, codes, at)
        there = at[0] != NEVER
        kept = codes[there]
        columns = {"entity_code": pa.array(kept if named is None else named[there])}
        columns |= {slot(s): instants(self.own[s.position][kept]) for s in STAGES}
        columns |= {entry(s): instants(at[s.position][there]) for s in STAGES}
        return pa.table(columns)


def slots_with_hints(names: Sequence[str]) -> tuple[str, ...]:
    """The eight own slots, then those of the names that are hints.

    >>> slots_with_hints(("own_0", "hint_4"))[-2:]
    ('own_7', 'hint_4')
    """
    own = tuple(slot(stage) for stage in STAGES)
    return (*own, *sorted(set(names) - set(own)))


def instants(values: Ints) -> pa.Array:
    """Microseconds since 1970 as instants in UTC; NEVER is NULL."""
    # Without a copy: the validity of each value is one bit beside the numbers.
    known = values != NEVER
    bits = pa.py_buffer(np.packbits(known, bitorder="little"))
    numbers = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(INSTANT, len(values), [bits, numbers])


def microseconds(column: pa.ChunkedArray) -> Ints:
    """Instants as microseconds since 1970; NULL is NEVER."""
    numbers = column.cast(INSTANT).cast(pa.int64()).fill_null(NEVER)
    return np.asarray(numbers.to_numpy(), dtype=np.int64)


def microsecond(instant: datetime) -> int:
    """An instant as microseconds since 1970.

    >>> microsecond(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (instant - EPOCH) // timedelta(microseconds=1)


def scatter(own: Ints, slots: Sequence[str], table: pa.Table) -> None:
    """Put the instants of a table (entity_code, a column per slot) into the rows of ``own``.

    Where both have one, the earlier stands.
    """
    codes = table["entity_code"].to_numpy()
    for row, name in enumerate(slots):
        if name in table.column_names:
            own[row, codes] = np.minimum(own[row, codes], microseconds(table[name]))


def combined(columns: Sequence[tuple[Codes, Sequence[str | None]]]) -> tuple[Codes, list[Values]]:
    """One group per combination of values that occurs; each column is codes (-1: NULL) and texts.

    >>> group, values = combined([(np.array([0, -1, 0], np.int32), ["web"])])
    >>> group.tolist(), values
    ([1, 0, 1], [(None,), ('web',)])
    """
    place: npt.NDArray[np.int64] | None = None
    for codes, texts in columns:
        own = codes.astype(np.int64) + 1
        place = own if place is None else _dense(place)[0] * (len(texts) + 1) + own
    if place is None:
        raise ValueError("There is no column to combine.")
    group, found = _dense(place)
    firsts = _representatives(group, len(found))
    values = [
        tuple(None if (code := codes[first]) < 0 else texts[code] for codes, texts in columns)
        for first in firsts
    ]
    return group.astype(np.int32), values


def _dense(place: Ints) -> tuple[Ints, Ints]:
    """Places as 0, 1, 2 and so on, in order; and the distinct places."""
    top = int(place.max(initial=-1)) + 1
    if top > 4 * len(place) + 1024:
        found, dense = np.unique(place, return_inverse=True)
        return dense, found
    found = np.flatnonzero(np.bincount(place, minlength=top))
    lookup = np.zeros(top, np.int64)
    lookup[found] = np.arange(len(found))
    return lookup[place], found


def _representatives(group: Ints, size: int) -> Ints:
    """The place of some member of each group."""
    firsts = np.zeros(size, np.int64)
    firsts[group] = np.arange(len(group))
    return firsts


def texts_of(table: pa.Table, names: Sequence[str]) -> Mapping[str, tuple[Codes, list[str]]]:
    """Columns of text as codes (-1: NULL) and their distinct texts."""
    found = {}
    for name in names:
        column = table[name].combine_chunks()
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        found[name] = codes, encoded.dictionary.to_pylist()
    return found
