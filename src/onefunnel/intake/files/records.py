"""The records of a delimited file: one pass over its bytes that finds every record and its line.

A record ends at a line break outside quotation marks. A record that can't be read is rejected
with its line and code; the rest is what DuckDB's reader then gets, and it must find exactly as
many. Blocks without a surprise are looked at with NumPy only; where quotation marks don't match,
the block's records are read one by one (:mod:`onefunnel.intake.files.repair`).

Source: RFC 4180; beyond it, quotation marks inside a value that does not begin with one are
letters, and spaces before an opening quotation mark are nothing.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from onefunnel.errors import InputError, Place
from onefunnel.intake.files.dialect import Dialect
from onefunnel.intake.files.lines import Lines, LineSteps, Positions
from onefunnel.intake.files.raw import Rejects, named
from onefunnel.intake.files.repair import Record, broken_first_line, cells_of, next_record
from onefunnel.intake.staged import Progress

BLOCK = 8 * 1024 * 1024
_QUOTE, _BREAK, _RETURN = 34, 10, 13
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class NeedsCopy(Exception):
    """The file can't be given to DuckDB as it is; scan again and write a copy of what is right."""


@dataclass(frozen=True)
class Scan:
    """What a scan found: how many good records, their lines, the longest in bytes, the last."""

    records: int
    lines: Lines
    longest: int
    last: tuple[int, tuple[str | None, ...]] | None


