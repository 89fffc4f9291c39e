"""Scorecards: of company and departments side by side, one's own, everybody's; the questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from markupsafe import Markup

from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Department, Permission
from onefunnel.web.locale import Words
from onefunnel.web.pages.leads.missing import NotOnRecord
from onefunnel.web.pages.scorecards import understood
from onefunnel.web.pages.scorecards.answers import Measured, look
from onefunnel.web.pages.scorecards.content import CardView, card_view, name_of, values_of
from onefunnel.web.pages.scorecards.forms import WhatIfForm, said
from onefunnel.web.pages.scorecards.reach import least
from onefunnel.web.pages.scorecards.terms import source_name
from onefunnel.web.pages.scorecards.whose import SHARED, column, key_of
from onefunnel.web.pages.statements.waiting import waiting
from onefunnel.web.report.cells import mark
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note

WAITING = "scorecards/waiting.html"


@dataclass(frozen=True, slots=True)
class StandingView:
    """Whether a scorecard is in effect; who still waits is named to who may see pay only.

    ``mine`` says that it is for oneself, ``waits`` that one has not answered rightly yet.
    """

    effective: bool
    text: Markup
    names: tuple[str, ...]
    mine: bool
    waits: bool
    address: str


@page(Permission.OWN_PAY)
def scorecards(request: HttpRequest) -> HttpResponse:
    """The scorecards that somebody may see."""
    found = look(current.workspace(), person_of(request))
    if isinstance(found, Job):
        return waiting(request, found, WAITING)
    person, words = person_of(request), _words(request)
    seen = found.seen()
    others = [each for each in seen if each.level not in SHARED and not found.looker.is_on(each)]
    if others:
        note(request, "seen", "scorecard", "all", cards=len(others))
    about = {
        "company": _views(found, (e for e in seen if e.level is Level.COMPANY), words),
        "sides": [
            (mark(side, words), _views(found, (e for e in seen if column(e) is side), words))
            for side in (Department.MARKETING, Department.SALES)
        ],
        "departments": _views(
            found, (e for e in seen if e.level is Level.DEPARTMENT and column(e) is None), words
        ),
        "own": _views(
            found, (e for e in seen if e.level not in SHARED and found.looker.is_on(e)), words
        ),
        "others": _views(found, others, words),
        "standing": {each.file: _standing(each, found, person, words) for each in seen},
        "nobody": found.looker.worker is None,
        "any": bool(found.cards),
        **_head(found, words),
    }
    return render(request, "scorecards/scorecards.html", about)


@page(Permission.OWN_PAY)
def scorecard(request: HttpRequest, name: str) -> HttpResponse:
    """One scorecard: measures, results, what if; whoever may not see it is told there is none."""
    found = look(current.workspace(), person_of(request))
    if isinstance(found, Job):
        return waiting(request, found, WAITING)
    person, words = person_of(request), _words(request)
    card = _card(found, name, words)
    if card.level not in SHARED and not found.looker.is_on(card):
        note(request, "seen", "scorecard", name)
    rows = found.rows(card)
    values = values_of(card, rows)
    given = request.GET if WhatIfForm.is_in(request.GET) else None
    form = WhatIfForm(given, words=words, card=card, values=values)
    asked = given is not None and form.is_valid()
    target = _target(card, found, person)
    about = {
        "card": _view(found, card, words),
        "standing": _standing(card, found, person, words),
        "fields": [(form[field], source_name(each, words)) for field, each in form.names.items()],
        "asked": said(card, form.values(), target, words) if asked else "",
        "now": said(card, values, target, words) if rows else "",
        "target": words.figures.paid(target) if target is not None else "",
        "least": least(words),
        **_head(found, words),
    }
    return render(request, "scorecards/scorecard.html", about)


@page(Permission.OWN_PAY)
def questions(request: HttpRequest, name: str) -> HttpResponse:
    """The three questions on one's own scorecard; answers are kept, right ones never sent."""
    person, words = person_of(request), _words(request)
    found = look(current.workspace(), person)
    if isinstance(found, Job):
        return waiting(request, found, WAITING)
    card = _card(found, name, words)
    if not found.looker.is_on(card):
        raise _none(name, words)
    attempt = understood.next_attempt(card, person)
    asked = understood.asked_of(card, person, found.targets, attempt)
    shown = understood.question_views(asked, words)
    if request.method == "POST":
        return _answered(request, found, card, attempt, len(asked))
    about = {
        "name": name_of(card, _names(found), words),
        "key": key_of(card),
        "attempt": attempt,
        "questions": shown,
        "standing": _standing(card, found, person, words),
        **_head(found, words),
    }
    return render(request, "scorecards/questions.html", about)


