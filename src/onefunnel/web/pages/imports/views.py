"""Files come in: dropped, looked at, tried, imported."""

import io
import json
import uuid
import zipfile
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from onefunnel.errors import UsageError
from onefunnel.intake.files.kinds import KINDS
from onefunnel.ledger.schema import TABLES
from onefunnel.store.models import Job, Upload
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.imports import quarantined, receiving, shown, uploads
from onefunnel.web.pages.imports.receiving import Receiver
from onefunnel.web.pages.imports.seen import files_of
from onefunnel.web.pages.imports.terms import DELIMITERS, ENCODINGS
from onefunnel.web.report.context import FIRST_TABLES
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.undoing import Batched, told, undone_version

MOST_BATCHES = 50
BATCH_NAMES = {
    "import": N_("Import"),
    "journal": N_("From programs"),
    "mend": N_("Mending"),
    "rules": N_("Funnel rules"),
    "erase": N_("Erasure"),
    "compact": N_("Upkeep"),
    "undo": N_("Taken back"),
}
DOING = {
    "recognise": N_("Looking at what the files are."),
    "dry_run": N_("Trying the import. Nothing is kept."),
    "import": N_("Importing. You can leave this page; it goes on."),
}


@page(Permission.IMPORT)
@csrf_exempt
def imports(request: HttpRequest) -> HttpResponse:
    """Drop files here; what came before, and what waits.

    The token against forgery is checked after the files are on their way: reading the form is what
    writes them, and where they go must be said before.
    """
    if request.method == "POST":
        return _bring(request)
    workspace, words = current.workspace(), words_of(request)
    job = listing(request)
    rows = quarantined.kept_rows(workspace) if job is None else ()
    waiting = Upload.objects.filter(imported_at=None).select_related("person", "job")
    context = {
        "job": job,
        "then": reverse("imports"),
        "say": words.say("Listing the imports so far. This is done once after each import."),
        "batches": _batches(words) if job is None else (),
        "waiting": [
            {
                "upload": each,
                "names": [f["name"] for f in each.files][:4],
                "more": len(each.files) - 4,
            }
            for each in waiting.order_by("-made_at")[:20]
        ],
        "quarantined": len(rows),
        "kinds": ",".join(KINDS),
        "limit": shown.size(workspace.settings.limits.max_file_bytes, words),
        "first": FIRST_TABLES,
    }
    if request.headers.get("HX-Request") and job is not None:
        return render(request, "parts/waiting.html", context)
    return whole(render(request, "imports/imports.html", context), request)


