"""The quarantine: rows that could not be read are mended here, or let go."""

import csv
import io
import uuid
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.ledger.schema import TABLES
from onefunnel.store.models import Job
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.vocabulary.cells import guarded
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.imports import quarantined, shown
from onefunnel.web.pages.imports.quarantined import Group
from onefunnel.web.pages.imports.reading_again import can_be_read, header_of, wrong_columns
from onefunnel.web.pages.imports.seen import write_private
from onefunnel.web.pages.imports.terms import table_name
from onefunnel.web.pages.imports.views import listing, whole
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.mending import records_of

PAGE = 20
"""Rows that one page mends."""

OURS = {
    "_record": N_("the row as it was"),
    "_more": N_("what stood beyond the last column: empty it"),
}
DOING = {"mend": N_("Reading the rows again."), "discard": N_("Taking the rows out.")}


@page(Permission.IMPORT)
def quarantine(request: HttpRequest) -> HttpResponse:
    """What could not be read, in groups of one reason each."""
    words = words_of(request)
    if (job := listing(request)) is not None:
        say = words.say("Looking at what could not be read.")
        context = {"job": job, "then": reverse("quarantine"), "say": say}
        part = bool(request.headers.get("HX-Request"))
        return render(request, "parts/waiting.html" if part else "imports/mending.html", context)
    rows = quarantined.kept_rows(current.workspace())
    note(request, "seen", "quarantine")
    context = {
        "groups": [_view(each, words) for each in quarantined.groups(rows)],
        "rows": len(rows),
    }
    return whole(render(request, "imports/quarantine.html", context), request)


def _view(each: Group, words: Any) -> dict[str, Any]:
    return {
        "group": each,
        "why": shown.reason(each.code, words),
        "table": table_name(each.fact, words),
        "rows": words.count("{n} row", "{n} rows", each.rows),
    }


def _find(key: str) -> tuple[Group, pa.Table]:
    rows = quarantined.kept_rows(current.workspace())
    for each in quarantined.groups(rows):
        if each.key == key:
            return each, quarantined.of_group(rows, each)
    raise Http404


@page(Permission.IMPORT)
def group(request: HttpRequest, key: str) -> HttpResponse:
    """The rows of one group, each with a form of its own columns."""
    if not quarantined.is_kept(current.workspace()):
        return redirect("quarantine")
    rows = quarantined.kept_rows(current.workspace())
    found = next((each for each in quarantined.groups(rows) if each.key == key), None)
    if found is None:  # mended or let go meanwhile
        return redirect("quarantine")
    own, words = quarantined.of_group(rows, found), words_of(request)
    first = _first(request, len(own))
    shown_rows = own.slice(first, PAGE).to_pylist()
    columns = [c for c in quarantined.columns_of(shown_rows) if not c.startswith("_")]
    header = () if columns else header_of(found.fact, found.file)
    columns = columns or list(header)
    wrong = wrong_columns(found, columns)
    table = TABLES[found.fact]
    ledger = table.by_name.get(found.column)
    note(request, "seen", "quarantine", key, rows=len(shown_rows))
    context = {
        **_view(found, words),
        "own": [_row(row, wrong, header) for row in shown_rows],
        "names": {name: words.say(text) for name, text in OURS.items()},
        "wrong": wrong,
        "values": _repeated(own) if len(wrong) == 1 else (),
        "choices": ledger.choices if ledger and wrong == (found.column,) else (),
        "readable": can_be_read(found.fact, found.file, columns),
        "first": first,
        "total": len(own),
        "page": PAGE,
    }
    return render(request, "imports/group.html", context)


def _repeated(rows: pa.Table) -> list[tuple[str, int]]:
    """The values that stand in more rows than one."""
    return [(value, number) for value, number in quarantined.values_of(rows) if number > 1]


def _first(request: HttpRequest, rows: int) -> int:
    text = request.GET.get("from", "0")
    first = int(text) if text.isdecimal() and len(text) < 9 else 0
    return first if first < rows else 0


def _whole(record: Mapping[str, str | None], header: tuple[str, ...]) -> dict[str, str | None]:
    """A record of which nothing could be made out gets the columns that it should have."""
    return {**record, **{name: record.get(name) for name in header if name}}


def _row(row: Mapping[str, Any], wrong: tuple[str, ...], header: tuple[str, ...]) -> dict[str, Any]:
    record = _whole(records_of([row])[row["quarantine_id"]], header)
    return {
        "id": row["quarantine_id"],
        "line": row["line"],
        "value": row["value"],
        "reason": row["reason"],
        "cells": [(name, text or "", name in wrong) for name, text in record.items()],
    }


