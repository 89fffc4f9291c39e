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
from ibis.util import gen_name

from onefunnel.errors import Busy
from onefunnel.ledger.disk import delta, faults
from onefunnel.ledger.disk.head import Head, read_head, write_head
from onefunnel.ledger.disk.rows_file import adopt, rows_in
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.disk.sweep import sweep
from onefunnel.ledger.disk.system import BATCH, STORED, SUPERSEDED, stored_schema
from onefunnel.ledger.engines.duckdb import Reader, connect, failures_said
from onefunnel.ledger.schema.tables import Table
from onefunnel.ledger.store import merge
from onefunnel.ledger.store.alike import alike_rows, rest_of
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

    def put(
        self, name: str, incoming: ir.Table, present: Sequence[str], files: Sequence[Path] = ()
    ) -> Counter[str]:
        """Merge rows into a table: ``present`` columns and a boolean ``deleted``, no NULL key.

        Each key comes once: see :mod:`onefunnel.ledger.store.incoming`. ``files`` hold just these
        rows, as :func:`~onefunnel.ledger.disk.rows_file.rows_file` wrote them, if there are any:
        where no key is known yet, they become a part of the table as they are. Returns the counts
        by outcome. A table is put once in a batch.
        """
        table = STORED[name]
        counts: Counter[str] = Counter()
        alike = self._alike(table, files) if name in self.head.tables else {}
        if same := sum(alike.values()):
            counts["same"] = same
            incoming, files = rest_of(self.reader.backend, alike, present), ()
        if not alike or same < sum(map(rows_in, alike)):
            self._put_rest(table, incoming, present, files, counts)
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
            "terms": [self.next_head.terms],
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
        matched = merge.matched(incoming, self._current(table), table, present)
        # What stays the same is most of what comes again: it is counted, and not kept.
        rows = self.reader.backend.create_table(
            gen_name("merged"), matched.filter(matched.outcome != "same"), temp=True
        )
        found = self.reader.fetch(merge.outcomes(rows))
        other = dict(zip(*(found[c].to_pylist() for c in found.column_names), strict=True))
        counts.update(other)
        if same := self._count(incoming) - sum(other.values()):
            counts["same"] += same
        if counts["new"] or counts["changed"]:
            self._append(table, merge.to_append(rows, table, self.version))
        if counts["changed"] or counts["deleted"]:
            self._append(SUPERSEDED, merge.to_supersede(rows, table, self.version))
            faults.reached("superseded_appended")
        self.reader.backend.drop_table(rows.op().name)

    def _put_rest(
        self,
        table: Table,
        incoming: ir.Table,
        present: Sequence[str],
        files: Sequence[Path],
        counts: Counter[str],
    ) -> None:
        """Take in rows of which it is not known yet whether they are stored."""
        if table.name in self.head.tables:
            if self._knows(table, incoming):
                return self._merge(table, incoming, present, counts)
            if absent := self._count(incoming.filter(incoming.deleted)):
                counts["absent"] = absent
            if not self._count(incoming.filter(~incoming.deleted).limit(1)):
                return None
        if files:
            counts["new"] = self._adopt(table, files)
        else:
            rows = merge.all_new(incoming, table, present, self.version)
            counts["new"] = self._append(table, rows)
        return None

    def _alike(self, table: Table, files: Sequence[Path]) -> dict[Path, int]:
        """How many rows at the beginning of each file are stored, and current, just so."""
        gone = self.reader.rows(SUPERSEDED.name)
        if self._count(gone.filter(gone.fact == table.name).limit(1)):
            return dict.fromkeys(files, 0)
        stored = [Path(path) for path in delta.files(self.ledger, self.head.tables[table.name])]
        return {path: alike_rows(path, stored) for path in files}

    def _knows(self, table: Table, incoming: ir.Table) -> bool:
        """Whether the table holds a record under any of the keys."""
        known = self._current(table).semi_join(incoming.select(table.key), table.key)
        return bool(self._count(known.limit(1)))

    def _count(self, rows: ir.Table) -> int:
        return int(self.reader.fetch(rows.aggregate(records=rows.count()))["records"][0].as_py())

    def _adopt(self, table: Table, files: Sequence[Path]) -> int:
        stored = self.next_head.tables.get(table.name)
        found = adopt(self.ledger, table, stored, files, self.version)
        self.next_head = self.next_head.with_table(table.name, found)
        faults.reached("first_rows_appended")
        faults.reached("rows_appended")
        return sum(map(rows_in, files))

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
        with scratch_folder(scratch) as folder, failures_said():
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
