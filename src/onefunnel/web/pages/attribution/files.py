"""The answer of the page as a file, for other programs."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import look
from onefunnel.web.pages.attribution.asking import MEASURE
from onefunnel.web.pages.attribution.views import agreed_now, wanted_of
from onefunnel.web.pages.funnel.answers import known_until
from onefunnel.web.pages.funnel.files import TYPES, attached, format_of
from onefunnel.web.pages.funnel.views import days_of
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.workflows.formats import to_csv, to_parquet


@page(Permission.RECORDS)
def answer(request: HttpRequest) -> HttpResponse:
    """All rows of all models; where they are not worked out yet, the page that waits for them."""
    kind, workspace, person = format_of(request), current.workspace(), person_of(request)
    wanted = wanted_of(request, workspace).as_agreed(agreed_now(workspace))
    held = known_until(workspace, person)
    if isinstance(held, Job):
        return redirect(wanted.address())
    wanted = replace(wanted, filters=days_of(wanted.filters, held, workspace))
    found = look(workspace, MEASURE, wanted.asked(), person)
    if isinstance(found, Job):
        return redirect(wanted.address())
    told = found.answer
    note(request, "exported", "figure", f"{MEASURE}?{request.GET.urlencode()}", format=kind)
    body = to_csv(told).encode() if kind == "csv" else to_parquet(told)
    return attached(HttpResponse(body, TYPES[kind]), f"{MEASURE}-{told.ledger_version}.{kind}")
