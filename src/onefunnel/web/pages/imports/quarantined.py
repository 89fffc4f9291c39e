"""The quarantine as pages show it: kept per ledger version, in groups of one reason each."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import feather

from onefunnel.ledger.disk.system import BATCH, QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.version import RELEASE
from onefunnel.web.pages.imports.receiving import FOLDER
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.kept import FOLDER as CACHE
from onefunnel.workflows.workspace import Workspace

ROWS, BATCHES = "quarantine.arrow", "batches.arrow"
KEYS = ("fact", "file", "column", "file_column", "code")


@dataclass(frozen=True)
class Group:
    """Rows of one file that can't be read for one reason in one column of one table.

    ``key`` names the group in addresses; ``column`` is the ledger's, ``file_column`` what the file
    calls it (empty where that is not known); ``example`` is a value that can't be read.
    """

    key: str
    fact: str
    file: str
    column: str
    file_column: str
    code: str
    rows: int
    example: str


def is_kept(workspace: Workspace) -> bool:
    """Whether the quarantine and the batches of the ledger version are worked out already."""
    return _folder(workspace).is_dir()


def keep(workspace: Workspace) -> int:
    """Work out the quarantine and the batches, and keep them; the version they are of."""
    folder = _folder(workspace)
    if folder.is_dir():
        return int(folder.parent.name)

    def work(reader: Reader) -> tuple[int, pa.Table, pa.Table]:
        rows = reader.table(QUARANTINE.name).order_by("file", "line", QUARANTINE.key)
        every = reader.table(BATCH.name)
        return reader.head.version, reader.fetch(rows), reader.fetch(every)

    version, rows, batches = workspace.reading(work)
    folder = folder.parent.with_name(str(version)) / folder.name
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(dir=folder.parent))
    feather.write_feather(rows, beside / ROWS, compression="uncompressed")
    feather.write_feather(batches, beside / BATCHES)
    try:
        beside.rename(folder)
    except OSError:  # somebody else was quicker
        shutil.rmtree(beside, ignore_errors=True)
    return version


def _folder(workspace: Workspace) -> Path:
    version = ledger_version(workspace)
    return workspace.path / CACHE / str(version) / f"came-in-{RELEASE}"


def kept_rows(workspace: Workspace) -> pa.Table:
    """Every row of the quarantine, by file and line; worked out now where it is not kept."""
    keep(workspace)
    return feather.read_table(_folder(workspace) / ROWS, memory_map=True)


def batches(workspace: Workspace) -> list[dict[str, Any]]:
    """Every batch of the ledger, newest first."""
    keep(workspace)
    found = feather.read_table(_folder(workspace) / BATCHES).to_pylist()
    return sorted(found, key=lambda row: -int(row["batch_id"]))


def groups(rows: pa.Table) -> list[Group]:
    """The rows in groups, the largest first."""
    if not len(rows):
        return []
    counted = rows.group_by(list(KEYS)).aggregate([("quarantine_id", "count"), ("value", "min")])
    made = [
        Group(
            key_of(row),
            row["fact"],
            row["file"] or "",
            row["column"] or "",
            row["file_column"] or "",
            row["code"],
            row["quarantine_id_count"],
            row["value_min"] or "",
        )
        for row in counted.to_pylist()
    ]
    return sorted(made, key=lambda each: (-each.rows, each.file, each.column, each.code))


def key_of(row: Mapping[str, Any]) -> str:
    """The name of a row's group."""
    told = json.dumps([row[name] or "" for name in KEYS])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def of_group(rows: pa.Table, group: Group) -> pa.Table:
    """The rows of a group, by line."""
    mask = None
    for name in KEYS:
        same = pc.equal(pc.fill_null(rows[name], ""), getattr(group, name))
        mask = same if mask is None else pc.and_(mask, same)
    return rows.filter(mask).sort_by([("line", "ascending"), ("quarantine_id", "ascending")])


def values_of(rows: pa.Table, most: int = 60) -> list[tuple[str, int]]:
    """The values that can't be read, with how many rows have each, the most frequent first."""
    counted = pc.value_counts(rows["value"]).to_pylist()
    told = [(each["values"], each["counts"]) for each in counted if each["values"] is not None]
    return sorted(told, key=lambda pair: (-pair[1], pair[0]))[:most]


def columns_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns that the rows have, in the order of their file."""
    names: dict[str, None] = {}
    for row in rows:
        names |= dict.fromkeys(json.loads(row["record"] or "{}"))
    return list(names)


def typed_path(workspace: Workspace, name: str) -> Path:
    """Where what was typed waits to be read again."""
    folder = workspace.path / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"mended-{name}.json"
