"""The kinds of jobs: what each does with a workspace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from onefunnel.intake import Progress
from onefunnel.workflows.workspace import Workspace

QUESTIONS, WRITES = "questions", "writes"
LANES = (QUESTIONS, WRITES)
"""One job of each at a time: a question does not wait for an import."""


class Work(Protocol):
    """Does a job; what it returns is JSON, and becomes the job's result."""

    def __call__(
        self, workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
    ) -> Mapping[str, Any]:
        """Do it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its lane, and who does it. ``work`` is found when it is first done."""

    name: str
    lane: str
    work: Callable[[], Work]


KINDS: dict[str, Kind] = {}


def kind(name: str, lane: str, work: Callable[[], Work]) -> None:
    """Name a kind of job; ``work`` gives the function, so that nothing is imported before."""
    KINDS[name] = Kind(name, lane, work)


def _answers() -> Work:
    from onefunnel.web.jobs.questions import answer

    return answer


def _rows() -> Work:
    from onefunnel.web.jobs.questions import rows

    return rows


kind("answer", QUESTIONS, _answers)
kind("rows", QUESTIONS, _rows)


def _freshness() -> Work:
    from onefunnel.web.jobs.freshness import work

    return work


kind("freshness", QUESTIONS, _freshness)
