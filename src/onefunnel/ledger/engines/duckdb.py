"""DuckDB, embedded: reads the Parquet files that the Delta log names, within set bounds."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock
from typing import TypeVar

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend
from ibis.backends.duckdb.converter import DuckDBPyArrowData
from ibis.util import gen_name

from onefunnel.errors import Damaged, Refused, SystemFailed
from onefunnel.ledger.disk.head import Head, read_head
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.engines.ahead import Ahead, Run
from onefunnel.ledger.engines.base import LedgerReader
from onefunnel.settings import EngineSettings


def connect(settings: EngineSettings, scratch: Path) -> Backend:
    """A DuckDB of our own, bounded in memory and threads; what does not fit spills to ``scratch``.

    No extension is ever downloaded. Instants are read and written in UTC.
    """
    options = {
        "memory_limit": settings.memory,
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if settings.threads:
        options["threads"] = settings.threads
    backend = ibis.duckdb.connect(":memory:", **options)
    backend.raw_sql("SET GLOBAL TimeZone = 'UTC'")
    return backend


class Reader(LedgerReader):
    """The ledger at one head, as tables on one DuckDB connection."""

    def __init__(self, backend: Backend, ledger: Path, head: Head) -> None:
        super().__init__(ledger, head)
        self.backend = backend
        self._alone = RLock()

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Run an expression and bring its rows."""
        with self._alone:
            return self.backend.to_pyarrow(expression)

    def ahead(self) -> Ahead:
        """What runs queries while the caller writes the next."""
        return Ahead(self._written, self.backend.con.interrupt)

    def _written(self, expression: ir.Table) -> Run:
        """What runs an expression, the query written already."""
        if expression.op().find(ops.InMemoryTable):  # Ibis registers these when it runs it.
            return lambda: self.fetch(expression)
        sql, schema = self.backend.compile(expression), expression.schema()

        def run() -> pa.Table:
            with self._alone:
                rows = self.backend.con.sql(sql).to_arrow_table()
            return DuckDBPyArrowData.convert_table(rows, schema)

        return run

    def write(self, expression: ir.Table, path: Path) -> None:
        """Work an expression out into a Parquet file."""
        rows = self.stream(expression)
        with pq.ParquetWriter(path, rows.schema, compression="zstd") as writer:
            for batch in rows:
                writer.write_batch(batch)

    def open_file(self, name: str, path: Path) -> ir.Table:
        """The rows of a Parquet file, as a table of that name."""
        return self._read(name, [str(path)])

    def hold(self, rows: ir.Table | pa.Table) -> ir.Table:
        """Rows as a table of this connection, worked out once; it lives as long."""
        with self._alone:
            return self.backend.create_table(gen_name("held"), rows, temp=True)

    def drop(self, held: ir.Table) -> None:
        """Give back what a table that :meth:`hold` made takes."""
        with self._alone:
            self.backend.drop_table(held.op().name)

    def stream(self, expression: ir.Table, rows: int = 200_000) -> pa.RecordBatchReader:
        """Run an expression over stored tables and pass its rows on, some at a time.

        No other query may run on this reader until the stream is read.
        """
        # Backend.to_pyarrow_batches of Ibis 12 calls a method that DuckDB 2 has no more.
        sql = self.backend.compile(expression)
        with self._alone:
            return self.backend.con.sql(sql).to_arrow_reader(rows)

    def _read(self, name: str, paths: list[str]) -> ir.Table:
        # On a connection beside: it does not wait for what runs, as a table of Ibis's own would.
        with closing(self.backend.con.cursor()) as beside:
            rows = beside.read_parquet(paths, union_by_name=True)
            rows.create_view(name, replace=True)
            columns = rows.limit(0).to_arrow_table().schema
        return self._table(name, ibis.schema(columns))

    def _empty(self, name: str, schema: ibis.Schema) -> ir.Table:
        # Ibis would create a table and then ask what is in it: twenty times as long, and a small
        # company lacks most tables.
        with self._alone:
            self.backend.con.register(name, schema.to_pyarrow().empty_table())
        return self._table(name, schema)

    def _table(self, name: str, schema: ibis.Schema) -> ir.Table:
        return ops.DatabaseTable(name, schema=schema, source=self.backend).to_expr()


@contextmanager
def failures_said() -> Iterator[None]:
    """Turn DuckDB's own errors that a user can do something about into ones that say what."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise SystemFailed(
            f"The engine's memory does not suffice: {str(error).splitlines()[0]}",
            remedy="Raise engine.memory in onefunnel.toml, or set ONEFUNNEL_MEMORY.",
        ) from error
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        if "DECIMAL" not in str(error):
            raise
        raise Refused(
            "An amount is too large to compute with.",
            remedy="Amounts below 10^18 are converted. Look for a quantity or a price that was "
            "mistyped, correct it where it comes from, and import it again.",
        ) from error


@contextmanager
def reader(ledger: Path, settings: EngineSettings, scratch: Path) -> Iterator[Reader]:
    """A reader of the ledger's last complete batch."""
    with reader_at(ledger, settings, scratch, read_head(ledger)) as opened:
        yield opened


@contextmanager
def reader_at(
    ledger: Path, settings: EngineSettings, scratch: Path, head: Head
) -> Iterator[Reader]:
    """A reader of the ledger at a head, on a connection of its own: its memory goes with it."""
    with scratch_folder(scratch) as folder, failures_said():
        backend = connect(settings, folder)
        try:
            yield Reader(backend, ledger, head)
        finally:
            backend.disconnect()


T = TypeVar("T")


def read_with_retry(
    ledger: Path, settings: EngineSettings, scratch: Path, work: Callable[[Reader], T]
) -> T:
    """Do ``work`` with a reader; when files vanish under it, once more with a fresh one.

    A compaction or an erasure removes old files while a reader may still hold their names.
    """
    try:
        with reader(ledger, settings, scratch) as first:
            return work(first)
    except (duckdb.IOException, FileNotFoundError) as error:
        vanished = error
    try:
        with reader(ledger, settings, scratch) as second:
            return work(second)
    except (duckdb.IOException, FileNotFoundError) as again:
        raise Damaged(
            f"Files of the ledger are missing: {again}.",
            remedy="Run `onefunnel doctor` on the workspace.",
        ) from vanished
