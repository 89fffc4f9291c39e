"""The command that takes a whole import back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli.options import WorkspacePath
from onefunnel.cli.progress import shown_progress
from onefunnel.workflows.undoing import Batched, Undone, batches, undo

errors = Console(stderr=True, highlight=False, soft_wrap=True)
WORDS = {"deleted": "taken out", "changed": "as before", "new": "there again"}


def undo_command(
    workspace: WorkspacePath,
    version: Annotated[
        Optional[int],  # noqa: UP045
        typer.Argument(help="The ledger version that the import made; without it: list them."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and keep nothing.")
    ] = False,
) -> None:
    """Take a whole import back: what it brought goes, what it changed is as before."""
    opened = bootstrap.open_workspace(workspace)
    if version is None:
        _list(opened.reading(batches))
        return
    with shown_progress() as progress:
        undone = undo(opened, version, progress, dry_run=dry_run)
    _say(undone, workspace)


def _list(found: list[Batched]) -> None:
    """A line per batch that can be taken back, the latest first."""
    able = [each for each in found if each.can_be]
    if not able:
        errors.print("There is nothing to take back.")
    for each in able:
        at, source = each.row["committed_at"], each.row["source"] or ""
        print(f"{each.version}  {at:%Y-%m-%d %H:%M}  {each.row['kind']}  {source}")


def _say(undone: Undone, workspace: Path) -> None:
    for name in {**undone.counts, **undone.left}:
        errors.print(f"{name}: {_counts(undone, name)}", markup=False)
    if undone.released:
        errors.print(f"{undone.released:,} rows left the quarantine.")
    if undone.waiting:
        errors.print(f"{undone.waiting:,} rows wait again: onefunnel quarantine {workspace}")
    if not undone.changes:
        errors.print(f"Nothing changed. Ledger version {undone.version}.")
    elif not undone.committed:
        errors.print("Dry run: nothing was kept.")
    else:
        errors.print(f"Ledger version {undone.version}. To have version {undone.of} again:")
        errors.print(f"onefunnel undo {workspace} {undone.version}", markup=False)


def _counts(undone: Undone, name: str) -> str:
    found: Mapping[str, int] = undone.counts.get(name, {})
    said = [f"{found[each]:,} {words}" for each, words in WORDS.items() if found.get(each)]
    if name in undone.left:
        said.append(f"{undone.left[name]:,} changed again since, and left")
    return ", ".join(said)
