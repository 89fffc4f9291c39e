"""Backup, restore, upgrade: what keeps a workspace."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from onefunnel.errors import InputError, Place, UsageError
from onefunnel.ledger.disk.head import Head, read_head, write_head
from onefunnel.ledger.schema import SCHEMA_VERSION
from onefunnel.ledger.store.backup import Manifest, read_backup, write_backup
from onefunnel.ledger.store.register import FILE_NAME as REGISTER
from onefunnel.ledger.store.register import Register, read_register_file
from onefunnel.workflows.erasing import finish_erasures
from onefunnel.workflows.targets import check_new_file, check_new_folder
from onefunnel.workflows.workspace import Workspace


def back_up(workspace: Workspace, target: Path, *, over: bool = False) -> Manifest:
    """Write a backup under the writer's lock, and read it back to verify it.

    UsageError where a file stands already, unless it may be written ``over``.
    """
    check_new_file(target)
    if target.exists() and not over:
        raise UsageError(f"{target} exists already.", remedy="Name a new file.")
    if target.resolve().is_relative_to(workspace.path.resolve()):
        raise UsageError(
            "A backup can't lie inside the workspace.", remedy="Name a file elsewhere."
        )
    finish_erasures(workspace)
    with workspace.writing() as batch:
        made_at = workspace.clock().isoformat()
        identifier = workspace.settings.workspace_id
        manifest = write_backup(workspace.path, batch.head, identifier, made_at, target)
    verify(target, target.parent)
    return manifest


def verify(source: Path, room: Path) -> Manifest:
    """Read a backup back, every byte of it, in a folder of ``room`` that goes afterwards.

    Raises InputError that names the file which is not as it was written.
    """
    with tempfile.TemporaryDirectory(dir=room) as folder:
        return read_backup(source, Path(folder))


def unpack(source: Path, target: Path, registers: list[Path]) -> tuple[Manifest, Register | None]:
    """Unpack a backup where no workspace is yet; returns it and the register to replay, if any.

    Registers of erasures are looked for in the folder itself, in the workspace that the backup
    was made of, and in ``registers``.
    """
    check_new_folder(target, "Restore into a new folder, then move it.")
    for path in (source, *registers):
        if not path.is_file():
            raise InputError(Place(str(path)), "not_found", "There is no such file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".restore-") as folder:
        unpacked = Path(folder) / "workspace"
        unpacked.mkdir()
        manifest = read_backup(source, unpacked)
        found = _register([*registers, Path(manifest.origin) / REGISTER, unpacked / REGISTER])
        if target.exists():
            target.rmdir()
        shutil.move(unpacked, target)
    return manifest, found


def _register(candidates: list[Path]) -> Register | None:
    found = [read_register_file(path) for path in candidates if path.is_file()]
    if not found:
        return None
    merged = found[0]
    for each in found[1:]:
        merged = merged.merged(each)
    return merged


def needs_upgrade(workspace: Workspace) -> bool:
    """Whether the ledger was written by an earlier release; UsageError where by a later one."""
    head: Head = read_head(workspace.ledger)
    if head.schema_version > SCHEMA_VERSION:
        raise UsageError(
            f"The workspace was written by a later release (schema {head.schema_version}).",
            remedy="Install that release.",
        )
    return head.schema_version < SCHEMA_VERSION


Migration = Callable[[Workspace], None]
"""Brings a workspace from one schema version to the next."""

MIGRATIONS: dict[int, Migration] = {}
"""By the schema version they start from."""


def upgrade(workspace: Workspace, backup_folder: Path) -> Path | None:
    """Bring a workspace to this release's schema, backed up first; the backup, or None: no need."""
    if not needs_upgrade(workspace):
        return None
    before = read_head(workspace.ledger).schema_version
    backup = backup_folder / f"{workspace.path.name}-schema-{before}.zip"
    back_up(workspace, backup, over=True)
    for version in range(before, SCHEMA_VERSION):
        MIGRATIONS[version](workspace)
        with workspace.writing() as batch:
            write_head(workspace.ledger, replace(batch.head, schema_version=version + 1))
    return backup
