"""The period that a question asks for, where it may name none, and the period before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from onefunnel.errors import UsageError
from onefunnel.funnel.instants import literal
from onefunnel.vocabulary import Calendar, Month, Question

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of a local day up to that of another, which is not in it."""

    start: datetime
    end: datetime


def asked_period(question: Question) -> Period:
    """The period of the question; where it has no end, the last month that was over by ``now``.

    Where it has no beginning, its last month. Raises UsageError where no month is over since the
    beginning.

    >>> from datetime import UTC
    >>> said = asked_period(Question(now=datetime(2024, 3, 15, tzinfo=UTC)))
    >>> said.start.isoformat(), said.end.isoformat()
    ('2024-02-01T00:00:00+00:00', '2024-03-01T00:00:00+00:00')
    """
    calendar = question.calendar
    end = question.end or calendar.month_of(calendar.local_day(question.now)).start
    start = question.start or calendar.month_of(calendar.local_day(end - MOMENT)).start
    if start >= end:
        raise UsageError("No month is over since the period began.", remedy="Give a --to.")
    return Period(start, end)


def whole_months(period: Period, calendar: Calendar) -> tuple[Month, ...]:
    """The months that lie in a period from their beginning to their end."""
    months = calendar.months(period.start, period.end - MOMENT)
    return tuple(each for each in months if period.start <= each.start and each.end <= period.end)


def months_before(start: datetime, count: int, calendar: Calendar) -> tuple[Month, ...]:
    """So many months before the month that holds an instant, the earliest first.

    >>> from datetime import UTC
    >>> [m.label for m in months_before(datetime(2024, 2, 1, tzinfo=UTC), 2, Calendar())]
    ['2023-12', '2024-01']
    """
    found: list[Month] = []
    first = calendar.month_of(calendar.local_day(start)).start
    for _ in range(count):
        found.append(calendar.month_of(calendar.local_day(first - MOMENT)))
        first = found[-1].start
    return tuple(reversed(found))


def period_before(period: Period, calendar: Calendar) -> Period:
    """The period before: as many months where it is made of whole ones, else as many days.

    >>> from datetime import UTC
    >>> march = Period(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
    >>> period_before(march, Calendar()).start.isoformat()
    '2024-02-01T00:00:00+00:00'
    """
    months = whole_months(period, calendar)
    if months and (months[0].start, months[-1].end) == (period.start, period.end):
        return Period(months_before(period.start, len(months), calendar)[0].start, period.start)
    first = calendar.local_day(period.start)
    days = calendar.local_day(period.end) - first
    return Period(calendar.start_of_day(first - max(days, DAY)), period.start)


def label(instant: ir.TimestampValue, periods: Mapping[str, Period]) -> ir.StringValue:
    """The name of the first period that holds an instant, else NULL."""
    branches = [
        ((instant >= literal(each.start)) & (instant < literal(each.end)), ibis.literal(name))
        for name, each in periods.items()
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))


def label_of_day(
    day: ir.DateValue, periods: Mapping[str, Period], calendar: Calendar
) -> ir.StringValue:
    """The same of a local day."""
    branches = [
        (
            (day >= ibis.literal(calendar.local_day(each.start)))
            & (day < ibis.literal(calendar.local_day(each.end))),
            ibis.literal(name),
        )
        for name, each in periods.items()
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))
