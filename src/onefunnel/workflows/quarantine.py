"""The quarantine: look at what could not be read, take it out to be mended, or let it go."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import ibis
import pyarrow as pa
from ibis.util import gen_name

from onefunnel.errors import UnknownName, UsageError
from onefunnel.ledger.disk.system import QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema.facts import TABLES
from onefunnel.ledger.store.batch import Batch
from onefunnel.vocabulary.cells import guarded
from onefunnel.workflows.targets import check_new_file
from onefunnel.workflows.workspace import Workspace

ID = QUARANTINE.key


def listed(workspace: Workspace, table: str | None = None) -> pa.Table:
    """The rows in the quarantine, by file and line; of one table only, if it is named.

    Raises UnknownName where there is no such table.
    """
    if table is not None and table not in TABLES:
        raise UnknownName("table", table, TABLES)

    def work(reader: Reader) -> pa.Table:
        rows = reader.table(QUARANTINE.name)
        wanted = rows.filter(rows.fact == table) if table else rows
        return reader.fetch(wanted.order_by("file", "line", ID))

    return workspace.reading(work)


def export(workspace: Workspace, target: Path, table: str | None = None) -> int:
    """Write quarantined rows as a CSV with their own columns, to be mended and imported again.

    The column ``quarantine_id`` tells the import which rows it mends. Returns how many rows.
    UsageError where they are of several tables: one file can't be imported into all of them.
    """
    check_new_file(target)
    rows = listed(workspace, table).to_pylist()
    _check_one_table(sorted({row["fact"] for row in rows}))
    records = [{**json.loads(row["record"] or "{}"), ID: row[ID]} for row in rows]
    columns = dict.fromkeys([ID, *(name for record in records for name in record)])
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        for record in records:
            writer.writerow({name: guarded(_text(value)) for name, value in record.items()})
    return len(records)


def _check_one_table(tables: Sequence[str]) -> None:
    if len(tables) > 1:
        raise UsageError(
            f"The rows are of several tables: {', '.join(tables)}.",
            remedy=f"Export one table at a time: --table {tables[0]}.",
        )


def _text(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def discard(workspace: Workspace, ids: Sequence[str]) -> int:
    """Take rows out of the quarantine for good; UnknownName where one is not in it."""
    known = set(listed(workspace)[ID].to_pylist())
    for each in ids:
        if each not in known:
            raise UnknownName("row in the quarantine", each, known)
    with workspace.writing() as batch:
        close(batch, ids)
        batch.commit(workspace.clock(), "mend", f"{len(ids)} discarded")
    return len(ids)


def close(batch: Batch, ids: Iterable[str]) -> None:
    """Have a batch take rows out of the quarantine."""
    rows = pa.table({ID: pa.array(sorted(ids), pa.string())})
    gone = batch.reader.backend.create_table(gen_name("mended"), rows, temp=True)
    batch.put(QUARANTINE.name, gone.mutate(deleted=ibis.literal(True)), (ID,))


def tables_of(reader: Reader, ids: frozenset[str]) -> frozenset[str]:
    """The tables that quarantined rows were meant for; a thousand of them tell."""
    rows = reader.table(QUARANTINE.name)
    found = rows.filter(rows[ID].isin(sorted(ids)[:1000])).select("fact").distinct()
    return frozenset(reader.fetch(found)["fact"].to_pylist())
