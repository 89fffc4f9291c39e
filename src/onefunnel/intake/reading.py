"""From paths to staged rows: one way for every kind of file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING
from weakref import finalize

import ibis
import ibis.expr.types as ir

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.intake.cells import check_columns
from onefunnel.intake.files.columnar import read_parquet
from onefunnel.intake.files.delimited import read_delimited
from onefunnel.intake.files.discover import Found, discover, without_prose
from onefunnel.intake.files.objects import read_objects
from onefunnel.intake.files.raw import LINE, Raw, Rejects
from onefunnel.intake.files.request import Request
from onefunnel.intake.files.sheets import read_sheet
from onefunnel.intake.mapping.canonical import canonical_into, is_table, table_of
from onefunnel.intake.mapping.fitting import fitted
from onefunnel.intake.mapping.model import DELETED, Mapping, Source
from onefunnel.intake.mended import ID, looks_mended, one_table, taken_out
from onefunnel.intake.staged import Options, Progress, Staged
from onefunnel.intake.staging import Part, stage
from onefunnel.intake.totals import last_is_totals, reject_last
from onefunnel.ledger.schema import TABLES
from onefunnel.vocabulary import Note

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

_READERS: dict[str, Callable[[Request, Rejects, "Backend"], Raw]] = {
    "delimited": read_delimited,
    "xlsx": read_sheet,
    "json": read_objects,
    "jsonl": read_objects,
    "parquet": read_parquet,
}


@dataclass(frozen=True)
class _Job:
    """A file, how it is written, and the tables it feeds (none yet: those of its header)."""

    found: Found
    source: Source
    table: str


def read(
    paths: Sequence[Path], con: "Backend", options: Options, progress: Progress
) -> list[Staged]:
    r"""Stage the files at the paths: see :class:`Staged`.

    Files are CSV, TSV, XLSX, Parquet, JSON and JSON lines; a folder or a zip of them. A row that
    can't be read is rejected and the rest go on. Raises InputError, and nothing is staged, when a
    file can't be read as a whole; the codes are :data:`onefunnel.intake.FILE_CODES`.

    >>> from tempfile import TemporaryDirectory
    >>> from onefunnel.intake.staged import silent
    >>> con = ibis.duckdb.connect()
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "product.csv")
    ...     _ = path.write_text("sku,list_price\nA1,12.50\n,3\n")
    ...     [part] = read([path], con, Options(), silent)
    >>> part.rows.select("sku", "list_price", "line").to_pyarrow().to_pylist()
    [{'sku': 'A1', 'list_price': Decimal('12.5000'), 'line': 2}]
    >>> part.rejected.select("line", "column", "code").to_pyarrow().to_pylist()
    [{'line': 3, 'column': 'sku', 'code': 'missing_key'}]
    """
    home = options.scratch or _lasting(con)
    with TemporaryDirectory(prefix="onefunnel-intake-", dir=home) as folder:
        scratch = Path(folder)
        found, notes = discover(paths, scratch, options, progress)
        if options.mapping is None:
            found, more = without_prose(found)
            jobs = [_canonical_job(each) for each in found]
            notes += more
        else:
            jobs, more = _mapped_jobs(found, options.mapping)
            notes += more
        parts: list[Part] = []
        for number, job in enumerate(jobs):
            if len(jobs) > 1:
                progress.step("files", number, len(jobs))
            read_parts, more = _read_one(job, scratch, home, con, options, progress)
            parts += read_parts
            notes += more
    return _together(parts, notes)


def _lasting(con: "Backend") -> Path:
    """A folder of the system's that goes when the connection does."""
    folder = mkdtemp(prefix="onefunnel-staged-")
    finalize(con, rmtree, folder, ignore_errors=True)
    return Path(folder)


def _canonical_job(found: Found) -> _Job:
    stem = PurePosixPath(found.file).stem
    known = is_table(stem) or not looks_mended(found.path)
    table = table_of(stem, found.file).name if known else ""
    return _Job(found, Source(file=found.file, into=()), table)


