"""Questions to the measures, and the rows behind a figure."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Schema
from pydantic import BeforeValidator, Field

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.attribution.family import MODELS, Value
from onefunnel.measures.registry import MEASURES
from onefunnel.measures.steps.conditions import step_of
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import DIMENSIONS, Crediting, Permission
from onefunnel.web.api.jobs import Later, Wait, failed, later, wait_for
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shown import Cell, check_owner, check_owners, own
from onefunnel.web.jobs.questions import ask_rows, look
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.asking import Asked, check_question
from onefunnel.workflows.computed import Rows, kept_rows, ledger_version
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.formats import rows_to_plain, to_json
from onefunnel.workflows.workspace import Workspace

room = Room("Figures")
MOST_ROWS = 1000
MOST_DAYS = 36_500

Measure = StrEnum("Measure", {name: name for name in MEASURES})  # type: ignore[misc]
"""The measures by name."""
Dimension = StrEnum("Dimension", {name: name for name in DIMENSIONS})  # type: ignore[misc]
"""What figures can be parted by."""
Model = StrEnum("Model", {name: name for name in MODELS})  # type: ignore[misc]
"""The models of attribution."""


def _text(value: object) -> object:
    """Only a text that is no number can be a day or an instant."""
    if isinstance(value, str) and value.replace(".", "").replace("-", "", 1).isdigit():
        raise ValueError("write it as 2024-03-31")
    return value


Day = Annotated[date, BeforeValidator(_text)]
Instant = Annotated[datetime, BeforeValidator(_text)]


class Question(Schema):
    """A question to a measure, as ``onefunnel show`` takes it."""

    by: list[Dimension] = Field([], description="Dimensions, each once.")
    since: Day | None = Field(None, alias="from", description="First local day of the period.")
    until: Day | None = Field(None, alias="to", description="Local day after the last.")
    horizon_days: int | None = Field(
        None, ge=1, le=MOST_DAYS, description="Days after which a conversion is read."
    )
    now: Instant | None = Field(
        None, description="Later facts are ignored; local time where it has no zone."
    )
    as_of: int | None = Field(None, ge=0, le=2**53, description="What was known at this version.")
    step: list[str] = Field(
        [], description='For the measure steps, in order: "kind=visit, channel=search|unknown".'
    )
    within_days: int | None = Field(
        None, ge=1, le=MOST_DAYS, description="For the measure steps: from the first to the last."
    )
    joint: bool = Field(
        False, description="For the measure bridge: leads and conversion as one factor."
    )
    value: Value | None = Field(
        None, description="For the measure attribution: what credit is given for."
    )
    model: list[Model] = Field([], description="For attribution: some of its models.")
    window_days: float | None = Field(
        None, gt=0, le=MOST_DAYS, description="For attribution: how far a conversion looks back."
    )
    half_life_days: float | None = Field(
        None, gt=0, le=MOST_DAYS, description="For attribution: of the model time_decay."
    )

    def asked(self) -> Asked:
        """The question as the workflows take it. Raises UsageError."""
        return Asked(
            tuple(str(each) for each in self.by),
            self.since,
            self.until,
            self.horizon_days,
            self.now,
            self.as_of,
            tuple(step_of(each) for each in self.step),
            self.within_days,
            self.joint,
            Crediting(
                self.value and str(self.value),
                tuple(dict.fromkeys(str(each) for each in self.model)),
                self.window_days,
                self.half_life_days,
            ),
        )


class Said(Schema):
    """A note on an answer."""

    code: str = Field(description="Stable.")
    text: str = Field(description="In English.")


class Answer(Schema):
    """What a measure answers.

    Money is a text with four decimals, shares are numbers from 0 to 1, instants are in UTC, and
    what is unknown is null.
    """

    measure: Measure
    ledger_version: int
    now: datetime | None
    parameters: dict[str, str | int | None] = Field(description="The question as it was put.")
    rows: list[dict[str, Cell]]
    notes: list[Said]


class RowsBehind(Schema):
    """The rows behind a figure, a page of them."""

    measure: Measure
    figure: str
    ledger_version: int
    total: int = Field(description="How many rows there are in all: the figure.")
    offset: int
    rows: list[dict[str, Cell]]
    next: str | None = Field(description="The address of the next page; null on the last.")


@room.call(
    "GET", "/measures/{measure}", Permission.FIGURES, {200: Answer, 202: Later}, 404, 409, 503
)
def answer(
    request: HttpRequest,
    response: HttpResponse,
    measure: Path[Measure],
    given: Query[Question],
    wait: Wait = 0,
) -> Any:
    """What a measure answers.

    It answers at once where it is worked out already, else 202 with the job that does it.
    """
    workspace, person = current.workspace(), person_of(request)
    asked = given.asked()
    check(workspace, measure, asked, person)
    found = look(workspace, measure, asked, person)
    if isinstance(found, Job):
        ended = wait_for(found, wait)
        if (failure := failed(ended)) is not None:
            return failure
        if not ended.ended:
            return later(response, ended)
        found = look(workspace, measure, asked, person)
    if isinstance(found, Computed):
        if MEASURES[measure].permission is Permission.PAY:
            audit.note(request, "seen", "pay", measure, rows=len(found.answer.rows))
        return HttpResponse(
            to_json(own(workspace, person, found.answer)),
            content_type="application/json; charset=utf-8",
        )
    return later(response, found)


@room.call(
    "GET",
    "/measures/{measure}/rows",
    Permission.RECORDS,
    {200: RowsBehind, 202: Later},
    404,
    409,
    503,
)
def rows(
    request: HttpRequest,
    response: HttpResponse,
    measure: Path[Measure],
    given: Query[Question],
    figure: Annotated[str, Query(description="Which figure; the measure's first.")] = "",
    where: Annotated[
        list[str], Query(description='Which row of the answer: "stage=purchase"; "" is unknown.')
    ] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    wait: Wait = 0,
) -> Any:
    """The rows behind a figure of a measure, page by page.

    Without `as_of` they are those of the last version; `next` stays with the version of its page.
    """
    workspace, person = current.workspace(), person_of(request)
    wanted = _wanted(workspace, measure, given.asked(), figure, where)
    check(workspace, measure, wanted.asked, person)
    table = kept_rows(workspace, wanted)
    if table is None:
        ended = wait_for(ask_rows(workspace, wanted, person), wait)
        if (failure := failed(ended)) is not None:
            return failure
        table = kept_rows(workspace, wanted) if ended.ended else None
        if table is None:
            return later(response, ended)
    check_owner(workspace, person, wanted.asked.as_of or 0, dict(wanted.where))
    audit.note(request, "seen", "rows", f"{measure} {wanted.figure}", rows=len(table))
    return {
        "measure": measure,
        "figure": wanted.figure,
        "ledger_version": wanted.asked.as_of,
        "total": len(table),
        "offset": offset,
        "rows": rows_to_plain(table.slice(offset, limit)),
        "next": _next(request, wanted, offset + limit, len(table)),
    }


def check(workspace: Workspace, measure: str, asked: Asked, person: Person) -> None:
    """Refuse a question that can't be, or that would show persons to who sees teams."""
    check_question(measure, asked)
    if not person.may(MEASURES[measure].permission):
        raise PermissionDenied
    last = ledger_version(workspace)
    if asked.as_of is not None and asked.as_of > last:
        raise UsageError(
            f"There is no ledger version {asked.as_of}.", remedy=f"The versions are 0 to {last}."
        )
    check_owners(person, asked)


