"""How a delimited file is written: its delimiter, its header and where the records begin."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from onefunnel.errors import InputError, Place

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 1024 * 1024
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\xad"))
_DIRECTIVE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The delimiter, the names of the columns, and the record that holds them.

    ``header_line`` is the line on which the header stands, ``data_line`` the one after it, and
    ``data_offset`` its first byte. ``repeated`` are names that stand more than once.
    """

    delimiter: str
    header: tuple[str, ...]
    header_line: int
    data_line: int
    data_offset: int
    repeated: tuple[str, ...] = ()


def read_dialect(
    path: Path, file: str, *, delimiter: str | None, skip: int, expected: Collection[str]
) -> Dialect:
    """The dialect of a UTF-8 file. ``expected`` are names that its header may have.

    Without a given delimiter, that one is taken which finds the most expected names, then the one
    with which the first records have the most equal numbers of columns.
    Raises InputError ``empty_file`` when no header is there.
    """
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    start, line = _after_lines(sample, skip)
    if not skip and (directive := _DIRECTIVE.fullmatch(_line_at(sample, start))):
        delimiter = delimiter or directive[1]
        start, line = _after_lines(sample, 1)
    while start < len(sample) and not _line_at(sample, start).strip("\ufeff \t"):
        start, line = _next_line(sample, start), line + 1
    text = sample[start:].decode("utf-8", errors="replace")
    if not text.strip():
        message = "The file has no header."
        remedy = "The first line names the columns; `skip` in a mapping leaves lines out."
        raise InputError(Place(file), "empty_file", message, remedy=remedy)
    if delimiter is None:
        delimiter = _vote(text, frozenset(expected))
    header, length, lines = _first_record(text, delimiter)
    names, repeated = clean_names(header)
    consumed = len(text[:length].encode("utf-8"))
    return Dialect(delimiter, names, line, line + lines, start + consumed, repeated)


def clean_name(name: str) -> str:
    r"""A column name without what nobody sees: invisible characters, outer and double spaces.

    >>> clean_name("\ufeff  lead id\u200b ")
    'lead id'
    """
    return " ".join(unicodedata.normalize("NFC", name).translate(_INVISIBLE).split())


def clean_names(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names cleaned, a repeated one with a suffix; and those that are repeated.

    >>> clean_names([" a", "b", "a", ""])
    (('a', 'b', 'a_2', ''), ('a',))
    """
    cleaned = [clean_name(name) for name in names]
    taken: set[str] = set()
    result: list[str] = []
    repeated: list[str] = []
    for name in cleaned:
        unique, number = name, 1
        while unique and (unique in taken or (number > 1 and unique in cleaned)):
            number += 1
            unique = f"{name}_{number}"
        if unique != name:
            repeated.append(name)
        taken.add(unique)
        result.append(unique)
    return tuple(result), tuple(dict.fromkeys(repeated))


def _after_lines(sample: bytes, count: int) -> tuple[int, int]:
    start = 0
    for _ in range(count):
        start = _next_line(sample, start)
    return start, count + 1


def _next_line(sample: bytes, start: int) -> int:
    end = sample.find(b"\n", start)
    return len(sample) if end < 0 else end + 1


def _line_at(sample: bytes, start: int) -> str:
    return sample[start : _next_line(sample, start)].decode("utf-8", errors="replace").strip("\r\n")


def _first_record(text: str, delimiter: str) -> tuple[list[str], int, int]:
    """The cells of the first record, its length in characters, and its number of lines."""
    quoted, end = False, len(text)
    for match in re.finditer(r'["\n]', text):
        if match[0] == '"':
            quoted = not quoted
        elif not quoted:
            end = match.end()
            break
    record = text[:end]
    stream = io.StringIO(record.lstrip("\ufeff").rstrip("\r\n"), newline="")
    cells = next(csv.reader(stream, delimiter=delimiter, skipinitialspace=True), [])
    return cells, end, max(1, record.count("\n"))


def _vote(text: str, expected: frozenset[str]) -> str:
    def merit(delimiter: str) -> tuple[int, float, int]:
        header, length, _ = _first_record(text, delimiter)
        known = len(expected.intersection(map(clean_name, header)))
        if len(header) == 1:
            return known, 0.0, 1
        lines = [line for line in text[length : length + 20_000].splitlines()[:50] if line.strip()]
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)] if lines else []
        alike = sum(width == len(header) for width in widths) / len(widths) if widths else 1.0
        return known, alike, len(header)

    return max(DELIMITERS, key=merit)
