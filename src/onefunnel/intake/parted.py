"""Records parted as they stream past: good ones into one Parquet file, bad ones into another.

Nothing but the lines is held in memory. A file of good rows is written as the ledger stores them
(:data:`RowsFile`), so that it can become a part of the ledger as it is.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from onefunnel.intake.files.lines import Lines, LineSteps, Positions
from onefunnel.intake.files.raw import LINE
from onefunnel.ledger.schema import Table

PROBLEM, VALUE, RECORD = "_problem", "_value", "_record"
BATCH = 15 * 2048
"""Rows that come at once: a few of the engine's vectors."""

_GROUP = 4 * BATCH
_GROUP_BYTES = 128 * 1024 * 1024
_BAD = pa.schema(
    [(LINE, pa.int64()), (PROBLEM, pa.int16()), (VALUE, pa.string()), (RECORD, pa.string())]
)
Write: TypeAlias = Callable[[pa.Table], None]
RowsFile: TypeAlias = Callable[[Table, Path, pa.Schema], AbstractContextManager[Write]]
"""Opens a Parquet file for rows of a table that have the columns of the schema."""


@contextmanager
def plain_file(table: Table, path: Path, schema: pa.Schema) -> Iterator[Write]:
    """A Parquet file with just the columns that come."""
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield writer.write_table


@dataclass(frozen=True)
class Parted:
    """How many records there were in all, the lines of the good ones in their order, both files."""

    records: int
    lines: Lines
    good: Path
    bad: Path


@dataclass(frozen=True)
class Parting:
    """Where records go, and how they are numbered.

    They must come in the order of the file: nothing that makes them may be a join.
    ``lines`` numbers them by their order; where it is None they bring their lines themselves.
    The record on the line ``without`` goes into neither file.
    """

    table: Table
    columns: Sequence[str]
    folder: Path
    name: str
    open_rows: RowsFile
    lines: Lines | None
    without: int | None

    def part(self, records: pa.RecordBatchReader) -> Parted:
        """Read all the records; those without a problem are good, those left out have -1."""
        good, bad = (self.folder / f"{self.name}.{kind}.parquet" for kind in ("good", "bad"))
        steps, count = LineSteps(0), 0
        schema = pa.schema([records.schema.field(name) for name in self.columns])
        with (
            self.open_rows(self.table, good, schema) as write,
            pq.ParquetWriter(bad, _BAD, compression="zstd") as bad_writer,
        ):
            groups = _Groups(write, schema)
            for batch in _said_as_duckdb(records):
                lines = self._lines(batch, count)
                count += batch.num_rows
                fine, wrong = self._sorted(batch, lines)
                steps.add(lines[fine])
                groups.add(_only(batch, fine).select(self.columns))
                if wrong.any():
                    bad_writer.write_batch(_bad_rows(_only(batch, wrong), lines[wrong]))
            groups.close()
        return Parted(count, steps.lines(), good, bad)

    def _lines(self, batch: pa.RecordBatch, before: int) -> Positions:
        if self.lines is None:
            lines: Positions = batch.column(LINE).to_numpy(zero_copy_only=False).astype(np.int64)
            return lines
        return self.lines.of_each(np.arange(before, before + batch.num_rows))

    def _sorted(
        self, batch: pa.RecordBatch, lines: Positions
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Which records are good, and which bad."""
        problem = batch.column(PROBLEM)
        fine = np.ones(batch.num_rows, np.bool_)
        wrong = np.zeros(batch.num_rows, np.bool_)
        if problem.null_count < len(problem):
            numbers = problem.fill_null(-2).to_numpy(zero_copy_only=False)
            fine, wrong = numbers == -2, numbers >= 0
        if self.without is not None:
            here = lines != self.without
            fine, wrong = fine & here, wrong & here
        return fine, wrong


class _Groups:
    """Gathers rows and writes them in groups of one size, whatever the sizes they come in."""

    def __init__(self, write: Write, schema: pa.Schema) -> None:
        self._write, self._schema = write, schema
        self._waiting: list[pa.RecordBatch] = []
        self._rows = self._bytes = 0

    def add(self, rows: pa.RecordBatch) -> None:
        self._waiting.append(rows)
        self._rows += rows.num_rows
        self._bytes += rows.nbytes
        while self._rows >= _GROUP:
            self._flush(_GROUP)
        if self._bytes >= _GROUP_BYTES:
            self._flush(self._rows)

    def close(self) -> None:
        if self._rows:
            self._flush(self._rows)

    def _flush(self, rows: int) -> None:
        table = pa.Table.from_batches(self._waiting, self._schema)
        # In one piece, so that the same rows are the same bytes whatever pieces they came in.
        self._write(table.slice(0, rows).combine_chunks())
        rest = table.slice(rows)
        self._waiting = rest.to_batches()
        self._rows, self._bytes = rest.num_rows, rest.nbytes


def _only(batch: pa.RecordBatch, wanted: npt.NDArray[np.bool_]) -> pa.RecordBatch:
    return batch if wanted.all() else batch.filter(pa.array(wanted))


def _bad_rows(batch: pa.RecordBatch, lines: Positions) -> pa.RecordBatch:
    texts = [batch.column(name) for name in (PROBLEM, VALUE, RECORD)]
    return pa.RecordBatch.from_arrays([pa.array(lines, pa.int64()), *texts], schema=_BAD)


def _said_as_duckdb(records: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches; where the engine fails on the way, its own error instead of Arrow's."""
    try:
        yield from records
    except OSError as error:
        for name, kind in _ERRORS.items():
            if str(error).startswith(name):
                raise kind(str(error)) from error
        raise


_ERRORS = {
    "Invalid Input Error": duckdb.InvalidInputException,
    "Out of Memory Error": duckdb.OutOfMemoryException,
}
