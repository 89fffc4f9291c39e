"""The directory of leads and customers: which one stands, and the job that makes the next."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from onefunnel.intake import Progress
from onefunnel.store.models import Job, Person
from onefunnel.store.models.jobs import State
from onefunnel.web.jobs.queue import ask_for
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.directory.building import ABOUT, build, place
from onefunnel.workflows.directory.reading import Directory, newest
from onefunnel.workflows.workspace import Workspace

REST = 10
"""A directory is made anew no sooner than so many times the time that making it took."""


@dataclass(frozen=True, slots=True)
class Found:
    """The directory that stands (None: none yet), the ledger's version, the job that makes one."""

    directory: Directory | None
    version: int
    job: Job | None

    @property
    def current(self) -> bool:
        """Whether it is of the ledger as it stands."""
        return self.directory is not None and self.directory.about.version == self.version

    @property
    def failed(self) -> bool:
        """Whether the one of this version could not be made."""
        return self.job is not None and self.job.state == State.FAILED


@contextmanager
def look(workspace: Workspace, person: Person | None) -> Iterator[Found]:
    """The newest directory while the block runs, and the job that makes a newer one, if any.

    A directory rests before it is made anew, for making it takes long where leads are many.
    """
    version = ledger_version(workspace)
    with newest(workspace) as directory:
        resting = directory is not None and (
            directory.about.version == version or _rests(directory)
        )
        yield Found(directory, version, None if resting else _job(version, person))


def ask_anew(found: Found, person: Person | None) -> Found:
    """The same; a directory of an earlier version is made anew at once: something was not in it."""
    job = None if found.current else _job(found.version, person)
    return Found(found.directory, found.version, job)


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Make the directory of the ledger as it stands."""
    if (place(workspace, ledger_version(workspace)) / ABOUT).is_file():
        return {}
    made = build(workspace, progress)
    return {"version": made.version, "leads": made.leads, "seconds": made.seconds}


def _job(version: int, person: Person | None) -> Job:
    return ask_for("directory", {"version": version}, person)


def _rests(directory: Directory) -> bool:
    return time.time() - directory.made_at < REST * directory.about.seconds