def whole(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """A page that a waiting part asked for: the browser loads it as a whole."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": request.get_full_path()})
    return response


def listing(request: HttpRequest) -> Job | None:
    """The job that has the quarantine and the batches at hand; None where they are."""
    workspace = current.workspace()
    if quarantined.is_kept(workspace):
        return None
    return enqueue("quarantine", {"version": ledger_version(workspace)}, person_of(request))


def _batches(words: Words) -> list[dict[str, Any]]:
    found = quarantined.batches(current.workspace())
    by_version = {
        each.seen["taken"]["version"]: each
        for each in Upload.objects.exclude(imported_at=None)
        .select_related("person")
        .order_by("-imported_at")[: 2 * MOST_BATCHES]
        if each.seen.get("taken")
    }
    return [
        _batch(each, by_version.get(each.version), words) for each in told(found)[:MOST_BATCHES]
    ]


def _batch(each: Batched, upload: Upload | None, words: Words) -> dict[str, Any]:
    row, of = each.row, undone_version(each.row)
    counts = json.loads(row["counts"] or "{}")
    facts = {name: found for name, found in counts.items() if name in TABLES}
    total = {
        outcome: sum(found.get(outcome, 0) for found in facts.values())
        for outcome in ("new", "changed", "deleted")
    }
    return {
        "when": words.instant(row["committed_at"]),
        "kind": words.say(BATCH_NAMES.get(row["kind"], N_("Other"))),
        "source": _version(of, words) if of else row["source"],
        "version": words.figures.count(each.version),
        "undo": each.version if each.can_be else None,
        "undone_by": _version(each.undone_by, words) if each.undone_by else "",
        "total": {name: words.figures.count(number) for name, number in total.items()},
        "quarantined": counts.get("quarantine", {}).get("new", 0),
        "who": shown.who(upload),
        "upload": upload,
    }


def _version(number: int, words: Words) -> str:
    return words.say("Version {n}", n=words.figures.count(number))


def _bring(request: HttpRequest) -> HttpResponse:
    workspace, upload = current.workspace(), uuid.uuid4()
    receiver = receiving.receive(request, workspace, upload)
    try:
        return csrf_protect(lambda asked: _received(asked, receiver))(request)
    finally:
        if not Upload.objects.filter(pk=upload).exists():
            receiving.throw_away(workspace, upload)


def _received(request: HttpRequest, receiver: Receiver) -> HttpResponse:
    _ = request.FILES  # reading the form writes the files
    receiving.check_received(receiver)
    files = [{"name": path.name, "size": path.stat().st_size} for path in receiver.received]
    person = person_of(request)
    upload = Upload.objects.create(pk=receiver.upload, person=person, files=files)
    note(request, "uploaded", "upload", str(upload.pk), files=len(files))
    uploads.begin(upload, "recognise", person)
    return redirect("upload", upload=upload.pk)


@page(Permission.IMPORT)
def upload(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """What the files are, how each is read, and what to do with them."""
    found, words = uploads.find(upload), words_of(request)
    job = found.job
    files = [shown.file_view(each, words) for each in files_of(found)]
    tried = found.seen.get("tried")
    tried = tried if tried and tried["digest"] == uploads.as_it_is(found) else None
    taken = found.seen.get("taken") if found.imported_at else None
    context = {
        "upload": found,
        "names": [each["name"] for each in found.files],
        "when": words.instant(found.made_at),
        "who": shown.who(found),
        "job": job if job is not None and not job.ended else None,
        "doing": words.say(DOING[job.kind]) if job is not None else "",
        "failed": job.error if job is not None and job.state == State.FAILED else None,
        "error": found.seen.get("error"),
        "files": files,
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "ready": uploads.ready(found),
        "told": _told(taken or tried, words),
        "taken": taken,
        "batch": _batch_of(taken) if taken else None,
    }
    return render(request, "imports/upload.html", context)


def _batch_of(taken: Mapping[str, Any]) -> Batched | None:
    """The batch that an import made; None where it made none, or it is not at hand."""
    workspace = current.workspace()
    if not (taken["changes"] or taken["quarantined"]) or not quarantined.is_kept(workspace):
        return None
    found = told(quarantined.batches(workspace))
    return next((each for each in found if each.version == taken["version"]), None)


def _told(found: Mapping[str, Any] | None, words: Words) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "outcomes": shown.outcomes(found["counts"], words),
        "quarantined": found["quarantined"],
        "changes": found["changes"],
        "version": words.figures.count(found["version"]),
        "notes": shown.notes(found["notes"], words),
    }


@page(Permission.IMPORT)
def state(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """How far the job of an upload is; once it has ended the whole page is loaded again."""
    found = uploads.find(upload)
    if found.job is None or found.job.ended or not request.headers.get("HX-Request"):
        there = reverse("upload", kwargs={"upload": upload})
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": there})
        return redirect(there)
    return _waiting(request, found.job, reverse("upload_state", kwargs={"upload": upload}))


def _waiting(request: HttpRequest, job: Job, then: str) -> HttpResponse:
    context = {"job": job, "then": then, "say": words_of(request).say(DOING[job.kind])}
    return render(request, "parts/waiting.html", context)


@page(Permission.IMPORT)
@require_POST
def try_all(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """Do all of the import but keep it."""
    found = _ready_one(upload)
    uploads.begin(found, "dry_run", person_of(request))
    note(request, "tried", "upload", str(upload))
    return redirect("upload", upload=upload)


@page(Permission.IMPORT)
@require_POST
def bring_in(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """Import the files."""
    found = _ready_one(upload)
    uploads.begin(found, "import", person_of(request))
    note(request, "imported", "upload", str(upload), files=len(found.files))
    return redirect("upload", upload=upload)


def _ready_one(upload: uuid.UUID) -> Upload:
    found = uploads.waiting_one(upload)
    if not uploads.ready(found):
        raise UsageError("Some files are not settled yet.", remedy="Settle them or leave them out.")
    return found


@page(Permission.IMPORT)
@require_POST
def throw_away(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """Throw files away that were not imported."""
    found = uploads.waiting_one(upload)
    receiving.throw_away(current.workspace(), upload)
    found.delete()
    note(request, "discarded", "upload", str(upload))
    return redirect("imports")


@page(Permission.IMPORT)
def template(request: HttpRequest) -> HttpResponse:
    """An archive with an empty file for each table of the ledger, with its columns."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in TABLES.items():
            archive.writestr(f"{name}.csv", ",".join(table.column_names) + "\r\n")
    headers = {"Content-Disposition": 'attachment; filename="onefunnel-tables.zip"'}
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers=headers)
