"""Who moved the number: the contribution of a month against the one before."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import Answers, look, look_up
from onefunnel.web.locale import Words
from onefunnel.web.pages.bridge import links
from onefunnel.web.pages.bridge.content import bridge_view
from onefunnel.web.pages.bridge.months import BridgedMonth, chosen, offered
from onefunnel.web.pages.bridge.segments import segment_table
from onefunnel.web.pages.bridge.signing import can_be_signed, digest, signatures
from onefunnel.web.pages.bridge.signing import sign as signed
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note


@page(Permission.FIGURES)
def bridge(request: HttpRequest) -> HttpResponse:
    """The bridge of a month, or what it waits for."""
    months = _months(request)
    if isinstance(months, Job):
        return _waiting(request, (), None, Answers({}, (months,)))
    month = chosen(request.GET.get("month", ""), months)
    if month is None:
        return render(request, "bridge/bridge.html", {"month": None, "waiting": None})
    asked = {"whole": ("bridge", month.asked()), "parts": ("bridge", month.asked("segment"))}
    found = look_up(current.workspace(), asked, person_of(request))
    if found.missing:
        return _waiting(request, months, month, found)
    return _part(request, "bridge/whole.html", _context(request, months, month, found))


@page(Permission.FIGURES)
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """A head signs the bridge of a month, as it was shown."""
    person, words = person_of(request), _words(request)
    if not person.in_role.leads:
        raise PermissionDenied
    months = _months(request)
    month = None if isinstance(months, Job) else chosen(request.POST.get("month", ""), months)
    if month is None:
        return redirect("bridge")
    found = look(current.workspace(), "bridge", month.asked(), person)
    if isinstance(found, Job) or not _as_shown(request, month, found.answer):
        messages.info(request, words.say("The figures have changed. Look at them once more."))
        return redirect(links.bridge(month))
    made = signed(month.label, found.answer, person)
    note(request, "signed_off", "bridge", month.label, version=made.ledger_version)
    messages.success(request, words.say("Signed."))
    return redirect(links.bridge(month))


def _as_shown(request: HttpRequest, month: BridgedMonth, answer: Any) -> bool:
    same = request.POST.get("digest") == digest(answer)
    return same and month.is_over and can_be_signed(answer)


def _words(request: HttpRequest) -> Words:
    words: Words = request.words  # type: ignore[attr-defined]
    return words


def _months(request: HttpRequest) -> tuple[BridgedMonth, ...] | Job:
    workspace = current.workspace()
    fresh = freshness.look(workspace, person_of(request))
    if isinstance(fresh, Job):
        return fresh
    kept = workspace.settings
    return offered(fresh, workspace.clock(), kept.calendar, kept.server.stale_days)


def _head(
    request: HttpRequest, months: tuple[BridgedMonth, ...], month: BridgedMonth | None
) -> dict[str, Any]:
    words = _words(request)
    choices = [
        (each.label, words.days(each.period.since, each.period.until), each is month)
        for each in months
    ]
    return {"month": month, "choices": choices, "waiting": None, "failure": None}


def _context(
    request: HttpRequest, months: tuple[BridgedMonth, ...], month: BridgedMonth, found: Answers
) -> dict[str, Any]:
    words, person = _words(request), person_of(request)
    answer = found.found["whole"].answer
    return {
        **_head(request, months, month),
        "period": words.days(month.period.since, month.period.until),
        "before_period": words.days(month.before.since, month.before.until),
        "version": words.figures.count(answer.ledger_version),
        "view": bridge_view(answer, month, words),
        "segments": segment_table(found.found["parts"].answer, month, words),
        "digest": digest(answer),
        "signatures": signatures(month.label, answer, person, words),
        "signable": month.is_over and can_be_signed(answer),
        "meaning": links.definition,
    }


def _waiting(
    request: HttpRequest,
    months: tuple[BridgedMonth, ...],
    month: BridgedMonth | None,
    found: Answers,
) -> HttpResponse:
    context = {
        **_head(request, months, month),
        "waiting": found.missing[0],
        "failure": found.failed,
        "then": request.get_full_path(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "bridge/waiting.html", context)
    return render(request, "bridge/bridge.html", context)


def _part(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return render(request, "bridge/bridge.html", context)
    part = render(request, template, context)
    part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#whole", "outerHTML"
    return part
