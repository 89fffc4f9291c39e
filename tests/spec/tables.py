"""Small tables written as text, as they stand in the cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from onefunnel.ledger.schema import TABLES, Kind
from onefunnel.vocabulary import flat
from tests.spec.engines import ENTITY

UNKNOWN = "-"


def instant(text: str) -> datetime:
    """An instant; without a zone it is in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.JSON: str,
    Kind.INSTANT: instant,
    Kind.DAY: date.fromisoformat,
    Kind.MONEY: Decimal,
    Kind.QUANTITY: Decimal,
    Kind.RATE: Decimal,
    Kind.COUNT: int,
    Kind.RATIO: float,
}


def cells(text: str) -> list[dict[str, str | None]]:
    """The rows of a table: a heading, then a line per row, columns parted by bars."""
    heading, *lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in heading.split("|")]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert all(len(row) == len(names) for row in rows), "a row has too few or too many cells"
    return [
        {name: None if cell == UNKNOWN else cell for name, cell in zip(names, row, strict=True)}
        for row in rows
    ]


def records(**tables: str) -> dict[str, list[dict[str, Any]]]:
    """Typed records of the named tables.

    Where ``entity`` is left out, each subject that the case needs must be a party of its own.
    """
    read = {name: [_typed(name, row) for row in cells(text)] for name, text in tables.items()}
    if "entity" not in read:
        parties = sorted(
            {row["party_id"] for rows in read.values() for row in rows if row.get("party_id")}
        )
        read["entity"] = [
            {"party_id": party, "entity_code": code} for code, party in enumerate(parties)
        ]
    return read


def _typed(table: str, row: dict[str, str | None]) -> dict[str, Any]:
    return {name: None if v is None else _reader(table, name)(v) for name, v in row.items()}


def _reader(table: str, column: str) -> Callable[[str], Any]:
    if table == "entity":
        return int if ENTITY.field(column).type == "int64" else str
    return READERS[TABLES[table].by_name[column].kind]


def assert_answers(rows: tuple[Any, ...], expected: str) -> None:
    """The columns that the expected table names, of all rows in their order.

    Lines left out at the end of eight stages are not allowed: a case says all that is answered,
    unless its heading begins with ``stage``; then only the stages it names are compared.
    """
    wanted = cells(expected)
    found = [flat(row) for row in rows]
    if "stage" in wanted[0]:
        named = {row["stage"] for row in wanted}
        found = [row for row in found if row["stage"] in named]
    assert len(found) == len(wanted), found
    for row, line in zip(found, wanted, strict=True):
        for name, cell in line.items():
            assert _same(row[name], cell), (name, row[name], cell, row)


def _same(value: Any, cell: str | None) -> bool:
    if cell is None or value is None:
        return cell is value
    if isinstance(value, float):
        return bool(value == pytest.approx(float(cell), rel=1e-9, abs=0.5e-6))
    if isinstance(value, Decimal):
        return value == Decimal(cell) and value.as_tuple().exponent == -4
    return str(value) == cell
