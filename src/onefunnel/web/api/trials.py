"""A trial: a random share of the leads that are left is worked, for how long?"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.vocabulary import Note, Permission
from onefunnel.web.api.incentives import MOST, answered
from onefunnel.web.api.jobs import Later, Wait
from onefunnel.web.api.patience import patient
from onefunnel.web.api.questions import Said
from onefunnel.web.api.rooms import Room
from onefunnel.web.pages.incentives.trial import HORIZON_MONTHS, PlannedTrial, planned_trials
from onefunnel.web.site import current
from onefunnel.workflows.terms import current_terms

room = Room("Incentives")
UNKNOWN_INPUTS = Note(
    "refused_missing_input",
    "Chance, contribution or hours per lead, or the cost of an hour, is unknown.",
)


class TrialOut(Schema):
    """A trial in a segment: a random share of the leads that are left is worked."""

    segment: str | None
    left: float = Field(description="Leads a month that are left.")
    worked: float = Field(description="Leads a month that the trial works.")
    hours: float | None = Field(description="Hours a month that they take; null: unknown.")
    months: int | None = Field(description="How long it takes; null: `notes` say why there is no.")
    leads: float | None = Field(description="Leads worked in all these months.")
    power: float | None = Field(description="The chance that it then finds what there is.")
    notes: list[Said]


@room.call(
    "GET",
    "/incentives/{month}/trial",
    Permission.FIGURES,
    {200: list[TrialOut], 202: Later},
    409,
    503,
)
@patient
def plan_of_trial(
    request: HttpRequest,
    response: HttpResponse,
    month: str,
    share: Annotated[
        float, Query(ge=0.001, le=0.999, description="Of the leads that are left.")
    ] = 0.05,
    hour_cost: Annotated[
        float | None, Query(ge=0, le=MOST, description="What an hour costs; else by the terms.")
    ] = None,
    horizon_months: Annotated[
        int, Query(ge=1, le=600, description="No longer than that.")
    ] = HORIZON_MONTHS,
    wait: Wait = 0,
) -> Any:
    """How long a random share of the leads that are left must be worked to know what they bring."""
    rows = answered(request, month, wait).rows
    typed = ranges_of(current_terms(current.workspace())).hour_cost
    cost = typed if hour_cost is None else hour_cost
    return [_trial(each, share) for each in planned_trials(rows, share, cost, horizon_months)]


def _trial(each: PlannedTrial, share: float) -> dict[str, Any]:
    found = each.trial
    notes = [UNKNOWN_INPUTS] if found is None else found.notes
    return {
        "segment": each.segment,
        "left": each.left,
        "worked": share * each.left,
        "hours": None if found is None else found.hours_per_month,
        "months": None if found is None else found.months,
        "leads": None if found is None or found.months is None else found.leads,
        "power": None if found is None else found.power,
        "notes": [{"code": note.code, "text": note.text} for note in notes],
    }
