"""Rows that come again just as they are stored: found by the bytes of their files.

An import writes its rows into Parquet files, in the order in which they came, and the ledger
adopts them as they are. So an export that comes again, or that has only grown at its end, gives
row groups with the very bytes of those that are stored, but for the number of the batch. Equal
bytes are equal rows; of bytes that differ nothing follows, and their rows are compared as rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

BATCH = "since"
"""The column that tells nothing of the record itself: the batch that brought it."""


def alike_rows(file: Path, stored: Iterable[Path]) -> int:
    """How many rows at the beginning of a file stand in one of the stored files, byte for byte.

    They are whole row groups, and stand at the beginning of the stored file too, where no batch
    has closed any of them. 0 where no stored file begins like this one.

    >>> import pyarrow as pa
    >>> from tempfile import TemporaryDirectory
    >>> def written(path, since):
    ...     rows = {"key": ["a", "b"], "since": [since] * 2, "until": pa.nulls(2, pa.int64())}
    ...     pq.write_table(pa.table(rows), path)
    ...     return path
    >>> with TemporaryDirectory() as folder:
    ...     first, again = (written(Path(folder, f"{n}.parquet"), n) for n in (1, 2))
    ...     alike_rows(again, [first])
    2
    """
    return max((_alike(file, each) for each in stored), default=0)


def rest_of(backend: Backend, known: Mapping[Path, int], present: Sequence[str]) -> ir.Table:
    """The rows of files after as many as are known already: ``present`` and ``deleted``."""
    parts = []
    for path, count in known.items():
        rows = backend.read_parquet(path, file_row_number=True)
        after = rows.filter(rows.file_row_number >= count)
        parts.append(after.select(*present, deleted=ibis.literal(False)))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _alike(file: Path, stored: Path) -> int:
    ours, theirs = pq.read_metadata(file), pq.read_metadata(stored)
    if not ours.schema.equals(theirs.schema) or not ours.num_rows or not theirs.num_rows:
        return 0
    rows = 0
    with _mapped(file) as first, _mapped(stored) as second:
        for at in range(min(ours.num_row_groups, theirs.num_row_groups)):
            group, other = ours.row_group(at), theirs.row_group(at)
            if not _is_open(other) or not _same_bytes(group, other, first, second):
                break
            rows += group.num_rows
    return rows


@contextmanager
def _mapped(path: Path) -> Iterator[mmap]:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
        yield mapped


def _is_open(group: pq.RowGroupMetaData) -> bool:
    """Whether no row of a row group was closed by a later batch, as its statistics say."""
    for at in range(group.num_columns):
        column = group.column(at)
        if column.path_in_schema == "until":
            said = column.statistics
            return bool(said and said.has_null_count and said.null_count == group.num_rows)
    return False


def _same_bytes(
    group: pq.RowGroupMetaData, other: pq.RowGroupMetaData, first: mmap, second: mmap
) -> bool:
    if group.num_rows != other.num_rows:
        return False
    pairs = [(group.column(at), other.column(at)) for at in range(group.num_columns)]
    telling = [pair for pair in pairs if pair[0].path_in_schema != BATCH]
    return all(_shape(a) == _shape(b) for a, b in telling) and all(
        np.array_equal(_bytes(a, first), _bytes(b, second)) for a, b in telling
    )


def _shape(column: pq.ColumnChunkMetaData) -> Sequence[object]:
    """All that decides how the bytes of a column are read."""
    return (
        column.path_in_schema,
        column.physical_type,
        column.compression,
        column.encodings,
        column.num_values,
        column.total_compressed_size,
    )


def _bytes(column: pq.ColumnChunkMetaData, file: mmap) -> npt.NDArray[np.uint8]:
    start = column.data_page_offset
    if column.has_dictionary_page:
        start = min(start, column.dictionary_page_offset)
    # A copy: the file can't be closed while something looks into it.
    return np.frombuffer(file, np.uint8, column.total_compressed_size, start).copy()
