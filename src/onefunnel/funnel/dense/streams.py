"""Acts that an engine streams in any order, made into runs while more is read."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.dense.sorting import Acts, Buckets, Columns, Integers, Room

RUN = 1 << 19
"""Acts in a run, at least: so many that a bucket has some of each. Smaller batches make one run."""
AHEAD = 2
"""Runs that may wait for their partition while more is read."""

Size = Callable[[Sequence[Columns]], int]
Partition = Callable[[Room, Sequence[Columns]], None]


@dataclass(slots=True)
class Lost:
    """Acts that can't be placed, counted while the batches pass."""

    without_entity: int = 0
    without_instant: int = 0


def in_buckets(
    batches: Iterable[pa.RecordBatch],
    size: Size,
    partition: Partition,
    pool: ThreadPoolExecutor,
    lost: Lost,
) -> Buckets:
    """All acts by bucket; each run is made in the pool while the next acts are read.

    ``batches`` have three columns: entity codes, instants (timestamps, or integers), and what the
    act is, a whole number; ``partition`` is called with some batches of these
    and with room for as many keys as ``size`` says.
    """
    acts, waiting = Acts(), deque[Future[None]]()
    for some in _acts(batches, lost):
        waiting.append(pool.submit(partition, acts.room(size(some)), some))
        if len(waiting) > AHEAD:
            waiting.popleft().result()
    for future in waiting:
        future.result()
    return acts.whole()


def _acts(batches: Iterable[pa.RecordBatch], lost: Lost) -> Iterator[list[Columns]]:
    """The acts that can be placed, those of a run at a time."""
    kept: list[Columns] = []
    rows = 0
    for batch in batches:
        entity, instant, what = map(_integers, _placed(batch, lost).columns)
        kept.append((entity, instant, what))
        rows += len(entity)
        if rows >= RUN:
            yield kept
            kept, rows = [], 0
    if rows:
        yield kept


def _placed(batch: pa.RecordBatch, lost: Lost) -> pa.RecordBatch:
    entity, instant = batch.column(0), batch.column(1)
    if not entity.null_count and not instant.null_count:
        return batch
    dated = pc.is_valid(instant)
    lost.without_entity += entity.null_count
    lost.without_instant += pc.sum(pc.and_(pc.is_valid(entity), pc.invert(dated))).as_py() or 0
    return batch.filter(pc.and_(pc.is_valid(entity), dated))


def _integers(column: pa.Array) -> Integers:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz)).view(pa.int64())
    values: Integers = column.to_numpy(zero_copy_only=True)
    return values
