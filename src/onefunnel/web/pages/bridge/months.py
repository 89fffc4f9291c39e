"""Which months can be bridged: those of the records, the last complete one by default."""

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
class BridgedMonth:
    """A month by its label, and the one before it; ``is_over`` as Today means it."""

    label: str
    period: Period
    before: Period
    is_over: bool

    def asked(self, *by: str) -> Asked:
        """The question of its bridge."""
        return Asked(by, self.period.since, self.period.until)


def offered(
    fresh: Freshness, now: datetime, calendar: Calendar, grace_days: int
) -> tuple[BridgedMonth, ...]:
    """The months with a month of records before them, the latest first.

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
) -> Iterator[BridgedMonth]:
    day = calendar.local_day(last)
    for _ in range(MOST):
        month = calendar.month_of(day)
        if month.start <= first:
            return
        day = calendar.local_day(month.start) - timedelta(days=1)
        before = period_of(calendar, calendar.month_of(day))
        yield BridgedMonth(month.label, period_of(calendar, month), before, month.end <= reached)


def chosen(label: str, months: tuple[BridgedMonth, ...]) -> BridgedMonth | None:
    """The month of a label; without one the last that is over, else the last.

    None where there is none at all. UnknownName for a month that is not offered.
    """
    if label:
        found = {each.label: each for each in months}
        if label not in found:
            raise UnknownName("month", label[:40], found)
        return found[label]
    return next((each for each in months if each.is_over), months[0] if months else None)
