"""The part of a directory that is listed and searched, in SQLite."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from onefunnel.workflows.directory.folding import fold, number
from onefunnel.workflows.directory.leads import State

TABLES = """
CREATE TABLE lead (
  place INTEGER PRIMARY KEY, lead_id TEXT NOT NULL, entity_code INTEGER NOT NULL, party_id TEXT,
  name TEXT, created_at INTEGER, channel TEXT, campaign TEXT, page TEXT, segment TEXT,
  state TEXT NOT NULL, waiting_since INTEGER, owner TEXT, stands TEXT NOT NULL);
CREATE TABLE customer (
  entity_code INTEGER PRIMARY KEY, party_id TEXT NOT NULL, name TEXT, organisation TEXT);
CREATE TABLE campaign (place INTEGER PRIMARY KEY, name TEXT NOT NULL, leads INTEGER NOT NULL);
CREATE TABLE tally (stands TEXT, channel TEXT, leads INTEGER NOT NULL);
CREATE TABLE employee (employee_id TEXT PRIMARY KEY, name TEXT, department TEXT);
CREATE VIRTUAL TABLE lead_words USING fts5(words, content='', prefix='1 2 3', detail=none);
CREATE VIRTUAL TABLE customer_words USING fts5(words, content='', prefix='1 2 3', detail=none);
CREATE VIRTUAL TABLE campaign_words USING fts5(words, content='', detail=none);
"""
INDICES = """
CREATE UNIQUE INDEX lead_by_id ON lead (lead_id);
CREATE INDEX lead_by_entity ON lead (entity_code);
CREATE INDEX lead_by_stand ON lead (stands, place);
CREATE INDEX lead_by_both ON lead (stands, channel, place);
CREATE INDEX lead_by_channel ON lead (channel, place);
"""
GROUPS = {
    "waiting": (State.WAITING,),
    "worked": (State.WORKED, State.OPEN, State.RECYCLED),
    "won": (State.WON,),
    "lost": (State.LOST, State.REJECTED),
    "new": (State.NEW,),
}
"""How leads stand, as a list is asked for."""
GROUP_OF = {state: name for name, states in GROUPS.items() for state in states}
SOME = 10_000
Rows = Callable[[], Iterable[tuple[object, ...]]]


def write_listing(into: sqlite3.Connection, leads: Rows, names: Rows, employees: Rows) -> int:
    """Fill an empty database; how many leads there are.

    The rows are those of :func:`onefunnel.workflows.directory.leads.leads`, in their order, of
    :func:`onefunnel.workflows.directory.people.names`, and employees: identifier, name, department.
    """
    into.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;")
    into.executescript(TABLES)
    into.executemany("INSERT OR IGNORE INTO employee VALUES (?, ?, ?)", employees())
    tally: Counter[tuple[object, object]] = Counter()
    campaigns: Counter[str] = Counter()
    places = ", ".join("?" * 14)
    counted = _counted(leads(), tally, campaigns)
    into.executemany(f"INSERT INTO lead VALUES ({places})", counted)
    into.executemany("INSERT INTO tally VALUES (?, ?, ?)", ((*k, n) for k, n in tally.items()))
    into.executemany(
        "INSERT INTO lead_words (rowid, words) VALUES (?, ?)",
        ((at, fold(name)) for at, name in into.execute("SELECT place, name FROM lead") if name),
    )
    _names(into, names())
    _campaigns(into, campaigns)
    into.executescript(INDICES)
    into.commit()
    return sum(tally.values())


def _counted(
    leads: Iterable[tuple[object, ...]],
    tally: Counter[tuple[object, object]],
    campaigns: Counter[str],
) -> Iterator[tuple[object, ...]]:
    for place, row in enumerate(leads, 1):
        stands = GROUP_OF[State(str(row[9]))]
        tally[stands, row[5]] += 1
        if row[6]:
            campaigns[str(row[6])] += 1
        yield (place, *row, stands)


def _names(into: sqlite3.Connection, names: Iterable[tuple[object, ...]]) -> None:
    rows = iter(names)
    while some := list(islice(rows, SOME)):
        into.executemany("INSERT INTO customer VALUES (?, ?, ?, ?)", (row[:4] for row in some))
        into.executemany(
            "INSERT INTO customer_words (rowid, words) VALUES (?, ?)",
            ((row[0], _words(row)) for row in some),
        )


def _words(row: tuple[object, ...]) -> str:
    """What finds a customer: name, organisation, addresses, domains; telephone numbers."""
    _, _, name, firm, emails, phones, domains = row
    words = " ".join(str(each) for each in (name, firm, emails, domains) if each)
    return f"{fold(words)} {' '.join(map(number, _apart(phones)))}"


def _apart(phones: object) -> list[str]:
    return str(phones).split("\n") if phones else []


def _campaigns(into: sqlite3.Connection, campaigns: Counter[str]) -> None:
    ordered = sorted(campaigns.items(), key=lambda each: (-each[1], each[0]))
    for place, (name, leads) in enumerate(ordered, 1):
        into.execute("INSERT INTO campaign VALUES (?, ?, ?)", (place, name, leads))
        into.execute("INSERT INTO campaign_words (rowid, words) VALUES (?, ?)", (place, fold(name)))
