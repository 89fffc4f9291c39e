"""The lines of Today that warn: leaks that grew, records that end early, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from onefunnel.vocabulary import Calendar
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.pages.today import links
from onefunnel.web.pages.today.alarms import Alarm, alarms
from onefunnel.web.pages.today.answers import questions
from onefunnel.web.pages.today.periods import Spoken
from onefunnel.web.pages.today.tiles import month
from onefunnel.web.report.context import FIRST_TABLES, TABLE_NAMES
from onefunnel.workflows.freshness import SOURCES, Freshness


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence that warns: ``kind`` is its mark, then money, and where it leads."""

    kind: str
    text: Markup
    money: str
    link: Markup
    address: str
    in_panel: bool = False


def leak_lines(answers: Answers, spoken: Spoken, words: Words) -> tuple[Line, ...]:
    """The leaks that grew since the month before, dearest first."""
    found = answers.found
    grown = alarms(
        found["leaks"].answer.rows,
        found["leaks_before"].answer.rows,
        found["funnel"].answer.rows,
        found["funnel_before"].answer.rows,
    )
    return tuple(_leak_line(each, spoken, words) for each in grown)


def _leak_line(alarm: Alarm, spoken: Spoken, words: Words) -> Line:
    assert spoken.judged is not None and spoken.judged_before is not None
    figures = words.figures
    text = words.count(
        "{n} of {entered} who reached {stage} went no further ({month}); in the month before it "
        "was {left_before} of {entered_before}.",
        "{n} of {entered} who reached {stage} went no further ({month}); in the month before it "
        "was {left_before} of {entered_before}.",
        alarm.flow.left,
        entered=figures.count(alarm.flow.entered),
        stage=words.stage_within(alarm.stage),
        month=month(spoken.judged, words),
        left_before=figures.count(alarm.before.left),
        entered_before=figures.count(alarm.before.entered),
    )
    return Line(
        "bad",
        text,
        "" if alarm.cost is None else figures.money(alarm.cost),
        words.count("{n} row", "{n} rows", alarm.flow.left),
        links.rows("leaks", "left", questions(spoken)["leaks"][1], stage=alarm.stage),
        True,
    )


def stale_lines(
    fresh: Freshness, now: datetime, stale_days: int, words: Words, address: str
) -> tuple[Line, ...]:
    """The tables whose records end more than ``stale_days`` before today, oldest first.

    ``address`` is where they are brought up to date; empty: the reader may not.
    """
    ages = _ages(fresh, now, words.calendar)
    late = sorted((each for each in ages if each[0] > stale_days), key=lambda each: -each[0])
    return tuple(
        Line(
            "risk",
            words.count(
                "{table}: the newest record is of {day}, {n} day ago.",
                "{table}: the newest record is of {day}, {n} days ago.",
                days,
                table=words.say(TABLE_NAMES[table]),
                day=words.day(day),
            ),
            "",
            words.say("Imports") if address else Markup(""),
            address,
        )
        for days, table, day in late
    )


def _ages(fresh: Freshness, now: datetime, calendar: Calendar) -> list[tuple[int, str, date]]:
    today = calendar.local_day(now)
    days = {name: fresh.tables[name].last_day(calendar) for name in SOURCES if name in fresh.tables}
    return [((today - day).days, name, day) for name, day in days.items() if day is not None]


@dataclass(frozen=True, slots=True)
class Missing:
    """A table that holds nothing, and what it would bring."""

    table: str
    name: Markup
    what: Markup


def missing(fresh: Freshness, words: Words) -> tuple[Missing, ...]:
    """The tables to import next, the one that helps most for the least first."""
    lacking: Sequence[tuple[str, str]] = [
        each for each in FIRST_TABLES if each[0] not in fresh.tables
    ]
    return tuple(
        Missing(table, words.say(TABLE_NAMES[table]), words.say(what)) for table, what in lacking
    )
