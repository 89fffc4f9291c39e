"""Have the answers that the first pages show worked out before somebody looks at them."""

import time
from collections.abc import Iterator

from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.urls import resolve, reverse

from onefunnel.intake import Progress, silent
from onefunnel.store.models import Job, Person
from onefunnel.store.models.jobs import State
from onefunnel.web.jobs import queue, worker
from onefunnel.web.jobs.kinds import QUESTIONS
from onefunnel.web.site.language import words_in

ROUNDS = 3
"""A page may ask more once it knows the first answers."""


def work_out(person: Person) -> None:
    """Ask what the funnel asks, and work it out in this process; what Today asks is left asked."""
    for _ in _asked_until_known(person):
        while (job := queue.claim(QUESTIONS)) is not None:
            worker.work_off(job)
    _visit("today", person)


def wait_for(person: Person, progress: Progress = silent, seconds: float = 60.0) -> None:
    """The same where another process works it out; what takes longer than that is left."""
    end = time.monotonic() + seconds
    done = 0
    for asked in _asked_until_known(person):
        while (left := _waiting()) and time.monotonic() < end:
            progress.step("answers", done + max(asked - left, 0), done + max(asked, left))
            time.sleep(0.2)
        done += asked
    _visit("today", person)


def _asked_until_known(person: Person) -> Iterator[int]:
    """Visit the funnel; how many answers wait now. Ends when it asks nothing new."""
    for _ in range(ROUNDS):
        _visit("funnel", person)
        waiting = _waiting()
        if not waiting:
            return
        yield waiting


def _waiting() -> int:
    unfinished = (State.WAITING, State.RUNNING)
    return Job.objects.filter(lane=QUESTIONS, state__in=unfinished).count()


def _visit(name: str, person: Person) -> None:
    """Ask for a page as a person would, for what it asks for in turn."""
    request = HttpRequest()
    request.method, request.path = "GET", reverse(name)
    request.META = {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80"}
    request.user = person
    request.session = SessionStore()
    request.words = words_in(person.language)  # type: ignore[attr-defined]
    found = resolve(request.path)
    request.resolver_match = found
    found.func(request, *found.args, **found.kwargs)
