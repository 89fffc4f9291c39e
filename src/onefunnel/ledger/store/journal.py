"""The journal: what arrives in small pieces is on disk here before it is acknowledged.

An append-only SQLite file with ``synchronous=FULL`` and one blob per request; a batch drains it
into the ledger, and the head names the last entry drained, so that nothing is taken twice or lost.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.ledger.disk import faults
from onefunnel.ledger.schema.facts import TABLES

FILE_NAME = "journal.sqlite"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: its number, and the rows it brought per table, as text."""

    number: int
    rows: dict[str, list[dict[str, Any]]]


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS entry ("
            "number INTEGER PRIMARY KEY AUTOINCREMENT, received_at TEXT NOT NULL, "
            "body BLOB NOT NULL)"
        )
        yield connection
    finally:
        connection.close()


def record(path: Path, requests: Sequence[Rows], at: datetime, most: int | None = None) -> int:
    """Write requests, in one commit; when this returns they are on disk. Returns the last number.

    A request is rows per table. A table or a column that does not exist, a row without its key,
    or a request of more than ``most`` bytes raises InputError, and nothing is written.
    """
    bodies = [_body(rows, most) for rows in requests]
    with _connected(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for body in bodies:
            cursor = connection.execute(
                "INSERT INTO entry (received_at, body) VALUES (?, ?)", (at.isoformat(), body)
            )
        faults.reached("entry_written")
        connection.execute("COMMIT")
        faults.reached("entry_committed")
        return int(cursor.lastrowid or 0)


def waiting(path: Path, after: int, limit: int) -> list[Entry]:
    """The entries after a number, oldest first, at most ``limit``."""
    if not path.is_file():
        return []
    with _connected(path) as connection:
        found = connection.execute(
            "SELECT number, body FROM entry WHERE number > ? ORDER BY number LIMIT ?",
            (after, limit),
        ).fetchall()
    return [Entry(number, json.loads(body)) for number, body in found]


def trim(path: Path, up_to: int) -> None:
    """Remove the entries that are in the ledger; what they held is overwritten on disk."""
    if not path.is_file():
        return
    with _connected(path) as connection:
        connection.execute("DELETE FROM entry WHERE number <= ?", (up_to,))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    faults.reached("drain_trimmed")


def latest_rows(entries: Sequence[Entry]) -> dict[str, list[dict[str, Any]]]:
    """The rows of several entries, each key once per table: a later row's columns go over."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in entries:
        for name, rows in entry.rows.items():
            by_key = found.setdefault(name, {})
            for row in rows:
                by_key.setdefault(str(row[TABLES[name].key]), {}).update(row)
    return {name: list(rows.values()) for name, rows in found.items()}


def _body(rows: Rows, most: int | None) -> bytes:
    for name, listed in rows.items():
        if name not in TABLES:
            raise InputError(
                Place("request", column=name),
                "unknown_table",
                "There is no such table.",
                remedy=suggestion(name, TABLES),
            )
        for number, row in enumerate(listed, start=1):
            _check(name, number, row)
    body = json.dumps(rows, ensure_ascii=False).encode()
    if most is not None and len(body) > most:
        raise InputError(
            Place("request"),
            "body_too_large",
            f"The request has {len(body):,} bytes; {most:,} are allowed.",
            remedy="Send fewer rows at once, or raise limits.max_body_bytes in onefunnel.toml.",
        )
    return body


def _check(name: str, number: int, row: Mapping[str, Any]) -> None:
    table = TABLES[name]
    for column in row:
        if column not in table.by_name and column != "deleted":
            raise InputError(
                Place(f"request, {name}", number, column),
                "unknown_column",
                "There is no such column.",
                remedy=suggestion(column, table.column_names),
            )
    if row.get(table.key) in (None, ""):
        raise InputError(
            Place(f"request, {name}", number, table.key),
            "missing_key",
            "The row has no key.",
            remedy="Give it one that stays the same when the row is sent again.",
        )
