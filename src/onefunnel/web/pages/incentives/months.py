"""Which months can be looked at: those of the records, the last complete one by default."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from onefunnel.errors import UnknownName
from onefunnel.vocabulary import Calendar
from onefunnel.web.pages.today.periods import Period, period_of
from onefunnel.workflows.freshness import Freshness
from onefunnel.workflows.put import Asked

MOST = 36
"""So many months are offered."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A month by its label; ``is_over`` as Today means it."""

    label: str
    period: Period
    is_over: bool

    @property
    def asked(self) -> Asked:
        """The question of the month."""
        return Asked(since=self.period.since, until=self.period.until)


def offered(
    fresh: Freshness, now: datetime, calendar: Calendar, grace_days: int
) -> tuple[LookedAt, ...]:
    """The months of the records, the latest first.

    A month is over when the clock has passed its end and records reach to within ``grace_days`` of
    it.
    """
    first, last = fresh.first_event(), fresh.last_event()
    if first is None or last is None:
        return ()
    reached = min(now, last + timedelta(days=grace_days))
    return tuple(_back(first, last, reached, calendar))


def _back(
    first: datetime, last: datetime, reached: datetime, calendar: Calendar
) -> Iterator[LookedAt]:
    day = calendar.local_day(last)
    for _ in range(MOST):
        month = calendar.month_of(day)
        if month.end <= first:
            return
        yield LookedAt(month.label, period_of(calendar, month), month.end <= reached)
        day = calendar.local_day(month.start) - timedelta(days=1)


def chosen(label: str, months: tuple[LookedAt, ...]) -> LookedAt | None:
    """The month of a label; without one the last that is over, else the last.

    None where there is none at all. UnknownName for a month that is not offered.
    """
    if label:
        found = {each.label: each for each in months}
        if label not in found:
            raise UnknownName("month", label[:40], found)
        return found[label]
    return next((each for each in months if each.is_over), months[0] if months else None)