def _mapped_jobs(found: Sequence[Found], mapping: Mapping) -> tuple[list[_Job], list[Note]]:
    """Each file with each source that matches it, by name or by path."""
    jobs: list[_Job] = []
    notes: list[Note] = []
    for each in found:
        sources = [source for source in mapping.sources if _fits(each.file, source.file)]
        jobs += [_Job(each, source, source.into[0].table) for source in sources]
        if not sources:
            notes.append(Note("file_ignored", f"{each.file} is not in the mapping."))
    if not jobs:
        names = [source.file for source in mapping.sources]
        raise InputError(
            Place(", ".join(each.file for each in found)),
            "no_matching_file",
            f"No source of {mapping.name} matches.",
            remedy=suggestion(PurePosixPath(found[0].file).name, names),
        )
    used = {job.source.file for job in jobs}
    for source in mapping.sources:
        if source.file not in used:
            text = f"There is no file {source.file} for {mapping.name}."
            notes.append(Note("source_without_file", text))
    return jobs, notes


def _fits(file: str, pattern: str) -> bool:
    name = PurePosixPath(file).name
    return file == pattern or name == pattern or fnmatch(name, pattern) or fnmatch(file, pattern)


def _read_one(
    job: _Job, scratch: Path, home: Path, con: "Backend", options: Options, progress: Progress
) -> tuple[list[Part], list[Note]]:
    file, source = job.found.file, job.source
    rejects = Rejects(con, file, job.table)
    request = Request(job.found.path, file, source, _expected(job), scratch, options, progress)
    raw, mended = taken_out(_READERS[job.found.kind](request, rejects, con), con)
    notes = list(raw.notes)
    name = job.table or one_table(options.tables_of_mended(mended), file)
    if options.mapping is None:
        table = TABLES[name]
        source = replace(source, into=(canonical_into(table, raw.header, file, raw.header_line),))
    else:
        source = fitted(source, raw.header)
        for into in source.into:
            check_columns(into, raw, options.mapping.name)
        notes += _unused(raw, source)
    if len(source.into) > 1 and raw.lines is not None:
        raw = _kept(raw, con)
    totals_line = None
    first = source.into[0]
    if last_is_totals(raw, first.cells[TABLES[first.table].key]):
        totals_line = reject_last(raw, rejects)
    parts = [stage(raw, source, into, options, con, home, totals_line) for into in source.into]
    if rejects.count:
        broken = rejects.rows().mutate(table=ibis.literal(name))
        parts[0] = replace(parts[0], rejected=parts[0].rejected.union(broken))
    parts[0] = replace(parts[0], mended=mended)
    return parts, notes


def _expected(job: _Job) -> frozenset[str]:
    """Names of columns that the file may have."""
    if job.source.into:
        return job.source.columns
    names = TABLES[job.table].column_names if job.table else ()
    return frozenset((*names, DELETED, ID))


def _unused(raw: Raw, source: Source) -> list[Note]:
    unused = [name for name in raw.header if name and name not in source.columns]
    if not unused:
        return []
    text = f"{raw.file}: columns that the mapping does not use: {', '.join(unused)}."
    return [Note("unused_columns", text, {"file": raw.file, "columns": ", ".join(unused)})]


def _kept(raw: Raw, con: "Backend") -> Raw:
    """The raw records stored, with their lines: several tables are read from them."""
    assert raw.lines is not None
    stored = con.create_table(ibis.util.gen_name("raw"), raw.table, temp=True)
    numbered = raw.lines.number(stored, stored.rowid(), LINE, con)
    return replace(raw, table=numbered, lines=None)


def _together(parts: Sequence[Part], notes: Sequence[Note]) -> list[Staged]:
    """Parts of the same table with the same columns become one; the first carries the notes."""
    groups: dict[tuple[str, tuple[str, ...]], list[Part]] = {}
    for part in parts:
        groups.setdefault((part.table, part.columns), []).append(part)
    staged = [
        Staged(
            table,
            _union([part.rows for part in group]),
            columns,
            _union([part.rejected for part in group]),
            mended=frozenset().union(*(part.mended for part in group)),
            files=_files(group),
        )
        for (table, columns), group in groups.items()
    ]
    return [replace(staged[0], notes=tuple(notes)), *staged[1:]] if staged else []


def _files(group: Sequence[Part]) -> tuple[Path, ...]:
    """The files of all parts; none where a part has none."""
    files = [part.file for part in group if part.file is not None]
    return tuple(files) if len(files) == len(group) else ()


def _union(tables: Sequence[ir.Table]) -> ir.Table:
    return tables[0] if len(tables) == 1 else ibis.union(*tables)
