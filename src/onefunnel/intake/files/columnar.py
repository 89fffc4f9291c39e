"""Parquet: typed columns, written out as the text that reads back to the same value."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from onefunnel.errors import InputError, Place
from onefunnel.intake.files.dialect import clean_names
from onefunnel.intake.files.raw import LINE, Raw, Rejects, column
from onefunnel.intake.files.request import Request
from onefunnel.intake.values.builtins import epoch_us, make_timestamp

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def read_parquet(request: Request, rejects: Rejects, con: "Backend") -> Raw:
    """The records of a Parquet file; a record's line is its number plus one, as under a header.

    Instants are taken in UTC; a time stamp without zone is the workspace's local time, as in text.
    Raises InputError ``damaged_file``.
    """
    path = request.readable(request.path)
    try:
        names = pq.read_schema(path).names
        records = pq.read_metadata(path).num_rows
        stored = _stored(path, names, con)
    except duckdb.OutOfMemoryException:
        raise
    except (pa.ArrowInvalid, OSError, duckdb.Error) as error:
        message = f"The file can't be read ({str(error).splitlines()[0]})."
        place = Place(request.file)
        raise InputError(place, "damaged_file", message, remedy="Write it again.") from error
    return Raw(request.file, stored, clean_names(names)[0], records=records)


def _stored(path: Path, names: Sequence[str], con: "Backend") -> ir.Table:
    table = con.read_parquet(path, file_row_number=True)
    columns = {column(at): as_text(table[name]) for at, name in enumerate(names)}
    line = (table.file_row_number + 2).cast("int64")
    rows = table.select(**{LINE: line}, **columns)
    return con.create_table(ibis.util.gen_name("raw"), rows, temp=True)


def as_text(value: ir.Value) -> ir.StringValue:
    """A value as text: instants in ISO 8601 with ``Z``, nested values as JSON."""
    kind = value.type()
    if isinstance(kind, dt.Timestamp) and kind.timezone is not None:
        # By the count of microseconds: a cast to text would depend on the session's zone.
        return make_timestamp(epoch_us(value)).cast("string") + "Z"
    if isinstance(kind, dt.String):
        return value.nullif("")
    if isinstance(kind, dt.Binary):
        return value.cast("string").nullif("")
    if isinstance(kind, dt.Struct | dt.Array | dt.Map):
        return value.cast("json").cast("string")
    return value.cast("string")
