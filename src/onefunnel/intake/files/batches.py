"""Records that Python reads (workbooks, JSON) become a table of text, batch by batch."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from onefunnel.intake.files.raw import LINE, Raw, column
from onefunnel.vocabulary import Note

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

_ROWS, _CHARACTERS = 20_000, 32_000_000
Cells = Sequence[str | None]


def store(
    con: "Backend",
    file: str,
    header: tuple[str, ...],
    header_line: int,
    records: Iterable[tuple[int, Cells]],
    *,
    excel: bool = False,
    notes: tuple[Note, ...] = (),
) -> Raw:
    """Store records (line, cells as wide as the header) and describe them.

    Records of nothing but empty cells are blank lines, and are left out.
    """
    names = [column(position) for position in range(len(header))]
    schema = pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in names)])
    name = ibis.util.gen_name("raw")
    con.create_table(name, schema=ibis.schema(schema), temp=True)
    pending: list[tuple[int | str | None, ...]] = []
    characters = count = 0
    last: tuple[int, tuple[str | None, ...]] | None = None
    for line, cells in records:
        if not any(cells):
            continue
        last = (line, tuple(cells))
        pending.append((line, *cells))
        count += 1
        characters += sum(len(cell) for cell in cells if cell)
        if len(pending) >= _ROWS or characters >= _CHARACTERS:
            _write(con, name, pending, schema)
            characters = 0
    _write(con, name, pending, schema)
    return Raw(
        file,
        con.table(name),
        header,
        header_line,
        last=last,
        records=count,
        excel=excel,
        notes=notes,
    )


def _write(
    con: "Backend", name: str, rows: list[tuple[int | str | None, ...]], schema: pa.Schema
) -> None:
    if rows:
        arrays = [
            pa.array(list(values), field.type)
            for values, field in zip(zip(*rows, strict=True), schema, strict=True)
        ]
        con.insert(name, pa.Table.from_arrays(arrays, schema=schema))
        rows.clear()
