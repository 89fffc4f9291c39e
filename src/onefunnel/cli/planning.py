"""A command that plans an experiment."""

from math import ceil
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.markup import escape

from onefunnel import bootstrap
from onefunnel.errors import UsageError
from onefunnel.measures.attribution.experiments import Planned, plan
from onefunnel.measures.attribution.recorded import Counted, Of
from onefunnel.workflows.reachable import Reachable, Tried, ask_reachable

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def experiment_command(
    change: Annotated[float, typer.Option(help="Of that part, to be found: 0.003.")],
    people: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Who would take part in a month. Default: those on record."),
    ] = None,
    rate: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Part of them that converts without it: 0.02. Default: on record."),
    ] = None,
    share: Annotated[float, typer.Option(help="Part of the people who get it.")] = 0.5,
    horizon: Annotated[int, typer.Option(help="Months there are at most.")] = 6,
    wait: Annotated[int, typer.Option(help="Months until it is known who converted.")] = 0,
    power: Annotated[float, typer.Option(help="The chance to find the change.")] = 0.8,
    workspace: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder of the workspace whose records say who could take part."),
    ] = None,
    of: Annotated[
        str, typer.Option(help="What would be tried, as touches on record name it.")
    ] = "",
    by: Annotated[Of, typer.Option(help="What that is.")] = Of.CHANNEL,
    value: Annotated[Counted, typer.Option(help="What would count.")] = Counted.CUSTOMERS,
) -> None:
    """Say how large an experiment must be to find a change, or no."""
    if people is None or rate is None:
        found = _on_record(workspace, Tried(by, of, value))
        people = found.people if people is None else people
        rate = found.rate if rate is None else rate
        errors.print(escape(_said(found, by, of, value)))
    planned = plan(
        people, rate, change, share=share, horizon_months=horizon, wait_months=wait, power=power
    )
    for name, figure in _figures(planned):
        print(f"{name}\t{figure}")
    for note in planned.notes:
        errors.print(escape(note.text), style="yellow")
    if planned.months is None:
        raise typer.Exit(1)


def _on_record(workspace: Path | None, tried: Tried) -> Reachable:
    """Who could take part. UsageError where it is not said of what, Refused where none says."""
    if workspace is None or not tried.of:
        raise UsageError(
            "It is not known who would take part, or how many of them convert.",
            remedy="Give --people and --rate, or --workspace and --of.",
        )
    return ask_reachable(bootstrap.open_workspace(workspace), tried)


def _said(found: Reachable, by: Of, of: str, value: Counted) -> str:
    """Where the numbers come from."""
    days = f"{found.period.since} to {found.period.last}"
    low, high = found.rate_interval
    return (
        f"On record of {days}: {found.paths} met the {by} {of}, {found.people:.0f} a month, and "
        f"{found.converted} of them ({found.rate:.4f}, {low:.4f} to {high:.4f}) became {value}, "
        "with it as it was. Give --people and --rate if you know better."
    )


def _figures(found: Planned) -> list[tuple[str, str]]:
    return [
        ("months", "no" if found.months is None else str(found.months)),
        ("people with it", str(ceil(found.treated))),
        ("people without it", str(ceil(found.control))),
        ("chance to find it", f"{found.power:.3f}"),
        ("smallest change found", f"{found.smallest:.6f}"),
    ]
