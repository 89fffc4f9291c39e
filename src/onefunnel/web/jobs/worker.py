"""The worker: one process that does the jobs, lane by lane, and says that it is alive."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from onefunnel.bootstrap import collect_seldom
from onefunnel.web.site.logs import set_up
from onefunnel.web.site.setup import configure

log = logging.getLogger("onefunnel.worker")
IDLE = 0.15
"""Seconds between two looks at an empty queue."""
BEAT = 5.0
DRAIN_EVERY = 8.0
LAST_WORK = 55.0
"""Seconds for jobs to end once the worker is to stop; who keeps it kills it after sixty."""


def main(workspace: Path, keeper: int) -> None:
    """Work until told to stop, or until the process that keeps this one is gone.

    Where another worker holds the workspace, wait for its end. ``keeper`` is told by who starts the
    worker: one that is killed at once could not be asked for any more.
    """
    set_up()
    configure(workspace)
    collect_seldom()
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    if (lock := _alone(workspace, stop, keeper)) is not None:
        try:
            run(stop, keeper)
        finally:
            lock.release()


def run(stop: threading.Event, keeper: int) -> None:
    """Do jobs until told to stop, or left alone."""
    from onefunnel.web.jobs import queue
    from onefunnel.web.jobs.kinds import LANES
    from onefunnel.web.site import current
    from onefunnel.web.site.moved import stamp

    queue.take_up_again()
    queue.throw_away_old()
    loops: list[Callable[[], None]] = [lambda: _beat(stop), lambda: _drain(stop)]
    loops += [lambda lane=lane: _lane(lane, stop) for lane in LANES]  # type: ignore[misc]
    threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    log.info("worker ready")
    served = stamp(current.path())
    while not stop.wait(0.5):
        if _left(keeper):
            stop.set()  # the next one brings a worker of its own
            break
        if stamp(current.path()) != served:
            stop.set()  # a backup stands in the workspace's place: the next worker begins with it
            break
        if not all(thread.is_alive() for thread in threads):
            sys.exit(4)  # whoever started the worker starts it again
    ends = time.monotonic() + LAST_WORK
    for thread in threads:
        thread.join(timeout=max(0.0, ends - time.monotonic()))


def _left(keeper: int) -> bool:
    """Whether the process that kept this one is gone: a process has another parent then."""
    return os.getppid() != keeper


def _alone(workspace: Path, stop: threading.Event, keeper: int) -> FileLock | None:
    """The lock that one worker of a workspace holds; None when this one is to end before."""
    lock, said = FileLock(workspace / "worker.lock"), False
    while not stop.is_set() and not _left(keeper):
        try:
            lock.acquire(timeout=1)
            return lock
        except Timeout:
            if not said:
                log.info("another worker is at work: waiting for its end")
            said = True
    return None


def _lane(lane: str, stop: threading.Event) -> None:
    from django.db import close_old_connections

    from onefunnel.web.jobs import queue

    while not stop.is_set():
        close_old_connections()
        job = queue.claim(lane)
        if job is None:
            stop.wait(IDLE)
        else:
            work_off(job)


def work_off(job: object) -> None:
    """Do one job; whatever goes wrong is its result."""
    from onefunnel.store.models import Job
    from onefunnel.web.jobs import queue
    from onefunnel.web.jobs.kinds import KINDS
    from onefunnel.web.site import current
    from onefunnel.workflows.computed import said_of

    assert isinstance(job, Job)
    began = time.perf_counter()
    try:
        work = KINDS[job.kind].work()
        queue.finish(job, work(current.workspace(), job.parameters, Told(job)))
    except Exception as error:
        log.warning("job failed", extra={"kind": job.kind}, exc_info=error)
        queue.fail(job, said_of(error))
    said = {"kind": job.kind, "milliseconds": round(1000 * (time.perf_counter() - began), 1)}
    log.info("job", extra=said)


class Told:
    """Progress that is written to the job, twice a second at most."""

    def __init__(self, job: object) -> None:
        self._job = job
        self._last = 0.0

    def step(self, what: str, done: int, total: int | None) -> None:
        """How far it is."""
        from onefunnel.store.models import Job
        from onefunnel.web.jobs import queue

        now = time.monotonic()
        if now - self._last < 0.5 and done != total:
            return
        self._last = now
        assert isinstance(self._job, Job)
        queue.progressed(self._job, what, done, total)


def _beat(stop: threading.Event) -> None:
    from django.db import close_old_connections
    from django.utils import timezone

    from onefunnel.store.models import Heartbeat

    while not stop.is_set():
        close_old_connections()
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
        stop.wait(BEAT)


def _drain(stop: threading.Event) -> None:
    """Bring what waits in the journal into the ledger, every few seconds."""
    from onefunnel.errors import OnefunnelError
    from onefunnel.intake import silent
    from onefunnel.web.site import current
    from onefunnel.workflows.journaling import drain

    while not stop.wait(DRAIN_EVERY):
        workspace = current.workspace()
        if not workspace.journal.is_file():
            continue
        try:
            drain(workspace, silent)
        except OnefunnelError as error:
            log.warning("journal not drained", extra={"code": error.code})


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
