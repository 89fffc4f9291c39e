"""The rows behind a figure: beside the page, or as a page of their own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import ask_rows
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel import acquired, behind, bridged, credited, listed, persons
from onefunnel.web.pages.funnel.answers import known_until
from onefunnel.web.pages.funnel.around import comment, files, subject
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.web.pages.funnel.views import days_of, filters_of
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.computed import Rows, kept_rows, ledger_version
from onefunnel.workflows.workspace import Workspace

SHOWN = 50
PART = "part"
"""Which fifty are shown, in the address; ``page`` is a dimension."""
PAGES = {
    "bridge": ("bridge", N_("To the bridge")),
    "incentives": ("incentives", N_("To the incentives")),
    "behaviour": ("incentives", N_("To the incentives")),
    "paradox": ("incentives", N_("To the incentives")),
}
"""The page on which a measure's figures stand, and how the way back to it is called."""
FUNNEL = ("funnel", N_("To the funnel"))
PLACES = ("panel", "rows")
"""Where the rows can be put: the panel beside a page, or the page of rows itself."""


@page(Permission.RECORDS)
def rows(request: HttpRequest) -> HttpResponse:
    """A page of the rows behind a figure, once they are worked out."""
    found = asked_for(request)
    place = request.headers.get("HX-Target", "rows")
    place = place if place in PLACES else "rows"
    template = "funnel/rows_part.html" if request.headers.get("HX-Request") else "funnel/rows.html"
    context: dict[str, Any] = {"place": place, "then": request.get_full_path(), "waiting": None}
    if isinstance(found, Job):
        context |= {"waiting": found, "failed": found.ended}
        return render(request, template, context)
    wanted, filters, table = found
    context |= _shown(request, wanted, filters, table)
    note(request, "seen", "rows", context["about"], rows=len(table), page=context["number"])
    return render(request, template, context)


def asked_for(request: HttpRequest) -> tuple[Rows, Filters, pa.Table] | Job:
    """The rows that an address names, or the job that works them out."""
    workspace, person, words = current.workspace(), person_of(request), words_of(request)
    filters = filters_of(request, workspace)
    held = known_until(workspace, person)
    if isinstance(held, Job):
        return held
    filters = days_of(filters, held, workspace)
    version = ledger_version(workspace) if filters.as_of is None else filters.as_of
    wanted = behind.wanted(request.GET.dict(), filters, version, words)
    table = kept_rows(workspace, wanted)
    if table is None:
        return ask_rows(workspace, wanted, person)
    _check_owner(workspace, filters, version, person, request)
    return wanted, filters, table


def _check_owner(
    workspace: Workspace, filters: Filters, version: int, person: Person, request: HttpRequest
) -> None:
    only = dict(filters.only)
    if persons.OWNER in only:
        persons.check_one(workspace, version, person, only[persons.OWNER], words_of(request))


def _shown(request: HttpRequest, wanted: Rows, filters: Filters, table: pa.Table) -> dict[str, Any]:
    words, given = words_of(request), request.GET.dict()
    number, last = _page(given.get(PART, ""), len(table), request), _pages(len(table))
    first = (number - 1) * SHOWN
    part = table.slice(first, SHOWN).to_pylist()
    about = subject(wanted.measure, behind.figure_of(given, wanted), _without(filters))
    pinned = {name: each for name, each in given.items() if name != PART}
    pinned["as_of"] = str(wanted.asked.as_of)
    return {
        "about": about,
        "title": behind.title(wanted, words),
        "narrowed": behind.narrowed_to(given, filters, words, _named(request, wanted)),
        "total": len(table),
        "period": bridged.period(wanted, filters, current.workspace().settings.calendar, words),
        "meaning": f"{reverse('definitions')}#{behind.meaning(wanted)}",
        "version": wanted.asked.as_of,
        "lines": listed.lines(wanted, part, words),
        "head": _head(wanted, table, words),
        "number": number,
        "from_row": first + 1,
        "to_row": first + len(part),
        "previous": _address({**pinned, PART: str(number - 1)}) if number > 1 else "",
        "following": _address({**pinned, PART: str(number + 1)}) if number < last else "",
        "whole": _address(pinned),
        **_back(wanted, filters, words),
        "comment": comment(about, words),
        "files": files(f"{reverse('rows_file')}?{urlencode(pinned)}", words),
    }


def _head(wanted: Rows, table: pa.Table, words: Words) -> Markup:
    """The head of the last column."""
    if wanted.measure == acquired.MEASURE and wanted.figure in acquired.HEADS:
        return words.say(acquired.HEADS[wanted.figure])
    if wanted.measure in credited.MEASURES:
        return words.say(credited.HEADS[wanted.measure])
    if wanted.measure == "bridge" and wanted.figure in bridged.HEADS:
        return words.say(bridged.HEADS[wanted.figure])
    return words.say("Amount") if "amount" in table.column_names else words.say("Outcome")


def _back(wanted: Rows, filters: Filters, words: Words) -> dict[str, Any]:
    """The page that the figure stands on."""
    if wanted.measure in PAGES:
        page, name = PAGES[wanted.measure]
        month = words.calendar.month_of(filters.since).label if filters.since else ""
        address = f"{reverse(page)}?{urlencode({'month': month})}"
        return {"back": address, "back_name": words.say(name)}
    if wanted.measure in credited.MEASURES:
        by = "".join(wanted.asked.by[:1])
        address = f"{reverse('attribution')}?{replace(_without(filters), by=by).query()}"
        return {"back": address, "back_name": words.say("To the attribution")}
    of_campaigns = wanted.measure == acquired.MEASURE
    page, name = ("campaigns", N_("To the campaigns")) if of_campaigns else FUNNEL
    return {"back": f"{reverse(page)}?{filters.query()}", "back_name": words.say(name)}


def _named(request: HttpRequest, wanted: Rows) -> Callable[[str | None], str | None]:
    version = wanted.asked.as_of or 0
    return persons.shown(current.workspace(), version, person_of(request))


def _without(filters: Filters) -> Filters:
    """The filters without the values, which the figure names already."""
    return Filters(filters.period, filters.since, filters.until, filters.horizon, now=filters.now)


def _address(given: dict[str, str]) -> str:
    return f"{reverse('rows')}?{urlencode(given)}"


def _pages(total: int) -> int:
    return max(-(-total // SHOWN), 1)


def _page(text: str, total: int, request: HttpRequest) -> int:
    if not text:
        return 1
    last = _pages(total)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= last:
        words = words_of(request)
        raise UsageError(
            words.say("There is no such page of rows."),
            remedy=words.say("The pages are 1 to {last}.", last=words.figures.count(last)),
        )
    return number
