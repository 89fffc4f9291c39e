"""The rows behind a bridge: of the month or of the one before, each shown as what it is."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.measures.bridge.query import AFTER, BEFORE, periods
from onefunnel.vocabulary import Calendar, Department, Question
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel.asking import Filters, value_of
from onefunnel.workflows.computed import Rows

SIDE = "side"
"""In an address: ``after`` for the period that is asked, ``before`` for the one before it."""
MEANING = "bridge"
HEADS = {"leads": N_("Segment"), "customers": N_("Amount"), "contributed": N_("Amount")}
"""The head of the last column, where it is no outcome."""


def side(named: Mapping[str, str], words: Words) -> dict[str, str]:
    """Which of the two periods, as the measure wants it. UsageError for another word."""
    given = named.get(SIDE, AFTER)
    if given not in (BEFORE, AFTER):
        raise UsageError(
            words.say("{what}: “{given}” can't be asked.", what=SIDE, given=given[:80]),
            remedy=words.say("What can be asked: {valid}.", valid=words.listed((BEFORE, AFTER))),
        )
    return {"period": given}


def narrowed_to(given: Mapping[str, str], words: Words) -> list[Markup]:
    """The function that the amounts are of."""
    if not given.get("department"):
        return []
    value = value_of(given["department"])
    return [words.say("unknown") if value is None else _department(value, words)]


def _department(value: str, words: Words) -> Markup:
    known = value in set(Department)
    return words.department(Department(value)) if known else Markup("<bdi>{}</bdi>").format(value)


def period(rows: Rows, filters: Filters, calendar: Calendar, words: Words) -> Markup:
    """The days that the rows are of."""
    before = rows.measure == "bridge" and dict(rows.where).get("period") == BEFORE
    if not before or filters.since is None or filters.until is None:
        return words.days(filters.since, filters.until)
    start, end = (calendar.start_of_day(each) for each in (filters.since, filters.until))
    earlier = periods(Question(now=end, start=start, end=end, calendar=calendar))[BEFORE]
    return words.days(*(calendar.local_day(each) for each in (earlier.start, earlier.end)))


def parts(figure: str, row: Mapping[str, Any], address: str, words: Words) -> tuple[Any, ...]:
    """A lead, a customer or an amount as the parts of a line."""
    if figure == "contributed":
        return _contributed(row, words)
    name = row["name"] or row["party_id"] or ""
    at = row["at"]
    when = (words.day(words.calendar.local_day(at)), words.figures.time(at))
    if figure == "leads":
        code = Markup('<code dir="ltr">{}</code>').format(row["lead_id"])
        segment = row["segment"]
        shown = words.say("unknown") if segment is None else _held(segment)
        return (name, address, code, *when, shown, "")
    earned = words.say("contribution {amount}", amount=_money(row["contribution"], words))
    return (name, address, "", *when, _money(row["revenue"], words), earned)


def _contributed(row: Mapping[str, Any], words: Words) -> tuple[Any, ...]:
    department = row["department"]
    name = words.say("unknown") if department is None else _department(department, words)
    under = Markup(" · ").join(_held(row[each]) for each in ("kind", "evidence") if row[each])
    return (name, "", under, words.day(row["day"]), "", _money(row["amount"], words), "")


def _held(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def _money(amount: Decimal | None, words: Words) -> Markup | str:
    return words.say("unknown") if amount is None else words.figures.money(amount)
