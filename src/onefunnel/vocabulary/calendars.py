"""Calendars: what a local day and a local month are, as instants in UTC.

Engines differ in what they call a month; so months are worked out here, once, and handed to the
engine as a small table of bounds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import jdatetime

NAMES = ("gregorian", "solar_hijri")


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month: ``label`` such as ``2024-03`` or ``1402-12``, start inclusive, end not."""

    label: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """A workspace's calendar: its name and its time zone.

    >>> Calendar("solar_hijri", "Asia/Tehran").month_of(date(2024, 3, 20)).label
    '1403-01'
    """

    name: str = "gregorian"
    zone: str = "UTC"

    def start_of_day(self, day: date) -> datetime:
        """The instant at which a local day begins, in UTC; the later one where clocks go back.

        >>> Calendar("gregorian", "Europe/Bucharest").start_of_day(date(2024, 7, 1)).isoformat()
        '2024-06-30T21:00:00+00:00'
        """
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)

    def local_day(self, instant: datetime) -> date:
        """The local day on which an instant falls."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def month_of(self, day: date) -> Month:
        """The month that holds a day (given as a Gregorian date)."""
        first, after = self._bounds(day)
        return Month(self._label(first), self.start_of_day(first), self.start_of_day(after))

    def months(self, first: datetime, last: datetime) -> Iterator[Month]:
        """Every month from the one that holds ``first`` to the one that holds ``last``."""
        day = self.local_day(first)
        while self.start_of_day(self._bounds(day)[0]) <= last:
            yield self.month_of(day)
            day = self._bounds(day)[1]

    def _label(self, first: date) -> str:
        if self.name == "solar_hijri":
            local = jdatetime.date.fromgregorian(date=first)
            return f"{local.year:04d}-{local.month:02d}"
        return f"{first.year:04d}-{first.month:02d}"

    def _bounds(self, day: date) -> tuple[date, date]:
        """First day of the month that holds ``day``, and of the month after it (Gregorian)."""
        if self.name == "solar_hijri":
            first = day - timedelta(days=jdatetime.date.fromgregorian(date=day).day - 1)
        else:
            first = day.replace(day=1)
        return first, self._first_of_next(first)

    def _first_of_next(self, first: date) -> date:
        within = first + timedelta(days=32)
        if self.name == "solar_hijri":
            return within - timedelta(days=jdatetime.date.fromgregorian(date=within).day - 1)
        return within.replace(day=1)


GREGORIAN = Calendar()
"""The Gregorian calendar in UTC."""