class Scanner:
    """Scans one file; ``copy`` gets the good records when it is given."""

    def __init__(
        self,
        dialect: Dialect,
        rejects: Rejects,
        *,
        clean: bool,
        max_field_bytes: int,
        copy: BinaryIO | None = None,
    ) -> None:
        self._dialect, self._rejects, self._copy = dialect, rejects, copy
        self._clean, self._limit = clean, max_field_bytes
        self._width = len(dialect.header)
        self._delimiter = dialect.delimiter.encode()
        self._steps = LineSteps(dialect.data_line)
        self._line = dialect.data_line
        self._longest = 0
        self._last: tuple[int, bytes] | None = None
        self._returns: bool | None = None

    def scan(self, path: Path, progress: Progress) -> Scan:
        """Read the file to its end.

        Raises InputError ``field_too_large``; NeedsCopy when a copy is needed and there is none.
        """
        total = path.stat().st_size
        with path.open("rb", buffering=0) as stream:
            stream.seek(self._dialect.data_offset)
            rest = b""
            while block := stream.read(BLOCK):
                rest = self._take(rest + block, ended=False)
                progress.step(self._rejects.file, stream.tell(), total)
            if rest:
                self._take(rest if rest.endswith(b"\n") else rest + b"\n", ended=True)
        return Scan(self._steps.records, self._steps.lines(), self._longest, self._last_cells())

    def _last_cells(self) -> tuple[int, tuple[str | None, ...]] | None:
        if self._last is None:
            return None
        line, record = self._last
        return line, tuple(cell or None for cell in cells_of(record, self._dialect.delimiter))

    def _take(self, data: bytes, *, ended: bool) -> bytes:
        """Deal with the whole records in ``data``; what is left over is returned."""
        done = 0
        while done < len(data):
            taken, surprise = self._regular(data[done:] if done else data)
            done += taken
            # At the end of the file, what is left begins with a mark that is never closed.
            if not surprise and not (ended and done < len(data)):
                break
            done = self._one_by_one(data, done, ended=ended)
            if not ended:
                break
        rest = data[done:]
        if len(rest) > self._limit:
            rest = self._too_long(rest)
        return rest

    def _regular(self, data: bytes) -> tuple[int, bool]:
        """Deal with records up to the first odd quotation mark; whether there is one."""
        block = np.frombuffer(data, np.uint8)
        parts = np.flatnonzero((block == _BREAK) | (block == self._delimiter[0]))
        inside: Mask | None = None
        odd = None
        if b'"' in data:
            inside = np.bitwise_xor.accumulate(block == _QUOTE)
            parts = parts[~inside[parts]]
            odd = self._first_odd(block, np.flatnonzero(block == _QUOTE))
        breaks = np.flatnonzero(block[parts] == _BREAK)
        ends = parts[breaks]
        if odd is not None:
            ends = ends[ends < odd]
        if not len(ends):
            return 0, odd is not None
        columns = np.diff(breaks[: len(ends)], prepend=-1)
        size = int(ends[-1]) + 1
        self._records(data[:size], block[:size], ends, columns, inside)
        return size, odd is not None

    def _first_odd(self, block: Bytes, marks: Positions) -> int | None:
        """The first quotation mark that neither opens nor closes a value as it should."""
        delimiter = self._delimiter[0]
        opening, closing = marks[0::2], marks[1::2]
        before = np.where(opening > 0, block[opening - 1], _BREAK)
        odd = opening[~np.isin(before, (delimiter, _BREAK, _QUOTE))]
        closing = closing[closing < len(block) - 1]
        after = block[closing + 1]
        bad = closing[~np.isin(after, (delimiter, _BREAK, _RETURN, _QUOTE))]
        found = [int(each[0]) for each in (odd, bad) if len(each)]
        return min(found) if found else None

    def _records(
        self, data: bytes, block: Bytes, ends: Positions, columns: Positions, inside: Mask | None
    ) -> None:
        starts = np.concatenate([[0], ends[:-1] + 1])
        lengths = ends - starts
        # Without quotation marks every line break ends a record.
        breaks = ends if inside is None else np.flatnonzero(block == _BREAK)
        lines = self._line + (
            np.arange(len(ends)) if inside is None else np.searchsorted(breaks, starts)
        )
        self._line += len(breaks)
        wrong: dict[int, str] = dict.fromkeys(np.flatnonzero(columns != self._width).tolist(), "")
        if self._width == 1:
            wrong |= dict.fromkeys(np.flatnonzero(lengths <= 1).tolist(), "")
        wrong |= self._lone_returns(data, block, ends, inside)
        wrong |= self._not_text(data, ends)
        good = np.ones(len(ends), np.bool_)
        for index in sorted(wrong):
            record = data[int(starts[index]) : int(ends[index])]
            good[index] = not self._refuse(record, int(lines[index]), wrong[index])
        self._longest = max(self._longest, int(lengths.max()))
        if self._longest > self._limit:
            self._check_fields(data, starts, ends, lines)
        self._steps.add(lines[good])
        self._keep(block, starts, ends, good)
        kept = np.flatnonzero(good)
        if len(kept):
            index = int(kept[-1])
            self._last = int(lines[index]), data[int(starts[index]) : int(ends[index])]

    def _lone_returns(
        self, data: bytes, block: Bytes, ends: Positions, inside: Mask | None
    ) -> dict[int, str]:
        """Records with a carriage return in an open value; notes which line breaks there are."""
        before = np.where(ends > 0, block[ends - 1], 0) == _RETURN
        mixed = bool(before.any()) and not before.all()
        if self._returns is None:
            self._returns = bool(before[0])
        if (mixed or bool(before[0]) != self._returns) and self._copy is None:
            raise NeedsCopy
        if b"\r" not in data or data.count(b"\r") == int(before.sum()):
            return {}
        returns = np.flatnonzero(block == _RETURN)
        returns = returns[~np.isin(returns, ends[before] - 1)]
        if inside is not None:
            returns = returns[~inside[: len(block)][returns]]
        return dict.fromkeys(np.searchsorted(ends, returns).tolist(), "bad_line_break")

    def _not_text(self, data: bytes, ends: Positions) -> dict[int, str]:
        found: dict[int, str] = {}
        position = data.find(b"\0")
        while position >= 0:
            index = int(np.searchsorted(ends, position))
            found[index] = "bad_bytes"
            position = data.find(b"\0", int(ends[index]))
        if not self._clean:
            found |= self._invalid(data, ends)
        return found

    def _invalid(self, data: bytes, ends: Positions) -> dict[int, str]:
        found: dict[int, str] = {}
        begin = 0
        while begin < len(data):
            try:
                data[begin:].decode("utf-8")
            except UnicodeDecodeError as error:
                index = int(np.searchsorted(ends, begin + error.start))
                found[index] = "bad_bytes"
                begin = int(ends[index]) + 1
            else:
                break
        return found

    def _refuse(self, record: bytes, line: int, code: str) -> bool:
        """Leave out a record that is blank or broken; whether it is left out."""
        text = record.decode("utf-8", errors="backslashreplace").replace("\0", "\\x00")
        if not text.strip():
            # DuckDB passes over empty lines by itself, but where one may be a value.
            if self._copy is None and (self._width == 1 or text.strip("\r")):
                raise NeedsCopy
            return True
        cells = cells_of(record, self._dialect.delimiter)
        if not code and len(cells) == self._width:
            return False
        if self._copy is None:
            raise NeedsCopy
        if not code:
            code = "too_many_columns" if len(cells) > self._width else "too_few_columns"
        reason = _REASONS[code].format(found=len(cells), expected=self._width)
        shown = cells_of(text.encode(), self._dialect.delimiter)
        self._rejects.add(line, code, reason, named(self._dialect.header, shown))
        return True

    def _keep(self, block: Bytes, starts: Positions, ends: Positions, good: Mask) -> None:
        """Write the good records, with plain line breaks."""
        if self._copy is None:
            return
        keep = np.ones(len(block), np.bool_)
        for index in np.flatnonzero(~good):
            keep[starts[index] : ends[index] + 1] = False
        returns = ends[(ends > 0) & (block[ends - 1] == _RETURN)] - 1
        keep[returns] = False
        self._copy.write((block if keep.all() else block[keep]).data)

    def _check_fields(
        self, data: bytes, starts: Positions, ends: Positions, lines: Positions
    ) -> None:
        """A record may be longer than a value may be; none of its values may."""
        for index in np.flatnonzero(ends - starts > self._limit):
            record = data[int(starts[index]) : int(ends[index])]
            for position, cell in enumerate(cells_of(record, self._dialect.delimiter)):
                if len(cell.encode("utf-8", "surrogateescape")) > self._limit:
                    name = (*self._dialect.header, "")[min(position, self._width)]
                    raise self._field_too_large(int(lines[index]), name or None)

    def _field_too_large(self, line: int, name: str | None) -> InputError:
        return InputError(
            Place(self._rejects.file, line, name),
            "field_too_large",
            f"A value is longer than {self._limit} bytes, or a quotation mark is never closed.",
            remedy="Shorten the value, or close the quotation mark.",
        )

    def _one_by_one(self, data: bytes, start: int, *, ended: bool) -> int:
        """Deal with records from an odd quotation mark to the end of the block."""
        if self._copy is None:
            raise NeedsCopy
        while start < len(data):
            record = next_record(data, start, self._delimiter)
            if record is None and not ended:
                if len(data) - start > self._limit:
                    return start
                break
            if record is None or record.broken:
                record = broken_first_line(data, start)
            self._one(record, data)
            start = record.end
        return start

    def _one(self, record: Record, data: bytes) -> None:
        text = data[record.start : record.end]
        line, self._line = self._line, self._line + text.count(b"\n")
        if record.broken or b"\0" in text or not _is_text(text):
            code = "bad_quote" if record.broken else "bad_bytes"
            shown = text.decode("utf-8", errors="backslashreplace").replace("\0", "\\x00")
            self._rejects.add(line, code, _REASONS[code], {"_record": shown.rstrip("\r\n")})
            return
        if self._refuse_cells(text, line):
            return
        assert self._copy is not None
        cells = cells_of(text.rstrip(b"\r\n"), self._dialect.delimiter)
        quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells)
        written = self._dialect.delimiter.join(quoted).encode() + b"\n"
        self._copy.write(written)
        self._longest = max(self._longest, len(written))
        self._steps.extend([line])
        self._last = line, text.rstrip(b"\r\n")

    def _refuse_cells(self, text: bytes, line: int) -> bool:
        record = text.rstrip(b"\r\n")
        if len(cells_of(record, self._dialect.delimiter)) == self._width and record.strip():
            return False
        return self._refuse(record, line, "")

    def _too_long(self, rest: bytes) -> bytes:
        """A record beyond the limit: a value too large, or a mark that should not be there.

        It is a stray mark when the first line of the record ends soon and the lines after it are
        records again; then that line is refused and the rest goes on.
        """
        first = rest.find(b"\n")
        following = rest[first + 1 :].split(b"\n", 3)[:3] if first >= 0 else []
        counts = {len(cells_of(line, self._dialect.delimiter)) for line in following}
        if not following or len(rest) < first or counts != {self._width}:
            raise self._field_too_large(self._line, None)
        if self._copy is None:
            raise NeedsCopy
        self._one(broken_first_line(rest, 0), rest)
        return self._take(rest[first + 1 :], ended=False)


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_REASONS = {
    "too_many_columns": "{found} columns, but the header has {expected}.",
    "too_few_columns": "{found} columns, but the header has {expected}.",
    "bad_quote": "The quotation marks do not match.",
    "bad_bytes": "There are bytes that are no letters in this encoding.",
    "bad_line_break": "A carriage return stands inside a value without quotation marks.",
}
