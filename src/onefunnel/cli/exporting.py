"""The command that writes files for other systems."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli import options
from onefunnel.cli.options import WorkspacePath
from onefunnel.errors import UnknownName
from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.statuses import Status
from onefunnel.measures.offline_conversions.telling import ToldValue, told
from onefunnel.workflows.returning import File, Returned, platform_of, returned
from onefunnel.workflows.targets import check_new_file

errors = Console(stderr=True, highlight=False, soft_wrap=True)
WHAT = ("conversions",)


def export_command(
    what: Annotated[str, typer.Argument(help=f"{', '.join(WHAT)}.", show_default=False)],
    workspace: WorkspacePath,
    platform: Annotated[str, typer.Option(help=f"{', '.join(Platform)}.")],
    of: Annotated[str, typer.Option(help=f"{', '.join(Conversion)}.")] = Conversion.CUSTOMER.value,
    value: Annotated[
        str, typer.Option(help=f"Value of a conversion: {', '.join(ToldValue)}.")
    ] = ToldValue.CONTRIBUTION.value,
    name: Annotated[
        str, typer.Option(help="Name of the conversion in the platform's account.")
    ] = "",
    adjustments: Annotated[
        bool, typer.Option("--adjustments", help="What was taken back or changed since.")
    ] = False,
    since: options.From = None,
    until: options.To = None,
    now: options.Now = None,
    as_of: options.AsOf = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="The file to write; without it, standard output."),
    ] = None,
) -> None:
    """Write the file by which an advertising platform learns what became of its clicks."""
    if what not in WHAT:
        raise UnknownName("export", what, WHAT)
    opened = bootstrap.open_workspace(workspace)
    if output is not None:
        check_new_file(output)
    how = told(of, name, value, opened.settings.currency)
    file = File(platform_of(platform), how, adjustments)
    found = returned(opened, file, options.asked(None, since, until, None, now, as_of))
    parts = file.text(found.rows)
    if output is None:
        sys.stdout.writelines(parts)
    else:
        with output.open("w", encoding="utf-8", newline="") as target:
            target.writelines(parts)
    _say(found)


def _say(found: Returned) -> None:
    file, counts, out = found.file, asdict(found.counts), found.file.left_out(found.rows)
    errors.print(f"{len(found.rows) - out:,} rows of {counts['conversions']:,} conversions.")
    if out:
        errors.print(f"{out:,} that the platform does not take as they are told.")
    for status in Status:
        number = counts[status.value]
        if status is not Status.RETURNED and number:
            errors.print(f"{number:,} {status.value.replace('_', ' ')}", style="dim")
    if not file.adjustments and counts["to_adjust"]:
        errors.print(f"{counts['to_adjust']:,} changed since: see --adjustments.", style="dim")
    for note in found.answer.notes:
        errors.print(note.text, style="dim", markup=False)
