"""The beginning of a file: its columns, its first records, and the values that come again.

A file is looked at, not read: of a large one only the beginning, and how many records it has is
then an estimate.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from onefunnel.errors import InputError, Place
from onefunnel.intake.files.delimited import by_suffix
from onefunnel.intake.files.dialect import clean_names, read_dialect
from onefunnel.intake.files.encoding import detect
from onefunnel.intake.files.objects import objects_in
from onefunnel.intake.files.request import Request
from onefunnel.intake.files.sheets import as_text
from onefunnel.intake.files.unpack import check_archive
from onefunnel.intake.mapping.model import Source
from onefunnel.intake.staged import MEBIBYTE, Limits, Options, silent

FIRST = 200
"""Records that are kept of a file."""

LOOKED_AT = 64 * MEBIBYTE
"""Bytes of a file that are looked at."""

MOST_VALUES = 60
"""A column with more distinct values than this has none that stand for a state of things."""

_LONGEST = 80

Record = tuple[str | None, ...]


@dataclass(frozen=True)
class Sample:
    """What a file holds, as text. ``records`` is how many; ``exact`` is False for an estimate.

    ``values`` has the distinct values of columns that have few of them, most frequent first.
    ``encoding`` and ``delimiter`` are empty where the kind of file has none.
    """

    header: tuple[str, ...]
    first: tuple[Record, ...]
    records: int
    exact: bool = True
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    encoding: str = ""
    guessed: bool = False
    delimiter: str = ""
    header_line: int = 1

    def column(self, name: str) -> list[str]:
        """The values of a column in the first records, without empty cells."""
        at = self.header.index(name)
        return [text for record in self.first if (text := record[at]) and text.strip()]


def sheets_of(path: Path, kind: str, file: str, limits: Limits) -> tuple[str, ...]:
    """The sheets of a workbook that hold something; none of any other kind of file.

    Raises InputError ``damaged_file``, and what archives raise.
    """
    if kind != "xlsx":
        return ()
    check_archive(path, file, limits)
    try:
        workbook = CalamineWorkbook.from_path(path)
        return tuple(
            name for name in workbook.sheet_names if workbook.get_sheet_by_name(name).height
        )
    except (CalamineError, OSError) as error:
        message = f"The workbook can't be read ({error})."
        raise InputError(Place(file), "damaged_file", message, remedy="Save it again.") from error


def sample(
    path: Path,
    kind: str,
    file: str,
    source: Source,
    scratch: Path,
    expected: Iterable[str] = (),
    options: Options | None = None,
) -> Sample:
    """The sample of a file that is written as ``source`` says.

    ``expected`` are names of columns that it may have. Raises InputError as reading does.
    """
    names = frozenset(expected)
    request = Request(path, file, source, names, scratch, options or Options(), silent)
    if kind == "delimited":
        return _of_text(request)
    if kind == "xlsx":
        return _of_sheet(request)
    return _of_parquet(request) if kind == "parquet" else _of_objects(request)


def _of_text(request: Request) -> Sample:
    encoding = detect(request.path, request.file, request.source.encoding)
    size = request.path.stat().st_size
    with request.path.open("rb") as stream:
        head = stream.read(LOOKED_AT)
    if len(head) < size:
        head = head[: head.rfind(b"\n") + 1] or head
    text = head.decode(encoding.name, errors="replace").replace("\0", "")
    plain = request.scratch / "sample.csv"
    plain.write_text(text, "utf-8", newline="")
    dialect = read_dialect(
        plain,
        request.file,
        delimiter=request.source.delimiter or by_suffix(request.path),
        skip=request.source.skip,
        expected=request.expected,
    )
    with plain.open(encoding="utf-8", newline="") as stream:
        stream.seek(dialect.data_offset)
        gathered = _gathered(dialect.header, _records(stream, dialect.delimiter))
    exact = len(head) == size
    records = gathered.records if exact else round(gathered.records * size / max(len(head), 1))
    return replace(
        gathered,
        records=records,
        exact=exact,
        encoding=encoding.name,
        guessed=encoding.guessed,
        delimiter=dialect.delimiter,
        header_line=dialect.header_line,
    )


def _records(stream: Iterable[str], delimiter: str) -> Iterator[Sequence[str | None]]:
    reader = csv.reader(stream, delimiter=delimiter)
    try:
        yield from ([cell or None for cell in row] for row in reader if any(row))
    except csv.Error:  # reading says it, with the line; what came before is shown
        return


def _of_sheet(request: Request) -> Sample:
    check_archive(request.path, request.file, request.options.limits)
    try:
        workbook = CalamineWorkbook.from_path(request.path)
        sheet = workbook.get_sheet_by_name(request.source.sheet or workbook.sheet_names[0])
    except (CalamineError, OSError, IndexError) as error:
        message = f"The workbook can't be read ({error})."
        place = Place(request.file)
        raise InputError(place, "damaged_file", message, remedy="Save it again.") from error
    first_row = (sheet.start or (0, 0))[0] + 1
    rows = ([as_text(value) for value in row] for row in sheet.iter_rows())
    numbered = [
        (line, row)
        for line, row in enumerate(rows, first_row)
        if any(row) and line > request.source.skip
    ]
    if not numbered:
        message = "The sheet has no header."
        raise InputError(Place(request.file), "empty_file", message, remedy="Fill the first row.")
    line, names = numbered[0]
    header = clean_names([name or "" for name in names])[0]
    return replace(_gathered(header, (row for _, row in numbered[1:])), header_line=line)


def _of_parquet(request: Request) -> Sample:
    try:
        with pq.ParquetFile(request.path) as file:
            names = clean_names(file.schema_arrow.names)[0]
            records = file.metadata.num_rows
            batch = next(file.iter_batches(FIRST), None)
    except (pa.ArrowInvalid, OSError) as error:
        message = f"The file can't be read ({str(error).splitlines()[0]})."
        place = Place(request.file)
        raise InputError(place, "damaged_file", message, remedy="Write it again.") from error
    columns = [] if batch is None else [column.to_pylist() for column in batch.columns]
    rows = ([None if cell is None else str(cell) for cell in row] for row in zip(*columns))  # noqa: B905
    return replace(_gathered(names, rows), records=records)


def _of_objects(request: Request) -> Sample:
    names: dict[str, None] = {}
    first: list[dict[str, str | None]] = []
    records = 0
    for _, each in objects_in(request):
        names |= dict.fromkeys(each)
        records += 1
        if len(first) < FIRST:
            first.append(each)
    if not names:
        message = "There is no record in the file."
        raise InputError(Place(request.file), "no_records", message, remedy="Export it again.")
    rows = ([each.get(name) for name in names] for each in first)
    return replace(_gathered(clean_names(list(names))[0], rows), records=records)


def _gathered(header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Sample:
    """The first records, how many there are, and the values that come again."""
    width = len(header)
    found = iter(rows)
    first = [_wide(row, width) for row in islice(found, FIRST)]
    counts: list[dict[str, int] | None] = [{} for _ in header]
    records = 0
    for row in first:
        records += 1
        _count(row, counts)
    for rest in found:
        records += 1
        _count(rest, counts)
    values = {
        name: tuple(sorted(seen, key=lambda text, seen=seen: (-seen[text], text)))  # type: ignore[misc]
        for name, seen in zip(header, counts, strict=True)
        if name and seen and len(seen) <= MOST_VALUES
    }
    return Sample(tuple(header), tuple(first), records, values=values)


def _wide(row: Sequence[str | None], width: int) -> Record:
    return (*row[:width], *([None] * (width - len(row))))


def _count(row: Sequence[str | None], counts: list[dict[str, int] | None]) -> None:
    for at, text in enumerate(row[: len(counts)]):
        seen = counts[at]
        if seen is None or not text or not (text := text.strip()):
            continue
        seen[text] = seen.get(text, 0) + 1
        if len(seen) > MOST_VALUES or len(text) > _LONGEST:
            counts[at] = None
