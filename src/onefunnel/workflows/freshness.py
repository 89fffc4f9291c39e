"""What a ledger version holds, at a glance: how many records, how late; which batches brought them.

Worked out once per version by the worker and kept as JSON with the other kept results, so that a
page can name what is missing or out of date without an engine.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.ledger.disk.head import read_head, replace_file
from onefunnel.ledger.disk.system import BATCH, QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import TABLES, span_of_instants
from onefunnel.ledger.schema.kinds import Kind
from onefunnel.version import RELEASE
from onefunnel.vocabulary import Calendar
from onefunnel.workflows.kept import FOLDER
from onefunnel.workflows.spans import bounded, committed_at
from onefunnel.workflows.workspace import Workspace

SOURCES = ("touch", "lead", "handoff", "deal_event", "order_line", "spend")
"""The tables whose lateness is named: what a firm brings in again and again."""
UNWORKED_HOURS = 24
"""How long a lead may lie offered before it is counted as waiting."""
LOOKED_BACK_DAYS = 30
"""Leads that were offered earlier than this are given up, not waiting."""
WORKED = ("accepted", "rejected", "attempted", "connected", "qualified", "disqualified")
BATCHES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds: its records, and the first and last instant among them.

    Text as ISO 8601: an instant in UTC, or a day where the table is dated by day; None where the
    table has no date or no dated record. Dates after the clock's now are typing errors of a
    source, and are left out of ``last``.
    """

    records: int
    first: str | None = None
    last: str | None = None

    def last_day(self, calendar: Calendar) -> date | None:
        """The local day of the last record.

        >>> Held(1, last="2025-11-03T22:30:00+00:00").last_day(Calendar(zone="Europe/Bucharest"))
        datetime.date(2025, 11, 4)
        """
        return _day(self.last, calendar)

    def first_day(self, calendar: Calendar) -> date | None:
        """The local day of the first record."""
        return _day(self.first, calendar)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch: the version that it made, when (ISO 8601, UTC), what kind, from where."""

    version: int
    at: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """A ledger version at a glance. ``tables`` has every table that holds records.

    ``latest`` is the instant at which questions see the ledger where they name none: that of its
    latest event, but none after the version was made. None where there is no event.

    ``quarantined`` counts rows that could not be read. ``unworked`` are leads that were offered at
    least :data:`UNWORKED_HOURS` before the last hand-off event and that nobody took up since,
    those of the last :data:`LOOKED_BACK_DAYS` days only. ``batches`` are the newest, newest first.
    """

    version: int
    latest: str | None
    tables: Mapping[str, Held]
    quarantined: int
    unworked: int
    batches: tuple[BatchLine, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no table that a funnel is made of holds a record."""
        return not any(name in self.tables for name in SOURCES)

    def last_event(self) -> datetime | None:
        """The latest instant of any of the sources that have instants, in UTC."""
        return max(self._ends("last"), default=None)

    def first_event(self) -> datetime | None:
        """The earliest instant of any of the sources that have instants, in UTC."""
        return min(self._ends("first"), default=None)

    def _ends(self, which: str) -> list[datetime]:
        held = (self.tables[name] for name in SOURCES if name in self.tables)
        texts = (getattr(each, which) for each in held)
        return [datetime.fromisoformat(text) for text in texts if text and "T" in text]


def kept_freshness(workspace: Workspace) -> Freshness | None:
    """What the last version holds if it is worked out already, else None."""
    try:
        found = json.loads(_path(workspace, read_head(workspace.ledger).version).read_text("utf-8"))
    except FileNotFoundError:
        return None
    tables = {name: Held(**held) for name, held in found["tables"].items()}
    batches = tuple(BatchLine(**line) for line in found["batches"])
    return Freshness(**{**found, "tables": tables, "batches": batches})


def compute_freshness(workspace: Workspace) -> Freshness:
    """Work out what the last version holds, and keep it."""
    now = workspace.clock()
    made = workspace.reading(lambda reader: _freshness(reader, now))
    path = _path(workspace, made.version)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(asdict(made), ensure_ascii=False))
    return made


def _path(workspace: Workspace, version: int) -> Path:
    return workspace.path / FOLDER / str(version) / f"freshness-{RELEASE}.json"


def _freshness(reader: Reader, now: datetime) -> Freshness:
    tables = {name: _held(reader, name, now) for name in TABLES if name in reader.head.tables}
    held = {name: each for name, each in tables.items() if each.records}
    quarantine = reader.table(QUARANTINE.name)
    span = reader.fetch(span_of_instants(reader.facts()))
    latest = bounded(span, committed_at(reader, reader.head.version))["latest"][0].as_py()
    return Freshness(
        reader.head.version,
        _text(latest),
        held,
        _one(reader, quarantine.aggregate(n=quarantine.count()))["n"],
        _unworked(reader) if "handoff" in held else 0,
        _batches(reader),
    )


def _held(reader: Reader, name: str, now: datetime) -> Held:
    rows, table = reader.table(name), TABLES[name]
    if not table.instant:
        return Held(_one(reader, rows.aggregate(n=rows.count()))["n"])
    at = rows[table.instant]
    is_day = table.by_name[table.instant].kind is Kind.DAY
    bound = ibis.literal(now.date()) if is_day else ibis.literal(now, type="timestamp('UTC')")
    found = _one(
        reader, rows.aggregate(n=rows.count(), first=at.min(), last=at.max(where=at <= bound))
    )
    return Held(found["n"], _text(found["first"]), _text(found["last"]))


def _unworked(reader: Reader) -> int:
    rows = reader.table("handoff")
    last = _one(reader, rows.aggregate(last=rows.occurred_at.max()))["last"]
    if last is None:
        return 0
    offered = rows.filter(rows.kind == "offered")
    offers = offered.group_by("lead_id").aggregate(offered_at=offered.occurred_at.max())
    acts = rows.filter(rows.kind.isin(WORKED))
    taken = acts.group_by("lead_id").aggregate(taken_at=acts.occurred_at.max())
    joined = offers.left_join(taken.rename(taken_lead="lead_id"), offers.lead_id == taken.lead_id)
    waits = joined.taken_at.isnull() | (joined.taken_at < joined.offered_at)
    since, until = last - timedelta(days=LOOKED_BACK_DAYS), last - timedelta(hours=UNWORKED_HOURS)
    recent = joined.offered_at.between(_instant(since), _instant(until))
    return int(_one(reader, joined.aggregate(n=joined.count(where=waits & recent)))["n"])


def _instant(at: datetime) -> ir.Value:
    return ibis.literal(at, type="timestamp('UTC')")


def _batches(reader: Reader) -> tuple[BatchLine, ...]:
    rows = reader.rows(BATCH.name)
    newest = rows.filter(rows.since <= reader.head.version).order_by(rows.since.desc())
    found = newest.select("since", "committed_at", "kind", "source").limit(BATCHES_SHOWN)
    return tuple(
        BatchLine(each["since"], _text(each["committed_at"]) or "", each["kind"], each["source"])
        for each in reader.fetch(found).to_pylist()
    )


def _one(reader: Reader, expression: ir.Table) -> dict[str, Any]:
    found: dict[str, Any] = reader.fetch(expression).to_pylist()[0]
    return found


def _text(value: datetime | date | None) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else value.isoformat()


def _day(text: str | None, calendar: Calendar) -> date | None:
    if not text:
        return None
    if "T" not in text:
        return date.fromisoformat(text)
    return calendar.local_day(datetime.fromisoformat(text))
