"""Lift experiments: what those on record showed, and how large one must be."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from onefunnel.errors import Refused, UsageError
from onefunnel.measures.attribution.evidence import Estimate
from onefunnel.measures.attribution.experiments import plan
from onefunnel.measures.attribution.recorded import Counted, Experiment, Of, effect
from onefunnel.measures.attribution.recording import experiments_of
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Note, Permission
from onefunnel.web.api.jobs import Later, Wait, failed, later, wait_for
from onefunnel.web.api.questions import Said
from onefunnel.web.api.rooms import Room
from onefunnel.web.jobs.reachable import look_up
from onefunnel.web.site import current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.reachable import REMEDY, Reachable, Tried, unmet
from onefunnel.workflows.terms import current_terms

room = Room("Experiments")
MOST_PEOPLE = 1_000_000_000
FIGURES = ("months", "treated", "control", "power", "smallest")


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
    value: str = Field(description="What was measured: leads, customers, revenue or contribution.")
    first: date
    last: date
    planned_before: date | None
    randomised: bool
    overrides: bool = Field(description="Whether it replaces the figure of the model.")
    change: EstimateOut = Field(
        description="Of the chance to convert, or of what a person brings; by regions per period."
    )
    conversions: EstimateOut = Field(
        description="Those, or the money, that would not have come otherwise."
    )
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


class RecordsOut(Schema):
    """Who met it in the last full months, which is where `people` and `rate` come from."""

    first: date = Field(description="The first local day of these months.")
    last: date = Field(description="The last local day of them.")
    months: int
    paths: int = Field(description="Who met it, each once.")
    converted: int = Field(description="How many of them converted, with it as it was.")


class PlannedOut(Schema):
    """An experiment as large as it must be, or until the horizon."""

    months: int | None = Field(description="How long it takes; null: `notes` say why there is no.")
    treated: float = Field(description="People who get what is tried.")
    control: float = Field(description="People who go without.")
    power: float = Field(description="The chance that the change is then found.")
    smallest: float = Field(description="The change that is found with the power asked for.")
    people: float = Field(description="Who would take part in a month, as given or on record.")
    rate: float = Field(description="Part of them that converts, as given or on record.")
    records: RecordsOut | None = Field(description="What is on record; null: nothing was asked.")
    notes: list[Said]


class PlanIn(Schema):
    """What is planned. `people` and `rate` are taken from the records where `of` says of what."""

    people: float | None = Field(
        None, ge=1, le=MOST_PEOPLE, description="Who would take part in a month."
    )
    rate: float | None = Field(
        None, ge=0, le=1, description="Part of them that converts without it."
    )
    change: float = Field(ge=-1, le=1, description="Of that part, to be found; not 0.")
    share: float = Field(0.5, ge=0.01, le=0.99, description="Part of the people who get it.")
    horizon_months: int = Field(6, ge=1, le=600, description="No longer than that.")
    wait_months: int = Field(0, ge=0, le=600, description="Until it is known who converted.")
    power: float = Field(0.8, ge=0.5, le=0.999, description="The chance to find the change.")
    of: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="The channel, campaign or page that would be tried.",
    )
    dimension: Of = Field(Of.CHANNEL, description="Which of them it is.")
    value: Counted = Field(Counted.CUSTOMERS, description="What would count.")


@room.call("GET", "/experiments/plan", Permission.FIGURES, {200: PlannedOut, 202: Later}, 409, 503)
def plan_of_experiment(
    request: HttpRequest, response: HttpResponse, given: Query[PlanIn], wait: Wait = 0
) -> Any:
    """How large an experiment must be to find a change, or that it can't be done in time.

    With `of`, what is not given of `people` and `rate` is that of the last full months on record;
    where that is not worked out yet, 202 with the job that does it.
    """
    bare = given.people is None or given.rate is None
    found = _on_record(given, person_of(request), wait) if bare else None
    if isinstance(found, Job):
        failure = failed(found)
        return later(response, found) if failure is None else failure
    people, rate = _numbers(given, found)
    planned = plan(
        people,
        rate,
        given.change,
        share=given.share,
        horizon_months=given.horizon_months,
        wait_months=given.wait_months,
        power=given.power,
    )
    figures = {name: getattr(planned, name) for name in FIGURES}
    about = {"people": people, "rate": rate, "records": None if found is None else _records(found)}
    return {**figures, **about, "notes": _said(planned.notes)}


def _numbers(given: PlanIn, found: Reachable | None) -> tuple[float, float]:
    """People and rate, of the records what is not given."""
    people, rate = given.people, given.rate
    if found is not None:
        people = found.people if people is None else people
        rate = found.rate if rate is None else rate
    assert people is not None
    assert rate is not None
    return people, rate


def _on_record(given: PlanIn, person: Person, wait: int) -> Reachable | Job:
    """Who could take part, or the job that works it out.

    UsageError where it is not said of what, Refused where no record says.
    """
    if given.of is None:
        raise UsageError(
            "It is not known who would take part, or how many of them convert.",
            remedy="Give people and rate, or of.",
        )
    tried = Tried(given.dimension, given.of, given.value)
    found = look_up(current.workspace(), tried, person)
    if isinstance(found, Job):
        ended = wait_for(found, wait)
        if not ended.ended or failed(ended) is not None:
            return ended
        found = look_up(current.workspace(), tried, person)
    if isinstance(found, Job):
        return found
    if found.reachable is None:
        raise Refused(unmet(tried), remedy=REMEDY)
    return found.reachable


def _records(found: Reachable) -> dict[str, Any]:
    period = found.period
    return {
        "first": period.since,
        "last": period.last,
        "months": period.months,
        "paths": found.paths,
        "converted": found.converted,
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
