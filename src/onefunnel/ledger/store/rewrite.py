"""Writing tables anew: folding supersessions in, packing small files, changing what is stored.

A rewrite leaves every figure of every version as it was, so the ledger version stays; only the
head's ``generation`` moves on. Old folders go once the new head is on disk.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import ibis
import ibis.expr.types as ir
from deltalake import DeltaTable

from onefunnel.ledger.disk import delta, faults
from onefunnel.ledger.disk.head import Head, Stored, write_head
from onefunnel.ledger.disk.system import STORED, SUPERSEDED, stored_schema
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema.tables import Table
from onefunnel.ledger.store.batch import Batch

MAX_FILES = 64
MAX_SUPERSEDED = 100_000

Change = Callable[[Table, ir.Table], ir.Table]
"""From all row versions of a table (with ``since``, ``until``) to those that are to stand."""


def rewrite(batch: Batch, changes: Mapping[str, Change]) -> Head:
    """Write some tables anew and complete it; returns the new head. Old folders still stand."""
    head = replace(batch.head, generation=batch.head.generation + 1)
    for name, change in changes.items():
        table = STORED[name]
        rows = change(table, batch.reader.rows(name)).select(*stored_schema(table).names)
        folder = f"{name}-{head.generation}"
        stored = delta.write_anew(batch.ledger, table, folder, batch.reader.stream(rows))
        head = head.with_table(name, stored)
    faults.reached("rewritten")
    delta.make_durable(batch.ledger, batch.head, head)
    write_head(batch.ledger, head)
    faults.reached("rewrite_committed")
    return head


def fold(batch: Batch) -> Head:
    """Fold all supersessions into their tables; afterwards ``superseded`` is empty."""
    gone = batch.reader.rows(SUPERSEDED.name)
    named = batch.reader.fetch(gone.select("fact").distinct())["fact"].to_pylist()
    changes: dict[str, Change] = {name: lambda t, rows: _folded(t, rows, gone) for name in named}
    return rewrite(batch, {**changes, SUPERSEDED.name: lambda _, rows: rows.limit(0)})


def _folded(table: Table, rows: ir.Table, superseded: ir.Table) -> ir.Table:
    mine = superseded.filter(superseded.fact == table.name).select(
        gone_key="key", gone_since="since", gone_until="until"
    )
    joined = rows.left_join(mine, [(table.key, "gone_key"), ("since", "gone_since")])
    closed = ibis.coalesce(joined.until, joined.gone_until)
    return joined.mutate(until=closed).drop("gone_key", "gone_since", "gone_until")


def pack(batch: Batch) -> Head:
    """Pack the small files of tables that have many into few; old files go afterwards."""
    head = replace(batch.head, generation=batch.head.generation + 1)
    many = {
        name: stored
        for name, stored in batch.head.tables.items()
        if len(delta.files(batch.ledger, stored)) > MAX_FILES
    }
    if not many:
        return batch.head
    for name, stored in many.items():
        table = DeltaTable(str(batch.ledger / stored.folder))
        table.optimize.compact(writer_properties=delta.properties(STORED[name]))
        head = head.with_table(name, Stored(stored.folder, table.version()))
    faults.reached("rewritten")
    delta.make_durable(batch.ledger, batch.head, head)
    write_head(batch.ledger, head)
    faults.reached("rewrite_committed")
    for name in many:
        table = DeltaTable(str(batch.ledger / head.tables[name].folder))
        table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    faults.reached("old_removed")
    return head


def needs_folding(reader: Reader) -> bool:
    """Whether so many supersessions wait that reading them costs more than folding them in."""
    waiting = reader.fetch(reader.rows(SUPERSEDED.name).aggregate(n=ibis._.count()))
    return bool(waiting["n"][0].as_py() > MAX_SUPERSEDED)
