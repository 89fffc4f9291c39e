"""The stretch that is looked at, and the whole measurement periods of a plan in it."""

from datetime import date

from onefunnel.errors import UsageError
from onefunnel.measures.periods import Period as Stretch
from onefunnel.measures.periods import months_before
from onefunnel.pay.families import Family
from onefunnel.pay.periods import DAY, Period, month_of, period_of
from onefunnel.vocabulary import Calendar, Question

MONTHS = 12
"""So many months are looked at where the question names no beginning."""


def looked_at(question: Question) -> Stretch:
    """The period of the question as far as it is over, by default the last twelve months.

    Raises UsageError where nothing of it is over.

    >>> from datetime import UTC, datetime
    >>> looked_at(Question(now=datetime(2024, 3, 15, tzinfo=UTC))).start.date().isoformat()
    '2023-03-01'
    """
    calendar = question.calendar
    today = calendar.month_of(calendar.local_day(question.now)).start
    end = today if question.end is None else min(question.end, question.now)
    start = question.start or months_before(end, MONTHS, calendar)[0].start
    if start >= end:
        raise UsageError("Nothing of the period is over.", remedy="Give an earlier --from.")
    return Stretch(start, end)


def days_of(question: Question) -> tuple[date, date]:
    """The first local day that is looked at, and the one after the last."""
    stretch = looked_at(question)
    return question.calendar.local_day(stretch.start), question.calendar.local_day(stretch.end)


def periods_of(family: Family, question: Question) -> tuple[Period, ...]:
    """The measurement periods that lie in the stretch, with the plan in effect at both ends."""
    first, after = days_of(question)
    at, found = max(first, family.versions[0].first), []
    while at < after:
        version = family.at(at)
        if version is None:
            at = month_of(question.calendar, at).after
            continue
        period = period_of(question.calendar, family.versions[version].period, at)
        whole = first <= period.first and period.after <= after
        if whole and family.at(period.first) is not None:
            found += [period] if family.at(period.after - DAY) is not None else []
        at = period.after
    return tuple(found)


def labels_of(calendar: Calendar, first: date, after: date) -> frozenset[str]:
    """The labels of the months that have days from one day up to another."""
    found, at = [], first
    while at < after:
        month = month_of(calendar, at)
        found.append(month.label)
        at = month.after
    return frozenset(found)