@page(Permission.IMPORT)
@require_POST
def mend(request: HttpRequest, key: str) -> HttpResponse:
    """Read rows again as they are typed now: those of the form that were changed."""
    found, rows = _find(key)
    records = records_of(rows.to_pylist())
    row = request.POST.get("row", "")
    if row not in records:
        raise Http404
    broken = all(name.startswith("_") for name in records[row])
    typed = _whole(records[row], header_of(found.fact, found.file) if broken else ())
    for number, name in enumerate(tuple(typed)):
        text = request.POST.get(f"v{number}")
        if text is not None:
            typed[name] = text.replace("\r\n", "\n") or None
    if any(text for name, text in typed.items() if not name.startswith("_")):
        typed.pop("_record", None)
    return _begin_mending(request, key, {row: typed})


@page(Permission.IMPORT)
@require_POST
def replace(request: HttpRequest, key: str) -> HttpResponse:
    """Put another value in the place of one, in all rows of the group that have it."""
    found, rows = _find(key)
    old, new = request.POST.get("old", ""), request.POST.get("new", "").strip()
    own = [row for row in rows.to_pylist() if (row["value"] or "") == old]
    records = records_of(own)
    columns = [name for name in quarantined.columns_of(own) if not name.startswith("_")]
    wrong = wrong_columns(found, columns)
    if not own or len(wrong) != 1:
        raise UsageError(words_of(request).say("No row has that value any more."))
    typed = {each: {**record, wrong[0]: new or None} for each, record in records.items()}
    return _begin_mending(request, key, typed)


def _begin_mending(
    request: HttpRequest, key: str, typed: Mapping[str, Mapping[str, str | None]]
) -> HttpResponse:
    name = uuid.uuid4().hex
    write_private(quarantined.typed_path(current.workspace(), name), typed)
    job = enqueue("mend", {"typed": name}, person_of(request))
    note(request, "mended", "quarantine", key, rows=len(typed))
    return _to_waiting(job, key)


@page(Permission.IMPORT)
@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Let a row, or all of the group, go for good."""
    found, rows = _find(key)
    about: dict[str, Any] = {"group": key}
    number = found.rows
    if row := request.POST.get("row", ""):
        if row not in set(rows["quarantine_id"].to_pylist()):
            raise Http404
        about, number = {"rows": [row]}, 1
    job = enqueue("discard", about, person_of(request))
    note(request, "discarded", "quarantine", key, rows=number)
    return _to_waiting(job, key)


def _to_waiting(job: Job, key: str) -> HttpResponse:
    return redirect(f"{reverse('mend_waiting', kwargs={'job': job.pk})}?group={key}")


@page(Permission.IMPORT)
def waiting(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """How far mending is; then back to what is left of the group, with what came of it."""
    found = get_object_or_404(Job, pk=job, kind__in=DOING)
    words = words_of(request)
    key = request.GET.get("group", "")
    then = f"{reverse('mend_waiting', kwargs={'job': job})}?group={key}"
    if not found.ended:
        context = {"job": found, "then": then, "say": words.say(DOING[found.kind])}
        part = bool(request.headers.get("HX-Request"))
        return render(request, "parts/waiting.html" if part else "imports/mending.html", context)
    messages.info(request, _came(found, words))
    back = reverse("quarantine_group", kwargs={"key": key}) if key else reverse("quarantine")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    return redirect(back)


def _came(job: Job, words: Any) -> str:
    if job.state == State.FAILED:
        return _plain(words.say("Nothing was changed: {why}", why=job.error.get("message", "")))
    if job.kind == "discard":
        return _plain(words.count("{n} row let go.", "{n} rows let go.", job.result["discarded"]))
    still = job.result["still"]
    told = words.count("{n} row mended.", "{n} rows mended.", job.result["mended"])
    if not still:
        return _plain(told)
    more = words.count(
        "{n} row still can't be read: see what it says now.",
        "{n} rows still can't be read: see what they say now.",
        still,
    )
    return f"{_plain(told)} {_plain(more)}" if job.result["mended"] else _plain(more)


def _plain(text: Markup) -> str:
    """A sentence as text: messages are kept as such, and escaped where they are shown."""
    return text.unescape()


@page(Permission.IMPORT)
def download(request: HttpRequest, key: str) -> HttpResponse:
    """The rows of a group as a file to be mended in a spreadsheet and dropped again."""
    found, rows = _find(key)
    records = records_of(rows.to_pylist())
    columns = list(dict.fromkeys(name for record in records.values() for name in record))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["quarantine_id", *columns])
    for each, record in records.items():
        writer.writerow([each, *(guarded(record.get(name) or "") for name in columns)])
    note(request, "downloaded", "quarantine", key, rows=len(records))
    headers = {"Content-Disposition": f'attachment; filename="mend-{found.fact}.csv"'}
    text = out.getvalue().encode("utf-8-sig")
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
