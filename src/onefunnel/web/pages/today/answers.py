"""Which questions Today asks, and their answers, as far as they are worked out."""

from collections.abc import Mapping
from datetime import datetime

from onefunnel.store.models import Person
from onefunnel.web.jobs.questions import Answers, look_up
from onefunnel.web.pages.today import spent
from onefunnel.web.pages.today.periods import RIGHT_BEFORE, Period, Spoken
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.workspace import Workspace

Asking = tuple[str, Asked]
"""A measure, and what it is asked."""


def questions(spoken: Spoken) -> Mapping[str, Asking]:
    """Every question of the page, by the name under which its answer is used.

    What a month brought is the difference of all that was brought until its end and until the end
    of the month before: the funnel without a period, seen at those instants. ``new`` is the month's
    funnel at its end, for who bought for the first time in it.
    """
    asked: dict[str, Asking] = {
        "funnel": ("funnel", of_month(spoken.judged or spoken.current)),
        "leaks": ("leaks", of_month(spoken.judged or spoken.current)),
        "deals": ("deals", of_month(spoken.current)),
        "until": ("funnel", Asked(now=spoken.current.last_instant)),
        "new": ("funnel", of_month(spoken.current, spoken.current.last_instant)),
        "start": ("funnel", Asked(now=spoken.current.start - RIGHT_BEFORE)),
        "incentives": ("incentives", of_month(spoken.current)),
        "paradox": ("paradox", of_month(spoken.current)),
    }
    if spoken.before is not None:
        asked["new_before"] = ("funnel", of_month(spoken.before, spoken.before.last_instant))
        asked["start_before"] = ("funnel", Asked(now=spoken.before.start - RIGHT_BEFORE))
    if spoken.judged_before is not None:
        before = of_month(spoken.judged_before, spoken.at_same_age())
        asked |= {"funnel_before": ("funnel", before), "leaks_before": ("leaks", before)}
    return asked


def of_month(period: Period, now: datetime | None = None) -> Asked:
    """A month as it stood at ``now``; None: at the latest event, as every other page asks it."""
    return Asked(since=period.since, until=period.until, now=now)


def answers(workspace: Workspace, spoken: Spoken, person: Person) -> Answers:
    """Look every question up; what is not worked out is asked for."""
    more = spent.questions(spoken) if spent.sees(person) else {}
    return look_up(workspace, {**questions(spoken), **more}, person)
