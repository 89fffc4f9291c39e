"""Months, quarters and years of a calendar as local days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from onefunnel.errors import UnknownName
from onefunnel.pay.plan import Unit
from onefunnel.vocabulary import Calendar

MONTHS_IN = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` up to ``after``, not included; ``1403-12``, ``2024-Q1`` or ``2024``."""

    label: str
    first: date
    after: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.after - self.first).days

    def days_within(self, first: date, after: date) -> int:
        """How many of its days lie from ``first`` up to ``after``, which is not included.

        >>> february = Period("2024-02", date(2024, 2, 1), date(2024, 3, 1))
        >>> february.days_within(date(2024, 2, 20), date(2024, 4, 1))
        10
        """
        return max((min(self.after, after) - max(self.first, first)).days, 0)


@lru_cache(maxsize=16384)
def month_of(calendar: Calendar, day: date) -> Period:
    """The month that holds a day.

    >>> esfand = month_of(Calendar("solar_hijri"), date(2025, 3, 1))
    >>> esfand.label, esfand.days
    ('1403-12', 30)
    """
    found = calendar.month_of(day)
    return Period(found.label, calendar.local_day(found.start), calendar.local_day(found.end))


@lru_cache(maxsize=4096)
def month_called(calendar: Calendar, label: str) -> Period:
    """The month of a label. Raises UnknownName where the calendar has none of it.

    >>> month_called(Calendar("solar_hijri"), "1403-12").first.isoformat()
    '2025-02-19'
    """
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", label)
    if found is None:
        raise UnknownName("month", label, ())
    # A year of either calendar has its sixth month within half a year of this day.
    offset = 621 if calendar.name == "solar_hijri" else 0
    month = month_of(calendar, date(int(found[1]) + offset, 7, 1))
    while month.label > label:
        month = month_of(calendar, month.first - DAY)
    while month.label < label:
        month = month_of(calendar, month.after)
    return month


def months(calendar: Calendar, first: date, last: date) -> tuple[Period, ...]:
    """Every month from the one that holds ``first`` to the one that holds ``last``."""
    found: list[Period] = []
    while not found or found[-1].after <= last:
        found.append(month_of(calendar, found[-1].after if found else first))
    return tuple(found)


@lru_cache(maxsize=16384)
def period_of(calendar: Calendar, unit: Unit, day: date) -> Period:
    """The month, quarter or year that holds a day.

    >>> period_of(Calendar(), Unit.QUARTER, date(2024, 2, 29)).label
    '2024-Q1'
    >>> period_of(Calendar("solar_hijri"), Unit.YEAR, date(2024, 3, 19)).days
    365
    """
    size = MONTHS_IN[unit]
    begins = month_of(calendar, day)
    for _ in range((int(begins.label[-2:]) - 1) % size):
        begins = month_of(calendar, begins.first - DAY)
    ends = begins
    for _ in range(size - 1):
        ends = month_of(calendar, ends.after)
    return Period(_label(unit, begins.label), begins.first, ends.after)


def _label(unit: Unit, month: str) -> str:
    if unit is Unit.MONTH:
        return month
    year, number = month.rsplit("-", 1)
    return year if unit is Unit.YEAR else f"{year}-Q{(int(number) + 2) // 3}"
