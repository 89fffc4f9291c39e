"""Backups of the workspace: made, taken away, restored."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from onefunnel.errors import UsageError
from onefunnel.store.models import Job
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.backups.forms import Restore, Upload
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.workflows import backups as kept
from onefunnel.workflows.restoring import check_replaceable

KINDS = ("backup", "verify_backup", "restore")


@page(Permission.KEEP)
def backups(request: HttpRequest) -> HttpResponse:
    """The backups that there are."""
    return _shown(request)


@page(Permission.KEEP)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a backup."""
    person = person_of(request)
    return _waited_for(enqueue("backup", {"person": person.pk}, person))


@page(Permission.KEEP)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a backup in that was made elsewhere, and verify it."""
    form = Upload(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, upload=form)
    path = kept.new_path(current.workspace(), "uploaded")
    partial = path.with_name(f"{path.name}{kept.UNPROVED}")
    try:
        with partial.open("wb") as file:
            for chunk in form.cleaned_data["file"].chunks():
                file.write(chunk)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    note(request, "backup_uploaded", "backup", path.name)
    return _verified(request, path.name)


@page(Permission.KEEP)
@require_POST
def verify(request: HttpRequest, name: str) -> HttpResponse:
    """Read a backup back, every byte."""
    kept.path_of(current.workspace(), name)
    return _verified(request, name)


@page(Permission.KEEP)
@require_GET
def download(request: HttpRequest, name: str) -> FileResponse:
    """Take a backup away."""
    path = kept.path_of(current.workspace(), name)
    note(request, "backup_taken", "backup", name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=_file_name(name))


@page(Permission.KEEP)
@require_POST
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Delete a backup."""
    kept.remove(current.workspace(), name)
    note(request, "backup_deleted", "backup", name)
    messages.success(request, request.words.say("The backup is deleted."))  # type: ignore[attr-defined]
    return redirect("backups")


@page(Permission.KEEP)
def restore(request: HttpRequest, name: str) -> HttpResponse:
    """What restoring does; posted, with the name of the firm: do it."""
    workspace, words = current.workspace(), request.words  # type: ignore[attr-defined]
    kept.path_of(workspace, name)
    backup = next(each for each in kept.listed(workspace) if each.name == name)
    form = Restore(request.POST or None, words=words, firm=workspace.name)
    about: dict[str, Any] = {"backup": backup, "form": form, "hindrance": None}
    about |= {"postgres": connection.vendor != "sqlite", "folder": workspace.path.parent}
    try:
        check_replaceable(workspace.path)
    except UsageError as error:
        about["hindrance"] = error
    able = about["hindrance"] is None and not backup.wrong
    if request.method == "POST" and able and form.is_valid():
        note(request, "restore_asked", "backup", name)
        person = person_of(request)
        return _waited_for(enqueue("restore", {"name": name, "person": person.pk}, person))
    status = 422 if request.method == "POST" else 200
    return render(request, "backups/restore.html", about, status=status)


@page(Permission.KEEP)
@require_GET
def work(request: HttpRequest, job: UUID) -> HttpResponse:
    """How far a job is; back to the list when it is done."""
    found = Job.objects.filter(pk=job, kind__in=KINDS).first()
    if found is None:  # the database is another one: a backup was restored
        return _to_the_list(request)
    if found.state == State.DONE:
        return _to_the_list(request)
    return render(request, "backups/work.html", {"job": found})


def _to_the_list(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("backups")})
    return redirect("backups")


def _waited_for(job: Job) -> HttpResponse:
    return redirect("backup_work", job=job.pk)


def _verified(request: HttpRequest, name: str) -> HttpResponse:
    return _waited_for(enqueue("verify_backup", {"name": name}, person_of(request)))


def _file_name(name: str) -> str:
    """A name that says whose it is, in letters that every system takes."""
    firm = "".join(
        each if each.isalnum() and each.isascii() else "-" for each in current.path().name
    )
    return f"{firm}-{name}"


def _shown(request: HttpRequest, *, upload: Upload | None = None) -> HttpResponse:
    workspace = current.workspace()
    listed = kept.listed(workspace)
    about = {
        "listed": listed,
        "upload": upload or Upload(),
        "folder": kept.folder(workspace.path),
        "postgres": connection.vendor != "sqlite",
        "running": Job.objects.filter(
            kind__in=KINDS, state__in=(State.WAITING, State.RUNNING)
        ).first(),
    }
    return render(request, "backups/backups.html", about, status=422 if upload else 200)
