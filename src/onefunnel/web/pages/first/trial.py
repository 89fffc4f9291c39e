"""The sample company in a workspace of one's own: brought to be looked at, and taken out again."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onefunnel.errors import UsageError
from onefunnel.intake import Progress
from onefunnel.store.models import Job, Person
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.first import warming
from onefunnel.web.pages.first.beginning import introduce
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.workflows import sample
from onefunnel.workflows.advance import Whole
from onefunnel.workflows.workspace import Workspace

BRING, TAKE_AWAY = "sample", "sample_away"
SAYINGS = {
    BRING: N_("The sample company is being made. It takes about half a minute."),
    TAKE_AWAY: N_("The sample company is being taken out."),
}
AFTERWARDS = {BRING: "funnel", TAKE_AWAY: "imports"}


def bring(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """The job that brings the sample company, with the answers that are looked at first."""
    whole = Whole(progress, sample.PARTS)
    version = sample.bring(workspace, whole)
    person = Person.objects.filter(pk=parameters.get("person") or 0).first()
    if person is not None:
        warming.wait_for(person, whole)
    return {"version": version}


def take_away(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """The job that takes it out again."""
    sample.take_away(workspace)
    return {}


@page(Permission.RULES)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Have the sample company made; refused where there are records already."""
    if not sample.holds_nothing(current.workspace()):
        raise UsageError("The ledger holds records already.")
    introduce(request)
    return _begin(request, BRING)


@page(Permission.RULES)
@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """Go to one's own files; the sample company is taken out before, where it is shown."""
    found = sample.shown(current.workspace())
    if found is None:
        introduce(request)
        return redirect("imports")
    if found.demonstration:
        raise Http404
    return _begin(request, TAKE_AWAY)


def _begin(request: HttpRequest, kind: str) -> HttpResponse:
    note(request, kind, "sample")
    person = person_of(request)
    enqueue(kind, {"person": person.pk}, person)
    return redirect("first_wait", kind=kind)


@page(Permission.RULES)
def wait(request: HttpRequest, kind: str) -> HttpResponse:
    """How far it is; then on to where it leads."""
    if kind not in SAYINGS:
        raise Http404
    job = Job.objects.filter(kind=kind).order_by("-asked_at").first()
    if job is None or job.state == State.DONE:
        return _go(request, AFTERWARDS[kind] if job else "today")
    words = request.words  # type: ignore[attr-defined]
    then = reverse("first_wait", kwargs={"kind": kind})
    about = {"job": job, "then": then, "say": words.say(SAYINGS[kind]), "kind": kind}
    part = "first/part.html" if request.headers.get("HX-Request") else "first/wait.html"
    return render(request, part, about)


def _go(request: HttpRequest, name: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse(name)})
    return redirect(name)
