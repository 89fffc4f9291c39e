"""The weeks at the turn of each month: whole ones, so that days of the week weigh alike."""

from datetime import datetime, timedelta

from onefunnel.measures.periods import Period
from onefunnel.measures.scorecard.cards import all_months
from onefunnel.vocabulary import Calendar, Question

INSIDE, OUTSIDE = "inside", "outside"
ONE, FOUR = 7, 28
"""The days of the week at the turn, and of that week with the three beside it."""


def weeks(question: Question) -> dict[str, dict[str, Period]]:
    """The stretches of each month, under ``2024-03 inside`` and ``2024-03 outside``.

    In ``ends`` they are its last week and the three before it, in ``starts`` the first week of the
    next month and the three after it. A month is left out until the latter are over by ``now``.
    """
    found: dict[str, dict[str, Period]] = {"ends": {}, "starts": {}}
    calendar = question.calendar
    for month in all_months(question):
        turn, last = month.end, _later(calendar, month.end, FOUR)
        if last > question.now:
            continue
        before, after = _later(calendar, turn, -ONE), _later(calendar, turn, ONE)
        found["ends"][f"{month.label} {INSIDE}"] = Period(before, turn)
        found["ends"][f"{month.label} {OUTSIDE}"] = Period(_later(calendar, turn, -FOUR), before)
        found["starts"][f"{month.label} {INSIDE}"] = Period(turn, after)
        found["starts"][f"{month.label} {OUTSIDE}"] = Period(after, last)
    return found


def _later(calendar: Calendar, instant: datetime, days: int) -> datetime:
    return calendar.start_of_day(calendar.local_day(instant) + timedelta(days=days))
