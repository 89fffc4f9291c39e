"""Which files there are: single ones, those of a folder, those of an archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import ibis

from onefunnel.errors import InputError, Place
from onefunnel.intake.files.kinds import KINDS, kind_of
from onefunnel.intake.files.unpack import unpack
from onefunnel.intake.mapping.canonical import is_table
from onefunnel.intake.staged import Options, Progress
from onefunnel.vocabulary import Note


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: where it is, what it is called in messages, and its kind."""

    path: Path
    file: str
    kind: str
    chosen: bool


def discover(
    paths: Sequence[Path], scratch: Path, options: Options, progress: Progress
) -> tuple[list[Found], list[Note]]:
    """The files at the paths, in order of name; and notes on those that are passed over.

    A folder gives the files in it and in its subfolders, one level down; files in it of kinds that
    can't be read are passed over with a note. Raises InputError: ``not_found``, ``no_files``,
    ``file_too_large``, and what archives and kinds raise.
    """
    found: list[Found] = []
    notes: list[Note] = []
    for path in paths:
        for each, file, chosen in _files(path, scratch, options, progress):
            if not chosen and each.suffix.lower() not in KINDS:
                notes.append(Note("file_ignored", f"{file} was left out: not a kind that is read."))
                continue
            found.append(_checked(each, file, chosen, options))
    if not found:
        raise _no_files([path.name for path in paths])
    return found, notes


def _no_files(names: Sequence[str]) -> InputError:
    message = "There is no file that can be read."
    remedy = f"Give files of these kinds: {', '.join(KINDS)}."
    return InputError(Place(", ".join(names) or "nothing"), "no_files", message, remedy=remedy)


def without_prose(found: Sequence[Found]) -> tuple[list[Found], list[Note]]:
    """Without the texts that lie about in folders: ``.txt`` that is named after no table."""
    kept, notes = [], []
    for each in found:
        name = PurePosixPath(each.file)
        if each.chosen or name.suffix.lower() != ".txt" or is_table(name.stem):
            kept.append(each)
        else:
            text = f"{each.file} was left out: no table of the ledger has that name."
            notes.append(Note("file_ignored", text))
    if not kept:
        raise _no_files([each.file for each in found])
    return kept, notes


def _checked(path: Path, file: str, chosen: bool, options: Options) -> Found:
    if not path.is_file():
        message = "It is no plain file."
        raise InputError(Place(file), "not_readable", message, remedy="Name a file.")
    size = path.stat().st_size
    limit = options.limits.max_file_bytes
    if size > limit:
        message = f"The file has {size} bytes, the limit is {limit}."
        raise InputError(Place(file), "file_too_large", message, remedy="Divide it.")
    kind = kind_of(path, file)
    if kind == "zip":
        message = "This is an archive within a folder or an archive."
        remedy = "Unpack it, or give it by itself."
        raise InputError(Place(file), "unknown_kind", message, remedy=remedy)
    return Found(path, file, kind, chosen)


def files_in(folder: Path) -> Iterator[Path]:
    """The files in a folder and one level down, in order of name; what is hidden is left out."""
    for each in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        hidden = any(part.startswith(".") for part in each.relative_to(folder).parts)
        if each.is_file() and not hidden:
            yield each


def _files(
    path: Path, scratch: Path, options: Options, progress: Progress
) -> Iterator[tuple[Path, str, bool]]:
    """Files, the names shown for them, and whether a person named them one by one."""
    if not path.exists():
        message = "There is no such file or folder."
        raise InputError(Place(str(path)), "not_found", message, remedy="Check the path.")
    if path.is_dir():
        for each in files_in(path):
            yield each, each.relative_to(path).as_posix(), False
    elif path.is_file() and path.suffix.lower() == ".zip" and kind_of(path, path.name):
        folder = scratch / ibis.util.gen_name("unpacked")
        for each, file in unpack(path, folder, path.name, options.limits, progress):
            yield each, file, False
    else:
        yield path, path.name, True
