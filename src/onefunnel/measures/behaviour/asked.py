"""Which leads the measure looks at, and in what time they had to be worked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onefunnel.measures.incentives.plans import in_force
from onefunnel.measures.incentives.ranges import WORK_WITHIN_HOURS, ranges_of
from onefunnel.pay.plan import Plan
from onefunnel.vocabulary import Question

SECONDS_AN_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Leads that sales got from ``since`` on and before ``until``, whose time was over by ``now``.

    ``until`` None: there is no end. ``seconds`` is the time that there was to work one, ``agreed``
    whether somebody typed it. ``plan`` is the one that began last, where ``since`` is its first
    day: who chose before then did so under another plan.
    """

    since: datetime
    until: datetime | None
    seconds: int
    agreed: bool
    plan: Plan | None = None

    @property
    def hours(self) -> float:
        """The time that there was to work a lead."""
        return self.seconds / SECONDS_AN_HOUR


def looked_at(question: Question) -> LookedAt:
    """The history of the question's period under the plans in force at its end.

    Raises InputError where ``incentives.toml`` or a plan file can't be read.
    """
    ranges = ranges_of(question.terms)
    since = (question.end or question.now) - timedelta(days=ranges.history_days)
    agreed = ranges.work_within_hours
    hours = WORK_WITHIN_HOURS if agreed is None else agreed
    seconds = max(round(hours * SECONDS_AN_HOUR), 1)
    plans = [each.plan for each in in_force(question).plans]
    last = max(plans, key=lambda each: (each.first, each.name), default=None)
    if last is None or question.calendar.start_of_day(last.first) <= since:
        return LookedAt(since, question.end, seconds, agreed is not None)
    begun = question.calendar.start_of_day(last.first)
    return LookedAt(begun, question.end, seconds, agreed is not None, last)
