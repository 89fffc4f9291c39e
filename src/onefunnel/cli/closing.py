"""Commands about what is fixed: the terms that people work under, and months that are closed."""

import getpass
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onefunnel import bootstrap
from onefunnel.cli.options import WorkspacePath
from onefunnel.cli.previewing import print_pay
from onefunnel.cli.progress import shown_progress
from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.agreed import faults
from onefunnel.workflows.closed import Restated, closed_months
from onefunnel.workflows.closing import close_month, restated
from onefunnel.workflows.pay_preview import pay_difference
from onefunnel.workflows.terms import adopt, current_terms, text_of
from onefunnel.workflows.terms_files import place_of, put_terms

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def terms_command(
    workspace: WorkspacePath,
    files: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Argument(help="Pay plans, scorecards, experiments, *.toml: put into force."),
    ] = None,
    preview: Annotated[
        bool, typer.Option(help="Show what all would have been paid last month, change nothing.")
    ] = False,
) -> None:
    """List the terms in force, or put files of terms into force."""
    if preview and not files:
        raise UsageError("No file was named.", remedy="Name the files to preview.")
    opened = bootstrap.open_workspace(workspace)
    if files:
        given = {path: text_of(path) for path in files}
        wanted = {place_of(text, path.name): text for path, text in given.items()}
        if preview:
            with shown_progress() as progress:
                found = pay_difference(opened, wanted, progress)
            print_pay(found)
            return
        wrong = faults(current_terms(opened), wanted)
        head = put_terms(opened, wanted)
        for each in wrong:
            errors.print(escape(each.text), style="yellow")
    else:
        head = adopt(opened)
    for name, _ in current_terms(opened).files:
        print(name)
    errors.print(f"Ledger version {head.version}.", style="dim")


def close_command(
    workspace: WorkspacePath,
    month: Annotated[str, typer.Argument(help="Such as 2024-06; 1403-03 in the Solar calendar.")],
    by: Annotated[str, typer.Option(help="Who closes it; else who runs the command.")] = "",
) -> None:
    """Close a month: its figures, its pay and its terms stay as they are from then on."""
    opened = bootstrap.open_workspace(workspace)
    with shown_progress() as progress:
        closed = close_month(opened, month, by or getpass.getuser(), progress)
    errors.print(
        f"{closed.month} is closed with ledger version {closed.version}. What comes later about "
        "that time stands in the open month as a restatement."
    )


def closed_command(
    workspace: WorkspacePath,
    month: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A closed month: show what the records say otherwise of it now."),
    ] = None,
) -> None:
    """List the closed months, or what the records now say otherwise of one."""
    opened = bootstrap.open_workspace(workspace)
    console = Console(highlight=False)
    if month is not None:
        _print_restated(restated(opened, month), console)
        return
    for each in closed_months(opened):
        since = each.terms_since.date().isoformat() if each.terms_since else "no terms"
        print(f"{each.month}\tversion {each.version}\t{each.closed_by}\tterms since {since}")


def _print_restated(found: tuple[Restated, ...], console: Console) -> None:
    if not found:
        errors.print("The records say the same as when the month was closed.")
        return
    table = Table("measure", "row", "figure", "closed", "now")
    for each in found:
        row = ", ".join(f"{name}={value or 'unknown'}" for name, value in each.row.items())
        table.add_row(each.measure, escape(row), each.figure, _said(each.was), _said(each.now))
    console.print(table)


def _said(value: object) -> str:
    return "unknown" if value is None else str(value)
