"""The queue of jobs in the application database."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from onefunnel.store.models import Job, Person
from onefunnel.store.models.jobs import State
from onefunnel.web.jobs.kinds import KINDS

MOST_TRIES = 3
KEPT_FOR = timedelta(days=30)
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""What failed is not tried again by a page that looks sooner."""


def enqueue(kind: str, parameters: Mapping[str, Any], person: Person | None = None) -> Job:
    """A job for the worker; where an equal one has not ended yet, that one."""
    named = KINDS[kind]
    key = _key(kind, parameters)
    unfinished = Job.objects.filter(key=key, state__in=(State.WAITING, State.RUNNING))
    if (found := unfinished.first()) is not None:
        return found
    try:
        with transaction.atomic():
            return Job.objects.create(
                kind=kind, lane=named.lane, key=key, parameters=dict(parameters), asked_by=person
            )
    except IntegrityError:  # somebody else asked for the same at the same time
        return unfinished.get()


def ask_for(kind: str, parameters: Mapping[str, Any], person: Person | None = None) -> Job:
    """A job as :func:`enqueue` gives it; the equal one that failed a moment ago as it is."""
    return _failed_lately(kind, parameters) or enqueue(kind, parameters, person)


def _failed_lately(kind: str, parameters: Mapping[str, Any]) -> Job | None:
    """The equal job that failed a moment ago, if the last one did: who waits is told why."""
    since = timezone.now() - ASKED_AGAIN_AFTER
    equal = Job.objects.filter(key=_key(kind, parameters))
    last = equal.order_by("-asked_at").first()
    if last is None or last.state != State.FAILED or last.ended_at is None:
        return None
    return last if last.ended_at > since else None


def _key(kind: str, parameters: Mapping[str, Any]) -> str:
    text = json.dumps([kind, parameters], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(lane: str) -> Job | None:
    """The oldest job that waits in a lane, now running; None where none waits."""
    waiting = Job.objects.filter(lane=lane, state=State.WAITING).order_by("asked_at")
    for job in waiting[:5]:
        taken = Job.objects.filter(pk=job.pk, state=State.WAITING).update(
            state=State.RUNNING, started_at=timezone.now(), tries=job.tries + 1
        )
        if taken:
            job.refresh_from_db()
            return job
    return None


def progressed(job: Job, step: str, done: int, total: int | None) -> None:
    """Say how far a job is."""
    Job.objects.filter(pk=job.pk).update(step=step[:300], done=done, total=total)


def finish(job: Job, result: Mapping[str, Any]) -> None:
    """A job is done."""
    Job.objects.filter(pk=job.pk).update(
        state=State.DONE, result=dict(result), ended_at=timezone.now()
    )


def fail(job: Job, error: Mapping[str, Any]) -> None:
    """A job failed, and why."""
    Job.objects.filter(pk=job.pk).update(
        state=State.FAILED, error=dict(error), ended_at=timezone.now()
    )


def take_up_again() -> None:
    """What a worker that died left running waits again; what it died of three times has failed."""
    left = Job.objects.filter(state=State.RUNNING)
    left.filter(tries__gte=MOST_TRIES).update(
        state=State.FAILED,
        error={"code": "system", "message": "The worker died of it three times.", "remedy": ""},
        ended_at=timezone.now(),
    )
    left.update(state=State.WAITING)


def throw_away_old() -> None:
    """Remove what ended a month ago."""
    Job.objects.filter(ended_at__lt=timezone.now() - KEPT_FOR).delete()
