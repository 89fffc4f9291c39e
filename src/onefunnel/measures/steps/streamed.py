"""The measure ``steps`` from one compiled pass over touches that an engine streams.

The tables are those of the queries in :mod:`.query`; a test holds the two to each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, TypeAlias

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import Collected
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.steps.query import dimensioned, matching_touches, step
from onefunnel.vocabulary import Question

if TYPE_CHECKING:
    from onefunnel.funnel.dense.packed import Furthest

Streams: TypeAlias = Mapping[str, Iterable[pa.RecordBatch]]
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
MICROSECOND = timedelta(microseconds=1)


def queries(facts: Facts, rules: Rules, question: Question) -> dict[str, ir.Table]:
    """The expressions whose rows are streamed to :func:`collect`, one after the other.

    ``touches``: entity_code, at, and a mask whose bit k says that the touch is step k. Where
    dimensions are asked for, ``dimensions``: those of every entity with such a touch.
    """
    base = Base(facts, rules, question)
    matched = matching_touches(base)
    bits = [
        ibis.ifelse(matched[step(k)], ibis.literal(1 << k), ibis.literal(0)).cast("int64")
        for k in range(len(question.steps))
    ]
    mask = reduce(add, bits, ibis.literal(0, type="int64"))
    streams = {"touches": matched.select("entity_code", "at", mask=mask)}
    if question.by:
        placed = matched.filter(matched.entity_code.notnull(), matched["at"].notnull())
        entities = placed.select("entity_code").distinct()
        streams["dimensions"] = dimensioned(entities, base).select("entity_code", *question.by)
    return streams


def collect(streams: Streams, question: Question, threads: int) -> Collected:
    """The tables that :func:`onefunnel.measures.steps.query.queries` would give.

    Each stream is read once, the touches first.
    """
    # Only who asks for this measure should wait for Numba.
    from onefunnel.funnel.dense.packed import furthest_steps

    if not question.steps:
        return {"levels": _no_levels(question), "left_out": _left_out(0, 0)}
    window = timedelta(days=question.within_days)
    found = furthest_steps(
        streams["touches"],
        len(question.steps),
        window // MICROSECOND,
        (question.now - window - EPOCH) // MICROSECOND,
        threads,
    )
    levels = _by_dimension(streams, question, found) if question.by else _levels(found)
    return {
        "levels": levels,
        "left_out": _left_out(found.without_entity, found.without_instant),
    }


def _left_out(without_entity: int, without_instant: int) -> pa.Table:
    return pa.table({"without_entity": [without_entity], "without_instant": [without_instant]})


def _no_levels(question: Question) -> pa.Table:
    names = {name: pa.array([], pa.string()) for name in question.by}
    counts = {name: pa.array([], pa.int64()) for name in ("level", "entities", "open")}
    return pa.table({**names, **counts})


def _levels(found: "Furthest") -> pa.Table:
    """How many came just so far: level, entities, open; those who did no step are left out."""
    entities = np.bincount(found.levels)
    still = np.bincount(found.levels[found.open], minlength=len(entities))
    came = np.flatnonzero(entities[1:]) + 1
    return pa.table({"level": came, "entities": entities[came], "open": still[came]})


def _by_dimension(streams: Streams, question: Question, found: "Furthest") -> pa.Table:
    counted = list(_counted(streams["dimensions"], question, found))
    if not counted:
        return _no_levels(question)
    return _summed(pa.concat_tables(counted), question)


def _counted(
    batches: Iterable[pa.RecordBatch], question: Question, found: "Furthest"
) -> Iterator[pa.Table]:
    """The same by dimension values, of each batch for itself."""
    for batch in batches:
        codes = batch.column("entity_code").to_numpy()
        known = codes[codes < len(found.levels)]
        rows = pa.Table.from_batches([batch]).filter(pa.array(codes < len(found.levels)))
        levels = found.levels[known].astype(np.int64)
        rows = rows.drop_columns("entity_code")
        rows = rows.append_column("level", pa.array(levels))
        rows = rows.append_column("entities", pa.array(np.ones_like(levels)))
        rows = rows.append_column("open", pa.array(found.open[known].astype(np.int64)))
        yield _summed(rows.filter(pc.field("level") > 0), question)


def _summed(rows: pa.Table, question: Question) -> pa.Table:
    keys = [*question.by, "level"]
    summed = rows.group_by(keys).aggregate([("entities", "sum"), ("open", "sum")])
    return summed.rename_columns({"entities_sum": "entities", "open_sum": "open"})
