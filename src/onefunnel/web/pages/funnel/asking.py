"""What a page of figures was asked, as its address says it, and the addresses that ask."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import jdatetime

from onefunnel.errors import UsageError
from onefunnel.vocabulary import DIMENSIONS, Calendar
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel.periods import NAMES, bounds
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.asking import FIRST_YEAR, LAST_YEAR

HORIZONS = (7, 14, 30, 60, 90, 180, 365)
OWN = "own"
UNKNOWN = "unknown"
SOLAR_BEFORE = 1700
"""A year below it is of the Solar Hijri calendar, where that is the workspace's."""
ANY_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for.

    ``period`` is empty (all records), a name of :data:`periods.NAMES` or ``own``; then ``since``
    and ``until`` are the first day and the day after the last, None for an open end. ``only`` holds
    the dimensions of which one value is wanted (None: those of unknown value), ``by`` the one whose
    values are listed. ``horizon`` None: the rules' own. ``as_of`` None: the last ledger version.
    """

    period: str = ""
    since: date | None = None
    until: date | None = None
    horizon: int | None = None
    by: str = ""
    only: tuple[tuple[str, str | None], ...] = ()
    now: datetime | None = None
    as_of: int | None = None

    def asked(self, by: str = "") -> Asked:
        """The question; its days must be known, see :meth:`on`."""
        names = dict.fromkeys([*(name for name, _ in self.only), *([by] if by else [])])
        return Asked(
            by=tuple(names),
            since=self.since,
            until=self.until,
            horizon_days=self.horizon,
            now=self.now,
            as_of=self.as_of,
        )

    def on(self, day: date, calendar: Calendar) -> "Filters":
        """The same with the days of a named period, counted from a day."""
        if self.period not in NAMES:
            return self
        since, until = bounds(self.period, day, calendar)
        return replace(self, since=since, until=until)

    def query(self, pinned: int | None = None, **others: str) -> str:
        """What stands after the question mark: a named period by its name.

        ``pinned`` is a ledger version: then the days are told, and the answer stays the same
        whatever is imported later.
        """
        days = {"from": _iso(self.since), "to": _iso(self.until)}
        named = {"period": self.period} if self.period in NAMES and pinned is None else days
        as_of = self.as_of if pinned is None else pinned
        told = {
            **named,
            "horizon": _text(self.horizon),
            "by": self.by,
            **{name: written(value) for name, value in self.only},
            "now": self.now.isoformat() if self.now else "",
            "as_of": _text(as_of),
            **others,
        }
        return urlencode({name: value for name, value in told.items() if value})


def read(given: Mapping[str, str], words: Words) -> Filters:
    """What an address asks for. UsageError for what can't be asked, with what can."""
    period = _one_of(given.get("period", ""), (*NAMES, OWN), words.say("Period"), words)
    since = _day(given.get("from", ""), words)
    until = _day(given.get("to", ""), words)
    last = _day(given.get("last", ""), words)
    until = last + timedelta(days=1) if last else until
    if "was" in given and (since or until):
        period, since, until = _of_form(given["was"], period, since, until)
    if period in NAMES:
        since = until = None
    elif since and until and since >= until:
        raise UsageError(
            words.say("The period ends before it begins."),
            remedy=words.say("Give a later last day."),
        )
    return Filters(
        period=period if period in NAMES else OWN if since or until else "",
        since=since,
        until=until,
        horizon=_horizon(given.get("horizon", ""), words),
        by=_one_of(given.get("by", ""), DIMENSIONS, words.say("Divided by"), words),
        only=tuple((name, value_of(given[name])) for name in DIMENSIONS if given.get(name)),
        now=_instant(given.get("now", ""), words),
        as_of=_version(given.get("as_of", ""), words),
    )


def _of_form(
    was: str, period: str, since: date | None, until: date | None
) -> tuple[str, date | None, date | None]:
    """What a form means that has both a period and days: what of the two was changed counts.

    ``was`` is the period that the form came with. Where that was chosen anew, days that still
    stand in the form are left over; else they were typed, and count.
    """
    if period in (was, OWN):
        return OWN, since, until
    return period, None, None


def written(value: str | None) -> str:
    """A value of a dimension as an address has it.

    >>> written("search"), written(None), written("unknown")
    ('search', 'unknown', '"unknown"')
    """
    if value is None:
        return UNKNOWN
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return f'"{value}"' if quoted or value == UNKNOWN else value


def value_of(text: str) -> str | None:
    """The value that an address has; None for the unknown ones.

    >>> value_of(written("unknown")), value_of("unknown")
    ('unknown', None)
    """
    if text == UNKNOWN:
        return None
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1] if quoted else text


def day_text(day: date | None, calendar: Calendar) -> str:
    """A Gregorian date as a form has it, in the workspace's calendar."""
    if day is None or calendar.name != "solar_hijri":
        return _iso(day)
    return str(jdatetime.date.fromgregorian(date=day).isoformat())


def _one_of(name: str, valid: tuple[str, ...], what: str, words: Words) -> str:
    if name and name not in valid:
        raise _impossible(what, name, words.listed(valid), words)
    return name


def _impossible(what: str, given: str, valid: str, words: Words) -> UsageError:
    return UsageError(
        words.say("{what}: “{given}” can't be asked.", what=what, given=given[:80]),
        remedy=words.say("What can be asked: {valid}.", valid=valid),
    )


def _horizon(text: str, words: Words) -> int | None:
    if not text:
        return None
    if text not in {str(days) for days in HORIZONS}:
        valid = words.listed(str(days) for days in HORIZONS)
        raise _impossible(words.say("Horizon"), text, valid, words)
    return int(text)


def _version(text: str, words: Words) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _impossible(words.say("Ledger version"), text, "0, 1, 2 …", words)
    return int(text)


def _day(text: str, words: Words) -> date | None:
    """A day as ``2025-10-31``, in any digits; in the Solar Hijri calendar where that is ours."""
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.translate(ANY_DIGITS).split("-"))
        if words.calendar.name == "solar_hijri" and year < SOLAR_BEFORE:
            found: date = jdatetime.date(year, month, day).togregorian()
        else:
            found = date(year, month, day)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError(found)
    except ValueError as error:
        example = day_text(date(2025, 10, 31), words.calendar)
        valid = words.say("days such as {day}", day=example)
        raise _impossible(words.say("Day"), text, valid, words) from error
    return found


def _instant(text: str, words: Words) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError(found)
    except ValueError as error:
        valid = words.say("instants such as {instant}", instant="2025-10-31T12:00:00+00:00")
        raise _impossible(words.say("Instant"), text, valid, words) from error
    return found


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
