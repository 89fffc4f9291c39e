"""What the page of months shows: open months, closed ones, and what each keeps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from onefunnel.vocabulary import Calendar, Month
from onefunnel.web.locale import Words
from onefunnel.workflows.closed import Closed


@dataclass(frozen=True, slots=True)
class OpenView:
    """A month that is over and open; ``with_it`` are earlier open ones, closed along with it.

    ``with_it`` is empty where there are none; ``bridged`` says that the month has a bridge.
    """

    label: str
    name: Markup
    with_it: Markup
    bridged: bool


@dataclass(frozen=True, slots=True)
class ClosedView:
    """A closed month: when, by whom, with which ledger version, since when its terms stood.

    ``terms`` is ``before`` (they stood before its first day), ``late`` or ``none``.
    """

    label: str
    name: Markup
    at: Markup
    by: str
    version: int
    shown: str
    terms: str
    since: Markup
    measures: tuple[str, ...]


def still_open(
    first: datetime, last: datetime, now: datetime, closed: Sequence[Closed], calendar: Calendar
) -> tuple[Month, ...]:
    """The months of records from ``first`` to ``last`` that are over and not closed, in order.

    A month before a closed one is closed with it.
    """
    shut = closed[0].month if closed else ""
    months = calendar.months(first, last)
    return tuple(each for each in months if each.end <= now and each.label > shut)


def open_views(
    months: Sequence[Month], bridged: Collection[str], words: Words
) -> tuple[OpenView, ...]:
    """The open months, the latest first; ``bridged`` are the labels of those with a bridge."""
    views = [
        OpenView(
            each.label,
            month_name(each, words),
            _together(months[:at], words),
            each.label in bridged,
        )
        for at, each in enumerate(months)
    ]
    return tuple(reversed(views))


def _together(months: Sequence[Month], words: Words) -> Markup:
    names = [month_name(each, words) for each in months]
    if len(names) < 2:
        return names[0] if names else Markup("")
    return words.say("{first} to {last}", first=names[0], last=names[-1])


def month_name(month: Month, words: Words) -> Markup:
    """A month in words."""
    local = words.calendar.local_day
    return words.days(local(month.start), local(month.end))


def closed_view(closed: Closed, words: Words) -> ClosedView:
    """A closed month."""
    since, terms = Markup(""), "none"
    if closed.terms_since is not None:
        begun = words.calendar.start_of_day(closed.first_day)
        terms = "before" if closed.terms_since <= begun else "late"
        since = Markup(words.day(words.calendar.local_day(closed.terms_since)))
    return ClosedView(
        closed.month,
        words.days(closed.first_day, closed.after_day),
        words.instant(closed.closed_at),
        closed.closed_by,
        closed.version,
        words.figures.count(closed.version),
        terms,
        since,
        closed.measures,
    )
