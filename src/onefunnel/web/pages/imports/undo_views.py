"""A whole import is taken back: what that would change, then doing it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from onefunnel.store.models import Job
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.undoing import begin_look, begin_undo
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.imports import shown
from onefunnel.web.pages.imports.terms import table_name
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of

DOING = {
    "undo_look": N_("Working out what taking it back would change. Nothing is kept."),
    "undo": N_("Taking the import back. You can leave this page; it goes on."),
}
OUTCOMES = {
    "deleted": N_("taken out"),
    "changed": N_("put back as they were"),
    "new": N_("there again"),
    "left": N_("changed again since, stays"),
}


@page(Permission.IMPORT)
def undo(request: HttpRequest, version: int) -> HttpResponse:
    """Have worked out what taking a version's batch back would change."""
    return redirect("undo_seen", job=begin_look(version, person_of(request)).pk)


@page(Permission.IMPORT)
def seen(request: HttpRequest, job: UUID) -> HttpResponse:
    """How far it is, and what would change; posted: take it back."""
    found = get_object_or_404(Job, pk=job, kind__in=DOING)
    if request.method == "POST":
        return _begun(request, found)
    if found.kind == "undo" and found.state == State.DONE:
        return _done(request, found)
    words, here = words_of(request), reverse("undo_seen", kwargs={"job": job})
    context: dict[str, Any] = {"job": None if found.ended else found, "then": here}
    context |= {"say": words.say(DOING[found.kind]), "version": found.parameters["version"]}
    context["failed"] = found.error if found.state == State.FAILED else None
    if found.state == State.DONE:
        context["told"] = _told(found.result, words)
    if request.headers.get("HX-Request"):
        if found.ended:
            return HttpResponse(status=204, headers={"HX-Redirect": here})
        return render(request, "parts/waiting.html", context)
    return render(request, "imports/undo.html", context)


def _begun(request: HttpRequest, looked: Job) -> HttpResponse:
    job = begin_undo(looked, person_of(request))
    note(request, "taken_back", "batch", str(job.parameters["version"]))
    return redirect("undo_seen", job=job.pk)


def _done(request: HttpRequest, job: Job) -> HttpResponse:
    words = words_of(request)
    version = words.figures.count(job.parameters["version"])
    said = words.say("The import of version {version} is taken back.", version=version)
    messages.success(request, said)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("imports")})
    return redirect("imports")


def _told(result: Mapping[str, Any], words: Words) -> dict[str, Any]:
    counts = {name: dict(found) for name, found in result["counts"].items()}
    for name, number in result["left"].items():
        counts.setdefault(name, {})["left"] = number
    return {
        "changes": result["changes"],
        "left": sum(result["left"].values()),
        "released": result["released"],
        "waiting": result["waiting"],
        "outcomes": [
            shown.Outcome(name, table_name(name, words), _counts(found, words))
            for name, found in counts.items()
        ],
    }


def _counts(found: Mapping[str, int], words: Words) -> tuple[tuple[Any, str], ...]:
    return tuple(
        (words.say(title), words.figures.count(found[outcome]))
        for outcome, title in OUTCOMES.items()
        if found.get(outcome)
    )
