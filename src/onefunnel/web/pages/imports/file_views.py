"""One file of an upload: what its columns are, how it is written, how its rows will be read."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onefunnel.errors import InputError, UsageError
from onefunnel.intake import parse_mapping
from onefunnel.intake.recognise import LIST, MENDED, REFUSED, writing
from onefunnel.intake.samples import Sample
from onefunnel.store.models import Upload
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.queue import ask_for
from onefunnel.web.pages.imports import column_form, shown, uploads
from onefunnel.web.pages.imports.known import used
from onefunnel.web.pages.imports.seen import SeenFile, files_of, keep_files, sample_of
from onefunnel.web.pages.imports.terms import DATE_ORDERS, DELIMITERS, ENCODINGS, table_name
from onefunnel.web.pages.imports.works import digest_of, preview_of, source_now
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of

MOST_SKIPPED = 1000
WRITTEN = {"encodings": ENCODINGS, "delimiters": DELIMITERS}
"""What the form of how a file is written offers."""


def _keep(upload: Upload, changed: SeenFile) -> None:
    files = [changed if each.number == changed.number else each for each in files_of(upload)]
    keep_files(upload, files)
    upload.seen.pop("tried", None)
    upload.save(update_fields=["seen", "mapping"])


def _looked(upload: Upload, each: SeenFile) -> Sample:
    looked = sample_of(current.workspace(), upload, each.number)
    if looked is None or each.as_what in (MENDED, REFUSED):
        raise Http404
    return looked


@page(Permission.IMPORT)
def columns(request: HttpRequest, upload: uuid.UUID, number: int) -> HttpResponse:
    """What the columns of a file are."""
    found = uploads.waiting_one(upload)
    each = uploads.file_of(found, number)
    looked, words = _looked(found, each), words_of(request)
    said = each.as_what == LIST and not found.seen.get("own_text")
    source = None if said else source_now(found, each)
    if request.method == "GET" and source is not None and "kind" not in request.GET:
        note(request, "seen", "upload", str(upload))
        about = {"upload": found, "file": each, "columns": used(source, looked, words), **WRITTEN}
        told = {**about, "what": shown.file_view(each, words)}
        return render(request, "imports/known.html", told)
    draft = column_form.draft_for(request.GET.get("kind", ""), looked, each.draft)
    problem: UsageError | None = None
    if request.method == "POST":
        try:
            draft = column_form.read(request.POST.dict(), looked, draft, words)
        except UsageError as error:
            problem = error
        else:
            asked = column_form.unasked(request.POST.dict(), draft)
            settled = not column_form.missing(draft, words) and not asked
            changed = replace(each, as_what=LIST, draft=draft, settled=settled, remembered=False)
            found.seen.pop("own_text", None)
            _keep(found, changed)
            if settled:
                note(request, "mapped", "upload", str(upload), file=each.name)
                return redirect("upload", upload=upload)
    note(request, "seen", "upload", str(upload))
    context = {
        "upload": found,
        "file": each,
        "form": column_form.form(draft, looked, words),
        "draft": draft,
        "problem": problem,
        "sent": request.method == "POST",
        "replaces": source is not None,
        "sure": writing(looked).sure,
        "orders": DATE_ORDERS,
        **WRITTEN,
        "zone": current.workspace().settings.timezone,
        "currency": current.workspace().settings.currency,
    }
    return render(request, "imports/columns.html", context)


@page(Permission.IMPORT)
@require_POST
def take(request: HttpRequest, upload: uuid.UUID, number: int) -> HttpResponse:
    """Leave a file out, or take it in after all."""
    found = uploads.waiting_one(upload)
    each = uploads.file_of(found, number)
    _keep(found, replace(each, taken=request.POST.get("take") == "yes"))
    return redirect("upload", upload=upload)


@page(Permission.IMPORT)
@require_POST
def written(request: HttpRequest, upload: uuid.UUID, number: int) -> HttpResponse:
    """Say how a file is written; it is looked at again."""
    found = uploads.waiting_one(upload)
    each = uploads.file_of(found, number)
    given: dict[str, Any] = {}
    if (encoding := request.POST.get("encoding", "")) in ENCODINGS:
        given["encoding"] = encoding
    if (delimiter := request.POST.get("delimiter", "")) in DELIMITERS:
        given["delimiter"] = delimiter
    skip = request.POST.get("skip", "0")
    if skip.isdecimal() and 0 < int(skip) <= MOST_SKIPPED:
        given["skip"] = int(skip)
    _keep(found, replace(each, written=given or None))
    uploads.begin(found, "recognise", person_of(request))
    return redirect("upload", upload=upload)


@page(Permission.IMPORT)
def preview(request: HttpRequest, upload: uuid.UUID, number: int) -> HttpResponse:
    """The first rows of a file as they will be read, and those that can't be."""
    found = uploads.find(upload)
    if found.imported_at is not None:
        raise Http404
    each, words = uploads.file_of(found, number), words_of(request)
    part = bool(request.headers.get("HX-Request"))
    try:
        source = source_now(found, each)
        tried = preview_of(current.workspace(), found, each)
    except InputError:
        raise Http404 from None
    context: dict[str, Any] = {"upload": found, "file": each, "source": source}
    if source is not None and tried is None:
        about = {"upload": str(upload), "number": number, "digest": digest_of(source)}
        job = ask_for("try_file", about, person_of(request))
        if job.state != State.FAILED:
            then = reverse("upload_preview", kwargs={"upload": upload, "number": number})
            context |= {"job": job, "then": then, "say": words.say("Reading the first rows.")}
        else:
            tried = {"error": job.error}
    if tried is not None:
        note(request, "seen", "upload", str(upload))
        context |= _tried(tried, words)
    name = "imports/rows.html" if part else "imports/preview.html"
    return render(request, name, context)


def _tried(found: Mapping[str, Any], words: Any) -> dict[str, Any]:
    if "error" in found:
        return {"tried": found, "tables": (), "refused": ()}
    tables = [
        {
            "name": table_name(each["table"], words),
            "columns": each["columns"],
            "rows": [
                (line, shown.cells(each["table"], each["columns"], row, words))
                for line, row in zip(each["lines"], each["rows"], strict=True)
            ],
        }
        for each in found["tables"]
    ]
    refused = [
        {"file_column": None, **row, "why": shown.reason(row["code"], words)}
        for row in found["refused"]
    ]
    return {"tried": found, "tables": tables, "refused": refused}


@page(Permission.IMPORT)
def text(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """The mapping of the upload as text, to be changed by who knows it."""
    found = uploads.waiting_one(upload)
    given, problem = found.mapping, None
    if request.method == "POST":
        given = request.POST.get("mapping", "").replace("\r\n", "\n")
        try:
            if given.strip():
                parse_mapping(given)
        except InputError as error:
            problem = error
        else:
            found.seen = {**found.seen, "own_text": bool(given.strip())}
            found.seen.pop("tried", None)
            found.mapping = given if given.strip() else ""
            if not given.strip():
                keep_files(found, files_of(found))
            found.save(update_fields=["seen", "mapping"])
            note(request, "mapped", "upload", str(upload))
            return redirect("upload", upload=upload)
    context = {"upload": found, "text": given, "problem": problem}
    return render(request, "imports/mapping.html", context)


@page(Permission.IMPORT)
def download(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """The mapping as a file, for the command line or for another time."""
    found = uploads.find(upload)
    if not found.mapping:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="mapping.toml"'}
    return HttpResponse(found.mapping, content_type="application/toml", headers=headers)
