"""Which months can be looked at: those of the records, the last complete one by default."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from onefunnel.errors import UnknownName
from onefunnel.vocabulary import Calendar
from onefunnel.web.pages.today.periods import Period, period_of
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.freshness import Freshness

MOST = 36
"""So many months are offered."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A month by its label, and the one before it; ``is_over`` as Today means it."""

    label: str
    period: Period
    before: Period
    is_over: bool

    def asked(self, *by: str, joint: bool = False) -> Asked:
        """The question of the month."""
        return Asked(by, self.period.since, self.period.until, joint=joint)


def offered(
    fresh: Freshness,
    now: datetime,
    calendar: Calendar,
    grace_days: int,
    *,
    after_another: bool = False,
) -> tuple[LookedAt, ...]:
    """The months of the records, the latest first; only those ``after_another`` of them if asked.

    A month is over when the clock has passed its end and records reach to within ``grace_days`` of
    it.
    """
    first, last = fresh.first_event(), fresh.last_event()
    if first is None or last is None:
        return ()
    reached = min(now, last + timedelta(days=grace_days))
    found = _back(last, reached, calendar)
    return tuple(
        each for each in found if (each.period.start if after_another else each.period.end) > first
    )


def _back(last: datetime, reached: datetime, calendar: Calendar) -> Iterator[LookedAt]:
    month = calendar.month_of(calendar.local_day(last))
    for _ in range(MOST):
        earlier = calendar.month_of(calendar.local_day(month.start) - timedelta(days=1))
        period, before = period_of(calendar, month), period_of(calendar, earlier)
        yield LookedAt(month.label, period, before, month.end <= reached)
        month = earlier


def chosen(label: str, months: tuple[LookedAt, ...]) -> LookedAt | None:
    """The month of a label; without one the last that is over, else the last.

    None where there is none at all. UnknownName for a month that is not offered.
    """
    if label:
        return named(label, months)
    return next((each for each in months if each.is_over), months[0] if months else None)


def named(label: str, months: tuple[LookedAt, ...]) -> LookedAt:
    """The month of a label. UnknownName for one that is not offered."""
    found = {each.label: each for each in months}
    if label not in found:
        raise UnknownName("month", label[:40], found)
    return found[label]
