"""Records one by one, where quotation marks stand at odd places."""

import csv
import io
import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Record:
    """Bytes from ``start`` to ``end`` (its line break included); ``broken``: unreadable."""

    start: int
    end: int
    broken: bool = False


@cache
def _cell(delimiter: bytes) -> re.Pattern[bytes]:
    """A value and what ends it; the group ``odd`` holds what may not follow a closing mark."""
    apart = re.escape(delimiter)
    quoted = rb' *"[^"]*(?:""[^"]*)*"'
    odd = rb"(?P<odd>[^" + apart + rb'\r\n"][^\n]*)?'
    closed = quoted + odd + rb"(?P<end>" + apart + rb"|\r?\n)?"
    opened = rb'(?! *")[^' + apart + rb"\n]*(?P<end2>" + apart + rb"|\n)"
    return re.compile(closed + rb"|" + opened)


def next_record(data: bytes, start: int, delimiter: bytes) -> Record | None:
    r"""The record that begins at ``start``; None when its quotation mark is not closed in ``data``.

    >>> next_record(b'1,5" pipe' + b"\n2", 0, b",")
    Record(start=0, end=10, broken=False)
    >>> next_record(b'1,"a"b' + b"\n2", 0, b",").broken
    True
    """
    pattern, position = _cell(delimiter), start
    while match := pattern.match(data, position):
        if match["odd"] is not None:
            return broken_first_line(data, start)
        end = match["end"] or match["end2"]
        if end is None:
            break
        position = match.end()
        if end.endswith(b"\n"):
            return Record(start, position)
    return None


def broken_first_line(data: bytes, start: int) -> Record:
    """The line at ``start`` as a record that can't be read; reading goes on with the next line."""
    end = data.find(b"\n", start)
    return Record(start, len(data) if end < 0 else end + 1, broken=True)


def cells_of(record: bytes, delimiter: str) -> list[str]:
    """The values of one record, without its line break.

    >>> cells_of(b'1,"a, b", 5" pipe', ",")
    ['1', 'a, b', ' 5" pipe']
    """
    text = record.decode("utf-8", errors="surrogateescape").rstrip("\r\n")
    if '"' not in text:
        return text.split(delimiter)
    # The module csv takes spaces before an opening mark for letters.
    plain = re.sub(rf'(^|{re.escape(delimiter)}) +"', r'\1"', text)
    csv.field_size_limit(max(csv.field_size_limit(), len(plain) + 1))
    return next(csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter), [""])
