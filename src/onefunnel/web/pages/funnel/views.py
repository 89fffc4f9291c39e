"""The joint funnel in money, its filters, the rows behind each figure."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from onefunnel.errors import UsageError
from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel import page as shown
from onefunnel.web.pages.funnel import persons
from onefunnel.web.pages.funnel.answers import MEASURES, answers, known_until, report_of
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.pages.funnel.asking import Filters, read
from onefunnel.web.report.context import FIRST_TABLES
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.language import words_of
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.freshness import Freshness
from onefunnel.workflows.workspace import Workspace

__all__ = ["funnel"]


@page(Permission.FIGURES)
def funnel(request: HttpRequest) -> HttpResponse:
    """The funnel, or what it waits for; asked by htmx only what changed."""
    workspace, words = current.workspace(), words_of(request)
    filters = filters_of(request, workspace)
    if "was" in request.GET:
        # The form was sent: its address, without what was left empty, is one to share.
        return redirect(shown.address_of(filters))
    if not ledger_version(workspace):
        return render(request, "funnel/empty.html", {"first_tables": FIRST_TABLES})
    held = known_until(workspace, person_of(request))
    if isinstance(held, Job):
        return _waiting(request, filters, Answers({}, (held,)))
    if held.is_empty and filters.as_of is None:
        return render(request, "funnel/empty.html", {"first_tables": FIRST_TABLES})
    filters = days_of(filters, held, workspace)
    found = answers(workspace, filters, person_of(request))
    if found.missing:
        return _waiting(request, filters, found)
    context = _context(request, workspace, filters, held, found, words)
    if not request.headers.get("HX-Request"):
        return render(request, "funnel/funnel.html", context)
    part = render(request, "funnel/whole.html", context)
    part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#whole", "innerHTML"
    return part


def filters_of(request: HttpRequest, workspace: Workspace) -> Filters:
    """What a request asks for. UsageError for what can't be; NotShown for what shows persons."""
    words = words_of(request)
    filters = read(request.GET.dict(), words)
    names = [filters.by, *(name for name, _ in filters.only)]
    persons.check(person_of(request), names, words)
    last = ledger_version(workspace)
    if filters.as_of is not None and filters.as_of > last:
        raise UsageError(
            words.say(
                "There is no ledger version {version}.", version=words.figures.count(filters.as_of)
            ),
            remedy=words.say("The versions are 0 to {last}.", last=words.figures.count(last)),
        )
    # The last version is asked as such: so its answers are found, whoever asks.
    return replace(filters, as_of=None) if filters.as_of == last else filters


def days_of(filters: Filters, held: Freshness, workspace: Workspace) -> Filters:
    """The filters with the days of a named period, counted from the last day on record."""
    until = held.last_event() or workspace.clock()
    calendar = workspace.settings.calendar
    return filters.on(calendar.local_day(until), calendar)


def linked(request: HttpRequest, workspace: Workspace, filters: Filters, version: int) -> Linked:
    """What is put around the figures that somebody sees."""
    person = person_of(request)
    named = persons.shown(workspace, version, person)
    return Linked(filters, version, words_of(request), person.may, named)


def _context(
    request: HttpRequest,
    workspace: Workspace,
    filters: Filters,
    held: Freshness,
    found: Answers,
    words: Words,
) -> dict[str, Any]:
    person = person_of(request)
    version = found.found["funnel"].answer.ledger_version
    around = linked(request, workspace, filters, version)
    only = dict(filters.only)
    if persons.OWNER in only:
        persons.check_one(workspace, version, person, only[persons.OWNER], words)
    report = report_of(workspace, found, filters, held, around.named)
    return {
        **_head(request, filters),
        **shown.form(filters, person.in_role.leads, words, report, around.name),
        **shown.sections(report, around),
        "earlier": filters.as_of is not None and version < ledger_version(workspace),
        "seen_at": filters.now is not None,
        "present": shown.present(filters),
        "latest": words.figures.count(ledger_version(workspace)),
    }


def _head(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    may = person_of(request).may(shown.RULES_SEEN_BY)
    return {"rules_address": shown.rules_address(may), "waiting": None, "failure": None}


def _waiting(request: HttpRequest, filters: Filters, found: Answers) -> HttpResponse:
    """The head, the filters and a part that asks again; of that, htmx is given the part."""
    words, person = words_of(request), person_of(request)
    wanted = len(MEASURES) + bool(filters.by)
    context = {
        **_head(request, filters),
        **shown.form(filters, person.in_role.leads, words),
        "waiting": found.missing[0],
        "failure": found.failed,
        "then": request.get_full_path(),
        "ready": words.say(
            "Working the figures out: {ready} of {wanted} answers are there.",
            ready=words.figures.count(len(found.found)),
            wanted=words.figures.count(wanted),
        ),
    }
    template = "funnel/waiting.html" if request.headers.get("HX-Request") else "funnel/funnel.html"
    return render(request, template, context)