def _wanted(
    workspace: Workspace, measure: str, asked: Asked, figure: str, where: list[str]
) -> Rows:
    """Which rows; of the last version by its number, so that all pages are of the same."""
    figures = MEASURES[measure].figures
    chosen = figure or figures[0]
    if chosen not in figures:
        raise UnknownName("figure", chosen, figures)
    pairs = dict(_pair(each) for each in where)
    named = (name for name in MEASURES[measure].dimensions if name in pairs)
    by = tuple(dict.fromkeys([*asked.by, *named]))
    version = ledger_version(workspace) if asked.as_of is None else asked.as_of
    pinned = replace(asked, by=by, as_of=version)
    return Rows(measure, pinned, chosen, tuple(sorted(pairs.items())))


def _pair(text: str) -> tuple[str, str | None]:
    key, mark, value = text.partition("=")
    if not mark:
        raise UsageError(f"where={text!r} has no '='.", remedy="Write it as stage=purchase.")
    return key.strip(), value or None


def _next(request: HttpRequest, wanted: Rows, offset: int, total: int) -> str | None:
    if offset >= total:
        return None
    again = request.GET.copy()
    again["offset"], again["as_of"] = str(offset), str(wanted.asked.as_of)
    return f"{request.path}?{again.urlencode()}"
