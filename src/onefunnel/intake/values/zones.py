"""Local times as instants, and back, by the rules of a time zone.

A local time that clocks skip is moved forward by the gap; of one that occurs twice, the first is
taken. Both follow from one rule: until the later end of a change, the offset before it holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FIRST_YEAR, LAST_YEAR = 1900, 2199
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a zone's offset: when (microseconds since 1970), and the offset after it."""

    at: int
    offset: int


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _microseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


@cache
def _transitions(name: str) -> tuple[tuple[datetime, timedelta, timedelta], ...]:
    """Each change of offset from 1900 to 2199: the instant in UTC, offsets before and after."""
    zone, found = ZoneInfo(name), []
    here, step = datetime(FIRST_YEAR, 1, 1), timedelta(days=14)
    before = _offset(zone, here)
    while here.year <= LAST_YEAR:
        after = _offset(zone, here + step)
        if after != before:
            at = _bisect(zone, here, here + step, before)
            after = _offset(zone, at)
            found.append((at, before, after))
            here, before = at, after
        else:
            here += step
    return tuple(found)


def _bisect(zone: ZoneInfo, low: datetime, high: datetime, before: timedelta) -> datetime:
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


@cache
def local_changes(name: str) -> tuple[Change, ...]:
    """The offsets by local time; the first entry holds from the beginning.

    >>> new_year = (datetime(2024, 1, 1) - _EPOCH) // timedelta(microseconds=1)
    >>> change = next(each for each in local_changes("Europe/Bucharest") if each.at > new_year)
    >>> str(_EPOCH + timedelta(microseconds=change.at)), change.offset // 3_600_000_000
    ('2024-03-31 04:00:00', 3)
    """
    return _changes(name, lambda at, before, after: at + max(before, after))


@cache
def instant_changes(name: str) -> tuple[Change, ...]:
    """The offsets by instant."""
    return _changes(name, lambda at, before, after: at)


def _changes(
    name: str, end: Callable[[datetime, timedelta, timedelta], datetime]
) -> tuple[Change, ...]:
    first = _offset(ZoneInfo(name), datetime(FIRST_YEAR, 1, 1))
    start = Change(-(2**62), _microseconds(first))
    later = (
        Change(_microseconds(end(*each) - _EPOCH), _microseconds(each[2]))
        for each in _transitions(name)
    )
    return (start, *later)


def to_utc(local: ir.IntegerValue, zone: str) -> ir.IntegerValue:
    """Microseconds of a local time -> microseconds of the instant."""
    return _shift(zone, "local", local_changes(zone), -1)(local)


def to_local(instant: ir.IntegerValue, zone: str) -> ir.IntegerValue:
    """Microseconds of an instant -> microseconds of the local time."""
    return _shift(zone, "instant", instant_changes(zone), 1)(instant)


@cache
def _shift(zone: str, clock: str, changes: tuple[Change, ...], sign: int) -> Any:
    """A function of the engine that adds the offset (or takes it off), a vector at a time."""
    bounds = np.array([change.at for change in changes[1:]], np.int64)
    offsets = np.array([change.offset for change in changes], np.int64) * sign

    def shifted(time: pa.ChunkedArray) -> pa.Array:
        known = pc.fill_null(time, 0)
        micro = known.to_numpy(zero_copy_only=False)
        moved = micro + offsets[np.searchsorted(bounds, micro, side="right")]
        return pa.array(moved, pa.int64(), mask=pc.is_null(time).to_numpy(zero_copy_only=False))

    name = f"onefunnel_{clock}_{zone}".replace("/", "_").replace("-", "_").replace("+", "p")
    signature = ((dt.int64,), dt.int64)
    return ibis.udf.scalar.pyarrow(shifted, name=name, signature=signature)
