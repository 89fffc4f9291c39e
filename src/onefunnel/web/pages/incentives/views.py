"""What ignored leads cost and why, the plan that would bring more, what is not known yet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import Answers, look_up
from onefunnel.web.pages.incentives import behaviour, plan, trial
from onefunnel.web.pages.incentives.content import content
from onefunnel.web.pages.months import looking
from onefunnel.web.pages.months.offered import LookedAt, chosen
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.language import words_of
from onefunnel.workflows.terms import current_terms

MEASURE = "incentives"


@page(Permission.FIGURES)
def incentives(request: HttpRequest) -> HttpResponse:
    """The page of a month, or what it waits for."""
    found = looked_up(request, behaviour.MEASURE)
    if isinstance(found, HttpResponse):
        return found
    months, month, answers = found
    words, given = words_of(request), request.GET.dict()
    typed = ranges_of(current_terms(current.workspace())).hour_cost
    answer, chosen_by = answers.found[MEASURE].answer, answers.found[behaviour.MEASURE].answer
    measured = behaviour.measured(chosen_by.rows)
    asked, slid = trial.read(given, typed, words), plan.read(given, words, measured)
    context = {
        **looking.head(request, months, month),
        "view": content(answer, month, words),
        "behaviour": behaviour.behaviour_view(chosen_by, month, words),
        "plan": plan.plan_view(answer.rows, slid, words),
        "strengths": plan.strengths(plan.STRENGTHS, slid.strength, measured, words),
        "is_measured": slid.strength == measured,
        "asked": asked,
        "shares": [(each, words.figures.share(each / 100)) for each in trial.SHARES],
        "trials": trial.trials(answer.rows, asked, words),
        "version": words.figures.count(answer.ledger_version),
        "terms": terms_address(person_of(request)),
    }
    return _shown(request, context)


def looked_up(
    request: HttpRequest, *others: str
) -> tuple[tuple[LookedAt, ...], LookedAt, Answers] | HttpResponse:
    """The months, the one that is asked for and its answer; else the page that is shown instead.

    ``others`` are further measures to look up for the month.
    """
    months = looking.months_of(request)
    if isinstance(months, Job):
        return looking.waiting(request, MEASURE, months)
    month = chosen(request.GET.get("month", ""), months)
    if month is None:
        return looking.nothing(request, MEASURE)
    asked = {name: (name, month.asked()) for name in (MEASURE, *others)}
    found = look_up(current.workspace(), asked, person_of(request))
    if found.missing:
        return looking.waiting(request, MEASURE, found, looking.head(request, months, month))
    return months, month, found


def terms_address(person: Person) -> str:
    """Where ranges are typed; empty for who may not."""
    return reverse("terms_ranges") if person.may(Permission.TERMS) else ""


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The whole page; htmx is given the part that waited, or the part that the slider changes."""
    if request.headers.get("HX-Request") and request.headers.get("HX-Target") == "plan":
        return render(request, "incentives/plan.html", context)
    return looking.shown(request, "incentives/incentives.html", "incentives/whole.html", context)
