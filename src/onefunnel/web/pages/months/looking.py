"""Pages that look at a month: the months to choose from, what is waited for, what is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.store.models import Job
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.pages.months.offered import LookedAt, offered
from onefunnel.web.site import current
from onefunnel.web.site.access import person_of
from onefunnel.web.site.language import words_of


def months_of(request: HttpRequest, *, after_another: bool = False) -> tuple[LookedAt, ...] | Job:
    """The months of the records, or the job that looks for them."""
    workspace = current.workspace()
    fresh = freshness.look(workspace, person_of(request))
    if isinstance(fresh, Job):
        return fresh
    now, kept = workspace.clock(), workspace.settings
    days = kept.server.stale_days
    return offered(fresh, now, kept.calendar, days, after_another=after_another)


def head(
    request: HttpRequest, months: tuple[LookedAt, ...], month: LookedAt | None
) -> dict[str, Any]:
    """The months to choose from, and which is chosen."""
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


def nothing(request: HttpRequest, room: str) -> HttpResponse:
    """The page of a room where no month can be looked at."""
    return render(request, f"{room}/{room}.html", {"month": None, "waiting": None})


def waiting(
    request: HttpRequest, room: str, found: Answers | Job, about: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of a room until its answers are there; ``about`` is what is known of it already."""
    missing = Answers({}, (found,)) if isinstance(found, Job) else found
    context = {
        **(about or head(request, (), None)),
        "waiting": missing.missing[0],
        "failure": missing.failed,
        "then": request.get_full_path(),
    }
    part = "waiting" if request.headers.get("HX-Request") else room
    return render(request, f"{room}/{part}.html", context)


def shown(request: HttpRequest, whole: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """The template of a whole page; htmx is given the part that waited."""
    if not request.headers.get("HX-Request"):
        return render(request, whole, context)
    answer = render(request, part, context)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#whole", "outerHTML"
    return answer
