"""Backup: one verified zip of what the head names; restore checks every byte before it counts."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from onefunnel.errors import InputError, Place
from onefunnel.ledger.disk.head import Head
from onefunnel.ledger.store.application import APPLICATION, FORGOTTEN, copy_database
from onefunnel.ledger.store.journal import FILE_NAME as JOURNAL

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
LEFT_OUT = ("scratch", "cache", "history", "uploads", "secrets.toml")
DATABASES: dict[str, Sequence[str]] = {JOURNAL: (), APPLICATION: FORGOTTEN}
"""SQLite files that others may be writing to; of each, what its copy forgets."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: the ledger version, where it was made, and a hash per file.

    Never in it: the secrets, and what can be made again. The application database is, where it lies
    in the workspace; one on PostgreSQL is backed up by its own tools.
    """

    workspace_id: str
    origin: str
    version: int
    made_at: str
    files: dict[str, str]

    @property
    def has_people(self) -> bool:
        """Whether the application database is in it: people, comments, what was seen and done."""
        return APPLICATION in self.files


def write_backup(
    workspace: Path, head: Head, workspace_id: str, made_at: str, target: Path
) -> Manifest:
    """Write a backup of a workspace into ``target``; call under the writer's lock."""
    partial = target.with_name(f"{target.name}.part")
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in _files(workspace, head):
            name = path.relative_to(workspace).as_posix()
            hashes[name] = _add(archive, path, name)
        for name, forgets in DATABASES.items():
            if (workspace / name).is_file():
                hashes[name] = _add_database(archive, workspace / name, forgets)
        manifest = Manifest(workspace_id, str(workspace.resolve()), head.version, made_at, hashes)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, sort_keys=True))
    partial.replace(target)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """What a backup says that it holds; nothing else of it is read. Raises InputError."""
    try:
        with zipfile.ZipFile(source) as archive:
            return Manifest(**json.loads(archive.read(MANIFEST)))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise InputError(
            Place(str(source)), "bad_backup", f"It is not a whole backup: {error}."
        ) from error


def read_backup(source: Path, target: Path) -> Manifest:
    """Unpack a backup into an empty folder and verify every file against its hash.

    Raises InputError that names the file which is missing, superfluous or not as it was written.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            _check_names(source, archive, manifest)
            for name, digest in manifest.files.items():
                _extract(source, archive, name, digest, target)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise InputError(
            Place(str(source)), "bad_backup", f"It is not a whole backup: {error}."
        ) from error
    return manifest


def _files(workspace: Path, head: Head) -> Iterator[Path]:
    named = {stored.folder for stored in head.tables.values()}
    for path in sorted(workspace.rglob("*")):
        parts = path.relative_to(workspace).parts
        if not path.is_file() or parts[0] in LEFT_OUT or parts[0].startswith(tuple(DATABASES)):
            continue
        if parts[0] == "ledger" and len(parts) > 2 and parts[1] not in named:
            continue
        if path.name not in ("lock",) and not path.name.endswith((".new", ".lock")):
            yield path


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _add_database(archive: zipfile.ZipFile, path: Path, forgets: Sequence[str]) -> str:
    """A database as it stands, whole, though others may be writing to it."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="scratch-") as folder:
        copy = Path(folder) / path.name
        copy_database(path, copy, forgets)
        return _add(archive, copy, path.name)


def _check_names(source: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    found = set(archive.namelist()) - {MANIFEST}
    odd = sorted(found ^ set(manifest.files))
    unsafe = [name for name in found if Path(name).is_absolute() or ".." in Path(name).parts]
    if odd or unsafe:
        raise InputError(
            Place(str(source), column=(odd or unsafe)[0]),
            "bad_backup",
            "The backup does not hold just what its manifest says.",
        )


def _extract(
    source: Path, archive: zipfile.ZipFile, name: str, expected: str, target: Path
) -> None:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as packed, path.open("wb") as file:
        shutil.copyfileobj(packed, file, CHUNK)
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != expected:
        raise InputError(
            Place(str(source), column=name), "bad_backup", "A file is not as it was written."
        )
