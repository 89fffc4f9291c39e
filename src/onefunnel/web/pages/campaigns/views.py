"""Where money came from: spend, leads and what they brought, as both departments see it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from onefunnel.measures.acquisition.query import DIMENSIONS
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import Answers, look_up
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES
from onefunnel.web.pages.campaigns.asking import Wanted, read
from onefunnel.web.pages.campaigns.cells import MEASURE
from onefunnel.web.pages.campaigns.columns import ORDERS
from onefunnel.web.pages.campaigns.content import Content
from onefunnel.web.pages.campaigns.said import convention
from onefunnel.web.pages.funnel import page as of_funnel
from onefunnel.web.pages.funnel.answers import known_until
from onefunnel.web.pages.funnel.around import comment, files, subject
from onefunnel.web.pages.funnel.page import Chip, Option
from onefunnel.web.pages.funnel.views import days_of, filters_of, linked
from onefunnel.web.pages.today import links
from onefunnel.web.report.cells import dimension_value
from onefunnel.web.report.context import FIRST_TABLES
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.language import words_of
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.freshness import Freshness
from onefunnel.workflows.workspace import Workspace

BY, WHOLE = "by", "whole"
"""The names under which the two answers are found."""


@page(Permission.FIGURES)
def campaigns(request: HttpRequest) -> HttpResponse:
    """The table and its picture, or what they wait for; asked by htmx only what changed."""
    workspace, person = current.workspace(), person_of(request)
    wanted = wanted_of(request, workspace)
    if "was" in request.GET:
        # The form was sent: its address, without what was left empty, is one to share.
        return redirect(wanted.address())
    held = known_until(workspace, person)
    if isinstance(held, Job):
        return _waiting(request, wanted, Answers({}, (held,)))
    if held.is_empty and wanted.filters.as_of is None:
        return render(request, "funnel/empty.html", {"first_tables": FIRST_TABLES})
    wanted = replace(wanted, filters=days_of(wanted.filters, held, workspace))
    found = answers(workspace, wanted, person)
    if found.missing:
        return _waiting(request, wanted, found)
    context = {
        **_context(request, workspace, wanted, found),
        **_seen(workspace, wanted, found.found[BY], held),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "campaigns/campaigns.html", context)
    part = render(request, "campaigns/whole.html", context)
    part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#whole", "innerHTML"
    return part


def wanted_of(request: HttpRequest, workspace: Workspace) -> Wanted:
    """What a request asks for. UsageError for what can't be."""
    return read(request.GET.dict(), filters_of(request, workspace), words_of(request))


def answers(workspace: Workspace, wanted: Wanted, person: Person) -> Answers:
    """Look both answers up, by the dimensions and undivided; what is missing is asked for."""
    asked = {BY: (MEASURE, wanted.asked()), WHOLE: (MEASURE, wanted.whole())}
    found = look_up(workspace, asked, person)
    if found.missing or is_closed(found.found[BY]) or not is_closed(found.found[WHOLE]):
        return found
    # A closed month keeps the undivided answer, but not every division of it: both are seen alike.
    put = replace(wanted.whole(), now=found.found[BY].question.now)
    return look_up(workspace, {**asked, WHOLE: (MEASURE, put)}, person)


def is_closed(found: Computed) -> bool:
    """Whether an answer is the one that a month was closed with."""
    return any(note.code == "closed_month" for note in found.answer.notes)


def _context(
    request: HttpRequest, workspace: Workspace, wanted: Wanted, found: Answers
) -> dict[str, Any]:
    words, answer = words_of(request), found.found[BY].answer
    version = answer.ledger_version
    around = linked(request, workspace, wanted.filters, version)
    view = Content(wanted, answer, found.found[WHOLE].answer, around).view()
    about = subject(MEASURE, {}, wanted.filters, wanted.filters.by)
    return {
        **_form(request, wanted),
        "view": view,
        "meaning": links.definition,
        "period": words.period(found.found[BY].question),
        "version": words.figures.count(version),
        "horizon": words.figures.days(found.found[BY].question.horizon_days),
        "known_until": words.instant(found.found[BY].question.now),
        "convention": convention(answer.notes, words),
        "comment": comment(about, words),
        "files": files(wanted.file_address(version), words) if around.opens else (),
    }


def _seen(workspace: Workspace, wanted: Wanted, found: Computed, held: Freshness) -> dict[str, Any]:
    """Whether the figures are those of another time, and where those of now are."""
    version, filters = found.answer.ledger_version, wanted.filters
    closed = is_closed(found)
    latest = datetime.fromisoformat(held.latest) if held.latest else None
    as_now = replace(filters, as_of=None, now=latest if closed else None)
    return {
        "closed": closed,
        "earlier": filters.as_of is not None and version < ledger_version(workspace),
        "seen_at": filters.now is not None,
        "present": replace(wanted, filters=as_now).address(),
    }


def _form(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    """The filters, and how the rows are divided and put in order."""
    words, filters = words_of(request), wanted.filters
    return {
        **of_funnel.form(filters, False, words),
        "by": _dimensions(filters.by, words),
        "thens": [("", words.say("Nothing"), not wanted.then), *_dimensions(wanted.then, words)],
        "period_key": filters.period,
        "orders": _orders(wanted, words),
        "chips": _chips(wanted, words),
        "waiting": None,
    }


def _dimensions(chosen: str, words: Words) -> list[Option]:
    return [(each, words.say(DIMENSION_NAMES[each]), each == chosen) for each in DIMENSIONS]


def _orders(wanted: Wanted, words: Words) -> list[Option]:
    now = wanted.ordered_by
    offered: list[Option] = [(each, words.say(text), each == now) for each, text in ORDERS.items()]
    if now in ORDERS:
        return offered
    return [(now, words.say("As the table's head says"), True), *offered]


def _chips(wanted: Wanted, words: Words) -> list[Chip]:
    """The values that are chosen, each with the address without it."""
    found = []
    for name, value in wanted.filters.only:
        shown = dimension_value({name: value}, words)
        text = words.say("{name}: {value}", name=words.say(DIMENSION_NAMES[name]), value=shown)
        found.append(Chip(text, wanted.without(name)))
    return found


def _waiting(request: HttpRequest, wanted: Wanted, found: Answers) -> HttpResponse:
    """The head, the filters and a part that asks again; of that, htmx is given the part."""
    context = {
        **_form(request, wanted),
        "waiting": found.missing[0],
        "failure": found.failed,
        "address": request.get_full_path(),
    }
    whole = "campaigns/campaigns.html"
    template = "campaigns/waiting.html" if request.headers.get("HX-Request") else whole
    return render(request, template, context)
