"""Read a directory: each question is answered in milliseconds, however long the ledger is."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from onefunnel.workflows.directory.building import ABOUT, LISTING, About, places
from onefunnel.workflows.directory.folding import match
from onefunnel.workflows.directory.leads import State
from onefunnel.workflows.directory.sorted import find_sorted
from onefunnel.workflows.workspace import Workspace

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead of the list; ``place`` is its place in it, ``stands`` the group of its state."""

    place: int
    lead_id: str
    entity_code: int
    party_id: str | None
    name: str | None
    created_at: datetime | None
    channel: str | None
    campaign: str | None
    page: str | None
    segment: str | None
    state: State
    waiting_since: datetime | None
    owner: str | None
    stands: str


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with a name or an address: the party by which they are addressed."""

    entity_code: int
    party_id: str
    name: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign that brought leads, and how many."""

    name: str
    leads: int


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee, by the ledger's own table; unknown ones have neither name nor department."""

    employee_id: str
    name: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads: how they stand (empty: all), of which channel, of whom.

    ``channel`` is a tuple of one, whose None means unknown; empty: any. ``of`` are words of names.
    """

    stands: str = ""
    channel: tuple[str | None, ...] = ()
    of: str = ""


class Directory:
    """The directory in a folder. FileNotFoundError or OSError where it was thrown away."""

    def __init__(self, folder: Path, listing: sqlite3.Connection) -> None:
        self._folder = folder
        self._listing = listing
        self.about = About(**json.loads((folder / ABOUT).read_text("utf-8")))
        self.made_at = (folder / ABOUT).stat().st_mtime
        self.now = datetime.fromisoformat(self.about.now)

    def leads(self, wanted: Wanted, after: int, limit: int) -> list[Lead]:
        """Leads in the list's order, those behind a place, so many."""
        conditions, values = _conditions(wanted)
        words = match(wanted.of)
        if wanted.of and not words:
            return []
        if words:
            start = "SELECT l.* FROM lead_words JOIN lead l ON l.place = lead_words.rowid"
            conditions = ["lead_words MATCH ?", "lead_words.rowid > ?", *conditions]
            values = [words, after, *values]
            order = "lead_words.rowid"
        else:
            start, order = "SELECT l.* FROM lead l", "l.place"
            conditions, values = [*conditions, "l.place > ?"], [*values, after]
        sql = f"{start} WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT ?"
        return [_lead(row) for row in self._listing.execute(sql, (*values, limit))]

    def tally(self) -> list[tuple[str, str | None, int]]:
        """How many leads there are: how they stand, channel, number."""
        return list(self._listing.execute("SELECT stands, channel, leads FROM tally"))

    def lead(self, lead_id: str) -> Lead | None:
        """A lead."""
        found = self._listing.execute("SELECT * FROM lead WHERE lead_id = ?", (lead_id,))
        return next(map(_lead, found), None)

    def leads_of(self, entity_code: int, limit: int) -> list[Lead]:
        """The leads of somebody, so many."""
        sql = "SELECT * FROM lead WHERE entity_code = ? ORDER BY created_at DESC, place LIMIT ?"
        return [_lead(row) for row in self._listing.execute(sql, (entity_code, limit))]

    def customer(self, entity_code: int) -> Customer | None:
        """Somebody with a name or an address; None who has neither."""
        sql = "SELECT * FROM customer WHERE entity_code = ?"
        return next((Customer(*row) for row in self._listing.execute(sql, (entity_code,))), None)

    def employees(self, identifiers: set[str]) -> dict[str, Employee]:
        """Employees by identifier; those that no table knows have no name."""
        marks = ", ".join("?" * len(identifiers))
        sql = f"SELECT * FROM employee WHERE employee_id IN ({marks})"
        found = {row[0]: Employee(*row) for row in self._listing.execute(sql, [*identifiers])}
        return {each: found.get(each, Employee(each)) for each in identifiers}

    def find_customers(self, query: str, limit: int) -> list[Customer]:
        """Customers by the beginnings of words of their names, addresses and numbers."""
        sql = """SELECT c.* FROM customer_words w JOIN customer c ON c.entity_code = w.rowid
            WHERE customer_words MATCH ? ORDER BY w.rowid LIMIT ?"""
        words = match(query)
        found = self._listing.execute(sql, (words, limit)) if words else ()
        return [Customer(*row) for row in found]

    def find_campaigns(self, query: str, limit: int) -> list[Campaign]:
        """Campaigns by the beginnings of words, those that brought most leads first."""
        sql = """SELECT c.name, c.leads FROM campaign_words w JOIN campaign c ON c.place = w.rowid
            WHERE campaign_words MATCH ? ORDER BY w.rowid LIMIT ?"""
        words = match(query)
        return (
            [Campaign(*row) for row in self._listing.execute(sql, (words, limit))] if words else []
        )

    def has_campaign(self, name: str) -> bool:
        """Whether a campaign brought leads."""
        sql = "SELECT 1 FROM campaign WHERE name = ?"
        return self._listing.execute(sql, (name,)).fetchone() is not None

    def entity_of(self, party_id: str) -> int | None:
        """Who a party is; None where no record names it."""
        found = find_sorted(self._folder / "members", party_id)
        return int(found["entity_code"][0].as_py()) if len(found) else None

    def contacts(self, entity_code: int) -> list[dict[str, Any]]:
        """Every party of somebody, with what is known of it; see ``people.contacts``."""
        return list(find_sorted(self._folder / "contacts", entity_code).to_pylist())

    def progress(self, entity_code: int) -> Row | None:
        """How far somebody came, and what they brought; None who entered no stage."""
        found = find_sorted(self._folder / "entities", entity_code).to_pylist()
        return found[0] if found else None

    def journey(self, entity_code: int) -> pa.Table:
        """Everything that is on record of somebody, oldest first; see ``lines.COLUMNS``."""
        return find_sorted(self._folder / "lines", entity_code)


@contextmanager
def newest(workspace: Workspace) -> Iterator[Directory | None]:
    """The newest directory that stands, of whatever version; None where there is none."""
    for folder in reversed(places(workspace)):
        address = f"file:{quote(str(folder / LISTING))}?mode=ro&immutable=1"
        try:
            opened = sqlite3.connect(address, uri=True)
        except sqlite3.OperationalError:  # thrown away since it was seen
            continue
        with closing(opened):
            yield Directory(folder, opened)
            return
    yield None


def _conditions(wanted: Wanted) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if wanted.stands:
        conditions.append("l.stands = ?")
        values.append(wanted.stands)
    if wanted.channel:
        conditions.append("l.channel IS ?")
        values.append(wanted.channel[0])
    return conditions, values


def _lead(row: tuple[Any, ...]) -> Lead:
    named = dict(zip(_LEAD, row, strict=True))
    named |= {name: _instant(named[name]) for name in ("created_at", "waiting_since")}
    return Lead(**{**named, "state": State(named["state"])})


_LEAD = [each.name for each in fields(Lead)]


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)
