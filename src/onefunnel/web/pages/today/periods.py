"""Which months Today speaks of: the latest whole one, and the latest whose leaks can be judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onefunnel.vocabulary import Calendar, Month

RIGHT_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A month of the workspace's calendar, in local days; ``until`` is the day after the last."""

    since: date
    until: date
    start: datetime
    end: datetime

    @property
    def last_instant(self) -> datetime:
        """The last instant in it."""
        return self.end - RIGHT_BEFORE


@dataclass(frozen=True, slots=True)
class Spoken:
    """The months of the page, in pairs with the month before, None where there is no such month.

    ``current`` is the latest whole month with records; where the records hold no whole month, the
    one that they are in, and then ``is_whole`` is False. ``judged`` is the latest month whose leaks
    can be counted: it ended ``horizon_days`` before the last record, so that who entered on its
    last day has had as long as was agreed. ``ripe`` are up to three months that end with it: a
    campaign has too few leads in one.
    """

    current: Period
    before: Period | None
    is_whole: bool
    judged: Period | None
    judged_before: Period | None
    horizon_days: int
    latest: datetime
    ripe: Period | None = None

    def at_same_age(self) -> datetime:
        """When the month before the judged one was as old as that one is at the latest event.

        A younger month has always lost fewer: compared at one instant, leaks would seem to shrink.
        """
        assert self.judged is not None and self.judged_before is not None
        return self.judged_before.end + (self.latest - self.judged.end)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when the records are; ``latest`` is the instant at which questions see them."""

    first: datetime
    last: datetime
    latest: datetime


def spoken_of(
    span: Span, now: datetime, calendar: Calendar, grace_days: int, horizon_days: int
) -> Spoken:
    """The months to speak of when the clock says ``now``.

    A month is whole when it has ended and its records reach to within ``grace_days`` of its end: a
    shop that sells nothing on the 31st has a whole month all the same. It is compared with the
    month before only if the records reach back as far.
    """
    grace, horizon = timedelta(days=grace_days), timedelta(days=horizon_days)
    months = list(_months_back(calendar, calendar.local_day(span.last), 4 + horizon_days // 28))

    def held(month: Period | None) -> Period | None:
        return month if month is not None and span.first <= month.start + grace else None

    whole = (each for each in months if each.end <= now and each.end - grace <= span.last)
    current = held(next(whole, None))
    ended = (each for each in months if each.end + horizon <= span.last)
    judged = held(next(ended, None))
    judged_before = held(_before(calendar, judged))
    earliest = held(_before(calendar, judged_before)) or judged_before or judged
    return Spoken(
        current or months[0],
        held(_before(calendar, current)),
        current is not None,
        judged,
        judged_before,
        horizon_days,
        span.latest,
        None if judged is None or earliest is None else _together(earliest, judged),
    )


def _together(first: Period, last: Period) -> Period:
    return Period(first.since, last.until, first.start, last.end)


def _months_back(calendar: Calendar, day: date, months: int) -> Iterator[Period]:
    """The month that holds a day, and those before it."""
    for _ in range(months):
        month = period_of(calendar, calendar.month_of(day))
        yield month
        day = month.since - timedelta(days=1)


def _before(calendar: Calendar, month: Period | None) -> Period | None:
    if month is None:
        return None
    return period_of(calendar, calendar.month_of(month.since - timedelta(days=1)))


def period_of(calendar: Calendar, month: Month) -> Period:
    """A calendar month as a period."""
    since, until = calendar.local_day(month.start), calendar.local_day(month.end)
    return Period(since, until, month.start, month.end)