def _answered(
    request: HttpRequest, found: Measured, card: Scorecard, attempt: int, number: int
) -> HttpResponse:
    person, words = person_of(request), _words(request)
    chosen = [_place(request.POST.get(f"answer_{at}", "")) for at in range(number)]
    if request.POST.get("attempt") != str(attempt):
        messages.info(request, words.say("These questions were answered already. Here are others."))
        return redirect("scorecard_questions", name=key_of(card))
    try:
        with transaction.atomic():
            right = understood.answered(card, person, found.targets, attempt, chosen)
    except IntegrityError:  # sent twice at the same time
        return redirect("scorecard_questions", name=key_of(card))
    note(request, "understood", "scorecard", key_of(card), attempt=attempt, right=right)
    if right == number:
        messages.success(request, words.say("All three are right."))
        return redirect("scorecard", name=key_of(card))
    told = words.say(
        "{right} of {number} are right. Here are other questions on the same scorecard.",
        right=words.figures.count(right),
        number=words.figures.count(number),
    )
    messages.info(request, told)
    return redirect("scorecard_questions", name=key_of(card))


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1


def _views(found: Measured, cards: Iterable[Scorecard], words: Words) -> list[tuple[str, CardView]]:
    return [(each.file, _view(found, each, words)) for each in cards]


def _view(found: Measured, card: Scorecard, words: Words) -> CardView:
    notes = found.computed.answer.notes
    return card_view(card, found.rows(card), notes, _names(found), words)


def _standing(
    card: Scorecard, found: Measured, person: Person, words: Words
) -> StandingView | None:
    """None for the scorecard of the company: it is nobody's own."""
    if card.level is Level.COMPANY:
        return None
    known = found.standings[card.file]
    if known.errors:
        text = words.say("not in effect: it breaks a rule that was agreed")
    elif known.effective and known.since is not None:
        day = words.day(words.calendar.local_day(known.since))
        text = words.say("in effect: all have answered, the last on {day}", day=day)
    else:
        text = words.count(
            "not in effect yet: {n} person has not answered",
            "not in effect yet: {n} people have not answered",
            len(known.waiting),
        )
    names = _names(found)
    waits = sorted(names.get(each, each) for each in known.waiting)
    return StandingView(
        known.effective,
        text,
        tuple(waits) if found.looker.sees_all else (),
        found.looker.is_on(card),
        bool(person.employee_id) and person.employee_id in known.waiting,
        key_of(card),
    )


def _card(found: Measured, name: str, words: Words) -> Scorecard:
    """A scorecard that may be seen. NotOnRecord where there is none, or it is somebody else's."""
    for card in found.seen():
        if key_of(card) == name:
            return card
    raise _none(name, words)


def _none(name: str, words: Words) -> NotOnRecord:
    named = Markup("<bdi>{}</bdi>").format(name)
    return NotOnRecord(words.say("{key} is not on record.", key=named))


def _target(card: Scorecard, found: Measured, person: Person) -> Any:
    """The target pay that a scorecard is of: one's own, or that of the person it is for."""
    if found.looker.is_on(card):
        return found.targets.get(person.employee_id)
    whose = card.level is Level.PERSON and found.looker.sees_all
    return found.targets.get(card.of) if whose else None


def _names(found: Measured) -> dict[str, str]:
    return {each.employee_id: each.name for each in found.workers}


def _head(found: Measured, words: Words) -> dict[str, Any]:
    return {
        "version": words.figures.count(found.version),
        "unreadable": found.unreadable,
    }


def _words(request: HttpRequest) -> Words:
    words: Words = request.words  # type: ignore[attr-defined]
    return words
