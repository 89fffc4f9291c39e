"""Months that are closed: what their figures were, under which terms, and what would differ now."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from math import isclose
from typing import Any

from onefunnel.errors import UnknownName
from onefunnel.funnel.notes import note
from onefunnel.ledger.disk.head import Head, read_head
from onefunnel.ledger.disk.system import BATCH, CLOSING
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import Answer, flat
from onefunnel.vocabulary.answers import Row
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.encoded import Computed, decoded
from onefunnel.workflows.workspace import Workspace

FOUND = ("grade", "top_rejection_reason")
"""Texts of rows that are found, so that no row is told by them."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month: its local days (``after_day`` is not in it), and what it was closed with.

    ``version`` is the ledger version of its figures. ``terms_since`` is when the terms that this
    version names came into force, None where there were none; a month whose terms are younger than
    its first day had results before its rules.
    """

    month: str
    first_day: date
    after_day: date
    closed_at: datetime
    closed_by: str
    version: int
    measures: tuple[str, ...]
    terms_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure of a closed month, as it was closed and as the records say it now.

    ``row`` says which row of the measure it is in. None is unknown, or a row that is not there.
    """

    month: str
    measure: str
    row: Mapping[str, str | None]
    figure: str
    was: Decimal | float | None
    now: Decimal | float | None


def closed_months(workspace: Workspace) -> tuple[Closed, ...]:
    """The closed months, the latest first."""
    if CLOSING.name not in read_head(workspace.ledger).tables:
        return ()
    return workspace.reading(_closed_months)


def last_closed(workspace: Workspace, head: Head) -> str | None:
    """The last closed month, None where none is."""
    if CLOSING.name not in head.tables:
        return None
    found = closed_months(workspace)
    return found[0].month if found else None


def closed_month(workspace: Workspace, month: str) -> Closed:
    """A closed month by its label. UnknownName where it is not closed."""
    found = {each.month: each for each in closed_months(workspace)}
    if month not in found:
        raise UnknownName("closed month", month, found)
    return found[month]


def closed_answer(workspace: Workspace, measure: str, asked: Asked) -> Computed | None:
    """The answer of a measure as a month was closed with it, where just that month is asked.

    A question that names a version, an instant or a horizon is another question, and so is one by
    dimensions by which the measure is not kept.
    """
    if CLOSING.name not in read_head(workspace.ledger).tables:
        return None
    if asked != Asked(asked.by, asked.since, asked.until) or None in (asked.since, asked.until):
        return None
    if measure not in MEASURES or asked.by not in MEASURES[measure].closed_by:
        return None

    def read(reader: Reader) -> list[dict[str, Any]]:
        rows = reader.table(CLOSING.name)
        chosen = rows.filter(
            rows.measure == measure,
            rows.first_day == asked.since,
            rows.after_day == asked.until,
        )
        chosen = chosen.select("closing_id", "month", "version", "answer")
        answers: list[dict[str, Any]] = reader.fetch(chosen).to_pylist()
        return answers

    for row in workspace.reading(read):
        if row["closing_id"] == closing_id(row["month"], measure, asked.by):
            return _said_closed(row)
    return None


def closing_id(month: str, measure: str, by: tuple[str, ...]) -> str:
    """The key of what a closed month keeps.

    >>> closing_id("2024-06", "acquisition", ()), closing_id("2024-06", "acquisition", ("channel",))
    ('2024-06 acquisition', '2024-06 acquisition by channel')
    """
    return " ".join((month, measure, *(("by", ", ".join(by)) if by else ())))


def _said_closed(row: Mapping[str, Any]) -> Computed:
    found = decoded(json.loads(row["answer"]))
    said = note("closed_month", month=row["month"], version=row["version"])
    return replace(found, answer=replace(found.answer, notes=(*found.answer.notes, said)))


def differing(month: str, closed: Answer[Any], present: Answer[Any]) -> Iterator[Restated]:
    """The figures of two answers that are not the same, intervals left out.

    Rows are told apart by their dimensions and texts.
    """
    before, after = _by_key(closed), _by_key(present)
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key, {}), after.get(key, {})
        for name in dict.fromkeys((*old, *new)):
            was, now = old.get(name), new.get(name)
            if not _same(was, now):
                yield Restated(month, closed.measure, dict(key), name, was, now)


def _by_key(answer: Answer[Any]) -> dict[tuple[tuple[str, str | None], ...], dict[str, Any]]:
    return {_key(row): _figures(flat(row)) for row in answer.rows}


def _key(row: Row) -> tuple[tuple[str, str | None], ...]:
    """The dimensions of a row, unknown ones too, and its texts that are no findings themselves."""
    told = ((name, value) for name, value in flat(row).items() if isinstance(value, str))
    texts = {name: str(value) for name, value in told if name not in FOUND}
    return tuple({**row.dimensions, **texts}.items())


def _figures(row: Mapping[str, Any]) -> dict[str, Any]:
    kinds = (int, float, Decimal)
    return {
        name: value
        for name, value in row.items()
        if isinstance(value, kinds) and not name.endswith(("_low", "_high"))
        if name not in ("low", "high")
    }


def _same(was: Any, now: Any) -> bool:
    if was is None or now is None or Decimal in (type(was), type(now)):
        return bool(was == now)
    return isclose(was, now, rel_tol=1e-9, abs_tol=1e-12)


def _closed_months(reader: Reader) -> tuple[Closed, ...]:
    rows = reader.fetch(reader.table(CLOSING.name).drop("answer")).to_pylist()
    since = _terms_since(reader)
    by_month: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["first_day"], row["measure"])):
        by_month.setdefault(row["month"], []).append(row)
    found = [_closed(each, since) for each in by_month.values()]
    return tuple(reversed(found))


def _closed(rows: list[dict[str, Any]], since: Mapping[int, datetime | None]) -> Closed:
    first = rows[0]
    return Closed(
        first["month"],
        first["first_day"],
        first["after_day"],
        first["closed_at"],
        first["closed_by"],
        first["version"],
        tuple(dict.fromkeys(row["measure"] for row in rows)),
        since.get(first["version"]),
    )


def _terms_since(reader: Reader) -> dict[int, datetime | None]:
    """By ledger version, when the terms that it names came into force."""
    batches = reader.rows(BATCH.name)
    asked = batches.select("since", "terms", "committed_at").order_by("since")
    found: dict[int, datetime | None] = {}
    before, since = "", None
    for row in reader.fetch(asked).to_pylist():
        terms = row["terms"] or ""
        if terms != before:
            before, since = terms, row["committed_at"] if terms else None
        found[row["since"]] = since
    return found
