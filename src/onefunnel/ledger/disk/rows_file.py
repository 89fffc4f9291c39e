"""Parquet files that are written once, on the way in, and then adopted by a table as they are."""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, create_table_with_add_actions

from onefunnel.ledger.disk import delta
from onefunnel.ledger.disk.head import Stored
from onefunnel.ledger.disk.system import stored_schema
from onefunnel.ledger.schema.tables import Table


@contextmanager
def rows_file(
    since: int, table: Table, path: Path, schema: pa.Schema
) -> Iterator[Callable[[pa.Table], None]]:
    """A Parquet file of rows that batch ``since`` brings: give it to :func:`adopt` when it is full.

    Rows have the columns of ``schema``; those of the table that are not among them are NULL. There
    are no statistics on what can tell who somebody is.
    """
    whole = stored_schema(table)
    spoken = [name for name in whole.names if name not in delta.silent_columns(table)]
    with pq.ParquetWriter(
        path,
        whole,
        compression="zstd",
        use_dictionary=spoken,
        write_statistics=spoken,
        store_decimal_as_integer=True,
        store_schema=False,
    ) as writer:
        yield lambda rows: writer.write_table(_whole(rows, whole, since))


def _whole(rows: pa.Table, schema: pa.Schema, since: int) -> pa.Table:
    given = dict(zip(rows.column_names, rows.columns, strict=True))
    given["since"] = pa.chunked_array([pa.repeat(pa.scalar(since, pa.int64()), len(rows))])
    columns = [
        given[field.name].cast(field.type)
        if field.name in given
        else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def adopt(
    ledger: Path, table: Table, stored: Stored | None, files: Sequence[Path], since: int
) -> Stored:
    """Append the rows of files that :func:`rows_file` wrote, as they are, in one Delta commit.

    The files stay where they were as well, and must not be written to any more. Returns where the
    table stands afterwards. The rows are invisible until a head names it.
    """
    folder = stored.folder if stored else f"{table.name}-0"
    path, schema = ledger / folder, stored_schema(table)
    if stored and {each.name for each in DeltaTable(str(path)).schema().fields} < {*schema.names}:
        # It was made by a release that had fewer columns; to append nothing adds them.
        delta.append(ledger, table, stored, schema.empty_table().to_reader())
    path.mkdir(exist_ok=True)
    actions = [_added(path, file, since) for file in files]
    known = Schema.from_arrow(schema)
    if stored:
        DeltaTable(str(path)).create_write_transaction([*actions], "append", known)
    else:
        create_table_with_add_actions(str(path), known, actions, configuration=delta.STATISTICS)
    return Stored(folder, DeltaTable(str(path)).version())


def rows_in(file: Path) -> int:
    """How many rows a file holds, as its end says; nothing else is read."""
    return int(pq.read_metadata(file).num_rows)


def _added(folder: Path, file: Path, since: int) -> AddAction:
    """A file under a name of its own in a table's folder, and what the log is to say of it."""
    name = f"part-{uuid.uuid4()}.zstd.parquet"
    try:
        os.link(file, folder / name)
    except OSError:
        # Not every disk can give a file a second name, and scratch may lie on another one.
        shutil.copyfile(file, folder / name)
    rows, about = rows_in(file), file.stat()
    bounds = {"since": since}
    counts = {"since": 0, "until": rows}
    statistics = {"numRecords": rows, "minValues": bounds, "maxValues": bounds, "nullCount": counts}
    written = int(about.st_mtime * 1000)
    return AddAction(name, about.st_size, {}, written, True, json.dumps(statistics))
