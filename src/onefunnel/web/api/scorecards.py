"""Scorecards: those that one may see, with results; the questions on one's own."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Schema
from pydantic import Field

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, Wait
from onefunnel.web.api.patience import patient, ready_for
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed
from onefunnel.web.api.shown import Cell
from onefunnel.web.pages.scorecards import understood
from onefunnel.web.pages.scorecards.answers import Measured, look
from onefunnel.web.pages.scorecards.whose import SHARED, key_of
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.formats import to_json

room = Room("Scorecards")


class StandingOut(Schema):
    """Whether a scorecard is in effect."""

    effective: bool
    errors: list[str] = Field(description="Codes of agreed rules that it breaks.")
    waiting: int = Field(description="How many have not answered rightly yet.")
    waits_for: list[str] = Field(description="Which employees; only for who may see pay.")


class ScorecardOut(Schema):
    """A scorecard and what came of it in the last six whole months."""

    name: str
    level: Level
    of: str
    first_day: date
    after_day: date | None
    mine: bool = Field(description="Whether it is for oneself.")
    standing: StandingOut
    results: list[dict[str, Cell]] = Field(description="Rows of the measure scorecard.")


class QuestionOut(Schema):
    """A question: its code, its figures, the options. Which is right is told to nobody."""

    code: str
    params: dict[str, str]
    options: list[str]


class QuestionsOut(Schema):
    """The questions of an attempt."""

    attempt: int
    questions: list[QuestionOut]


class Chosen(Closed):
    """The places of the options that were chosen, from 0."""

    attempt: int = Field(ge=1, le=2**31 - 1)
    chosen: list[int] = Field(min_length=1, max_length=10)


class RightOut(Schema):
    """How many answers were right."""

    right: int
    of: int


@room.call(
    "GET", "/scorecards", Permission.OWN_PAY, {200: list[ScorecardOut], 202: Later}, 409, 503
)
@patient
def scorecards(request: HttpRequest, response: HttpResponse, wait: Wait = 0) -> Any:
    """The scorecards that one may see: shared ones, one's own, everybody's for who may see pay."""
    found = _measured(request, wait)
    seen = found.seen()
    others = [each for each in seen if each.level not in SHARED and not found.looker.is_on(each)]
    if others:
        audit.note(request, "seen", "scorecard", "all", cards=len(others))
    return [_card(found, each) for each in seen]


@room.call(
    "GET",
    "/scorecards/{path:name}/questions",
    Permission.OWN_PAY,
    {200: QuestionsOut, 202: Later},
    404,
    409,
    503,
)
@patient
def scorecard_questions(
    request: HttpRequest, response: HttpResponse, name: Path[str], wait: Wait = 0
) -> Any:
    """The three questions on one's own scorecard."""
    found = _measured(request, wait)
    person, card = person_of(request), _own(found, name)
    attempt = understood.next_attempt(card, person)
    asked = understood.asked_of(card, person, found.targets, attempt)
    return {
        "attempt": attempt,
        "questions": [
            {"code": each.code, "params": dict(each.params), "options": list(each.options)}
            for each in asked
        ],
    }


@room.call(
    "POST",
    "/scorecards/{path:name}/answers",
    Permission.OWN_PAY,
    {200: RightOut, 202: Later},
    404,
    409,
    503,
)
@patient
def answer_scorecard(
    request: HttpRequest, response: HttpResponse, name: Path[str], given: Chosen, wait: Wait = 0
) -> Any:
    """Answer the questions of an attempt; other questions come with the next."""
    found = _measured(request, wait)
    person, card = person_of(request), _own(found, name)
    attempt = understood.next_attempt(card, person)
    if given.attempt != attempt:
        raise UsageError(
            f"The attempt {given.attempt} is not the next.", remedy=f"Answer attempt {attempt}."
        )
    asked = understood.asked_of(card, person, found.targets, attempt)
    try:
        with transaction.atomic():
            right = understood.answered(card, person, found.targets, attempt, given.chosen)
    except IntegrityError as error:
        raise UsageError("It was answered already.", remedy="Ask for the next.") from error
    audit.note(request, "understood", "scorecard", name, attempt=attempt, right=right)
    return {"right": right, "of": len(asked)}


def _measured(request: HttpRequest, wait: int) -> Measured:
    workspace, person = current.workspace(), person_of(request)
    return ready_for(person, lambda: look(workspace, person), wait)


def _own(found: Measured, name: str) -> Scorecard:
    for card in found.cards:
        if key_of(card) == name and found.looker.is_on(card):
            return card
    raise Http404("There is no such scorecard of yours.")


def _card(found: Measured, card: Scorecard) -> dict[str, Any]:
    told = replace(found.computed.answer, rows=found.rows(card), notes=())
    known = found.standings[card.file]
    return {
        "name": key_of(card),
        "level": card.level,
        "of": card.of,
        "first_day": card.valid_from,
        "after_day": card.valid_to,
        "mine": found.looker.is_on(card),
        "standing": {
            "effective": known.effective,
            "errors": list(known.errors),
            "waiting": len(known.waiting),
            "waits_for": list(known.waiting) if found.looker.sees_all else [],
        },
        "results": json.loads(to_json(told))["rows"],
    }
