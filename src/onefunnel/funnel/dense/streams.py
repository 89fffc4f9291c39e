"""Acts that an engine streams in any order, made into runs while more is read."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.dense.sorting import Integers, Run

RUN = 1 << 19
"""Acts in a run, at least: so many that a bucket has some of each. Smaller batches are put
together, larger ones need not be copied."""
AHEAD = 2
"""Runs that may wait for their partition while more is read."""

Partition = Callable[[Integers, Integers, Integers], Run]


@dataclass(slots=True)
class Lost:
    """Acts that can't be placed, counted while the batches pass."""

    without_entity: int = 0
    without_instant: int = 0


def runs_of(
    batches: Iterable[pa.RecordBatch], partition: Partition, pool: ThreadPoolExecutor, lost: Lost
) -> list[Run]:
    """The runs of acts, each made in the pool while the next acts are read.

    ``batches`` have three columns: entity codes, instants (timestamps, or integers), and what the
    act is, a whole number; these are what ``partition`` is called with.
    """
    return list(_runs(_acts(batches, lost), partition, pool))


def _acts(batches: Iterable[pa.RecordBatch], lost: Lost) -> Iterator[list[Integers]]:
    """The three columns of the acts that can be placed, some millions at a time."""
    kept: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        kept.append(_placed(batch, lost))
        rows += len(kept[-1])
        if rows >= RUN:
            yield _columns(kept)
            kept, rows = [], 0
    if rows:
        yield _columns(kept)


def _placed(batch: pa.RecordBatch, lost: Lost) -> pa.RecordBatch:
    entity, instant = batch.column(0), batch.column(1)
    if not entity.null_count and not instant.null_count:
        return batch
    dated = pc.is_valid(instant)
    lost.without_entity += entity.null_count
    lost.without_instant += pc.sum(pc.and_(pc.is_valid(entity), pc.invert(dated))).as_py() or 0
    return batch.filter(pc.and_(pc.is_valid(entity), dated))


def _columns(batches: list[pa.RecordBatch]) -> list[Integers]:
    if len(batches) == 1:
        return [_integers(column) for column in batches[0].columns]
    whole = pa.Table.from_batches(batches).combine_chunks()
    return [_integers(column.chunk(0)) for column in whole.columns]


def _integers(column: pa.Array) -> Integers:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz)).view(pa.int64())
    values: Integers = column.to_numpy(zero_copy_only=True)
    return values


def _runs(
    acts: Iterable[list[Integers]], partition: Partition, pool: ThreadPoolExecutor
) -> Iterator[Run]:
    waiting: deque[Future[Run]] = deque()
    for columns in acts:
        waiting.append(pool.submit(partition, *columns))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    for future in waiting:
        yield future.result()
