"""Jobs that ask: an answer, the rows behind a figure. They are kept by what was asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from onefunnel.intake import Progress
from onefunnel.measures.steps.conditions import step_of
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Crediting
from onefunnel.web.jobs.queue import ask_for
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.computed import (
    Rows,
    compute_answer,
    compute_rows,
    kept_answer,
    ledger_version,
)
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.workspace import Workspace


def look(
    workspace: Workspace, measure: str, asked: Asked, person: Person | None = None
) -> Computed | Job:
    """The answer where it is worked out already, else the job that works it out.

    A job that has just failed is given as it is: it is not asked for again at once.
    """
    found = kept_answer(workspace, measure, asked)
    if found is not None:
        return found
    return ask_for("answer", _about_answer(workspace, measure, asked), person)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers by name, as far as they are worked out; ``missing`` work out the others."""

    found: Mapping[str, Computed]
    missing: tuple[Job, ...]

    def has(self, *names: str) -> bool:
        """Whether all of these answers are there."""
        return all(name in self.found for name in names)

    @property
    def failed(self) -> Job | None:
        """A job that failed a moment ago, if one did: a page says so instead of waiting."""
        return next((job for job in self.missing if job.ended), None)


def look_up(
    workspace: Workspace, questions: Mapping[str, tuple[str, Asked]], person: Person
) -> Answers:
    """Look questions up, each a measure and what it is asked; what is missing is asked for."""
    found: dict[str, Computed] = {}
    missing = []
    for name, (measure, asked) in questions.items():
        got = look(workspace, measure, asked, person)
        if isinstance(got, Job):
            missing.append(got)
        else:
            found[name] = got
    return Answers(found, tuple(missing))


def _about_answer(workspace: Workspace, measure: str, asked: Asked) -> dict[str, Any]:
    """What the job of a question is about."""
    return {"measure": measure, "asked": as_json(asked), "version": ledger_version(workspace)}


def ask_rows(workspace: Workspace, rows: Rows, person: Person | None = None) -> Job:
    """The job that works the rows behind a figure out."""
    return ask_for("rows", _about_rows(workspace, rows), person)


def _about_rows(workspace: Workspace, rows: Rows) -> dict[str, Any]:
    """What the job of the rows behind a figure is about."""
    return {
        "measure": rows.measure,
        "asked": as_json(rows.asked),
        "figure": rows.figure,
        "where": [list(each) for each in rows.where],
        "version": ledger_version(workspace),
    }


def answer(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Work an answer out."""
    progress.step(parameters["measure"], 0, None)
    made = compute_answer(workspace, parameters["measure"], from_json(parameters["asked"]))
    return {"rows": len(made.answer.rows), "version": made.answer.ledger_version}


def rows(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Work the rows behind a figure out."""
    progress.step("rows", 0, None)
    where = tuple((str(key), value) for key, value in parameters["where"])
    wanted = Rows(
        parameters["measure"], from_json(parameters["asked"]), parameters["figure"], where
    )
    return {"rows": compute_rows(workspace, wanted)}


def as_json(asked: Asked) -> dict[str, Any]:
    """A question as a job keeps it."""
    return {
        "by": list(asked.by),
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None,
        "horizon_days": asked.horizon_days,
        "now": asked.now.isoformat() if asked.now else None,
        "as_of": asked.as_of,
        "steps": [str(step) for step in asked.steps],
        "within_days": asked.within_days,
        "joint": asked.joint,
        "crediting": asdict(asked.crediting),
    }


def from_json(found: Mapping[str, Any]) -> Asked:
    """A question from what a job keeps."""
    since, until, now = found["since"], found["until"], found["now"]
    return Asked(
        by=tuple(found["by"]),
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
        horizon_days=found["horizon_days"],
        now=datetime.fromisoformat(now) if now else None,
        as_of=found["as_of"],
        steps=tuple(step_of(each) for each in found["steps"]),
        within_days=found["within_days"],
        joint=found.get("joint", False),
        crediting=_crediting(found.get("crediting", {})),
    )


def _crediting(found: Mapping[str, Any]) -> Crediting:
    return Crediting(**{**found, "models": tuple(found.get("models", ()))})
