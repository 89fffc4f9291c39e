"""An upload as it goes its way: found, looked at by a job, tried, imported."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404

from onefunnel.errors import UsageError
from onefunnel.store.models import Job, Person, Upload
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.imports.seen import SeenFile, files_of
from onefunnel.web.pages.imports.works import digest_of


def find(upload: uuid.UUID) -> Upload:
    """The upload; Http404 where there is none."""
    found: Upload = get_object_or_404(Upload.objects.select_related("job", "person"), pk=upload)
    return found


def waiting_one(upload: uuid.UUID) -> Upload:
    """An upload that is not imported yet. UsageError where it is, or is just now."""
    found = find(upload)
    if found.imported_at is not None:
        raise UsageError("These files are imported already.")
    if found.job is not None and not found.job.ended:
        raise UsageError("Something is done with these files just now.", remedy="Wait for it.")
    return found


def file_of(upload: Upload, number: int) -> SeenFile:
    """A file of an upload; Http404 where there is none."""
    for each in files_of(upload):
        if each.number == number:
            return each
    raise Http404


def begin(upload: Upload, kind: str, person: Person) -> Job:
    """Have a job do something with the upload."""
    about = {"upload": str(upload.pk)}
    if kind == "dry_run":
        about["digest"] = as_it_is(upload)
    upload.job = enqueue(kind, about, person)
    upload.save(update_fields=["job"])
    return upload.job


def as_it_is(upload: Upload) -> str:
    """What tells whether the upload is read as it was when it was tried."""
    taken = [(each.file, each.sheet, each.taken) for each in files_of(upload)]
    return digest_of((upload.mapping, taken))


def ready(upload: Upload) -> bool:
    """Whether everything that is taken in can be read."""
    files = files_of(upload)
    if upload.seen.get("own_text"):
        return bool(upload.mapping)
    return any(each.taken for each in files) and all(each.ready for each in files)
