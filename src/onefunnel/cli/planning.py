"""A command that plans an experiment."""

from math import ceil
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from onefunnel.measures.attribution.experiments import Planned, plan

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def experiment_command(
    people: Annotated[float, typer.Option(help="Who would take part in a month.")],
    rate: Annotated[float, typer.Option(help="Part of them that converts without it: 0.02.")],
    change: Annotated[float, typer.Option(help="Of that part, to be found: 0.003.")],
    share: Annotated[float, typer.Option(help="Part of the people who get it.")] = 0.5,
    horizon: Annotated[int, typer.Option(help="Months there are at most.")] = 6,
    wait: Annotated[int, typer.Option(help="Months until it is known who converted.")] = 0,
    power: Annotated[float, typer.Option(help="The chance to find the change.")] = 0.8,
) -> None:
    """Say how large an experiment must be to find a change, or no."""
    found = plan(
        people, rate, change, share=share, horizon_months=horizon, wait_months=wait, power=power
    )
    for name, value in _figures(found):
        print(f"{name}\t{value}")
    for note in found.notes:
        errors.print(escape(note.text), style="yellow")
    if found.months is None:
        raise typer.Exit(1)


def _figures(found: Planned) -> list[tuple[str, str]]:
    return [
        ("months", "no" if found.months is None else str(found.months)),
        ("people with it", str(ceil(found.treated))),
        ("people without it", str(ceil(found.control))),
        ("chance to find it", f"{found.power:.3f}"),
        ("smallest change found", f"{found.smallest:.6f}"),
    ]
