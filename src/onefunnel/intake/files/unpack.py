"""Archives: unpacked into a folder of our own, within limits."""

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from onefunnel.errors import InputError, Place
from onefunnel.intake.staged import Limits, Progress

_CHUNK = 1024 * 1024
# Small files may pack well without being bombs.
_RATIO_MATTERS_FROM = 10 * 1024 * 1024
_ENCRYPTED = 0x1
_AGAIN = "Pack or download it again."


def check_archive(path: Path, file: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """The entries of an archive, after looking at what it says of itself.

    Raises InputError: ``damaged_zip``, ``encrypted_zip``, ``unsafe_zip``, ``zip_too_large``.
    """
    with _reading(file), zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    for entry in entries:
        _check_entry(entry, file)
    _check_size(sum(entry.file_size for entry in entries), path, file, limits)
    return entries


def unpack(
    path: Path, folder: Path, file: str, limits: Limits, progress: Progress
) -> Iterator[tuple[Path, str]]:
    """Unpack into ``folder``; each file with the name to be shown for it.

    What systems add by themselves (``__MACOSX``, hidden files) is left out. Names are not trusted:
    the files get names of our own. Raises InputError as :func:`check_archive`, ``zip_too_deep``.
    """
    written = 0
    for number, entry in enumerate(check_archive(path, file, limits)):
        name = PurePosixPath(entry.filename)
        if any(part.startswith((".", "__MACOSX")) for part in name.parts):
            continue
        if len(name.parts) > 2:
            place = Place(f"{file}/{name}")
            message = "The file stands in a folder within a folder."
            remedy = "Put it at most one folder deep."
            raise InputError(place, "zip_too_deep", message, remedy=remedy)
        target = folder / str(number) / name.name
        target.parent.mkdir(parents=True)
        written = _extract(path, entry, target, file, limits, written)
        progress.step(file, written, None)
        yield target, f"{file}/{name}"


def _extract(
    path: Path, entry: zipfile.ZipInfo, target: Path, file: str, limits: Limits, written: int
) -> int:
    """Write one entry, counting: what an archive says of its sizes need not be true."""
    name = f"{file}/{entry.filename}"
    with (
        _reading(name),
        zipfile.ZipFile(path) as archive,
        archive.open(entry) as source,
        target.open("wb") as out,
    ):
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            _check_size(written, path, file, limits)
            out.write(chunk)
    return written


@contextmanager
def _reading(file: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        message = f"The archive is damaged or cut short ({error})."
        raise InputError(Place(file), "damaged_zip", message, remedy=_AGAIN) from error
    except NotImplementedError as error:
        message = f"The archive is packed in a way that can't be read ({error})."
        raise InputError(Place(file), "damaged_zip", message, remedy="Use plain zip.") from error


def _check_entry(entry: zipfile.ZipInfo, file: str) -> None:
    place = Place(f"{file}/{entry.filename}")
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & _ENCRYPTED:
        message = "The archive is encrypted."
        raise InputError(place, "encrypted_zip", message, remedy="Pack it without a password.")
    outside = name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]
    if outside or stat.S_ISLNK(entry.external_attr >> 16):
        message = "The archive would write outside its folder."
        raise InputError(place, "unsafe_zip", message, remedy="Pack plain files by plain names.")


def _check_size(size: int, path: Path, file: str, limits: Limits) -> None:
    packed = max(1, path.stat().st_size)
    bomb = size > _RATIO_MATTERS_FROM and size > packed * limits.max_unpack_ratio
    if bomb or size > limits.max_unpacked_bytes or size > shutil.disk_usage(path.parent).total:
        message = f"The archive unpacks to {size} bytes or more, from {packed}."
        raise InputError(Place(file), "zip_too_large", message, remedy="Pack fewer files.")
