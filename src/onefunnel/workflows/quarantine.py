"""The quarantine: look at what could not be read, take it out to be mended, or let it go."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import ibis
import pyarrow as pa
from ibis.util import gen_name

from onefunnel.errors import UnknownName
from onefunnel.ledger.disk.system import QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.batch import Batch
from onefunnel.vocabulary.cells import guarded, unguarded
from onefunnel.workflows.workspace import Workspace

ID = QUARANTINE.key


def listed(workspace: Workspace, table: str | None = None) -> pa.Table:
    """The rows in the quarantine, by file and line; of one table only, if it is named."""

    def work(reader: Reader) -> pa.Table:
        rows = reader.table(QUARANTINE.name)
        wanted = rows.filter(rows.fact == table) if table else rows
        return reader.fetch(wanted.order_by("file", "line", ID))

    return workspace.reading(work)


def export(workspace: Workspace, target: Path, table: str | None = None) -> int:
    """Write quarantined rows as a CSV with their own columns, to be mended and imported again.

    The column ``quarantine_id`` tells the import which rows it mends. Returns how many rows.
    """
    rows = listed(workspace, table).to_pylist()
    records = [{ID: row[ID], **json.loads(row["record"] or "{}")} for row in rows]
    columns = list(dict.fromkeys(name for record in records for name in record)) or [ID]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for record in records:
            writer.writerow({name: guarded(value) for name, value in record.items()})
    return len(records)


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


def mended_ids(path: Path) -> set[str]:
    """The quarantined rows that a CSV mends; its column ``quarantine_id`` is taken out of it."""
    if path.suffix.lower() != ".csv" or ID.encode() not in _first_line(path):
        return set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if ID not in (reader.fieldnames or ()):
            return set()
        columns = [name for name in reader.fieldnames or () if name != ID]
        rows = list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({name: unguarded(row.get(name)) for name in columns} for row in rows)
    return {row[ID] for row in rows if row[ID]}


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(65_536)
