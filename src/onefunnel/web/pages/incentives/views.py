"""What ignored leads cost and why, the plan that would bring more, what is not known yet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import Answers, look_up
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives import plan, trial
from onefunnel.web.pages.incentives.content import content
from onefunnel.web.pages.incentives.months import LookedAt, chosen, offered
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.workflows.terms import current_terms

MEASURE = "incentives"


@page(Permission.FIGURES)
def incentives(request: HttpRequest) -> HttpResponse:
    """The page of a month, or what it waits for."""
    found = looked_up(request)
    if isinstance(found, HttpResponse):
        return found
    months, month, answers = found
    words, given = words_of(request), request.GET.dict()
    typed = ranges_of(current_terms(current.workspace())).hour_cost
    asked, slid = trial.read(given, typed, words), plan.read(given, words)
    answer = answers.found[MEASURE].answer
    context = {
        **head(request, months, month),
        "view": content(answer, month, words),
        "plan": plan.plan_view(answer.rows, slid, words),
        "asked": asked,
        "shares": [(each, words.figures.share(each / 100)) for each in trial.SHARES],
        "trials": trial.trials(answer.rows, asked, words),
        "version": words.figures.count(answer.ledger_version),
        "terms": terms_address(person_of(request)),
    }
    return _shown(request, context)


def looked_up(
    request: HttpRequest,
) -> tuple[tuple[LookedAt, ...], LookedAt, Answers] | HttpResponse:
    """The months, the one that is asked for and its answer; else the page that is shown instead."""
    workspace, person = current.workspace(), person_of(request)
    fresh = freshness.look(workspace, person)
    if isinstance(fresh, Job):
        return _waiting(request, (), None, Answers({}, (fresh,)))
    kept = workspace.settings
    months = offered(fresh, workspace.clock(), kept.calendar, kept.server.stale_days)
    month = chosen(request.GET.get("month", ""), months)
    if month is None:
        return render(request, "incentives/incentives.html", {"month": None, "waiting": None})
    found = look_up(workspace, {MEASURE: (MEASURE, month.asked)}, person)
    if found.missing:
        return _waiting(request, months, month, found)
    return months, month, found


def terms_address(person: Person) -> str:
    """Where ranges are typed; empty for who may not."""
    return reverse("terms_ranges") if person.may(Permission.TERMS) else ""


def words_of(request: HttpRequest) -> Words:
    """The words of a request."""
    words: Words = request.words  # type: ignore[attr-defined]
    return words


def head(
    request: HttpRequest, months: tuple[LookedAt, ...], month: LookedAt | None
) -> dict[str, Any]:
    """The months to choose from."""
    words = words_of(request)
    choices = [
        (each.label, words.days(each.period.since, each.period.until), each is month)
        for each in months
    ]
    period = words.days(month.period.since, month.period.until) if month else ""
    return {
        "month": month,
        "period": period,
        "choices": choices,
        "waiting": None,
        "failure": None,
    }


def _waiting(
    request: HttpRequest,
    months: tuple[LookedAt, ...],
    month: LookedAt | None,
    found: Answers,
) -> HttpResponse:
    context = {
        **head(request, months, month),
        "waiting": found.missing[0],
        "failure": found.failed,
        "then": request.get_full_path(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "incentives/waiting.html", context)
    return render(request, "incentives/incentives.html", context)


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The whole page; htmx is given the part that waited, or the part that the slider changes."""
    target = request.headers.get("HX-Target", "")
    if not request.headers.get("HX-Request"):
        return render(request, "incentives/incentives.html", context)
    if target == "plan":
        return render(request, "incentives/plan.html", context)
    part = render(request, "incentives/whole.html", context)
    part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#whole", "outerHTML"
    return part
