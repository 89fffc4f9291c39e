"""Put a backup in the place of a workspace that is served, and keep what was there beside it.

Everything that can fail is done in a folder of its own; then two folders change their names.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from onefunnel import settings
from onefunnel.errors import UsageError
from onefunnel.ledger.disk.head import sync_path
from onefunnel.ledger.store.application import APPLICATION, active_directors, copy_database
from onefunnel.ledger.store.backup import Manifest
from onefunnel.ledger.store.batch import LOCK_NAME
from onefunnel.ledger.store.register import FILE_NAME as REGISTER
from onefunnel.workflows.erasing import replay_erasures
from onefunnel.workflows.keeping import needs_upgrade, unpack, upgrade
from onefunnel.workflows.workspace import Workspace

SECRETS = "secrets.toml"
"""They are of the server, not of the records: they stay as they are."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup, unpacked and verified in ``folder``.

    ``people`` says whether the people are those of the backup: where nobody in it could sign in as
    a director, those of today stay.
    """

    folder: Path
    manifest: Manifest
    people: bool


def check_replaceable(workspace: Path) -> None:
    """Raise UsageError where the folder can't change its name, so that nothing could be swapped."""
    remedy = "Stop the server and restore by hand: onefunnel restore BACKUP FOLDER"
    if os.path.ismount(workspace):
        raise UsageError(f"{workspace} is a volume of its own.", remedy=remedy)
    if not os.access(workspace.parent, os.W_OK):
        raise UsageError(f"Nothing can be written at {workspace.parent}.", remedy=remedy)


def prepare(workspace: Workspace, source: Path, at: datetime) -> Restored:
    """Unpack a backup beside the workspace: verified, erasures replayed, of this release.

    Raises InputError where it is no whole backup, UsageError where it is of a later release. Then
    nothing is left behind.
    """
    check_replaceable(workspace.path)
    folder = _beside(workspace.path, "restored", at)
    known = workspace.path / REGISTER
    try:
        manifest, register = unpack(source, folder, [known] if known.is_file() else [])
        opened = Workspace(folder, settings.read(folder), workspace.clock)
        needs_upgrade(opened)
        upgrade(opened, folder.parent)
        if register is not None:
            replay_erasures(opened, register)
        if (workspace.path / SECRETS).is_file():
            shutil.copy2(workspace.path / SECRETS, folder / SECRETS)
        people = _people(workspace.path / APPLICATION, folder / APPLICATION)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Restored(folder, manifest, people)


def swap(workspace: Workspace, restored: Restored, at: datetime) -> Path:
    """Put what was prepared in the workspace's place; the folder in which the old one stands now.

    Both are locked meanwhile: no batch is being written to the one, none begins in the other.
    """
    before = _beside(workspace.path, "before", at)
    with workspace.writing(), FileLock(restored.folder / "ledger" / LOCK_NAME):
        workspace.path.rename(before)
        try:
            restored.folder.rename(workspace.path)
        except OSError:
            before.rename(workspace.path)
            raise
        sync_path(workspace.path.parent)
    return before


def _people(present: Path, restored: Path) -> bool:
    """Whether the restored people can manage themselves; else those of today are put there."""
    if restored.is_file() and active_directors(restored):
        return True
    if present.is_file():
        restored.unlink(missing_ok=True)
        copy_database(present, restored)
    return False


def _beside(workspace: Path, what: str, at: datetime) -> Path:
    """A folder beside the workspace that is not there yet."""
    name = f"{workspace.name}.{what}-{at:%Y-%m-%d-%H%M%S}"
    number = 1
    while (path := workspace.parent / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return path
