"""The company's year, and when people visit and work. Instants are in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tools.make_demo_company.chance import Chance

ZONE = ZoneInfo("Europe/Bucharest")
FIRST_DAY = date(2024, 11, 1)
LAST_DAY = date(2025, 10, 31)
START = datetime.combine(FIRST_DAY, time(), ZONE).astimezone(UTC)
END = datetime.combine(LAST_DAY, time(19, 30), ZONE).astimezone(UTC)
MONTHS = [date(2024 + (at // 12), at % 12 + 1, 1) for at in range(10, 22)]


def days() -> Iterator[date]:
    """Every day of the year, in order."""
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        yield FIRST_DAY + timedelta(days=number)


def days_of(month: date) -> int:
    """How many days a month has."""
    return ((month + timedelta(days=32)).replace(day=1) - month).days


def local(day: date, hour: float) -> datetime:
    """The instant of a local day and hour, to the second."""
    begin = datetime.combine(day, time(), ZONE)
    return (begin + timedelta(seconds=int(hour * 3600))).astimezone(UTC)


def visiting(day: date, chance: Chance) -> datetime:
    """An instant of a day at which people look at web pages: mostly in the evening."""
    hours = (8, 18.5) if chance.happens(0.55) else (18.5, 23)
    return local(day, chance.between(*hours))


def later(instant: datetime, days_: float) -> datetime:
    """So many days (or parts of them) later, to the second."""
    return instant + timedelta(seconds=int(days_ * 86_400))


def at_work(instant: datetime, chance: Chance) -> datetime:
    """The instant, or if nobody works then, one in the next two hours of work."""
    here = instant.astimezone(ZONE)
    if here.weekday() < 5 and 9 <= here.hour < 18:
        return instant
    day = here.date() + timedelta(days=1 if here.hour >= 18 else 0)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return max(local(day, 9 + chance.between(0, 2)), instant)
