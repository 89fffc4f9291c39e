"""The folder of backups beside a workspace: what is in it, and what is known of each."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from onefunnel.errors import InputError, UsageError
from onefunnel.ledger.disk.head import replace_file
from onefunnel.ledger.store.backup import Manifest, read_manifest
from onefunnel.workflows.keeping import back_up, verify
from onefunnel.workflows.workspace import Workspace

NAME = re.compile(r"[\w][\w .-]*\.zip", re.ASCII)
UNPROVED = ".unproved"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup of the folder. ``verified_at`` is empty where it was not read back, or has changed.

    ``wrong`` says why it is no backup at all; then version and dates are unknown.
    """

    name: str
    bytes: int
    made_at: datetime | None
    version: int | None
    has_people: bool
    same_workspace: bool
    verified_at: str
    wrong: str = ""


def folder(workspace: Path) -> Path:
    """Where backups lie: beside the workspace, so that both are not lost by one slip."""
    return workspace.parent / f"{workspace.name}-backups"


def listed(workspace: Workspace) -> tuple[Backup, ...]:
    """The backups, the latest first."""
    root = folder(workspace.path)
    paths = [path for path in root.glob("*.zip") if NAME.fullmatch(path.name)]
    found = (_known(workspace, path) for path in sorted(paths, reverse=True))
    return tuple(sorted(found, key=lambda each: str(each.made_at or ""), reverse=True))


def path_of(workspace: Workspace, name: str) -> Path:
    """The file of a backup. UsageError where the folder holds none of that name."""
    path = folder(workspace.path) / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise UsageError("There is no such backup.", remedy="Look at the list once more.")
    return path


def make(workspace: Workspace) -> Backup:
    """Make a backup, verified; it has its name only when it is whole."""
    target = new_path(workspace, "backup")
    unproved = target.with_name(f"{target.name}{UNPROVED}")
    try:
        back_up(workspace, unproved)
        unproved.replace(target)
    finally:
        unproved.unlink(missing_ok=True)
    _prove(target, workspace.clock())
    return _known(workspace, target)


def prove(workspace: Workspace, name: str) -> Backup:
    """Read a backup of the folder back, every byte. InputError where it is not whole."""
    path = path_of(workspace, name)
    verify(path, path.parent)
    _prove(path, workspace.clock())
    return _known(workspace, path)


def remove(workspace: Workspace, name: str) -> None:
    """Remove a backup."""
    path = path_of(workspace, name)
    path.unlink()
    _facts(path).unlink(missing_ok=True)


def new_path(workspace: Workspace, what: str) -> Path:
    """A name in the folder that is not taken; the folder is made, for its owner only."""
    root = folder(workspace.path)
    root.mkdir(mode=0o700, exist_ok=True)
    stem = f"{what}-{workspace.clock():%Y-%m-%d-%H%M%S}"
    number = 1
    while (path := root / (f"{stem}.zip" if number == 1 else f"{stem}-{number}.zip")).exists():
        number += 1
    return path


def _facts(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _prove(path: Path, at: datetime) -> None:
    known = {"stamp": _stamp(path), "at": at.isoformat()}
    replace_file(_facts(path), json.dumps(known))


def _stamp(path: Path) -> list[int]:
    """What changes when the file does."""
    stated = path.stat()
    return [stated.st_size, stated.st_mtime_ns]


def _known(workspace: Workspace, path: Path) -> Backup:
    size = path.stat().st_size
    try:
        manifest = read_manifest(path)
    except InputError as error:
        return Backup(path.name, size, None, None, False, False, "", error.message)
    same = manifest.workspace_id == workspace.settings.workspace_id
    return Backup(
        path.name,
        size,
        _instant(manifest),
        manifest.version,
        manifest.has_people,
        same,
        _verified_at(path),
    )


def _verified_at(path: Path) -> str:
    try:
        known = json.loads(_facts(path).read_text("utf-8"))
        return str(known["at"]) if known["stamp"] == _stamp(path) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _instant(manifest: Manifest) -> datetime | None:
    try:
        return datetime.fromisoformat(manifest.made_at)
    except ValueError:
        return None


def as_json(backup: Backup) -> dict[str, object]:
    """A backup as a job keeps it."""
    made_at = backup.made_at.isoformat() if backup.made_at else None
    return {**asdict(backup), "made_at": made_at}
