"""Erase a customer: asked for by name, done by the worker."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs import erasing as jobs
from onefunnel.web.jobs.directory import look
from onefunnel.web.pages.leads.views import shown_customer
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.workflows.directory.folding import fold


@page(Permission.PEOPLE)
def erase(request: HttpRequest, party: str) -> HttpResponse:
    """Ask for it. Whoever asks has written the name; what was erased is in no log."""
    if request.method != "POST":
        return redirect("customer", party=party)
    person = person_of(request)
    with look(current.workspace(), person) as found:
        code = found.directory.entity_of(party) if found.directory else None
        if found.directory is None or code is None:
            raise Http404
        known = found.directory.customer(code)
        name = (known.name or known.organisation or party) if known else party
    if fold(request.POST.get("name", "").strip()) != fold(name.strip()):
        return shown_customer(request, party, wrong=True)
    job = jobs.ask(party, person)
    note(request, "erased", "customer")
    return redirect("erasure", job=job.pk)


@page(Permission.PEOPLE)
def erasure(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """How far it is."""
    found = Job.objects.filter(pk=job, kind="erase").first()
    if found is None:
        raise Http404
    return render(request, "leads/erasure.html", {"job": found, "then": request.path})
