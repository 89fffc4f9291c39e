"""Files come in, and what could not be read of them: imports and the quarantine."""

from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from ninja import Query, Schema, Status
from pydantic import Field

from onefunnel.errors import UnknownName, UsageError
from onefunnel.intake import parse_mapping, preset, preset_names
from onefunnel.intake.mapping.write import mapping_text
from onefunnel.intake.recognise import TABLE
from onefunnel.store.models import Upload
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import JobOut, begun
from onefunnel.web.api.jobs import said as said_of_job
from onefunnel.web.api.rooms import Room
from onefunnel.web.pages.imports import uploads
from onefunnel.web.pages.imports.receiving import Receiver, check_received, receive, throw_away
from onefunnel.web.pages.imports.seen import SeenFile
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.workspace import Workspace

room = Room("Imports")
FIELDS = ("files", "preset", "mapping", "dry_run")
YES_NO = {"": False, "false": False, "true": True}
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "additionalProperties": False,
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "contentMediaType": "text/csv"},
                            "description": "Files of the canonical import, or what is mapped.",
                        },
                        "preset": {"type": "string", "enum": list(preset_names())},
                        "mapping": {"type": "string", "description": "A mapping file, as text."},
                        "dry_run": {"type": "boolean", "description": "Do all but the commit."},
                    },
                }
            }
        },
    }
}


class ImportOut(Schema):
    """Files that were brought, and the job that takes them in."""

    id: UUID
    files: list[str] = Field(description="Names of the files.")
    preset: str
    made_at: datetime
    imported_at: datetime | None = Field(description="Null until they are in the ledger.")
    job: JobOut | None = Field(description="Null where a person still says how to read them.")


@room.call("POST", "/imports", Permission.IMPORT, {202: ImportOut}, 409, 413, 503, extra=FORM)
def bring_files(request: HttpRequest, response: HttpResponse) -> Any:
    """Bring files in.

    They are read as the canonical import, or by a preset or a mapping; all in one batch. The job's
    result says what is new, changed and in the quarantine.
    """
    workspace, person = current.workspace(), person_of(request)
    upload = Upload(person=person)
    try:
        form, names = _received(request, workspace, upload.pk)
        upload.files = names
        dry_run = _settle(upload, form)
    except Exception:
        throw_away(workspace, upload.pk)
        raise
    upload.save()
    job = uploads.begin(upload, "dry_run" if dry_run else "import", person)
    audit.note(request, "uploaded", "upload", str(upload.pk), files=len(names))
    return begun(response, job, said(upload))


@room.call("GET", "/imports", Permission.IMPORT, {200: list[ImportOut]})
def imports(
    request: HttpRequest, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[dict[str, Any]]:
    """The files that were brought last, newest first."""
    found = Upload.objects.select_related("job").order_by("-made_at")[:limit]
    return [said(each) for each in found]


@room.call("GET", "/imports/{import_id}", Permission.IMPORT, {200: ImportOut}, 404)
def one_import(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    """Files that were brought, and how far their import is."""
    found = Upload.objects.select_related("job").filter(pk=import_id).first()
    if found is None:
        raise Http404("There is no such import.")
    return said(found)


@room.call("POST", "/imports/{import_id}", Permission.IMPORT, {202: ImportOut}, 404, 409, 413, 503)
def take_in(request: HttpRequest, response: HttpResponse, import_id: UUID) -> Any:
    """Take in what was tried.

    That is: files that came with `dry_run`, or by the page Imports.
    """
    upload = uploads.waiting_one(import_id)
    if not uploads.ready(upload):
        raise UsageError("It is not said yet how all files are read.", remedy="Say it on the page.")
    job = uploads.begin(upload, "import", person_of(request))
    return begun(response, job, said(upload))


@room.call("DELETE", "/imports/{import_id}", Permission.IMPORT, {204: None}, 404)
def throw_files_away(request: HttpRequest, import_id: UUID) -> Any:
    """Throw files away that were not imported."""
    upload = uploads.waiting_one(import_id)
    throw_away(current.workspace(), upload.pk)
    upload.delete()
    audit.note(request, "discarded", "upload", str(import_id))
    return Status(204, None)


def said(upload: Upload) -> dict[str, Any]:
    """An upload as the API shows it."""
    return {
        "id": upload.pk,
        "files": [each["name"] for each in upload.files],
        "preset": upload.preset,
        "made_at": upload.made_at,
        "imported_at": upload.imported_at,
        "job": said_of_job(upload.job) if upload.job else None,
    }


def _received(
    request: HttpRequest, workspace: Workspace, upload: UUID
) -> tuple[QueryDict, list[dict[str, Any]]]:
    """The form, and its files written where the import reads them."""
    try:
        receiver = receive(request, workspace, upload)
    except AttributeError:
        # The header of a session's call was looked for in the form, so the files have come already.
        receiver = Receiver(workspace, upload)
        for file in request.FILES.getlist("files"):
            receiver.new_file("files", file.name, file.content_type, file.size)
            for chunk in file.chunks():
                receiver.receive_data_chunk(chunk, 0)
            receiver.file_complete(file.size or 0)
    form = request.POST
    for name in (*form, *request.FILES):
        if name not in FIELDS:
            raise UnknownName("field", name, FIELDS)
    check_received(receiver)
    sizes = [{"name": path.name, "size": path.stat().st_size} for path in receiver.received]
    return form, sizes


def _settle(upload: Upload, form: QueryDict) -> bool:
    """Take how the files are to be read from the form; whether all is to be done but the commit."""
    chosen, mapping = form.get("preset", ""), form.get("mapping", "")
    if chosen and mapping:
        raise UsageError("Both a preset and a mapping are given.", remedy="Give one of them.")
    dry_run = form.get("dry_run", "")
    if dry_run not in YES_NO:
        raise UnknownName("value of dry_run", dry_run, [each for each in YES_NO if each])
    if chosen:
        mapping = mapping_text(preset(chosen))
    elif mapping:
        parse_mapping(mapping)
    upload.preset, upload.mapping = chosen, mapping
    files = [
        SeenFile(at, each["name"], PurePath(each["name"]).suffix, each["size"], TABLE)
        for at, each in enumerate(upload.files)
    ]
    upload.seen = {"files": [asdict(each) for each in files], "own_text": bool(mapping)}
    return YES_NO[dry_run]
