"""Answers as JSON, CSV and Parquet, for other programs. Nothing here is translated or rounded."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from types import NoneType
from typing import Any, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from onefunnel.vocabulary import Answer, round_money
from onefunnel.vocabulary.answers import Row, no_money
from onefunnel.vocabulary.cells import guarded
from onefunnel.workflows.asking import Behind

ARROW_TYPES: dict[type, pa.DataType] = {
    Decimal: pa.decimal128(38, 4),
    float: pa.float64(),
    int: pa.int64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}


def to_json(answer: Answer[Any]) -> str:
    """One object: measure, ledger_version, now, parameters, rows, notes.

    Rows are flat, money a string with four decimals, shares numbers from 0 to 1, instants ISO 8601
    in UTC, figures of a reason JSON text, unknown null.

    >>> to_json(Answer("funnel", ()))
    '{"measure": "funnel", "ledger_version": 0, "now": null, "parameters": {}, "rows": [],
      "notes": []}'
    """
    whole = {
        "measure": answer.measure,
        "ledger_version": answer.ledger_version,
        "now": _plain(answer.now),
        "parameters": {name: _plain(value) for name, value in answer.parameters.items()},
        "rows": [_plain_row(row) for row in answer.to_dicts()],
        "notes": [{"code": note.code, "text": note.text} for note in answer.notes],
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def to_csv(answer: Answer[Any]) -> str:
    """The rows with a header, as RFC 4180 writes them (lines end CR LF); unknown is empty.

    A text that a spreadsheet could take for a formula gets an apostrophe before it; numbers never
    do. An answer without rows gives an empty text.
    """
    rows = [_plain_row(row) for row in answer.to_dicts()]
    if not rows:
        return ""
    out = StringIO()
    # With CR LF both characters of a line break inside a text are put into quotation marks.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in rows[0]])
    typed = answer.to_dicts()
    for plain, row in zip(rows, typed, strict=True):
        writer.writerow([_cell(plain[name], row[name]) for name in plain])
    return out.getvalue()


def to_parquet(answer: Answer[Any]) -> bytes:
    """The rows as a Parquet file. Types come from the rows' fields, not from what they hold.

    Money is DECIMAL(38, 4), instants are microseconds in UTC. An answer without rows has no column.
    """
    rows = [{name: _arrow_value(value) for name, value in row.items()} for row in answer.to_dicts()]
    schema = _schema(answer.rows[0]) if answer.rows else pa.schema([])
    out = BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), out)
    return out.getvalue()


def rows_to_json(behind: Behind) -> str:
    """The rows behind a figure: one object as in :func:`to_json`, and which figure it is."""
    whole = {
        "measure": behind.measure,
        "figure": behind.figure,
        "ledger_version": behind.ledger_version,
        "now": _plain(behind.now),
        "parameters": dict(behind.parameters),
        "rows": rows_to_plain(behind.rows),
        "notes": [],
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def rows_to_plain(rows: pa.Table) -> list[dict[str, str | int | float | None]]:
    """Rows as :func:`to_json` writes them, one mapping each."""
    return [_plain_row(row) for row in rows.to_pylist()]


def rows_to_csv(rows: pa.Table) -> str:
    """The rows behind a figure with a header; cells as in :func:`to_csv`."""
    out = StringIO()
    # With CR LF both characters of a line break inside a text are put into quotation marks.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in rows.column_names])
    for row in rows.to_pylist():
        writer.writerow([_cell(_plain(value), value) for value in row.values()])
    return out.getvalue()


def rows_as_csv(rows: pa.Table, at_once: int = 5_000) -> Iterator[str]:
    """The same text as :func:`rows_to_csv`, in parts of so many rows, for many of them."""
    header = rows_to_csv(rows.slice(0, 0))
    yield header
    for first in range(0, len(rows), at_once):
        yield rows_to_csv(rows.slice(first, at_once))[len(header) :]


def rows_to_parquet(rows: pa.Table) -> bytes:
    """The rows behind a figure as a Parquet file."""
    out = BytesIO()
    pq.write_table(rows, out)
    return out.getvalue()


def _plain_row(row: dict[str, Any]) -> dict[str, str | int | float | None]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> str | int | float | None:
    """A value as JSON writes it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return f"{round_money(value):.4f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return json.dumps(dict(value), ensure_ascii=False)
    return str(value)


def _cell(plain: object, value: object) -> object:
    return guarded(plain) if isinstance(value, str) else plain


def _arrow_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return round_money(value)
    if isinstance(value, Mapping):
        return _plain(value)
    return str(value) if isinstance(value, str) else value


def _schema(row: Row) -> pa.Schema:
    hints = {name: hint for name, hint in get_type_hints(type(row)).items() if name != "dimensions"}
    dimensions = [pa.field(name, pa.string()) for name in row.dimensions]
    kinds = {name: _arrow_type(hint) for name, hint in hints.items()}
    kinds |= dict.fromkeys(no_money(row), pa.float64())
    return pa.schema([*dimensions, *(pa.field(name, kind) for name, kind in kinds.items())])


def _arrow_type(hint: Any) -> pa.DataType:
    """The Arrow type of a field; whatever is not listed is text."""
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    return ARROW_TYPES.get(kinds[0], pa.string())
