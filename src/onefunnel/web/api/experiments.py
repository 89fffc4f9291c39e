"""Lift experiments: what those on record showed, and how large one must be."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from onefunnel.measures.attribution.evidence import Estimate
from onefunnel.measures.attribution.experiments import plan
from onefunnel.measures.attribution.recorded import Experiment, effect
from onefunnel.measures.attribution.recording import experiments_of
from onefunnel.vocabulary import Note, Permission
from onefunnel.web.api.questions import Said
from onefunnel.web.api.rooms import Room
from onefunnel.web.site import current
from onefunnel.workflows.terms import current_terms

room = Room("Experiments")
MOST_PEOPLE = 1_000_000_000


class EstimateOut(Schema):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class ExperimentOut(Schema):
    """An experiment on record, and what it showed."""

    name: str
    kind: str = Field(description="holdout or geographic.")
    dimension: str
    of: str = Field(description="The channel, campaign or page that was tried.")
    value: str = Field(description="What counts: leads or customers.")
    first: date
    last: date
    planned_before: date | None
    randomised: bool
    overrides: bool = Field(description="Whether it replaces the figure of the model.")
    change: EstimateOut = Field(
        description="Of the chance to convert; by regions conversions per region and period."
    )
    conversions: EstimateOut = Field(description="Those that would not have come otherwise.")
    per_person: EstimateOut | None = Field(
        description="They for each person reached; null: unknown how many those are."
    )
    grade: str
    notes: list[Said]


@room.call("GET", "/experiments", Permission.FIGURES, {200: list[ExperimentOut]})
def experiments(request: HttpRequest) -> Any:
    """The experiments on record.

    One is recorded as a file of terms, `experiments/NAME.toml`, with `PUT /terms`. What it makes of
    the credit of its channel is the model `calibrated` of the measure `attribution`.
    """
    return [_out(each) for each in experiments_of(current_terms(current.workspace()))]


class PlannedOut(Schema):
    """An experiment as large as it must be, or until the horizon."""

    months: int | None = Field(description="How long it takes; null: `notes` say why there is no.")
    treated: float = Field(description="People who get what is tried.")
    control: float = Field(description="People who go without.")
    power: float = Field(description="The chance that the change is then found.")
    smallest: float = Field(description="The change that is found with the power asked for.")
    notes: list[Said]


@room.call("GET", "/experiments/plan", Permission.FIGURES, {200: PlannedOut})
def plan_of_experiment(
    request: HttpRequest,
    people: Annotated[
        float, Query(ge=1, le=MOST_PEOPLE, description="Who would take part in a month.")
    ],
    rate: Annotated[float, Query(ge=0, le=1, description="Part of them that converts without it.")],
    change: Annotated[float, Query(ge=-1, le=1, description="Of that part, to be found; not 0.")],
    share: Annotated[
        float, Query(ge=0.01, le=0.99, description="Part of the people who get it.")
    ] = 0.5,
    horizon_months: Annotated[int, Query(ge=1, le=600, description="No longer than that.")] = 6,
    wait_months: Annotated[
        int, Query(ge=0, le=600, description="Until it is known who converted.")
    ] = 0,
    power: Annotated[
        float, Query(ge=0.5, le=0.999, description="The chance to find the change.")
    ] = 0.8,
) -> Any:
    """How large an experiment must be to find a change, or that it can't be done in time."""
    found = plan(
        people,
        rate,
        change,
        share=share,
        horizon_months=horizon_months,
        wait_months=wait_months,
        power=power,
    )
    return {
        **{name: getattr(found, name) for name in PlannedOut.model_fields},
        "notes": _said(found.notes),
    }


def _out(each: Experiment) -> dict[str, Any]:
    shown = effect(each)
    return {
        "name": each.name,
        "kind": each.kind.value,
        "dimension": each.dimension.value,
        "of": each.of,
        "value": each.counts.value,
        "first": each.first,
        "last": each.last,
        "planned_before": each.planned,
        "randomised": each.randomised,
        "overrides": each.overrides,
        "change": _estimate(shown.change),
        "conversions": _estimate(shown.conversions),
        "per_person": None if shown.per_person is None else _estimate(shown.per_person),
        "grade": shown.grade.value,
        "notes": _said(shown.notes),
    }


def _estimate(each: Estimate) -> dict[str, float]:
    return {"value": each.value, "low": each.low, "high": each.high}


def _said(notes: tuple[Note, ...]) -> list[dict[str, str]]:
    return [{"code": note.code, "text": note.text} for note in notes]
