"""An import is taken back as a whole: what that would change, then doing it."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from onefunnel.errors import UsageError
from onefunnel.store.models import Job
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, later
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed
from onefunnel.web.jobs.undoing import begin_look, begin_undo
from onefunnel.web.site import audit
from onefunnel.web.site.access import person_of

room = Room("Imports")
Version = Annotated[int, Path(ge=0, le=2**53, description="The version that the import made.")]


class Undoing(Closed):
    """What was looked at before."""

    preview: UUID = Field(description="The job of the preview, once it is done.")


@room.call("POST", "/versions/{version}/undo/preview", Permission.IMPORT, {202: Later}, 409, 503)
def preview_undo(request: HttpRequest, response: HttpResponse, version: Version) -> Any:
    """What taking an import back would change.

    The job's result counts the records and the rows of the quarantine. Nothing is kept.
    """
    return later(response, begin_look(version, person_of(request)))


@room.call("POST", "/versions/{version}/undo", Permission.IMPORT, {202: Later}, 404, 409, 503)
def undo_import(
    request: HttpRequest, response: HttpResponse, version: Version, given: Undoing
) -> Any:
    """Take back the import that made a ledger version, as it was previewed.

    What it brought goes, and what it changed stands as before; records that changed again since
    stay as they are. That is a version of its own, and can be taken back too.
    """
    person = person_of(request)
    looked = Job.objects.filter(pk=given.preview, kind="undo_look", asked_by=person).first()
    if looked is None or looked.parameters["version"] != version:
        raise Http404("There is no such preview.")
    if looked.state != State.DONE:
        raise UsageError("The preview is not done.", remedy="Ask how its job goes.")
    job = begin_undo(looked, person)
    audit.note(request, "taken_back", "batch", str(version))
    return later(response, job)
