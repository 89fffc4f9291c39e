"""Excel workbooks (.xlsx): one sheet, its values as text."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.intake.files.batches import Cells, store
from onefunnel.intake.files.dialect import clean_names
from onefunnel.intake.files.raw import Raw, Rejects, named
from onefunnel.intake.files.request import Request
from onefunnel.intake.files.unpack import check_archive
from onefunnel.vocabulary import Note

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

Value = int | float | str | bool | time | date | datetime | timedelta | None


def read_sheet(request: Request, rejects: Rejects, con: "Backend") -> Raw:
    """The records of the sheet that the mapping names, or of the first one.

    Lines are the rows of the sheet. Raises InputError: ``unknown_sheet``, ``damaged_file``,
    ``empty_file``, ``zip_too_large``, ``field_too_large``.
    """
    check_archive(request.path, request.file, request.options.limits)
    sheet = _sheet(request)
    first_row = (sheet.start or (0, 0))[0] + 1
    rows: Iterator[tuple[int, Sequence[Value]]] = enumerate(sheet.iter_rows(), first_row)
    header_line, cells = next(
        (
            (number, cells)
            for number, cells in rows
            if number > request.source.skip and any(cell != "" for cell in cells)
        ),
        (0, []),
    )
    if not header_line:
        message = "The sheet has no header."
        raise InputError(Place(request.file), "empty_file", message, remedy="Fill the first row.")
    header, repeated = clean_names([as_text(cell) or "" for cell in cells])
    text = f"{request.file}: repeated in the header, read with a suffix: {', '.join(repeated)}."
    notes = (Note("repeated_column", text),) if repeated else ()
    records = _records(rows, header, request, rejects)
    return store(con, request.file, header, header_line, records, excel=True, notes=notes)


def _sheet(request: Request) -> CalamineSheet:
    try:
        workbook = CalamineWorkbook.from_path(request.path)
        names = workbook.sheet_names
        wanted = request.source.sheet or names[0]
        if wanted not in names:
            message = f"The workbook has no sheet {wanted!r}."
            remedy = suggestion(wanted, names)
            raise InputError(Place(request.file), "unknown_sheet", message, remedy=remedy)
        return workbook.get_sheet_by_name(wanted)
    except (CalamineError, OSError, IndexError) as error:
        message = f"The workbook can't be read ({error})."
        remedy = "Open it in a spreadsheet program and save it again."
        raise InputError(Place(request.file), "damaged_file", message, remedy=remedy) from error


def _records(
    rows: Iterator[tuple[int, Sequence[Value]]],
    header: tuple[str, ...],
    request: Request,
    rejects: Rejects,
) -> Iterator[tuple[int, Cells]]:
    limit = request.options.limits.max_field_bytes
    for line, row in rows:
        cells = [as_text(value) for value in row]
        if any(cell and len(cell) * 4 > limit and len(cell.encode()) > limit for cell in cells):
            place = Place(request.file, line)
            message = f"A value is longer than {limit} bytes."
            raise InputError(place, "field_too_large", message, remedy="Shorten it.")
        if any(cells[len(header) :]):
            reason = f"{len(cells)} columns, but the header has {len(header)}."
            rejects.add(line, "too_many_columns", reason, named(header, cells))
            continue
        missing = len(header) - len(cells)
        yield line, [*cells, *([None] * missing)] if missing > 0 else cells[: len(header)]
        if line % 10_000 == 0:
            request.progress.step(request.file, line, None)


def as_text(value: Value) -> str | None:
    """A cell as text: whole numbers without a point, dates in ISO 8601, nothing as None.

    >>> [as_text(value) for value in (12.0, 0.1, True, "", datetime(2024, 3, 1, 9, 30))]
    ['12', '0.1', 'true', None, '2024-03-01 09:30:00']
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)
