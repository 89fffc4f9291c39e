"""Incoming rows of erased persons: known ones are left out, new ones come without a name."""

import json
import re
from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.util import gen_name

from onefunnel.ledger.schema.kinds import Kind
from onefunnel.ledger.schema.tables import Column, Table
from onefunnel.ledger.store.incoming import Incoming
from onefunnel.ledger.store.register import Register

ERASED = "The row names somebody who was erased; it was left out."
LONGEST_NAME = 6
"""Words in a name, at most."""


def suppressed(backend: Backend, incoming: Incoming, register: Register) -> Incoming:
    """The incoming rows as the register lets them in.

    A row whose key is in the register is in the ledger already, overwritten: it is left out. A
    party or a value that was erased comes in under its pseudonym, and a row of an erased person
    comes without what identifies them.
    """
    table, rows = incoming.table, incoming.rows
    known = {*register.rows.get(table.name, ())}
    keys = _distinct(backend, rows, [table.key]) if known else []
    out = [key for key in keys if register.hash(key) in known]
    columns = [c.name for c in table.columns if c.name in incoming.present and _may_name(table, c)]
    replaced = {
        value: pseudonym
        for value in _distinct(backend, rows, columns)
        if (pseudonym := _pseudonym(register, value))
    }
    if not out and not replaced:
        return incoming
    kept = rows.filter(~rows[table.key].isin(out)) if out else rows
    changed = _renamed(kept, table, incoming.present, columns, replaced) if replaced else kept
    materialised = backend.create_table(gen_name("suppressed"), changed, temp=True)
    return Incoming(table, materialised, incoming.present, incoming.refused)


def blanked(rows: pa.Table, register: Register) -> pa.Table:
    """Quarantine rows; of those that name an erased person only the place and the code stay."""
    listed = rows.to_pylist()
    for row in listed:
        if _names_erased(row, register):
            row.update(value=None, record=None, reason=ERASED)
    return pa.Table.from_pylist(listed, schema=rows.schema)


def _names_erased(row: dict[str, Any], register: Register) -> bool:
    cells = [row["value"], *_cells(row["record"])]
    known = register.parties.keys() | register.values.keys()
    return any(register.hash(part) in known for cell in cells if cell for part in _parts(cell))


def _cells(record: str | None) -> list[str]:
    found = json.loads(record) if record else {}
    return [str(value) for value in found.values()] if isinstance(found, dict) else [str(found)]


def _parts(cell: str) -> Iterator[str]:
    """A cell as a whole, and every run of a few words in it: a name may stand in a sentence."""
    yield cell
    words = re.split(r"[\s,;:\"'<>()=&?]+", cell)
    for length in range(1, LONGEST_NAME + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _may_name(table: Table, column: Column) -> bool:
    """Whether a column can hold a name of somebody as a whole."""
    text = column.kind is Kind.TEXT
    return text and (column.holds_party or column.identifying or column.name == table.key)


def _pseudonym(register: Register, value: str) -> str | None:
    digest = register.hash(value)
    return register.parties.get(digest) or register.values.get(digest)


def _distinct(backend: Backend, rows: ir.Table, columns: list[str]) -> list[str]:
    if not columns:
        return []
    parts = [rows.select(value=rows[name]).distinct() for name in columns]
    every = ibis.union(*parts, distinct=True) if len(parts) > 1 else parts[0]
    return [v for v in backend.to_pyarrow(every)["value"].to_pylist() if v]


def _renamed(
    rows: ir.Table,
    table: Table,
    present: tuple[str, ...],
    columns: list[str],
    replaced: dict[str, str],
) -> ir.Table:
    touched = ibis.or_(*[rows[name].isin(list(replaced)).fill_null(False) for name in columns])
    pseudonym = min(replaced.values())
    changed: dict[str, ir.Value] = {}
    for name in present:
        column = table.by_name[name]
        value = rows[name]
        if name in columns:
            value = ibis.cases(*[(value == v, p) for v, p in replaced.items()], else_=value)
        if column.identifying:
            gone = ibis.null("string") if column.kind is Kind.JSON else ibis.literal(pseudonym)
            value = (touched & rows[name].notnull()).ifelse(gone, value)
        changed[name] = value
    return rows.mutate(**changed)
