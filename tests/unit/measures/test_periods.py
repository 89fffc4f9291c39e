"""The period asked for, where it may name none, and the one before it, in two calendars."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.periods import Period, asked_period, period_before, whole_months
from onefunnel.vocabulary import Calendar, Question

PLAIN, BUCHAREST = Calendar(), Calendar("gregorian", "Europe/Bucharest")
SOLAR = Calendar("solar_hijri", "Asia/Tehran")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "end", "before"),
    [
        (PLAIN, "2024-03-01", "2024-04-01", "2024-02-01"),
        (PLAIN, "2024-04-01", "2024-07-01", "2024-01-01"),
        (PLAIN, "2024-03-01", "2024-03-31", "2024-01-31"),  # a day short of a month: 30 days
        (PLAIN, "2024-03-02", "2024-03-05", "2024-02-28"),
        (PLAIN, "2024-01-01", "2024-02-01", "2023-12-01"),
        # The clocks went forward on 31 March: seven local days are an hour less.
        (BUCHAREST, "2024-03-29T22:00", "2024-04-05T21:00", "2024-03-22T22:00"),
        (BUCHAREST, "2024-03-31T21:00", "2024-04-07T21:00", "2024-03-24T22:00"),
        # Farvardin 1403 has 31 days, Esfand 1402 before it 29.
        (SOLAR, "2024-03-19T20:30", "2024-04-19T20:30", "2024-02-19T20:30"),
    ],
)
def test_the_period_before(calendar: Calendar, start: str, end: str, before: str) -> None:
    found = period_before(Period(at(start), at(end)), calendar)
    assert found == Period(at(before), at(start))


@pytest.mark.parametrize(
    ("now", "start", "end", "found"),
    [
        ("2024-03-31T23:59", None, None, ("2024-02-01", "2024-03-01")),
        ("2024-04-01", None, None, ("2024-03-01", "2024-04-01")),
        ("2024-04-20", "2024-01-01", None, ("2024-01-01", "2024-04-01")),
        ("2024-04-20", None, "2024-03-05", ("2024-03-01", "2024-03-05")),
        ("2024-04-20", "2024-03-02", "2024-05-01", ("2024-03-02", "2024-05-01")),
    ],
)
def test_the_period_asked_for(
    now: str, start: str | None, end: str | None, found: tuple[str, str]
) -> None:
    question = Question(now=at(now), start=start and at(start), end=end and at(end))
    assert asked_period(question) == Period(at(found[0]), at(found[1]))


def test_no_month_is_over_since_the_beginning() -> None:
    with pytest.raises(UsageError, match="No month is over"):
        asked_period(Question(now=at("2024-04-20"), start=at("2024-04-05")))


def test_only_whole_months_are_months() -> None:
    found = whole_months(Period(at("2024-01-15"), at("2024-04-10")), PLAIN)
    assert [each.label for each in found] == ["2024-02", "2024-03"]
