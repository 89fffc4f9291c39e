"""Build the directory of a ledger version: everybody in order, so that a page finds them at once.

What is wide and many (journeys, contacts) lies in files in the order in which it is looked up;
what is listed and searched (leads, names, campaigns) in SQLite. Both are made from one reader of
one head, beside, and appear whole or not at all.
"""

import hashlib
import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from onefunnel.errors import SystemFailed
from onefunnel.funnel.base import Base
from onefunnel.intake import Progress, silent
from onefunnel.ledger.disk.head import read_head
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.version import RELEASE
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.directory.leads import leads
from onefunnel.workflows.directory.lines import lines
from onefunnel.workflows.directory.listing import write_listing
from onefunnel.workflows.directory.people import contacts, entities, members, names
from onefunnel.workflows.directory.sorted import BLOCK, write_sorted
from onefunnel.workflows.kept import HISTORY
from onefunnel.workflows.put import Put
from onefunnel.workflows.terms import adopt
from onefunnel.workflows.workspace import Workspace

LAYOUT = 2
"""Moves on when what a directory holds, or how, changes."""
PREFIX = "directory-"
LISTING, ABOUT = "listing.sqlite", "about.json"
KEPT = 2
TRIES = 3


@dataclass(frozen=True, slots=True)
class About:
    """What a directory is of: the ledger version, its ``now``, seconds it took to make."""

    version: int
    now: str
    seconds: float
    leads: int


def build(workspace: Workspace, progress: Progress = silent) -> About:
    """Build the directory of the last complete version; what it is.

    Tables that were written anew meanwhile may have lost somebody: then it is built once more.
    SystemFailed where that happens again and again.
    """
    adopt(workspace)
    for _ in range(TRIES):
        made = workspace.reading(lambda reader: _build(workspace, reader, progress))
        if made is not None:
            _forget_older(workspace)
            return made
    raise SystemFailed("The ledger was written anew while it was read.", remedy="Try again.")


def place(workspace: Workspace, version: int) -> Path:
    """The folder of a version's directory."""
    return workspace.path / HISTORY / f"{PREFIX}{version:012d}-{_digest(workspace)}"


def places(workspace: Workspace) -> list[Path]:
    """The folders of the directories that stand, oldest version first."""
    root = workspace.path / HISTORY
    return sorted(root.glob(f"{PREFIX}*-{_digest(workspace)}"))


def _digest(workspace: Workspace) -> str:
    needed = {"release": RELEASE, "layout": LAYOUT, "currency": workspace.settings.currency}
    return hashlib.sha256(json.dumps(needed, sort_keys=True).encode()).hexdigest()[:16]


def _build(workspace: Workspace, reader: Reader, progress: Progress) -> About | None:
    began = time.monotonic()
    folder = place(workspace, reader.head.version)
    with scratch_folder(workspace.scratch) as room:
        beside = room / "directory"
        beside.mkdir()
        now, counted = _fill(workspace, reader, beside, progress)
        about = About(reader.head.version, now, round(time.monotonic() - began, 2), counted)
        text = json.dumps({name: getattr(about, name) for name in About.__slots__})
        (beside / ABOUT).write_text(text, encoding="utf-8")
        folder.parent.mkdir(exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    # Erasure writes the head first and throws this away after: one of both sees the other.
    if read_head(workspace.ledger).generation != reader.head.generation:
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return about


def _fill(
    workspace: Workspace, reader: Reader, folder: Path, progress: Progress
) -> tuple[str, int]:
    put = Put(workspace, reader, Asked())
    base = Base(put.prepared_facts, put.rules, put.question)
    facts = put.facts
    in_order: dict[str, Callable[[], ir.Table]] = {
        "members": lambda: members(facts),
        "contacts": lambda: contacts(facts),
        "entities": lambda: entities(base.entries, base.losses, base.lines, base.standing),
        "lines": lambda: lines(facts, base.lines, put.question.currency),
    }
    for at, (name, made) in enumerate(in_order.items()):
        progress.step(f"directory: {name}", at, len(in_order) + 1)
        write_sorted(reader.stream(made(), 25 * BLOCK), folder / name)
    progress.step("directory: leads", len(in_order), len(in_order) + 1)
    known = reader.hold(names(facts))
    listed = leads(facts, base.standing, base.entries, known)
    with closing(sqlite3.connect(folder / LISTING)) as listing:
        counted = write_listing(
            listing,
            lambda: _rows(reader, listed),
            lambda: _rows(reader, known.order_by("entity_code")),
            lambda: _rows(reader, facts["employee"].select("employee_id", "name", "department")),
        )
    reader.drop(known)
    return put.question.now.isoformat(), counted


def _rows(reader: Reader, expression: ir.Table) -> Iterator[tuple[object, ...]]:
    """Rows as tuples; instants as microseconds since 1970."""
    for batch in reader.stream(expression, 50_000):
        columns = [_plain(batch.column(at)) for at in range(batch.num_columns)]
        yield from zip(*columns, strict=True)


def _plain(column: pa.Array) -> list[object]:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    found: list[object] = column.to_pylist()
    return found


def _forget_older(workspace: Workspace) -> None:
    for folder in places(workspace)[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
    digest = _digest(workspace)
    for folder in (workspace.path / HISTORY).glob(f"{PREFIX}*"):
        if not folder.name.endswith(digest):
            shutil.rmtree(folder, ignore_errors=True)
