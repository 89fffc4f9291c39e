"""The kinds of jobs: what each does with a workspace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from onefunnel.intake import Progress
from onefunnel.workflows.workspace import Workspace

QUESTIONS, WRITES, LOOKS = "questions", "writes", "looks"
LANES = (QUESTIONS, WRITES, LOOKS)
"""One job of each at a time: a question waits for no import, and a short look for neither."""


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


def _preview() -> Work:
    from onefunnel.web.jobs.rules import preview

    return preview


def _new_rules() -> Work:
    from onefunnel.web.jobs.rules import apply

    return apply


kind("preview", QUESTIONS, _preview)
kind("rules", WRITES, _new_rules)
kind("answer", QUESTIONS, _answers)
kind("rows", QUESTIONS, _rows)


def _freshness() -> Work:
    from onefunnel.web.jobs.freshness import work

    return work


kind("freshness", QUESTIONS, _freshness)


def _closings() -> Work:
    from onefunnel.web.jobs.closings import work

    return work


def _roster() -> Work:
    from onefunnel.web.jobs.roster import work

    return work


kind("closings", QUESTIONS, _closings)
kind("roster", QUESTIONS, _roster)


def _sample() -> Work:
    from onefunnel.web.pages.first.trial import bring

    return bring


def _sample_away() -> Work:
    from onefunnel.web.pages.first.trial import take_away

    return take_away


kind("sample", WRITES, _sample)
kind("sample_away", WRITES, _sample_away)


def _imports(name: str) -> Callable[[], Work]:
    def found() -> Work:
        from onefunnel.web.pages.imports import works

        work: Work = getattr(works, name)
        return work

    return found


kind("recognise", LOOKS, _imports("recognised"))
kind("try_file", LOOKS, _imports("try_file"))
kind("quarantine", LOOKS, _imports("listed"))
kind("dry_run", WRITES, _imports("dry_run"))
kind("import", WRITES, _imports("imported"))
kind("mend", WRITES, _imports("mended"))
kind("discard", WRITES, _imports("discarded"))


def _directory() -> Work:
    from onefunnel.web.jobs.directory import work

    return work


def _erase() -> Work:
    from onefunnel.web.jobs.erasing import work

    return work


kind("directory", QUESTIONS, _directory)
kind("erase", WRITES, _erase)


def _undoing(name: str) -> Callable[[], Work]:
    def found() -> Work:
        from onefunnel.web.jobs import undoing

        work: Work = getattr(undoing, name)
        return work

    return found


kind("undo_look", WRITES, _undoing("look"))
kind("undo", WRITES, _undoing("work"))


def _keeping(name: str) -> Callable[[], Work]:
    def found() -> Work:
        from onefunnel.web.jobs import keeping

        work: Work = getattr(keeping, name)
        return work

    return found


kind("backup", WRITES, _keeping("back_up"))
kind("verify_backup", QUESTIONS, _keeping("verify"))
kind("restore", WRITES, _keeping("restore"))


def _closing(name: str) -> Callable[[], Work]:
    def found() -> Work:
        from onefunnel.web.jobs import closing

        work: Work = getattr(closing, name)
        return work

    return found


kind("close", WRITES, _closing("close"))
kind("restated", QUESTIONS, _closing("work_restated"))


def _terms(name: str) -> Callable[[], Work]:
    def found() -> Work:
        from onefunnel.web.jobs import terms

        work: Work = getattr(terms, name)
        return work

    return found


kind("terms", WRITES, _terms("apply"))
kind("terms_history", QUESTIONS, _terms("work"))


def _pay_preview() -> Work:
    from onefunnel.web.jobs.pay_preview import work

    return work


kind("pay_preview", QUESTIONS, _pay_preview)
