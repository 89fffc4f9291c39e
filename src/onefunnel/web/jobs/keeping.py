"""Jobs that keep the workspace: backups made, verified and restored."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from onefunnel.errors import UsageError
from onefunnel.intake import Progress
from onefunnel.ledger.store.application import APPLICATION
from onefunnel.ledger.store.register import read_register
from onefunnel.store.models import AuditLine, Person
from onefunnel.web.site.audit import write
from onefunnel.web.site.moved import let_go
from onefunnel.workflows import backups
from onefunnel.workflows.restoring import Restored, prepare, swap
from onefunnel.workflows.workspace import Workspace

ALIAS = "restored"


def back_up(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Make a backup and read it back."""
    progress.step("backup", 0, None)
    made = backups.make(workspace)
    person = Person.objects.filter(pk=parameters["person"]).first()
    write(person, "backup_made", "backup", made.name, version=made.version)
    return backups.as_json(made)


def verify(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Read a backup of the folder back."""
    progress.step("backup", 0, None)
    return backups.as_json(backups.prove(workspace, parameters["name"]))


def restore(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Put a backup in the workspace's place. Nothing has changed where it fails."""
    progress.step("unpacking", 0, None)
    at = workspace.clock()
    restored = prepare(workspace, backups.path_of(workspace, parameters["name"]), at)
    progress.step("restoring", 0, None)
    try:
        _bring_up_to_date(restored, parameters)
        _forget_erased(restored.folder)
    except BaseException:
        shutil.rmtree(restored.folder, ignore_errors=True)
        raise
    before = swap(workspace, restored, at)
    let_go()
    return {"version": restored.manifest.version, "before": before.name, "people": restored.people}


def _bring_up_to_date(restored: Restored, parameters: Mapping[str, Any]) -> None:
    """Bring the restored application database to this release, and write down who restored it."""
    asked_by = Person.objects.filter(pk=parameters["person"]).first()
    said = {"version": restored.manifest.version}
    path = restored.folder / APPLICATION
    if connections["default"].vendor != "sqlite" or not path.is_file():
        write(asked_by, "restored", "backup", parameters["name"], **said)
        return
    with _opened(path):
        _check_release()
        call_command("migrate", database=ALIAS, interactive=False, verbosity=0)
        call_command("createcachetable", database=ALIAS, verbosity=0)
        email = asked_by.email if asked_by else ""
        AuditLine.objects.using(ALIAS).create(
            person=Person.objects.using(ALIAS).filter(email=email).first(),
            action="restored",
            subject_kind="backup",
            subject_id=parameters["name"],
            detail=said,
        )


def _forget_erased(folder: Path) -> None:
    """Take out whom the register names; in a process of its own, that serves the folder."""
    if read_register(folder) is None or not (folder / APPLICATION).is_file():
        return
    told = "from onefunnel.web.site.erased import forget_erased; from pathlib import Path; "
    told += "import sys; forget_erased(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", told, str(folder)], check=True, stdin=subprocess.DEVNULL)


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    """The database in a file, under an alias of its own."""
    usual = connections.settings
    # Other threads walk through the settings: they keep the mapping that they have.
    connections.settings = {**usual, ALIAS: {**usual["default"], "NAME": path}}
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        connections.settings = usual


def _check_release() -> None:
    """Raise UsageError where a later release wrote the database."""
    loader = MigrationLoader(connections[ALIAS])
    ours = {each for each in loader.applied_migrations if each[0] == "store"}
    if later := sorted(name for _, name in ours - set(loader.disk_migrations)):
        raise UsageError(
            f"The backup was made by a later release ({later[-1]}).", remedy="Install that release."
        )
