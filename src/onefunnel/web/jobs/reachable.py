"""Whom an experiment could take in, where it is worked out; else the job that works it out."""

from dataclasses import dataclass

from onefunnel.measures.registry import MEASURES
from onefunnel.store.models import Job, Person
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import look
from onefunnel.workflows.reachable import (
    MEASURE,
    FullMonths,
    Reachable,
    Tried,
    full_months,
    names,
    question,
    reachable,
)
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the last full months say; both are None where there is no such month.

    ``reachable`` is None, too, where nobody met it or nobody converted. ``names`` are what was met
    in them, by most people first.
    """

    period: FullMonths | None = None
    reachable: Reachable | None = None
    names: tuple[str, ...] = ()


NOTHING = OnRecord()


def look_up(workspace: Workspace, tried: Tried, person: Person) -> OnRecord | Job:
    """What is on record of what would be tried; nothing for who may not see such figures.

    A job that has just failed is given as it is: it is not asked for again at once.
    """
    if not person.may(MEASURES[MEASURE].permission):
        return NOTHING
    fresh = freshness.look(workspace, person)
    if isinstance(fresh, Job):
        return fresh
    kept = workspace.settings
    now, grace = workspace.clock(), kept.server.stale_days
    period = full_months(fresh, tried.counts, now, kept.calendar, grace)
    if period is None:
        return NOTHING
    found = look(workspace, MEASURE, question(tried, period), person)
    if isinstance(found, Job):
        return found
    return OnRecord(period, reachable(found.answer, tried, period), names(found.answer))
