"""The raw records of one file: every value text, every record with its line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from onefunnel.intake.files.lines import Lines
from onefunnel.vocabulary import Note

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

LINE = "_line"
REJECTED = pa.schema(
    [
        pa.field("file", pa.string()),
        pa.field("line", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("value", pa.string()),
        pa.field("code", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("record", pa.string()),
        pa.field("table", pa.string()),
        pa.field("file_column", pa.string()),
    ]
)
JOINED = " + "
"""Between the names of columns that one ledger column is made of."""
_FLUSH_ROWS, _FLUSH_CHARACTERS = 20_000, 32_000_000


def column(position: int) -> str:
    """The internal name of a raw column: names of files may differ in case only, DuckDB's can't."""
    return f"c{position}"


@dataclass(frozen=True)
class Raw:
    """Records of one file as text.

    ``table`` has a text column ``c0``, ``c1``… for each name of ``header`` ("" where the file has
    no name). Lines stand in its column ``_line``; or, where ``lines`` is given, they follow from
    the order of the rows. ``last`` is the line and the cells of the last record. ``records`` is
    how many rows the table must have, where they were counted. ``excel`` allows serial dates.
    """

    file: str
    table: ir.Table
    header: tuple[str, ...]
    header_line: int = 1
    lines: Lines | None = None
    last: tuple[int, tuple[str | None, ...]] | None = None
    records: int | None = None
    excel: bool = False
    notes: tuple[Note, ...] = ()

    def value(self, name: str) -> ir.StringValue:
        """The raw column with that name in the header."""
        return self.table[column(self.header.index(name))]


class Rejects:
    """Collects the broken records of one file, for one table, in bounded memory."""

    def __init__(self, con: "Backend", file: str, table: str) -> None:
        self.file, self.table, self.count = file, table, 0
        self._con = con
        self._name = ibis.util.gen_name("rejected")
        con.create_table(self._name, schema=ibis.schema(REJECTED), temp=True)
        self._pending: list[dict[str, str | int | None]] = []
        self._characters = 0

    def add(self, line: int, code: str, reason: str, record: Mapping[str, object]) -> None:
        """A broken record; ``record`` is what could be made of it, by column."""
        text = json.dumps(record, ensure_ascii=False)
        row: dict[str, str | int | None] = {"file": self.file, "line": line, "code": code}
        row |= {"reason": reason, "record": text, "table": self.table}
        self._pending.append(row)
        self.count += 1
        self._characters += len(text)
        if len(self._pending) >= _FLUSH_ROWS or self._characters >= _FLUSH_CHARACTERS:
            self._flush()

    def clear(self) -> None:
        """Forget everything: the file is read again from its beginning."""
        self._pending.clear()
        self._characters = self.count = 0
        self._con.truncate_table(self._name)

    def rows(self) -> ir.Table:
        """What was collected."""
        self._flush()
        return self._con.table(self._name)

    def _flush(self) -> None:
        if self._pending:
            self._con.insert(self._name, pa.Table.from_pylist(self._pending, schema=REJECTED))
            self._pending.clear()
            self._characters = 0


def named(header: Sequence[str], cells: Sequence[str | None]) -> dict[str, object]:
    """Cells by the names of the header, for a quarantine; the surplus under ``_more``.

    >>> named(["a", "b"], ["1", "2", "3"])
    {'a': '1', 'b': '2', '_more': ['3']}
    """
    names = [name or f"_column_{number}" for number, name in enumerate(header, 1)]
    record: dict[str, object] = dict(zip(names, cells, strict=False))
    if len(cells) > len(names):
        record["_more"] = list(cells[len(names) :])
    return record
