"""The files that are named to an import: read where they lie, and refused if they change meanwhile.

Decision 8 says why they are not copied first.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from onefunnel.errors import InputError, Place, UsageError
from onefunnel.intake.files.discover import files_in
from onefunnel.intake.files.kinds import KINDS

SETTLED_NS = 20_000_000
"""Two writes that lie further apart have different times, but where whole seconds are kept."""

Stamps: TypeAlias = Mapping[Path, tuple[int, int, int, int]]


def check_paths(paths: Sequence[Path]) -> None:
    """Raises UsageError where none is named, InputError ``not_found`` where one is not there."""
    if not paths:
        raise UsageError("No file is named.", remedy="Name a file, a folder or a zip.")
    for path in paths:
        if not path.exists():
            place = Place(str(path))
            raise InputError(place, "not_found", "There is no such file.", remedy="Check the path.")


@contextmanager
def unchanged(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The paths, to be read as often as it takes; at the end they must be as they were.

    Raises InputError ``changed_meanwhile`` where a file was written to, renamed or removed, or came
    into a folder, whatever else that led to; ``not_readable`` where there is no permission.
    """
    resolved = [path.resolve() for path in paths]
    before = _settled(resolved)
    for path in before:
        _check_permission(path)
    try:
        yield resolved
    except Exception as error:
        if changed := _changed(before, _stamps(resolved)):
            raise _refusal(changed) from error
        raise
    if changed := _changed(before, _stamps(resolved)):
        raise _refusal(changed)


def _settled(paths: Sequence[Path]) -> Stamps:
    """The stamps of files that nobody wrote to just now: a later write would look different."""
    stamps = _stamps(paths)
    latest = max((changed for *_, changed in stamps.values()), default=0)
    if 0 <= time.time_ns() - latest < SETTLED_NS:
        time.sleep(SETTLED_NS / 1e9)
        return _stamps(paths)
    return stamps


def _stamps(paths: Sequence[Path]) -> Stamps:
    """What tells whether a file is the one it was, of each file."""
    found = {}
    for path in (file for each in paths for file in _files(each)):
        try:
            about = path.stat()
        except FileNotFoundError:
            continue
        found[path] = (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    return found


def _files(path: Path) -> Iterator[Path]:
    """What intake reads: a file, or those in a folder that are of a kind it reads."""
    if not path.is_dir():
        yield path
        return
    yield from (each for each in files_in(path) if each.suffix.lower() in KINDS)


def _changed(before: Stamps, after: Stamps) -> Path | None:
    """The first file that is not what it was."""
    every = sorted({*before, *after})
    return next((path for path in every if before.get(path) != after.get(path)), None)


def _check_permission(path: Path) -> None:
    if not path.is_file():
        return  # Intake says what is wrong with it.
    try:
        path.open("rb").close()
    except PermissionError as error:
        message, remedy = "There is no permission to read it.", "Check the permissions."
        raise InputError(Place(str(path)), "not_readable", message, remedy=remedy) from error


def _refusal(path: Path) -> InputError:
    return InputError(
        Place(str(path)),
        "changed_meanwhile",
        "It changed while it was read; nothing was taken in.",
        remedy="Import it again when whoever writes it is done.",
    )
