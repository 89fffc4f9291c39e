"""One atomic batch: rows of many tables, one ledger version, or nothing at all."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
from filelock import FileLock, Timeout

from onefunnel.errors import Busy
from onefunnel.ledger.disk import delta, faults
from onefunnel.ledger.disk.head import Head, read_head, write_head
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.disk.sweep import sweep
from onefunnel.ledger.disk.system import BATCH, STORED, SUPERSEDED, stored_schema
from onefunnel.ledger.engines.duckdb import Reader, connect, out_of_memory_said
from onefunnel.ledger.schema.tables import Table
from onefunnel.ledger.store import merge
from onefunnel.settings import EngineSettings

LOCK_NAME = "lock"


@dataclass
class Batch:
    """What a writer holds while it writes. Nothing is visible before :meth:`commit` returns.

    ``reader`` sees the ledger as it was; ``counts`` says, per table, how many records were new,
    changed, same, deleted, or absent (a deletion of what was not there).
    """

    ledger: Path
    head: Head
    reader: Reader
    next_head: Head
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """The ledger version this batch makes."""
        return self.head.version + 1

    def put(self, name: str, incoming: ir.Table, present: Sequence[str]) -> Counter[str]:
        """Merge rows into a table: ``present`` columns and a boolean ``deleted``, no NULL key.

        Each key comes once: see :mod:`onefunnel.ledger.store.incoming`. Returns the counts by
        outcome. A table is put once in a batch.
        """
        table = STORED[name]
        counts: Counter[str] = Counter()
        if name in self.head.tables:
            self._merge(table, incoming, present, counts)
        else:
            counts["new"] = self._append(
                table, merge.all_new(incoming, table, present, self.version)
            )
        self.counts.setdefault(name, Counter()).update(counts)
        return counts

    def seen_after(self) -> Reader:
        """A reader of the ledger as it will be once this batch is committed."""
        after = replace(self.next_head, version=self.version, generation=-self.version)
        return Reader(self.reader.backend, self.ledger, after)

    def commit(self, at: datetime, kind: str, source: str) -> Head:
        """Complete the batch: afterwards it is on disk, and every new reader sees it."""
        row = {
            "batch_id": [str(self.version)],
            "committed_at": [at],
            "kind": [kind],
            "source": [source],
            "rules": [self.next_head.rules],
            "counts": [json.dumps({name: dict(c) for name, c in self.counts.items()})],
            "since": [self.version],
            "until": [None],
        }
        rows = pa.Table.from_pydict(row, schema=stored_schema(BATCH))
        self._store(BATCH, rows.to_reader())
        faults.reached("batch_appended")
        self.next_head = replace(self.next_head, version=self.version)
        delta.make_durable(self.ledger, self.head, self.next_head)
        write_head(self.ledger, self.next_head)
        return self.next_head

    def _merge(
        self, table: Table, incoming: ir.Table, present: Sequence[str], counts: Counter[str]
    ) -> None:
        current = self._current(table)
        name = f"merged_{table.name}"
        rows = self.reader.backend.create_table(
            name, merge.matched(incoming, current, table, present), temp=True, overwrite=True
        )
        found = self.reader.fetch(merge.outcomes(rows))
        counts.update(dict(zip(*(found[c].to_pylist() for c in found.column_names), strict=True)))
        if counts["new"] or counts["changed"]:
            self._append(table, merge.to_append(rows, table, self.version))
        if counts["changed"] or counts["deleted"]:
            self._append(SUPERSEDED, merge.to_supersede(rows, table, self.version))
            faults.reached("superseded_appended")
        self.reader.backend.drop_table(name)

    def _current(self, table: Table) -> ir.Table:
        """The current records of a table, with the batch that brought each."""
        rows, gone = self.reader.rows(table.name), self.reader.rows(SUPERSEDED.name)
        gone = gone.filter(gone.fact == table.name)
        alive = rows.filter(rows.until.isnull())
        return alive.anti_join(gone, [(table.key, "key"), "since"]).drop("until")

    def _append(self, table: Table, rows: ir.Table) -> int:
        counted = _Counted(self.reader.stream(rows))
        self._store(table, counted.reader(stored_schema(table)))
        faults.reached("rows_appended")
        return counted.rows

    def _store(self, table: Table, rows: pa.RecordBatchReader) -> None:
        stored = delta.append(self.ledger, table, self.next_head.tables.get(table.name), rows)
        self.next_head = self.next_head.with_table(table.name, stored)
        faults.reached("first_rows_appended")


class _Counted:
    """A stream of record batches that counts its rows as they pass."""

    def __init__(self, source: pa.RecordBatchReader) -> None:
        self.source = source
        self.rows = 0

    def reader(self, schema: pa.Schema) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self.source.schema, self._pass()).cast(schema)

    def _pass(self) -> Iterator[pa.RecordBatch]:
        for batch in self.source:
            self.rows += batch.num_rows
            yield batch


@contextmanager
def writing(
    ledger: Path, scratch: Path, settings: EngineSettings, lock_seconds: float
) -> Iterator[Batch]:
    """Hold the writer's lock, sweep what a killed batch left, and give a batch to fill.

    Leaving without :meth:`Batch.commit` leaves the ledger as it was. Raises Busy when another
    writer holds the lock for longer than ``lock_seconds``. The lock goes with the process.
    """
    lock = FileLock(ledger / LOCK_NAME, timeout=lock_seconds)
    try:
        lock.acquire()
    except Timeout:
        raise Busy(
            "Another writer has held this workspace for too long.", remedy="Try again later."
        ) from None
    try:
        faults.reached("lock_taken")
        head = read_head(ledger)
        sweep(ledger, scratch, head)
        faults.reached("swept")
        with scratch_folder(scratch) as folder, out_of_memory_said():
            backend = connect(settings, folder)
            try:
                yield Batch(ledger, head, Reader(backend, ledger, head), head)
            finally:
                backend.disconnect()
        now = read_head(ledger)
        if now == head or now.generation != head.generation:
            sweep(ledger, scratch, now)
    finally:
        lock.release()
