"""Months that are over: close one, see what a closed one keeps and what came later about it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from onefunnel.store.models import Job
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Month, Permission
from onefunnel.web.jobs import closings, freshness
from onefunnel.web.jobs.closing import look_restated
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.months import content
from onefunnel.web.pages.months.offered import offered
from onefunnel.web.pages.months.restated import SHOWN, measure_name, restated_views, seen_by
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.language import words_of
from onefunnel.workflows.closed import Closed
from onefunnel.workflows.closing import measures_that_close
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.freshness import Freshness
from onefunnel.workflows.terms import current_terms


@dataclass(frozen=True, slots=True)
class Known:
    """The open months, the closed ones, and the labels of those with a bridge."""

    open: tuple[Month, ...]
    closed: tuple[Closed, ...]
    bridged: frozenset[str] = frozenset()


@page(Permission.FIGURES)
def months(request: HttpRequest) -> HttpResponse:
    """The open months and the closed ones."""
    known, words = _known(request), words_of(request)
    about: dict[str, Any] = {"waiting": None, "then": request.get_full_path()}
    if isinstance(known, Job):
        about |= {"waiting": known}
    else:
        about["open"] = content.open_views(known.open, known.bridged, words)
        about["closed"] = [content.closed_view(each, words) for each in known.closed]
    return _rendered(request, "months/months.html", "months/list.html", about)


@page(Permission.FIGURES)
def month(request: HttpRequest, month: str) -> HttpResponse:
    """A closed month: what it keeps, and what the records now say otherwise."""
    known, words, person = _known(request), words_of(request), person_of(request)
    about: dict[str, Any] = {"waiting": None, "then": request.get_full_path(), "month": None}
    if isinstance(known, Job):
        return _rendered(
            request, "months/month.html", "months/kept.html", about | {"waiting": known}
        )
    closed = next((each for each in known.closed if each.month == month), None)
    if closed is None:
        raise Http404
    about["month"] = content.closed_view(closed, words)
    found = look_restated(current.workspace(), month, person)
    if isinstance(found, Job):
        about["waiting"] = found
    else:
        seen = seen_by(person, found)
        about |= {"restated": restated_views(seen[:SHOWN], words), "total": len(seen)}
        about["version"] = words.figures.count(ledger_version(current.workspace()))
    return _rendered(request, "months/month.html", "months/kept.html", about)


@page(Permission.TERMS)
def close(request: HttpRequest, month: str) -> HttpResponse:
    """What closing a month fixes; posted: close it."""
    known, words, person = _known(request), words_of(request), person_of(request)
    if isinstance(known, Job):
        return redirect("months")
    views = content.open_views(known.open, known.bridged, words)
    view = next((each for each in views if each.label == month), None)
    if view is None:
        raise Http404
    if request.method == "POST":
        job = enqueue("close", {"month": month, "person": person.pk}, person)
        return redirect("month_closing", job=job.pk)
    workspace = current.workspace()
    about = {
        "month": view,
        "version": words.figures.count(ledger_version(workspace)),
        "terms": [name for name, _ in current_terms(workspace).files],
        "measures": words.listed(measure_name(name, words) for name in measures_that_close()),
    }
    return render(request, "months/close.html", about)


@page(Permission.TERMS)
def closing(request: HttpRequest, job: UUID) -> HttpResponse:
    """How far it is; the closed month when it is done."""
    found = get_object_or_404(Job, pk=job, kind="close")
    if found.state != State.DONE:
        return render(request, "months/closing.html", {"job": found})
    words = words_of(request)
    messages.success(request, words.say("The month is closed."))
    there = reverse("month", kwargs={"month": found.result["month"]})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": there})
    return redirect(there)


def _known(request: HttpRequest) -> Known | Job:
    """The open months and the closed ones, or the job that looks for them."""
    workspace, person = current.workspace(), person_of(request)
    fresh: Freshness | Job = freshness.look(workspace, person)
    if isinstance(fresh, Job):
        return fresh
    closed = closings.look(workspace, person)
    if isinstance(closed, Job):
        return closed
    first, last, now = fresh.first_event(), fresh.last_event(), workspace.clock()
    if first is None or last is None:
        return Known((), closed)
    kept = workspace.settings
    days = kept.server.stale_days
    bridged = offered(fresh, now, kept.calendar, days, after_another=True)
    return Known(
        content.still_open(first, last, now, closed, kept.calendar),
        closed,
        frozenset(each.label for each in bridged),
    )


def _rendered(
    request: HttpRequest, template: str, part: str, about: dict[str, Any]
) -> HttpResponse:
    return render(request, part if request.headers.get("HX-Request") else template, about)
