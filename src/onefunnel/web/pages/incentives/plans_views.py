"""The designer of plans, and the check before a campaign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from onefunnel.measures.incentives.between import Marketed, market_of
from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.measures.sellers.market import market_of_persons
from onefunnel.pay.periods import DAY
from onefunnel.pay.plan import Plan
from onefunnel.pay.reading import read_plan
from onefunnel.vocabulary import Permission
from onefunnel.vocabulary.terms import PAY
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.pages.incentives import behaviour, campaign, design, plan
from onefunnel.web.pages.incentives.views import MEASURE, looked_up
from onefunnel.web.pages.months import looking
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.terms import current_terms

SELLERS = "sellers"


@dataclass(frozen=True, slots=True)
class Looked:
    """The market of a month and, for who may see pay, names and notes of its people.

    ``measured`` is how far pay is followed by the records, in percent, None where they don't tell.
    """

    marketed: Marketed
    people: design.OfPersons | None = None
    measured: int | None = None

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments of the market."""
        market = self.marketed.market
        return tuple(each.segment for each in market.segments) if market else ()


@page(Permission.FIGURES)
def design_plan(request: HttpRequest) -> HttpResponse:
    """A plan within limits, from the leads of a month; for who may see pay, person by person."""
    may = person_of(request).may(Permission.PAY)
    if "most_lost" in request.GET and not may:
        raise PermissionDenied

    def shown(looked: Looked) -> dict[str, Any]:
        words = words_of(request)
        asked = design.read(request.GET.dict(), looked.segments, words, looked.measured)
        view = design.view(looked.marketed, asked, words, looked.people)
        if view.persons is not None and view.persons.lines:
            note(request, "seen", "pay", "all", rows=len(view.persons.lines), design=True)
        return {
            "view": view,
            "margins": [(each, words.figures.share(each / 100)) for each in design.MARGINS],
            "strengths": plan.strengths(design.STRENGTHS, asked.strength, looked.measured, words),
            "months": [(each, words.figures.count(each)) for each in design.PERIODS],
            "guaranteed": words.figures.count(asked.months),
        }

    others = (behaviour.MEASURE, SELLERS) if may else (behaviour.MEASURE,)
    return _answered(request, "incentives/design.html", shown, *others)


@page(Permission.FIGURES)
def campaign_check(request: HttpRequest) -> HttpResponse:
    """Who will not call the leads of a campaign, and why."""

    def shown(looked: Looked) -> dict[str, Any]:
        words = words_of(request)
        typed = ranges_of(current_terms(current.workspace())).hour_cost
        asked = campaign.read(request.GET.dict(), looked.segments, typed, words)
        return {"view": campaign.view(looked.marketed, asked, words), "planned": asked.planned}

    return _answered(request, "incentives/campaign.html", shown)


def _answered(
    request: HttpRequest,
    template: str,
    shown: Callable[[Looked], dict[str, Any]],
    *others: str,
) -> HttpResponse:
    """The page over the market of a month; until its answer is there, the page that waits."""
    found = looked_up(request, *others)
    if isinstance(found, HttpResponse):
        return found
    months, month, answers = found
    context = {
        **looking.head(request, months, month),
        **shown(_looked(answers, month.period.until - DAY)),
        "version": words_of(request).figures.count(answers.found[MEASURE].answer.ledger_version),
    }
    return looking.shown(request, template, template.replace(".html", "_part.html"), context)


def _looked(answers: Answers, last: date) -> Looked:
    rows = answers.found[MEASURE].answer.rows
    chosen = answers.found.get(behaviour.MEASURE)
    measured = None if chosen is None else behaviour.measured(chosen.answer.rows)
    if SELLERS not in answers.found:
        return Looked(market_of(rows), measured=measured)
    people = answers.found[SELLERS].answer
    of_persons = design.OfPersons(employees(), people.notes, _plans_on(last))
    return Looked(market_of_persons(rows, people.rows), of_persons, measured)


def _plans_on(day: date) -> tuple[Plan, ...]:
    """The pay plans in force on a day."""
    files = current_terms(current.workspace()).under(PAY)
    plans = (read_plan(text, path).plan for path, text in files)
    return tuple(each for each in plans if each.runs_on(day))
