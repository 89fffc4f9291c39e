"""Long work: what a call that answers 202 gives, and how it goes."""

import threading
import time
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from onefunnel.measures.registry import MEASURES
from onefunnel.store.models import Job, Person
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission
from onefunnel.web.api import problems
from onefunnel.web.api.rooms import Room
from onefunnel.web.site.access import person_of

room = Room("Jobs")
ADDRESS = "/api/v1/jobs/"
PAUSE = 0.05
LONGEST_WAIT = 30
MOST_WAITING = 2
_waiting = threading.BoundedSemaphore(MOST_WAITING)
"""Who waits keeps a thread of the server busy; beyond so many, a call answers 202 at once."""

SHARED = {
    "answer": Permission.FIGURES,
    "closings": Permission.FIGURES,
    "directory": Permission.RECORDS,
    "freshness": Permission.FIGURES,
    "restated": Permission.FIGURES,
    "rows": Permission.RECORDS,
    "terms_history": Permission.FIGURES,
}
"""Jobs that everybody asks alike are one; who may ask for their kind may watch them."""


Wait = Annotated[
    int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for what is not worked out yet.")
]


class Failure(Schema):
    """Why a job failed."""

    code: str = Field(description="Stable; programs go by it.")
    message: str
    remedy: str = Field(description="What to do about it; may be empty.")


class JobOut(Schema):
    """A piece of long work, and how far it is."""

    id: UUID = Field(description="Identifies the job.")
    kind: str = Field(description="What it does.", examples=["answer"])
    state: State = Field(description="waiting, running, done or failed.")
    step: str = Field(description="What it is doing now; may be empty.")
    done: int = Field(description="How many of `total` are done.")
    total: int | None = Field(description="Null where nobody knows.")
    asked_at: datetime = Field(description="When it was asked for.")
    started_at: datetime | None = Field(description="When the worker began.")
    ended_at: datetime | None = Field(description="When it was done, or failed.")
    result: dict[str, Any] = Field(description="What came of it, once it is done.")
    error: Failure | None = Field(description="Why it failed, if it did.")


class Later(Schema):
    """Work that is under way; ask again later."""

    job: JobOut


@room.call("GET", "/jobs/{job_id}", Permission.OWN_ACCOUNT, {200: JobOut}, 404)
def job(request: HttpRequest, job_id: UUID) -> dict[str, Any]:
    """A job, and how far it is.

    One sees the jobs that one asked for, and questions that one might have asked.
    """
    found = Job.objects.filter(pk=job_id).first()
    if found is None or not _sees(person_of(request), found):
        raise Http404("There is no such job.")
    return said(found)


def _sees(person: Person, found: Job) -> bool:
    if found.asked_by_id == person.pk:
        return True
    asked = SHARED.get(found.kind)
    about = MEASURES.get(str(found.parameters.get("measure")))
    if about is not None and not person.may(about.permission):
        return False
    return asked is not None and person.may(asked)


def later(response: HttpResponse, found: Job) -> Status[dict[str, Any]]:
    """202, with the job and its address in ``Location``."""
    return begun(response, found, {"job": said(found)})


def begun(response: HttpResponse, found: Job, body: dict[str, Any]) -> Status[dict[str, Any]]:
    """202, with what a job was begun for, and the job's address in ``Location``."""
    response.headers["Location"] = f"{ADDRESS}{found.pk}"
    return Status(202, body)


def wait_for(found: Job, seconds: int) -> Job:
    """The job as it is when it has ended, or when the time is over."""
    if seconds <= 0 or not _waiting.acquire(blocking=False):
        return found
    try:
        end = time.monotonic() + seconds
        while not found.ended and time.monotonic() < end:
            pause()
            found.refresh_from_db()
    finally:
        _waiting.release()
    return found


def failed(found: Job) -> HttpResponse | None:
    """The error that a job ended with, as the answer to who waited for it."""
    return problems.of_a_job(found.error) if found.state == State.FAILED else None


def pause() -> None:
    """Between two looks at a job."""
    time.sleep(PAUSE)


def said(found: Job) -> dict[str, Any]:
    """A job as the API shows it."""
    names = ("id", "kind", "state", "step", "done", "total", "asked_at", "started_at", "ended_at")
    return {
        **{name: getattr(found, name) for name in names},
        "result": found.result,
        "error": found.error or None,
    }
