"""The terms in force, in words, and which stood from which ledger version on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from onefunnel.store.models import AuditLine, Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs import terms as jobs
from onefunnel.web.jobs.terms import Stood
from onefunnel.web.locale import Words
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.pages.terms.documents import (
    CARD,
    CONVENTIONS,
    EXPERIMENT,
    PLAN,
    RANGES,
    Reader,
)
from onefunnel.web.pages.terms.plan_form import fits
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.staff import kept_staff
from onefunnel.workflows.terms import current_terms


@dataclass(frozen=True, slots=True)
class StoodView:
    """Terms over some ledger versions, and what came, changed or went with them."""

    versions: str
    since: Markup
    by: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    now: bool


@page(Permission.OWN_PAY)
def terms(request: HttpRequest) -> HttpResponse:
    """The terms in force, as far as they are for the reader."""
    workspace, person = current.workspace(), person_of(request)
    standing = current_terms(workspace)
    found = reader_of(request).documents(standing)
    if person.may(Permission.PAY) and any(each.members for each in found):
        note(request, "seen", "terms", standing.digest[:12])
    reads = person.may(Permission.FIGURES)
    about = {
        "plans": [each for each in found if each.kind == PLAN],
        "ranges": [each for each in found if each.kind == RANGES],
        "conventions": [each for each in found if each.kind == CONVENTIONS],
        "experiments": [each for each in found if each.kind == EXPERIMENT],
        "cards": [each for each in found if each.kind == CARD],
        "in_form": {name for name, text in standing.under("pay") if fits(name, text)},
        "version": request.words.figures.count(ledger_version(workspace)),  # type: ignore[attr-defined]
        **(_history(request) if reads else {"waiting": None, "stood": ()}),
    }
    return render(request, "terms/terms.html", about)


@page(Permission.FIGURES)
def history(request: HttpRequest) -> HttpResponse:
    """The part of the page that lists which terms stood when."""
    return render(request, "terms/history.html", _history(request))


def reader_of(request: HttpRequest) -> Reader:
    """Who asks, with the employees by name."""
    words: Words = request.words  # type: ignore[attr-defined]
    person = person_of(request)
    staff = employees() if person.may(Permission.PAY) else kept_staff(current.workspace())
    return Reader(person, staff, words)


def _history(request: HttpRequest) -> dict[str, Any]:
    person = person_of(request)
    found = jobs.look(current.workspace(), person)
    if isinstance(found, Job):
        return {"waiting": found, "stood": ()}
    words: Words = request.words  # type: ignore[attr-defined]
    # The name of a file may be that of the person whose scorecard it is.
    return {"waiting": None, "stood": _views(found, words, person.may(Permission.PAY))}


def _views(found: Sequence[Stood], words: Words, names: bool) -> tuple[StoodView, ...]:
    lines = AuditLine.objects.filter(action="terms_applied").select_related("person")
    people = {line.detail.get("version"): line.person.name for line in lines if line.person}
    views = []
    for at, each in enumerate(found):
        before = found[at + 1].files if at + 1 < len(found) else {}
        views.append(_view(each, before, people.get(each.first, ""), words, at == 0, names))
    return tuple(views)


def _view(each: Stood, before: Any, by: str, words: Words, now: bool, names: bool) -> StoodView:
    count = words.figures.count
    same = each.first == each.last
    told = sorted(each.files) if names else sorted(n for n in each.files if "scorecards/" not in n)
    gone = sorted(name for name in before if name not in each.files)
    return StoodView(
        count(each.first) if same else f"{count(each.first)}–{count(each.last)}",
        words.instant(each.begun),
        by,
        tuple(name for name in told if name not in before),
        tuple(name for name in told if before.get(name, each.files[name]) != each.files[name]),
        tuple(name for name in gone if names or "scorecards/" not in name),
        now,
    )
