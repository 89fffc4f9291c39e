"""Files as they come in: streamed into a folder of the upload, bounded, under names of our own."""

import os
import re
import shutil
import unicodedata
import uuid
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from onefunnel.errors import InputError, Place, SystemFailed, UsageError
from onefunnel.intake.files.kinds import KINDS
from onefunnel.workflows.workspace import Workspace

FOLDER = "uploads"
RESERVE = 64 * 1024 * 1024
"""Bytes of the disk that stay free."""

_LONGEST = 120
_OTHERS = re.compile(r"[^\w .()+-]+")


def folder_of(workspace: Workspace, upload: uuid.UUID) -> Path:
    """The folder of an upload: ``files`` are what came, the rest is what was found in them."""
    return workspace.path / FOLDER / str(upload)


def paths_of(workspace: Workspace, upload: uuid.UUID) -> list[Path]:
    """The files of an upload, in order of name."""
    folder = folder_of(workspace, upload) / "files"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def throw_away(workspace: Workspace, upload: uuid.UUID) -> None:
    """Remove what an upload left on the disk."""
    shutil.rmtree(folder_of(workspace, upload), ignore_errors=True)


def safe_name(name: str) -> str:
    r"""A name that is only a name: no path, no control characters, not hidden, not too long.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\x\\Сделки (май).CSV"), safe_name("..")
    ('passwd', 'Сделки (май).csv', 'file')
    """
    last = PurePosixPath(PureWindowsPath(unicodedata.normalize("NFC", name)).name).name
    plain = PurePosixPath(_OTHERS.sub("_", last).strip(" .") or "file")
    suffix = plain.suffix.lower()
    return plain.stem[: _LONGEST - len(suffix)] + suffix


class Receiver(FileUploadHandler):
    """Writes each file where the import will read it, as it comes."""

    def __init__(self, workspace: Workspace, upload: uuid.UUID) -> None:
        super().__init__()
        self.workspace, self.upload = workspace, upload
        self.folder = folder_of(workspace, upload) / "files"
        self.received: list[Path] = []
        self._file: Any = None
        self._bytes = 0

    def new_file(self, *args: Any, **values: Any) -> None:
        """A file begins."""
        super().new_file(*args, **values)
        name = safe_name(self.file_name or "")
        if PurePosixPath(name).suffix not in KINDS:
            raise InputError(
                Place(name),
                "unknown_kind",
                "Files of this kind can't be read.",
                remedy=f"Save it as one of: {', '.join(KINDS)}.",
            )
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._free(name)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._file, self._bytes = os.fdopen(descriptor, "wb"), 0
        self.received.append(path)

    def _free(self, name: str) -> Path:
        path, number = self.folder / name, 1
        while path.exists():
            number += 1
            path = self.folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        return path

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it."""
        self._bytes += len(raw_data)
        limit = self.workspace.settings.limits.max_file_bytes
        if self._bytes > limit:
            self._file.close()
            raise InputError(
                Place(self.received[-1].name),
                "file_too_large",
                f"The file has more than {limit} bytes, which is the limit.",
                remedy="Divide it.",
            )
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """It has come as a whole."""
        self._file.close()
        return UploadedFile(name=self.received[-1].name, size=file_size)

    def upload_interrupted(self) -> None:
        """It will not come as a whole."""
        if self._file is not None:
            self._file.close()


def check_room(request: HttpRequest, workspace: Workspace) -> None:
    """Raises SystemFailed where the disk has no room for what is coming, and for importing it."""
    try:
        coming = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        coming = 0
    free = shutil.disk_usage(workspace.path).free
    if 2 * coming + RESERVE > free:
        raise SystemFailed(
            f"The disk has {free:,} bytes left; this needs {2 * coming + RESERVE:,}.",
            remedy="Make room on the server's disk, or bring fewer files at once.",
        )


def receive(request: HttpRequest, workspace: Workspace, upload: uuid.UUID) -> Receiver:
    """Have the files of a request written where they belong; reading its form does it."""
    check_room(request, workspace)
    receiver = Receiver(workspace, upload)
    request.upload_handlers = [receiver]
    return receiver


def check_received(receiver: Receiver) -> None:
    """Raises UsageError where no file came."""
    if not receiver.received:
        raise UsageError("No file came.", remedy="Choose one or more files.")
