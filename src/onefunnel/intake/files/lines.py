"""From the number of a record to the line of the file on which it begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefunnel.intake.values.builtins import teach

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lines:
    """A step function: from record ``starts[i]`` on (counted from 0), line = record + shifts[i].

    A regular file has one step. Each value with line breaks and each blank line adds one.

    >>> lines = Lines(np.array([0, 2]), np.array([2, 5]))
    >>> lines.of_each(np.arange(4)).tolist()
    [2, 3, 7, 8]
    """

    starts: Positions
    shifts: Positions

    def of_each(self, records: Positions) -> Positions:
        """The line of each record."""
        one = len(self.starts) == 1
        steps = 0 if one else np.searchsorted(self.starts, records, side="right") - 1
        lines: Positions = records + self.shifts[steps]
        return lines

    def number(
        self, table: ir.Table, record: ir.IntegerValue, name: str, con: "Backend"
    ) -> ir.Table:
        """The table with a column of lines, worked out for the rows of which it is asked."""
        if len(self.starts) == 1:
            return table.mutate(**{name: record + int(self.shifts[0])})
        numbered = table.mutate(**{name: self._function()(record)})
        teach(con, numbered)
        return con.create_view(ibis.util.gen_name("numbered"), numbered)

    def _function(self) -> Any:
        """A function of the engine from records to lines."""

        def lines_of(records: pa.ChunkedArray) -> pa.Array:
            return pa.array(self.of_each(records.to_numpy()))

        name, signature = ibis.util.gen_name("lines"), ((dt.int64,), dt.int64)
        return ibis.udf.scalar.pyarrow(lines_of, name=name, signature=signature)


class LineSteps:
    """Builds :class:`Lines` while a file is scanned: only where the shift changes."""

    def __init__(self, first_line: int) -> None:
        self.records = 0
        self._shift = first_line
        self._starts: list[Positions] = [np.zeros(1, np.int64)]
        self._shifts: list[Positions] = [np.array([first_line], np.int64)]

    def add(self, lines: Positions) -> None:
        """The lines of the next records, in order."""
        if not len(lines):
            return
        shifts = lines - np.arange(self.records, self.records + len(lines))
        before = np.concatenate([[self._shift], shifts[:-1]])
        changes = np.flatnonzero(shifts != before)
        if len(changes):
            self._starts.append(changes + self.records)
            self._shifts.append(shifts[changes])
        self._shift = int(shifts[-1])
        self.records += len(lines)

    def extend(self, lines: Iterable[int]) -> None:
        """The same, from any iterable."""
        self.add(np.fromiter(lines, np.int64))

    def lines(self) -> Lines:
        """The finished steps."""
        starts, shifts = np.concatenate(self._starts), np.concatenate(self._shifts)
        # The first record may itself be shifted: of two steps at 0 the later one holds.
        if len(starts) > 1 and starts[1] == 0:
            starts, shifts = starts[1:], shifts[1:]
        return Lines(starts, shifts)
