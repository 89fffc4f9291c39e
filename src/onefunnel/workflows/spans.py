"""From when to when the ledger's events are: none is taken to be later than the ledger knew it."""

from datetime import datetime

import pyarrow as pa

from onefunnel.ledger.disk.system import BATCH
from onefunnel.ledger.engines.duckdb import Reader


def committed_at(reader: Reader, version: int) -> datetime | None:
    """When a version was made; None of the empty one."""
    batches = reader.table(BATCH.name)
    found = reader.fetch(
        batches.filter(batches.batch_id == str(version)).select("committed_at")
    ).to_pylist()
    return found[0]["committed_at"] if found else None


def bounded(span: pa.Table, known: datetime | None) -> pa.Table:
    """A span (one row: earliest, latest) that ends no later than ``known``; ``dated`` is its end.

    Records can bear a date that is still to come; an age counted from it would be wrong for all.

    >>> from datetime import UTC
    >>> day = lambda number: datetime(2025, 1, number, tzinfo=UTC)
    >>> row = pa.table({"earliest": [day(1)], "latest": [day(9)]})
    >>> bounded(row, day(3)).to_pylist()[0]["latest"].day
    3
    """
    latest = span["latest"][0].as_py()
    end = latest if known is None or latest is None else min(latest, known)
    kind = span.schema.field("latest").type
    bounds = {"latest": pa.array([end], kind), "dated": pa.array([latest], kind)}
    return pa.table({"earliest": span["earliest"], **bounds})
