"""Files that nobody said how to read: tables of the ledger, or lists that a preset knows."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from onefunnel.errors import InputError, Place
from onefunnel.intake import Mapping, Options, Progress
from onefunnel.intake.composing import Chosen, composed
from onefunnel.intake.files.kinds import KINDS
from onefunnel.intake.mapping.canonical import is_table
from onefunnel.intake.mapping.model import Source
from onefunnel.intake.recognise import LIST, MENDED, REFUSED, Seen, recognise

LISTS = frozenset(KINDS) - {".txt", ".zip"}
"""Endings of files that are lists; a text in a folder is prose unless a table has its name."""


def recognised(paths: Sequence[Path], options: Options, progress: Progress) -> Mapping | None:
    """The mapping that reads the files; None where they are read by their names alone.

    Raises InputError ``unknown_list`` for a list that no preset knows. What can't be read at all
    is left to the reading, which says so.
    """
    if all(is_table(name.stem) for name in _names(paths) if name.suffix.lower() in LISTS):
        return None
    seen = [each for each in recognise(paths, options, progress) if _is_list(each.file)]
    chosen = [each for each in seen if each.as_what != MENDED]
    if not chosen or any(each.as_what == REFUSED for each in seen):
        return None
    for each in chosen:
        if each.as_what == LIST:
            raise _unknown(each.file)
    return composed(_chosen(each) for each in chosen)


def _is_list(file: str) -> bool:
    name = PurePosixPath(file)
    return name.suffix.lower() in LISTS or is_table(name.stem)


def _names(paths: Sequence[Path]) -> Iterator[PurePosixPath]:
    for path in paths:
        if path.is_dir():
            yield from (PurePosixPath(each.name) for each in path.rglob("*") if each.is_file())
        elif path.is_file() and zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
            yield from map(PurePosixPath, _members(path))
        else:
            yield PurePosixPath(path.name)


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        return []  # the reading says what is wrong with it


def _chosen(seen: Seen) -> Chosen:
    header = seen.sample.header if seen.sample else ()
    written = Source(seen.file, (), sheet=seen.sheet or None)
    return Chosen(seen.file, header, written, seen.table, seen.preset, seen.source)


def _unknown(file: str) -> InputError:
    return InputError(
        Place(file),
        "unknown_list",
        "Nobody has said what the columns of this list are.",
        remedy="Drop it on the page Imports of onefunnel serve, which asks; give a mapping file "
        "(--mapping) or a preset (--preset); or rename it after a table of the ledger.",
    )
