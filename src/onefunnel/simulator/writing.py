"""A company as a folder: the canonical import, and the truth beside it."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from onefunnel.errors import UnknownName
from onefunnel.ledger.schema import TABLES, Kind

if TYPE_CHECKING:
    from onefunnel.simulator.company import Company


class Writer(Protocol):
    """What takes tables of one schema, as the writers of pyarrow do."""

    def write_table(self, table: pa.Table) -> None:
        """Append the rows."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


def write(company: "Company", folder: Path, format: str) -> Path:
    """Write every table that has rows, one file each, block by block, and the truth.

    The import takes every file of a folder; so the truth of ``company/`` lies beside it, in
    ``company.truth.json``. Files of the same names are replaced. Raises UnknownName for a format
    that does not exist.
    """
    if format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, File] = {}
    with ExitStack() as opened:
        for name, block in company.passes():
            if not block.num_rows:
                continue
            if name not in written:
                written[name] = File(FORMATS[format], name, folder / f"{name}.{format}")
                opened.callback(written[name].close)
            written[name].append(block)
    truth_file(folder).write_text(company.truth.to_json(), encoding="utf-8")
    return folder


def truth_file(folder: Path) -> Path:
    """Where the truth of a written company lies.

    >>> truth_file(Path("companies/x")).as_posix()
    'companies/x.truth.json'
    """
    return folder.with_name(f"{folder.name}.truth.json")


class File:
    """A file of one table, opened with its first block, which says what its columns are."""

    def __init__(self, opener: "Opener", name: str, path: Path) -> None:
        self._opener, self._name, self._path = opener, name, path
        self._schema: pa.Schema | None = None
        self._writer: Writer | None = None

    def append(self, block: pa.Table) -> None:
        """Write the rows of a block."""
        if self._schema is None or self._writer is None:
            self._schema = block.schema
            self._writer = self._opener(self._name, self._path, block.schema)
        self._writer.write_table(_alike(block, self._schema))

    def close(self) -> None:
        """Finish the file, if it was begun."""
        if self._writer is not None:
            self._writer.close()


def _alike(block: pa.Table, schema: pa.Schema) -> pa.Table:
    """The block with texts coded where the first block has them coded."""
    for position, field in enumerate(schema):
        column = block.column(position)
        if pa.types.is_dictionary(field.type) and not pa.types.is_dictionary(column.type):
            block = block.set_column(position, field, column.dictionary_encode())
    return block


def _parquet(name: str, path: Path, schema: pa.Schema) -> Writer:
    # Statistics and dictionaries only where they help; keys are all different.
    coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    measured = [column.name for column in TABLES[name].columns if column.kind is not Kind.TEXT]
    return _Unified(
        parquet.ParquetWriter(
            path,
            schema,
            use_dictionary=coded,
            compression="snappy",
            store_schema=False,
            write_statistics=measured,
        )
    )


class _Unified:
    """A writer whose tables get one dictionary per column first."""

    def __init__(self, writer: parquet.ParquetWriter) -> None:
        self._writer = writer

    def write_table(self, table: pa.Table) -> None:
        self._writer.write_table(table.unify_dictionaries())

    def close(self) -> None:
        self._writer.close()


def _csv(name: str, path: Path, schema: pa.Schema) -> Writer:
    return _Text(name, csv.CSVWriter(path, as_text(name, schema.empty_table()).schema))


class _Text:
    """A writer whose tables become text first."""

    def __init__(self, name: str, writer: csv.CSVWriter) -> None:
        self._name, self._writer = name, writer

    def write_table(self, table: pa.Table) -> None:
        self._writer.write_table(as_text(self._name, table))

    def close(self) -> None:
        self._writer.close()


Opener = Callable[[str, Path, pa.Schema], Writer]

FORMATS: dict[str, Opener] = {"csv": _csv, "parquet": _parquet}
"""How a file of each format is opened: the table's name, the path, the schema of its blocks."""


def as_text(name: str, block: pa.Table) -> pa.Table:
    """The block as the canonical CSV has it: instants in ISO 8601 with Z, texts without codes."""
    columns = {}
    for column in TABLES[name].columns:
        values = block[column.name]
        if pa.types.is_dictionary(values.type):
            values = pc.cast(values, pa.string())
        columns[column.name] = instant_text(values) if column.kind is Kind.INSTANT else values
    return pa.table(columns)


def instant_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Instants as text such as ``2024-01-02T10:00:00Z``; NULL stays NULL.

    Made of a day and a time of day, which is several times faster than formatting.
    """
    local = pc.cast(values, pa.timestamp("s", tz="UTC")).cast(pa.timestamp("s"))
    day = pc.cast(pc.cast(local, pa.date32()), pa.string())
    time = pc.cast(pc.cast(local, pa.time32("s")), pa.string())
    parts = pc.binary_join_element_wise(day, time, "T")
    return pc.binary_join_element_wise(parts, pa.scalar("Z"), "")
