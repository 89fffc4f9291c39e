"""Delta tables: append rows, list files, write a table anew. One writer at a time, by the lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import ColumnProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from onefunnel.ledger.disk.head import Head, Stored, sync_path
from onefunnel.ledger.disk.system import stored_schema
from onefunnel.ledger.schema.tables import Table

STATISTICS = {"delta.dataSkippingStatsColumns": "since,until"}
"""Statistics only on versions: those of other columns would keep what erasure removes."""


def append(ledger: Path, table: Table, stored: Stored | None, rows: pa.RecordBatchReader) -> Stored:
    """Append rows (with ``since`` and ``until``) in one Delta commit; a new table when not stored.

    A column that the stored table lacks is added to it; rows written before have NULL there.
    Returns where the table stands afterwards. The rows are invisible until a head names it.
    """
    folder = stored.folder if stored else f"{table.name}-0"
    return _write(ledger, table, folder, rows)


def write_anew(ledger: Path, table: Table, folder: str, rows: pa.RecordBatchReader) -> Stored:
    """Write a table from nothing into a folder of its own, with a log of its own."""
    return _write(ledger, table, folder, rows)


def _write(ledger: Path, table: Table, folder: str, rows: pa.RecordBatchReader) -> Stored:
    path = ledger / folder
    write_deltalake(
        str(path),
        rows.cast(stored_schema(table)),
        mode="append",
        schema_mode="merge",
        configuration=STATISTICS,
        writer_properties=properties(table),
    )
    return Stored(folder, DeltaTable(str(path)).version())


def files(ledger: Path, stored: Stored) -> list[str]:
    """The Parquet files of a table at the version that the head names.

    Raises FileNotFoundError where its log is not there, or not whole, at that version: a
    compaction or an erasure removed the folder meanwhile, or it was lost.
    """
    with _lost_log_said(ledger, stored):
        return _at(ledger, stored).file_uris()


def rows(ledger: Path, stored: Stored) -> int:
    """How many rows a table holds at the version that the head names, as its log says.

    Raises FileNotFoundError as ``files`` does.
    """
    with _lost_log_said(ledger, stored):
        counts = pa.table(_at(ledger, stored).get_add_actions(flatten=True))["num_records"]
    return int(pc.sum(counts).as_py() or 0)


def _at(ledger: Path, stored: Stored) -> DeltaTable:
    return DeltaTable(str(ledger / stored.folder), version=stored.delta_version)


@contextmanager
def _lost_log_said(ledger: Path, stored: Stored) -> Iterator[None]:
    try:
        yield
    except DeltaError as error:
        log = ledger / stored.folder / "_delta_log"
        raise FileNotFoundError(f"{log}, version {stored.delta_version}: {error}") from error


def make_durable(ledger: Path, before: Head, after: Head) -> None:
    """Sync to disk what one head names and the other did not: to be done before it is written."""
    for name, stored in after.tables.items():
        known = before.tables.get(name)
        if stored != known:
            _sync(ledger, stored, known if known and known.folder == stored.folder else None)


def _sync(ledger: Path, stored: Stored, known: Stored | None) -> None:
    old = set(files(ledger, known)) if known else set()
    logs = ledger / stored.folder / "_delta_log"
    first = known.delta_version + 1 if known else 0
    fresh = [Path(path) for path in set(files(ledger, stored)) - old]
    fresh += [logs / f"{number:020d}.json" for number in range(first, stored.delta_version + 1)]
    for path in fresh:
        sync_path(path)
    for folder in (logs, logs.parent, ledger):
        sync_path(folder)


def undo_unnamed(ledger: Path, stored: Stored) -> None:
    """Take back what a killed batch appended after the version that the head names."""
    table = DeltaTable(str(ledger / stored.folder))
    if table.version() > stored.delta_version:
        table.restore(stored.delta_version)


def properties(table: Table) -> WriterProperties:
    """How the files of a table are written: no statistics on what can tell who somebody is."""
    silent = ColumnProperties(statistics_enabled="NONE")
    columns = dict.fromkeys(silent_columns(table), silent)
    return WriterProperties(compression="ZSTD", column_properties=columns)


def silent_columns(table: Table) -> list[str]:
    """The columns that can tell who somebody is, or which record it is."""
    return [c.name for c in table.columns if c.identifying or c.holds_party or c.name == table.key]
