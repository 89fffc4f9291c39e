"""Calls that need something that may have to be worked out first: they wait, or answer 202."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.api import problems
from onefunnel.web.api.jobs import failed, later, wait_for

UNTOLD = {
    "code": "error",
    "message": "The figures could not be worked out.",
    "remedy": "The director can see why.",
}
T = TypeVar("T")
V = TypeVar("V", bound=Callable[..., Any])


class NotReadyError(Exception):
    """What a call needs is not worked out: ``job`` does it, or ``failure`` says why it did not."""

    def __init__(self, job: Job, failure: HttpResponse | None = None) -> None:
        super().__init__(job.kind)
        self.job, self.failure = job, failure


def ready(look: Callable[[], T | Job], seconds: int) -> T:
    """What ``look`` finds, at once or within so many seconds a job. Raises NotReadyError."""
    found = look()
    while isinstance(found, Job):
        ended = wait_for(found, seconds)
        if (failure := failed(ended)) is not None:
            raise NotReadyError(ended, failure)
        if not ended.ended:
            raise NotReadyError(ended)
        found = look()
    return found


def ready_for(person: Person, look: Callable[[], T | Job], seconds: int) -> T:
    """The same of what rests on everybody's pay: why it failed is told to who may see that."""
    try:
        return ready(look, seconds)
    except NotReadyError as error:
        if error.failure is None or person.may(Permission.PAY):
            raise
        raise NotReadyError(error.job, problems.of_a_job(UNTOLD)) from None


def patient(view: V) -> V:
    """Have a call answer 202, or with the failure, where something is not ready."""

    @wraps(view)
    def answered(request: HttpRequest, response: HttpResponse, **values: Any) -> Any:
        try:
            return view(request, response, **values)
        except NotReadyError as error:
            return error.failure or later(response, error.job)

    return cast(V, answered)
