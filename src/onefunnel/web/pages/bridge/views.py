"""Who moved the number: the contribution of a month against the one before."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from onefunnel.errors import UnknownName
from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import Answers, look, look_up
from onefunnel.web.pages.bridge import links
from onefunnel.web.pages.bridge.content import bridge_view
from onefunnel.web.pages.bridge.segments import segment_table
from onefunnel.web.pages.bridge.signing import can_be_signed, digest, signatures
from onefunnel.web.pages.bridge.signing import sign as signed
from onefunnel.web.pages.months import looking
from onefunnel.web.pages.months.offered import LookedAt, chosen
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of

ROOM = "bridge"
FACTORS = {"": False, "apart": False, "joint": True}
"""What an address can ask of leads and conversion: two factors, or one."""


@page(Permission.FIGURES)
def bridge(request: HttpRequest) -> HttpResponse:
    """The bridge of a month, or what it waits for."""
    months, joint = _months(request), _joint(request)
    if isinstance(months, Job):
        return looking.waiting(request, ROOM, months)
    month = chosen(request.GET.get("month", ""), months)
    if month is None:
        return looking.nothing(request, ROOM)
    head = {**looking.head(request, months, month), "joint": joint}
    asked = {
        "whole": (ROOM, month.asked(joint=joint)),
        "parts": (ROOM, month.asked("segment", joint=joint)),
    }
    found = look_up(current.workspace(), asked, person_of(request))
    if found.missing:
        return looking.waiting(request, ROOM, found, head)
    context = {**head, **_context(request, month, joint, found)}
    return looking.shown(request, "bridge/bridge.html", "bridge/whole.html", context)


@page(Permission.FIGURES)
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """A head signs the bridge of a month, as it was shown."""
    person, words = person_of(request), words_of(request)
    if not person.in_role.leads:
        raise PermissionDenied
    months = _months(request)
    month = None if isinstance(months, Job) else chosen(request.POST.get("month", ""), months)
    if month is None:
        return redirect("bridge")
    found = look(current.workspace(), ROOM, month.asked(), person)
    if isinstance(found, Job) or not _as_shown(request, month, found.answer):
        messages.info(request, words.say("The figures have changed. Look at them once more."))
        return redirect(links.bridge(month))
    made = signed(month.label, found.answer, person)
    note(request, "signed_off", "bridge", month.label, version=made.ledger_version)
    messages.success(request, words.say("Signed."))
    return redirect(links.bridge(month))


def _as_shown(request: HttpRequest, month: LookedAt, answer: Any) -> bool:
    same = request.POST.get("digest") == digest(answer)
    return same and month.is_over and can_be_signed(answer)


def _months(request: HttpRequest) -> tuple[LookedAt, ...] | Job:
    return looking.months_of(request, after_another=True)


def _joint(request: HttpRequest) -> bool:
    """Whether leads and conversion are asked for as one factor. UnknownName for anything else."""
    asked = request.GET.get("factors", "")
    if asked not in FACTORS:
        raise UnknownName("factors", asked[:40], [each for each in FACTORS if each])
    return FACTORS[asked]


def _context(request: HttpRequest, month: LookedAt, joint: bool, found: Answers) -> dict[str, Any]:
    """What is shown. Heads sign the bridge whose factors stand apart."""
    words, person = words_of(request), person_of(request)
    answer = found.found["whole"].answer
    return {
        "before_period": words.days(month.before.since, month.before.until),
        "version": words.figures.count(answer.ledger_version),
        "view": bridge_view(answer, month, words),
        "segments": segment_table(found.found["parts"].answer, month, words),
        "digest": digest(answer),
        "signatures": () if joint else signatures(month.label, answer, person, words),
        "signable": month.is_over and can_be_signed(answer),
        "apart": links.bridge(month),
        "meaning": links.definition,
    }
