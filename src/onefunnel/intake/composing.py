"""One mapping for several files, each read in its own way; and what comes of their beginnings."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from onefunnel.intake.files.discover import Found, discover
from onefunnel.intake.guessing import Draft, source_of
from onefunnel.intake.mapping.canonical import canonical_into
from onefunnel.intake.mapping.model import Mapping, Source
from onefunnel.intake.presets import preset
from onefunnel.intake.reading import read
from onefunnel.intake.samples import Sample
from onefunnel.intake.staged import MEBIBYTE, Options, silent
from onefunnel.ledger.schema import TABLES

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

WHOLE = 2 * MEBIBYTE
"""A file up to this size is tried as a whole, a larger one by its first records."""


@dataclass(frozen=True)
class Chosen:
    """How one file (or sheet) is read: as a ``table``, by a ``preset``'s source, or by a draft.

    ``written`` says how it is written, where that was declared.
    """

    file: str
    header: Sequence[str]
    written: Source
    table: str = ""
    preset: str = ""
    source: int = 0
    draft: Draft | None = None

    def source_for(self, file: str) -> Source:
        """The source that reads it under that name."""
        like = replace(self.written, file=file)
        if self.draft is not None:
            return source_of(self.draft, file, like)
        if self.table:
            into = canonical_into(TABLES[self.table], self.header, file)
            return replace(like, into=(into,))
        known = preset(self.preset).sources[self.source]
        own = {"file": file, "sheet": like.sheet or known.sheet}
        own |= {"encoding": like.encoding or known.encoding}
        return replace(known, **own, delimiter=like.delimiter or known.delimiter)  # type: ignore[arg-type]


def composed(chosen: Iterable[Chosen], name: str = "mapping.toml") -> Mapping:
    """The mapping that reads every file in its own way."""
    return Mapping(name, tuple(each.source_for(each.file) for each in chosen))


@dataclass(frozen=True)
class TriedTable:
    """The first rows that a file gives to a table, typed, with their lines."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Tried:
    """What comes of a file's beginning. ``refused`` are the first rows that can't be read.

    Each has table, line, column, file_column, value, code, reason. ``read`` and ``refusals`` count
    the rows of the beginning. ``whole`` is False where the file is longer than what was tried.
    """

    tables: tuple[TriedTable, ...]
    refused: tuple[dict[str, Any], ...]
    read: int
    refusals: int
    whole: bool


def tried(
    paths: Sequence[Path],
    chosen: Chosen,
    source: Source,
    looked: Sample,
    scratch: Path,
    options: Options,
    con: "Backend",
    most: int = 20,
) -> Tried:
    """Read the beginning of a file by ``source``. Raises InputError as reading does."""
    found = _found(paths, chosen.file, scratch, options)
    whole = found.path.stat().st_size <= WHOLE
    path, source = _whole(found, source, scratch) if whole else _cut(source, looked, scratch)
    mapping = Mapping("mapping.toml", (replace(source, file=path.name),))
    staged = read([path], con, replace(options, mapping=mapping, scratch=scratch), silent)
    tables: list[TriedTable] = []
    refused: list[dict[str, Any]] = []
    rows = refusals = 0
    for part in staged:
        rows += int(con.to_pyarrow(part.rows.count()).as_py())
        refusals += int(con.to_pyarrow(part.rejected.count()).as_py())
        first = con.to_pyarrow(part.rows.order_by("line").limit(most)).to_pylist()
        if first:
            values = tuple(tuple(row[name] for name in part.columns) for row in first)
            lines = tuple(row["line"] for row in first)
            tables.append(TriedTable(part.table, part.columns, values, lines))
        bad = con.to_pyarrow(part.rejected.order_by("line").limit(most)).to_pylist()
        refused += [{name: row[name] for name in _TOLD} for row in bad]
    return Tried(tuple(tables), tuple(refused[:most]), rows, refusals, whole)


_TOLD = ("table", "line", "column", "file_column", "value", "code", "reason")


def _found(paths: Sequence[Path], file: str, scratch: Path, options: Options) -> Found:
    """The file of that name: an upload, or what lies in an archive among them."""
    inside = [path for path in paths if file == path.name or file.startswith(f"{path.name}/")]
    for each in discover(inside or paths, scratch, options, silent)[0]:
        if each.file == file:
            return each
    raise FileNotFoundError(file)


def _whole(found: Found, source: Source, scratch: Path) -> tuple[Path, Source]:
    """The file under a name of its own: that of an archive's member holds the archive's."""
    link = scratch / "tried" / PurePosixPath(found.file).name
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(found.path.absolute())
    return link, source


def _cut(source: Source, looked: Sample, scratch: Path) -> tuple[Path, Source]:
    """The first records as a file of their own."""
    path = scratch / "first.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(looked.header)
        writer.writerows(looked.first)
    plain = replace(source, sheet=None, records=None, encoding="utf-8", delimiter=",", skip=0)
    return path, plain
