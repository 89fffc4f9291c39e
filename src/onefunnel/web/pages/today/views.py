"""The day at a glance: the sentence, contribution, alarms, what waits."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from onefunnel.vocabulary import Permission
from onefunnel.web.locale import Words
from onefunnel.web.pages.today.awaited import awaited
from onefunnel.web.pages.today.day import Day, day_of
from onefunnel.web.pages.today.waits import waits
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.workflows.freshness import Freshness


@page(Permission.OWN_ACCOUNT)
def today(request: HttpRequest) -> HttpResponse:
    """Today; who may not see figures sees what waits for them."""
    return render(request, "today/today.html", _context(request))


@page(Permission.FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    """The figures once they are worked out; until then the part that waits for them."""
    if not request.headers.get("HX-Request"):
        return redirect("today")
    context = _context(request)
    day: Day = context["day"]
    if day.waiting is not None and request.GET.get("have") == str(day.parts):
        return render(request, "today/waiting.html", context)
    answer = render(request, "today/content.html", context)
    answer.headers["HX-Retarget"] = "#today"
    return answer


def _context(request: HttpRequest) -> dict[str, Any]:
    workspace, person = current.workspace(), person_of(request)
    words: Words = request.words  # type: ignore[attr-defined]
    reads = person.may(Permission.FIGURES)
    day = day_of(workspace, person, words) if reads else Day()
    now = workspace.clock()
    return {
        "reads": reads,
        "day": day,
        "is_bare": day.fresh is not None and not (day.tiles or day.waiting or day.failed),
        "date": words.day(workspace.settings.calendar.local_day(now)),
        "ledger": _ledger(day.fresh, words),
        "waits": (
            *awaited(workspace, person, day.fresh, words),
            *waits(person, day.fresh, words),
        ),
    }


def _ledger(fresh: Freshness | None, words: Words) -> str:
    """The version, and when it was made."""
    if fresh is None:
        return ""
    version = words.say("Ledger {version}", version=words.figures.count(fresh.version))
    if not fresh.batches:
        return version
    made = words.instant(datetime.fromisoformat(fresh.batches[0].at))
    return words.say("{version}, {instant}", version=version, instant=made)
