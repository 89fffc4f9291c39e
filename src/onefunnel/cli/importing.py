"""Commands that bring records in: import, quarantine, drain, unlink."""

from pathlib import Path
from typing import Annotated, Optional

import pyarrow as pa
import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli.options import WorkspacePath
from onefunnel.cli.progress import shown_progress
from onefunnel.errors import Place, UnknownName, UsageError
from onefunnel.ledger.schema import TABLES
from onefunnel.vocabulary.cells import column_named
from onefunnel.workflows import quarantine
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.journaling import drain, record
from onefunnel.workflows.taking_in import Taken

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def import_command(
    workspace: WorkspacePath,
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or zips.")],
    preset: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="A mapping that comes with onefunnel."),
    ] = None,
    mapping: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="A mapping file (TOML) that says what each column is."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do all but keep the result.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse everything when a row can't be read.")
    ] = False,
) -> None:
    """Take files into the ledger, all of them in one batch, or none."""
    opened = bootstrap.open_workspace(workspace)
    with shown_progress() as progress:
        taken = import_paths(
            opened,
            paths,
            progress,
            preset_name=preset,
            mapping_file=mapping,
            strict=strict,
            dry_run=dry_run,
        )
    say_taken(taken, workspace)


def say_taken(taken: Taken, workspace: Path) -> None:
    """Say on standard error what a batch brought."""
    for name, counts in taken.counts.items():
        said = ", ".join(f"{n:,} {outcome}" for outcome, n in counts.items() if n)
        errors.print(f"{name}: {said or 'nothing'}", markup=False)
    for note in taken.notes:
        errors.print(note.text, style="yellow", markup=False)
    if taken.quarantined:
        errors.print(
            f"{taken.quarantined:,} rows went to the quarantine: onefunnel quarantine {workspace}",
            style="yellow",
            markup=False,
        )
    if not taken.committed:
        errors.print("Dry run: nothing was kept.")
    elif not taken.changes and not taken.quarantined:
        errors.print(f"Nothing changed. Ledger version {taken.version}.")
    else:
        errors.print(f"Ledger version {taken.version}.")


def quarantine_command(
    workspace: WorkspacePath,
    table: Annotated[Optional[str], typer.Option(help="Of this table only.")] = None,  # noqa: UP045
    export: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Write the rows as a CSV to mend and import again."),
    ] = None,
    discard: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Let a row go for good, by its identifier."),
    ] = None,
) -> None:
    """Show the rows that could not be read, take them out to be mended, or let them go."""
    opened = bootstrap.open_workspace(workspace)
    if export and discard:
        raise UsageError("Either --export or --discard.")
    if export:
        count = quarantine.export(opened, export, table)
        errors.print(f"{count:,} rows written to {export}.", markup=False)
        errors.print("Mend them there and import the file; keep the column quarantine_id.")
    elif discard:
        errors.print(f"{quarantine.discard(opened, discard):,} rows let go.")
    else:
        _print_quarantine(quarantine.listed(opened, table))


def _print_quarantine(rows: pa.Table) -> None:
    """A paragraph per row: the identifier is to be copied, and reasons are long."""
    if not len(rows):
        errors.print("The quarantine is empty.")
    for row in rows.to_pylist():
        column = column_named(row["column"], row["file_column"])
        place = Place(row["file"] or "", row["line"], column, row["value"])
        print(f"{row['quarantine_id']}  {row['fact']}  {row['code']}\n    {place}")
        print(f"    {row['reason']}")


def drain_command(workspace: WorkspacePath) -> None:
    """Move what waits in the journal into the ledger."""
    opened = bootstrap.open_workspace(workspace)
    with shown_progress() as progress:
        taken = drain(opened, progress)
    if taken is None:
        errors.print("Nothing waits in the journal.")
    else:
        say_taken(taken, workspace)


def unlink_command(
    workspace: WorkspacePath,
    party: Annotated[str, typer.Argument(help="The party.")],
    kind: Annotated[str, typer.Argument(help="email, phone, domain, anonymous or external.")],
    value: Annotated[str, typer.Argument(help="The name that is not theirs.")],
) -> None:
    """Undo a link: this e-mail, phone or number does not belong to this party."""
    opened = bootstrap.open_workspace(workspace)
    kinds = TABLES["unlink"].by_name["kind"].choices
    if kind not in kinds:
        raise UnknownName("kind of name", kind, kinds)
    if not party.strip() or not value.strip():
        raise UsageError("The party or the name is empty.", remedy="Give both.")
    row = {
        "unlink_id": f"{party}:{kind}:{value}",
        "party_id": party,
        "kind": kind,
        "value": value,
        "occurred_at": opened.clock().isoformat(),
    }
    record(opened, [{"unlink": [row]}])
    with shown_progress() as progress:
        taken = drain(opened, progress)
    if taken is not None:
        say_taken(taken, workspace)
