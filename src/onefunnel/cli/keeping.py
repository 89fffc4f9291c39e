"""Commands that keep a workspace: erase, backup, restore, upgrade, doctor."""

from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli.options import WorkspacePath
from onefunnel.cli.progress import shown_progress
from onefunnel.workflows import keeping
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.erasing import erase_party, replay_erasures
from onefunnel.workflows.journaling import drain

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def erase_command(
    workspace: WorkspacePath, party: Annotated[str, typer.Argument(help="The party's identifier.")]
) -> None:
    """Overwrite what identifies a person, in every table and version. It can't be undone."""
    opened = bootstrap.open_workspace(workspace)
    with shown_progress() as progress:
        drain(opened, progress)
    try:
        count = erase_party(opened, party)
    finally:  # one that was killed before may have erased the ledger alone
        _forget_in_database(workspace)
    errors.print(f"Erased: {count} parties held to be the same person.")
    errors.print("Backups made before still hold them; restoring one erases them again.")


def _forget_in_database(workspace: Path) -> None:
    """Erase in the application database too, where the workspace has one."""
    # Django takes long to load, and few commands need it.
    from onefunnel.web.site.erased import forget_erased

    forget_erased(workspace)


def backup_command(
    workspace: WorkspacePath, file: Annotated[Path, typer.Argument(help="The zip to write.")]
) -> None:
    """Write a verified backup."""
    manifest = keeping.back_up(bootstrap.open_workspace(workspace), file)
    errors.print(f"Ledger version {manifest.version}, {len(manifest.files)} files, verified.")
    if manifest.has_people:
        errors.print("People, comments and the audit log are in it; secrets.toml is not.")


def restore_command(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    workspace: WorkspacePath,
    erasures: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="erasures.json of the lost workspace: whom to erase again."),
    ] = None,
) -> None:
    """Restore a backup into a new folder; every byte is verified, erasures are replayed."""
    registers = [erasures] if erasures else []
    manifest, register = keeping.unpack(file, workspace, registers)
    opened = bootstrap.open_workspace(workspace)
    if register is not None:
        replay_erasures(opened, register)
        _forget_in_database(workspace)
    errors.print(f"Restored ledger version {manifest.version}.")
    if manifest.has_people:
        errors.print("People sign in as they did then; all sessions have ended.")
    if not erasures and not Path(manifest.origin).is_dir():
        errors.print(
            f"The workspace it was made of ({manifest.origin}) is not here: whoever was erased "
            "there since is back. Give its erasures.json with --erasures if you have it.",
            style="yellow",
            markup=False,
        )


def upgrade_command(workspace: WorkspacePath) -> None:
    """Bring a workspace to this release, after backing it up."""
    opened = bootstrap.open_workspace(workspace)
    backup = keeping.upgrade(opened, workspace.resolve().parent)
    errors.print(
        f"Upgraded; the backup is {backup}." if backup else "It is up to date.", markup=False
    )


def doctor_command(workspace: WorkspacePath) -> None:
    """Look a workspace over: what is not as it should be, and what to do about it."""
    findings = list(examine(bootstrap.open_workspace(workspace)))
    for each in findings:
        mark = "ok " if each.well else "BAD"
        print(f"{mark}  {each.check}: {each.seen} {each.remedy}".rstrip())
    if not all(each.well for each in findings):
        raise typer.Exit(1)
