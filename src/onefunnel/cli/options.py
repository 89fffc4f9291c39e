"""Arguments and options that several commands share, and how their text is read."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from onefunnel.errors import UsageError
from onefunnel.measures.steps.conditions import step_of
from onefunnel.vocabulary import AS_AGREED, DIMENSIONS, Crediting
from onefunnel.workflows.asking import Asked

WorkspacePath = Annotated[Path, typer.Argument(help="Folder of the workspace.", show_default=False)]
By = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--by", help="Dimension: channel, campaign, page, segment, owner, cohort_month."),
]
From = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--from", help="First local day of the period."),
]
To = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--to", help="Local day after the last of the period."),
]
Horizon = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--horizon", help="Days after which a conversion is read."),
]
Now = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--now", help="Instant; later facts are ignored. Default: the latest event known by then."
    ),
]
AsOf = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--as-of", help="Ledger version: what was known then."),
]
Steps = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--step",
        help="A step of the measure steps, in order: kind=click, or channel=search|social.",
    ),
]
Within = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--within", help="Days from the first step to the last. Default: 30."),
]

Joint = Annotated[
    bool,
    typer.Option("--joint", help="Of the measure bridge: leads and conversion as one factor."),
]
Models = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--model", help="Of attribution: a model, such as linear or markov_1."),
]
Value = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--value", help="Of attribution: leads, customers, revenue or contribution."),
]
Window = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option("--window", help="Of attribution: days that a conversion looks back."),
]
HalfLife = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option("--half-life", help="Of attribution: days, for the model time_decay."),
]


def asked(
    by: list[str] | None,
    since: str | None,
    until: str | None,
    horizon: int | None,
    now: str | None,
    as_of: int | None,
    steps: list[str] | None = None,
    within: int | None = None,
    joint: bool = False,
    crediting: Crediting = AS_AGREED,
) -> Asked:
    """The question in the words of the command line. Raises UsageError."""
    named = (name.strip() for each in by or [] for name in each.split(","))
    dimensions = tuple(dict.fromkeys(named))
    return Asked(
        dimensions,
        _day("--from", since),
        _day("--to", until),
        horizon,
        _instant(now),
        as_of,
        tuple(step_of(each) for each in steps or []),
        within,
        joint,
        crediting,
    )


def crediting(
    value: str | None,
    models: list[str] | None,
    window: float | None,
    half_life: float | None,
) -> Crediting:
    """How attribution is asked other than as agreed. Raises UsageError."""
    named = (name.strip() for each in models or [] for name in each.split(","))
    return Crediting(value, tuple(dict.fromkeys(named)), window, half_life)


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} {text!r} is no day.", remedy="Write it as 2024-03-31."
        ) from None


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--now {text!r} is no instant.", remedy="Write it as 2024-03-31T12:00:00Z."
        ) from None


__all__ = [
    "DIMENSIONS",
    "AsOf",
    "Asked",
    "By",
    "From",
    "HalfLife",
    "Horizon",
    "Joint",
    "Models",
    "Now",
    "Steps",
    "To",
    "Value",
    "Window",
    "Within",
    "WorkspacePath",
    "asked",
    "crediting",
]
