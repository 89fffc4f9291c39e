"""Who gets the credit: the range over the models, and what nobody can know."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from onefunnel.errors import InputError
from onefunnel.measures.attribution.agreed import Agreed, agreed_of
from onefunnel.measures.attribution.asked import DIMENSIONS
from onefunnel.measures.attribution.family import MODELS
from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.vocabulary.terms import ATTRIBUTION
from onefunnel.web.jobs.questions import Answers, look_up
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES, MODEL_NAMES, VALUE_NAMES
from onefunnel.web.pages.attribution.asking import MEASURE, VALUES, Tried, Wanted, read
from onefunnel.web.pages.attribution.content import Content, proposed
from onefunnel.web.pages.attribution.force import file_text
from onefunnel.web.pages.funnel import page as of_funnel
from onefunnel.web.pages.funnel.answers import known_until
from onefunnel.web.pages.funnel.around import comment, files, subject
from onefunnel.web.pages.funnel.page import Option
from onefunnel.web.pages.funnel.views import days_of, filters_of, linked
from onefunnel.web.pages.today import links
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.language import words_of
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace

ROOM = "attribution"
NEEDED = (
    ("touch", ("party_id", "occurred_at", "channel", "department", "kind")),
    ("lead", ("party_id", "created_at")),
    ("order_line", ("party_id", "ordered_at", "net_price", "quantity")),
)
"""What must be imported before there is anything to credit: tables with their columns."""


@page(Permission.FIGURES)
def attribution(request: HttpRequest) -> HttpResponse:
    """The page, or what it waits for; asked by htmx only what changed."""
    workspace, person = current.workspace(), person_of(request)
    agreed = agreed_now(workspace)
    wanted = wanted_of(request, workspace).as_agreed(agreed)
    if "was" in request.GET:
        # The form was sent: its address, without what was left empty, is one to share.
        return redirect(wanted.address())
    held = known_until(workspace, person)
    if isinstance(held, Job):
        return _waiting(request, wanted, agreed, Answers({}, (held,)))
    if held.is_empty and wanted.filters.as_of is None:
        about = {**_form(request, wanted, agreed), "empty": True}
        return render(request, f"{ROOM}/{ROOM}.html", about)
    wanted = replace(wanted, filters=days_of(wanted.filters, held, workspace))
    found = look_up(workspace, wanted.questions(agreed), person)
    if found.missing:
        return _waiting(request, wanted, agreed, found)
    context = _context(request, workspace, wanted, agreed, found)
    if not request.headers.get("HX-Request"):
        return render(request, f"{ROOM}/{ROOM}.html", context)
    part = render(request, f"{ROOM}/whole.html", context)
    part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#whole", "innerHTML"
    return part


def agreed_now(workspace: Workspace) -> Agreed:
    """What is agreed now; the defaults where the file can't be read, as the answers will say."""
    try:
        return agreed_of(current_terms(workspace))
    except InputError:
        return Agreed()


def wanted_of(request: HttpRequest, workspace: Workspace) -> Wanted:
    """What a request asks for. UsageError for what can't be."""
    return read(request.GET.dict(), filters_of(request, workspace), words_of(request))


def _context(
    request: HttpRequest, workspace: Workspace, wanted: Wanted, agreed: Agreed, found: Answers
) -> dict[str, Any]:
    words, about = words_of(request), found.found[MEASURE]
    version = about.answer.ledger_version
    around = linked(request, workspace, wanted.filters, version)
    content = Content(wanted, found, agreed, around)
    which = {"value": wanted.value} if wanted.value else {}
    remark = subject(MEASURE, which, wanted.filters, wanted.filters.by)
    return {
        **_form(request, wanted, agreed),
        **_proposal(request, workspace, proposed(content.force, wanted)),
        "view": content.view(),
        "meaning": links.definition,
        "period": words.period(about.question),
        "version": words.figures.count(version),
        "known_until": words.instant(about.question.now),
        "comment": comment(remark, words),
        "files": files(wanted.file_address(version), words) if around.opens else (),
    }


def _proposal(request: HttpRequest, workspace: Workspace, agreed: Agreed) -> dict[str, Any]:
    """The file that would agree on a convention, for those who may put terms into force."""
    if not person_of(request).may(Permission.TERMS):
        return {"proposal": None}
    standing = current_terms(workspace).text(ATTRIBUTION)
    return {"proposal": {"name": ATTRIBUTION, "text": file_text(standing, agreed)}}


def _form(request: HttpRequest, wanted: Wanted, agreed: Agreed) -> dict[str, Any]:
    """The filters, and the convention that is tried."""
    words, filters = words_of(request), wanted.filters
    value = wanted.value or agreed.value.value
    return {
        **of_funnel.form(filters, False, words),
        "by": [(each, words.say(DIMENSION_NAMES[each]), each == filters.by) for each in DIMENSIONS],
        "values": _values(value, words),
        "period_key": filters.period,
        "dimension": words.say(DIMENSION_NAMES[filters.by]),
        "tried": wanted.tried,
        "trying": _trying(wanted, agreed, words),
        "needed": NEEDED,
        "empty": False,
        "waiting": None,
        "failure": None,
    }


def _values(chosen: str, words: Words) -> list[Option]:
    return [(each, words.say(VALUE_NAMES[each]), each == chosen) for each in VALUES]


def _trying(wanted: Wanted, agreed: Agreed, words: Words) -> dict[str, Any]:
    """The fields of the form of another convention, as agreed where nothing is tried."""
    tried, filters = wanted.tried or Tried(agreed.model), wanted.filters
    kept = agreed.settings
    return {
        "models": [(each, words.say(MODEL_NAMES[each]), each == tried.model) for each in MODELS],
        "values": _values(tried.value or agreed.value.value, words),
        "window": f"{tried.window_days or kept.window_days:g}",
        "half_life": f"{tried.half_life_days or kept.half_life_days:g}",
        "since": filters.since.isoformat() if filters.since else "",
        "until": filters.until.isoformat() if filters.until else "",
        "kept": [
            (name, each) for name, each in (("by", filters.by), ("value", wanted.value)) if each
        ],
    }


def _waiting(request: HttpRequest, wanted: Wanted, agreed: Agreed, found: Answers) -> HttpResponse:
    """The head, the filters and a part that asks again; of that, htmx is given the part."""
    context = {
        **_form(request, wanted, agreed),
        "waiting": found.missing[0],
        "failure": found.failed,
        "address": request.get_full_path(),
    }
    part = "waiting" if request.headers.get("HX-Request") else ROOM
    return render(request, f"{ROOM}/{part}.html", context)
