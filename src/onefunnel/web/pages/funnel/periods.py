"""Periods by name, in the months of the workspace's calendar, counted from a day."""

from datetime import date, timedelta

from onefunnel.vocabulary import Calendar
from onefunnel.web.locale.translations import N_

NAMES = {
    "this_month": N_("This month"),
    "last_month": N_("Last month"),
    "this_quarter": N_("This quarter"),
    "last_quarter": N_("Last quarter"),
    "this_year": N_("This year"),
    "last_12_months": N_("Last 12 months"),
}
"""The periods that a person can choose, besides all records and days of one's own."""

QUARTER, YEAR = 3, 12


def bounds(name: str, day: date, calendar: Calendar) -> tuple[date, date]:
    """The first day of a period and the day after its last, both Gregorian dates.

    "This" is what holds ``day``; the last twelve months are the whole ones before its month.

    >>> bounds("last_quarter", date(2025, 11, 4), Calendar())
    (datetime.date(2025, 7, 1), datetime.date(2025, 10, 1))
    >>> bounds("this_year", date(2025, 11, 4), Calendar("solar_hijri"))
    (datetime.date(2025, 3, 21), datetime.date(2026, 3, 21))
    """
    if name == "last_12_months":
        first = _month(day, calendar)[0]
        return _moved(first, -YEAR, calendar), first
    length = {"month": 1, "quarter": QUARTER, "year": YEAR}[name.split("_")[1]]
    first, number = _month(day, calendar)
    start = _moved(first, -((number - 1) % length), calendar)
    if name.startswith("last_"):
        start = _moved(start, -length, calendar)
    return start, _moved(start, length, calendar)


def _month(day: date, calendar: Calendar) -> tuple[date, int]:
    """The first day of the month that holds a day, and the month's number."""
    month = calendar.month_of(day)
    return calendar.local_day(month.start), int(month.label.rpartition("-")[2])


def _moved(first: date, months: int, calendar: Calendar) -> date:
    """The first day of the month so many months later, or earlier where it is negative."""
    for _ in range(abs(months)):
        # No month of either calendar has more than 31 days, or fewer than 28.
        near = first + timedelta(days=31) if months > 0 else first - timedelta(days=1)
        first = _month(near, calendar)[0]
    return first
