"""Answers and the rows behind figures as files, for other programs."""

import tempfile
from collections.abc import Iterator
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from onefunnel.errors import UsageError
from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import look
from onefunnel.web.pages.funnel import persons
from onefunnel.web.pages.funnel.answers import MEASURES, known_until
from onefunnel.web.pages.funnel.around import FILES
from onefunnel.web.pages.funnel.narrowing import narrowed
from onefunnel.web.pages.funnel.rows import asked_for
from onefunnel.web.pages.funnel.views import days_of, filters_of
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.formats import rows_as_csv, to_csv, to_parquet

R = TypeVar("R", bound=HttpResponseBase)
TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@page(Permission.RECORDS)
def rows(request: HttpRequest) -> Any:
    """All rows behind a figure; where they are not worked out yet, the page that waits for them."""
    kind = format_of(request)
    found = asked_for(request)
    if isinstance(found, Job):
        return redirect(f"{reverse('rows')}?{request.GET.urlencode()}")
    wanted, _, table = found
    name = f"{wanted.measure}-{wanted.figure}-{wanted.asked.as_of}.{kind}"
    note(request, "exported", "rows", request.GET.urlencode(), rows=len(table), format=kind)
    if kind == "csv":
        return attached(StreamingHttpResponse(_bytes(rows_as_csv(table)), TYPES[kind]), name)
    return FileResponse(
        _parquet(table), as_attachment=True, filename=name, content_type=TYPES[kind]
    )


@page(Permission.RECORDS)
def answer(request: HttpRequest) -> HttpResponse:
    """The answer of a measure; where it is not worked out yet, the page that waits for it."""
    kind, workspace, person = format_of(request), current.workspace(), person_of(request)
    filters = filters_of(request, workspace)
    measure = _one_of(request, request.GET.get("measure", "funnel"), MEASURES)
    held = known_until(workspace, person)
    if not isinstance(held, Job):
        filters = days_of(filters, held, workspace)
        found = look(workspace, measure, filters.asked(filters.by), person)
    if isinstance(held, Job) or isinstance(found, Job):
        return redirect(f"{reverse('funnel')}?{filters.query()}")
    version = found.answer.ledger_version
    named = persons.shown(workspace, version, person)
    told = narrowed(found.answer, filters, named, filters.by)
    note(request, "exported", "figure", f"{measure}?{filters.query()}", format=kind)
    body = to_csv(told).encode() if kind == "csv" else to_parquet(told)
    return attached(HttpResponse(body, TYPES[kind]), f"{measure}-{version}.{kind}")


def format_of(request: HttpRequest) -> str:
    """The format of the file that is wanted. UsageError for one that there is not."""
    return _one_of(request, request.GET.get("format", "csv"), FILES)


def _one_of(request: HttpRequest, name: str, valid: tuple[str, ...]) -> str:
    if name not in valid:
        words = words_of(request)
        raise UsageError(
            words.say("“{given}” can't be asked.", given=name[:80]),
            remedy=words.say("What can be asked: {valid}.", valid=words.listed(valid)),
        )
    return name


def attached(response: R, name: str) -> R:
    """A response as a file of that name."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _bytes(parts: Iterator[str]) -> Iterator[bytes]:
    return (part.encode() for part in parts)


def _parquet(table: pa.Table) -> Any:
    """A file without a name that holds the rows; it goes when it is sent."""
    # The response closes it when the last byte is sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    pq.write_table(table, file)
    file.seek(0)
    return file
