"""Commands that answer: show, rows, report."""

import sys
from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli import options, tables
from onefunnel.cli.options import WorkspacePath
from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import Answer
from onefunnel.web.report.gather import gather
from onefunnel.web.report.render import render
from onefunnel.workflows import formats
from onefunnel.workflows.asking import Behind, ask, rows_behind
from onefunnel.workflows.targets import check_new_file

errors = Console(stderr=True, highlight=False, soft_wrap=True)
FORMATS = ("table", "json", "csv", "parquet")
Format = Annotated[str, typer.Option("--format", help="table, json, csv or parquet.")]


def show_command(
    workspace: WorkspacePath,
    measure: Annotated[str, typer.Argument(help=f"{', '.join(MEASURES)}.")],
    by: options.By = None,
    since: options.From = None,
    until: options.To = None,
    horizon: options.Horizon = None,
    now: options.Now = None,
    as_of: options.AsOf = None,
    steps: options.Steps = None,
    within: options.Within = None,
    joint: options.Joint = False,
    value: options.Value = None,
    models: options.Models = None,
    window: options.Window = None,
    half_life: options.HalfLife = None,
    format: Format = "table",
) -> None:
    """Answer a measure."""
    _check_format(format)
    opened = bootstrap.open_workspace(workspace)
    crediting = options.crediting(value, models, window, half_life)
    question = options.asked(by, since, until, horizon, now, as_of, steps, within, joint, crediting)
    _print(ask(opened, measure, question), format)


def _print(answer: Answer[Any], kind: str) -> None:
    if kind == "json":
        print(formats.to_json(answer))
    elif kind == "csv":
        sys.stdout.write(formats.to_csv(answer))
    elif kind == "parquet":
        sys.stdout.buffer.write(formats.to_parquet(answer))
    else:
        tables.print_answer(answer, Console(highlight=False))
    if kind == "table":
        for field, sentence in MEASURES[answer.measure].explained.items():
            errors.print(f"{field.replace('_', ' ')}: {sentence}", style="dim", markup=False)
    if kind != "json":
        for note in answer.notes:
            errors.print(note.text, style="dim", markup=False)


def rows_command(
    workspace: WorkspacePath,
    measure: Annotated[str, typer.Argument(help="The measure that the figure is of.")],
    where: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="KEY=VALUE: figure=entered, stage=purchase, channel=search …"),
    ] = None,
    by: options.By = None,
    since: options.From = None,
    until: options.To = None,
    horizon: options.Horizon = None,
    now: options.Now = None,
    as_of: options.AsOf = None,
    steps: options.Steps = None,
    within: options.Within = None,
    value: options.Value = None,
    window: options.Window = None,
    half_life: options.HalfLife = None,
    format: Format = "table",
) -> None:
    """Show the rows behind a figure."""
    _check_format(format)
    named = dict(_pair(each) for each in where or [])
    figure = named.pop("figure", None)
    known = MEASURES[measure].dimensions if measure in MEASURES else ()
    dimensions = [*(by or []), *(key for key in named if key in known)]
    crediting = options.crediting(value, None, window, half_life)
    question = options.asked(
        dimensions, since, until, horizon, now, as_of, steps, within, crediting=crediting
    )
    opened = bootstrap.open_workspace(workspace)
    _print_rows(rows_behind(opened, measure, question, figure, named), format)


def _pair(text: str) -> tuple[str, str | None]:
    key, mark, value = text.partition("=")
    if not mark:
        raise UsageError(f"--where {text!r} has no '='.", remedy="Write it as stage=purchase.")
    return key.strip(), value or None


def _print_rows(behind: Behind, kind: str) -> None:
    rows = behind.rows
    if kind == "json":
        print(formats.rows_to_json(behind))
    elif kind == "csv":
        sys.stdout.write(formats.rows_to_csv(rows))
    elif kind == "parquet":
        sys.stdout.buffer.write(formats.rows_to_parquet(rows))
    else:
        tables.print_rows(rows, Console(highlight=False))
        errors.print(f"{len(rows):,} rows", style="dim")


def _check_format(kind: str) -> None:
    if kind not in FORMATS:
        raise UnknownName("format", kind, FORMATS)


def report_command(
    workspace: WorkspacePath,
    output: Annotated[Path, typer.Option(help="The file to write, FILE.html.")],
    language: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="en, ru, ro, fa or vi; else the workspace's."),
    ] = None,
    since: options.From = None,
    until: options.To = None,
    horizon: options.Horizon = None,
    now: options.Now = None,
    as_of: options.AsOf = None,
) -> None:
    """Write the report: one HTML file that opens anywhere, without a network."""
    if output.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{output} is no HTML file.", remedy="Name it FILE.html.")
    opened = bootstrap.open_workspace(workspace)
    check_new_file(output)
    asked = options.asked(None, since, until, horizon, now, as_of)
    text = render(gather(opened, asked), language or opened.settings.language)
    output.write_text(text, encoding="utf-8")
    errors.print(f"Report: {output.resolve()}", markup=False)
