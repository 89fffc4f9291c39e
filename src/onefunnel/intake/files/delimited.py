"""CSV and its kin: scanned for records, then read by DuckDB."""

from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from onefunnel.intake.files.dialect import Dialect, read_dialect
from onefunnel.intake.files.encoding import detect, is_old_mac, transcode
from onefunnel.intake.files.raw import Raw, Rejects, column
from onefunnel.intake.files.records import NeedsCopy, Scan, Scanner
from onefunnel.intake.files.request import Request
from onefunnel.vocabulary import Note

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

_LEAST_LINE = 2_000_000


def read_delimited(request: Request, rejects: Rejects, con: "Backend") -> Raw:
    """The records of a delimited text file.

    Raises InputError: ``unreadable_encoding``, ``empty_file``, ``field_too_large``.
    """
    path, notes, clean = _in_utf8(request)
    dialect = read_dialect(
        path,
        request.file,
        delimiter=request.source.delimiter or by_suffix(request.path),
        skip=request.source.skip,
        expected=request.expected,
    )
    if dialect.repeated:
        text = f"{request.file}: repeated in the header, read with a suffix: "
        notes.append(Note("repeated_column", text + ", ".join(dialect.repeated) + "."))
    rows, scan, skip = _scan(path, dialect, rejects, request, clean)
    table = con.read_csv(
        request.readable(rows),
        auto_detect=False,
        header=False,
        skip=skip,
        delim=dialect.delimiter,
        quote='"',
        escape='"',
        nullstr="",
        strict_mode=True,
        max_line_size=max(_LEAST_LINE, scan.longest + 1024),
        columns={column(position): "VARCHAR" for position in range(len(dialect.header))},
    )
    return Raw(
        request.file,
        table,
        dialect.header,
        dialect.header_line,
        lines=scan.lines,
        last=scan.last,
        records=scan.records,
        notes=tuple(notes),
    )


def by_suffix(path: Path) -> str | None:
    """The delimiter that the name of a file says; None where it says none."""
    return "\t" if path.suffix.lower() in (".tsv", ".tab") else None


def _in_utf8(request: Request) -> tuple[Path, list[Note], bool]:
    """The file, or its copy in UTF-8; and whether all of it is known to be text."""
    encoding = detect(request.path, request.file, request.source.encoding)
    if encoding.name in ("utf-8", "utf-8-sig", "ascii") and not is_old_mac(request.path):
        return request.path, [], encoding.clean
    copy = request.scratch / f"{ibis.util.gen_name('text')}.csv"
    transcode(
        request.path, copy, encoding.name, request.file, request.options.limits, request.progress
    )
    text = f"{request.file} was read as {encoding.name}."
    notes = [Note("encoding", text, {"encoding": encoding.name})] if encoding.guessed else []
    return copy, notes, True


def _scan(
    path: Path, dialect: Dialect, rejects: Rejects, request: Request, clean: bool
) -> tuple[Path, Scan, int]:
    """Scan the file; if it can't be read as it is, scan again and write what can be."""
    limit = request.options.limits.max_field_bytes
    if (dialect.header_line, dialect.data_line) == (1, 2):
        try:
            scanner = Scanner(dialect, rejects, clean=clean, max_field_bytes=limit)
            return path, scanner.scan(path, request.progress), 1
        except NeedsCopy:
            rejects.clear()
    target = request.scratch / f"{ibis.util.gen_name('records')}.csv"
    with target.open("wb") as copy:
        scanner = Scanner(dialect, rejects, clean=clean, max_field_bytes=limit, copy=copy)
        scan = scanner.scan(path, request.progress)
    return target, scan, 0
