"""Who comes: visitors of whom nothing becomes, and the way of each lead to the company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tools.make_demo_company import trade
from tools.make_demo_company.book import Book
from tools.make_demo_company.calendar import (
    END,
    MONTHS,
    START,
    days_of,
    later,
    local,
    visiting,
)
from tools.make_demo_company.chance import Chance
from tools.make_demo_company.trade import GATES, PARTS, Origin

A_MONTH = {GATES: 44, PARTS: 176}
SEASON = {
    GATES: (0.85, 0.7, 0.7, 0.85, 1.15, 1.2, 1.2, 1.05, 0.95, 0.9, 1.1, 1.2),
    PARTS: (0.85, 0.9, 0.9, 0.95, 0.95, 1.0, 1.0, 1.0, 1.05, 1.05, 1.1, 1.2),
}
"""For each month from November to October: parts grow, since each lead of theirs is cheap."""
VISITORS_A_MONTH = 255
AT_A_FAIR = 26

INTENTS = {
    GATES: {"quote": 0.35, "price": 0.3, "callback": 0.2, "meeting": 0.1, "date": 0.05},
    PARTS: {"price": 0.6, "date": 0.2, "callback": 0.12, "quote": 0.08},
}


@dataclass(frozen=True)
class Arrival:
    """A lead before anybody knows who it is: when, for what, and where from."""

    at: datetime
    segment: str
    origin: Origin
    page: str | None


def arrivals() -> list[Arrival]:
    """The leads of the year, in order of time."""
    found = [
        _arrival(segment, month, Chance("arrival", segment, place, number))
        for segment in (GATES, PARTS)
        for place, month in enumerate(MONTHS)
        for number in range(round(A_MONTH[segment] * SEASON[segment][place]))
    ]
    for first, days in trade.FAIRS:
        found += [_at_fair(first, days, number) for number in range(AT_A_FAIR)]
    within = [each for each in found if START <= each.at <= END]
    return sorted(within, key=lambda each: (each.at, each.segment))


def visitors(book: Book) -> None:
    """People who look and leave: known by a cookie only."""
    for place, month in enumerate(MONTHS):
        for number in range(VISITORS_A_MONTH):
            _visitor(book, month, Chance("visitor", place, number))


def before(book: Book, arrival: Arrival, party: str, cookie: str | None, chance: Chance) -> None:
    """What a lead looked at before it said who it is; as a cookie, where there was one."""
    if arrival.origin is trade.FAIR:
        return
    at, who = arrival.at, cookie or party
    visits = chance.weighted({0: 0.08, 1: 0.3, 2: 0.62})
    for number in range(visits):
        at = later(at, -0.02 - chance.waiting(4))
        first = number == visits - 1
        origin = arrival.origin if first else _again(arrival.origin, chance)
        touch(book, who, at, origin, "visit", arrival.page)
    if arrival.origin.medium in ("cpc", "paid") and visits and chance.happens(0.25):
        touch(book, who, at - timedelta(seconds=4), arrival.origin, "click", arrival.page)


def asks(book: Book, arrival: Arrival, party: str, chance: Chance) -> None:
    """The form, call or talk that makes the lead, and what the buyer does after it."""
    kind = chance.weighted({"form": 0.82, "call": 0.13, "chat": 0.05})
    if arrival.origin is trade.FAIR:
        kind = "event"
    wants = chance.happens(0.16) or kind == "call"
    intent = chance.weighted(INTENTS[arrival.segment]) if wants else None
    touch(book, party, arrival.at, arrival.origin, kind, arrival.page, intent)
    at = arrival.at
    if wants or not chance.happens(0.68):
        return
    for _ in range(chance.whole(1, 3)):
        at = later(at, 0.05 + chance.waiting(1.4))
        touch(book, party, at, _again(arrival.origin, chance), "visit", arrival.page)
    if chance.happens(0.72):
        at = later(at, 0.01 + chance.waiting(1.2))
        intent = chance.weighted(INTENTS[arrival.segment])
        touch(book, party, at, trade.DIRECT, "form", arrival.page, intent)


def touch(
    book: Book,
    party: str,
    at: datetime,
    origin: Origin,
    kind: str,
    page: str | None = None,
    intent: str | None = None,
    department: str = "marketing",
) -> None:
    """Write down one contact."""
    book.add(
        "touch",
        at,
        party_id=party,
        occurred_at=at,
        department=department,
        channel=origin.channel,
        kind=kind,
        intent=intent,
        source=origin.source,
        medium=origin.medium,
        campaign=origin.campaign,
        page=page,
    )


def _arrival(segment: str, month: date, chance: Chance) -> Arrival:
    day = month + timedelta(days=chance.whole(0, days_of(month) - 1))
    origin = _origin(segment, chance)
    page = chance.weighted(trade.PAGES[segment])
    return Arrival(visiting(day, chance), segment, origin, page)


def _at_fair(first: date, days: int, number: int) -> Arrival:
    chance = Chance("fair", first.isoformat(), number)
    at = local(first + timedelta(days=chance.whole(0, days - 1)), chance.between(10, 18))
    return Arrival(at, GATES, trade.FAIR, None)


def _visitor(book: Book, month: date, chance: Chance) -> None:
    segment = PARTS if chance.happens(0.7) else GATES
    origin, page = _origin(segment, chance), chance.weighted(trade.PAGES[segment])
    at = visiting(month + timedelta(days=chance.whole(0, days_of(month) - 1)), chance)
    who = book.new("v")
    touch(book, who, at, origin, "visit", page)
    if chance.happens(0.3):
        back = later(at, 0.1 + chance.waiting(9))
        touch(book, who, back, _again(origin, chance), "visit", page)


def _origin(segment: str, chance: Chance) -> Origin:
    channel = chance.weighted(trade.CHANNELS[segment])
    if channel is None:
        return Origin()
    if channel == "direct":
        return trade.DIRECT
    if channel == "search" and chance.happens(0.35):
        return trade.ORGANIC if chance.happens(0.7) else trade.BRAND
    return trade.PAID[segment, channel]


def _again(origin: Origin, chance: Chance) -> Origin:
    """Who comes again types the name, or looks for it, more often than not."""
    ways: dict[Origin, float] = {trade.DIRECT: 0.45, trade.BRAND: 0.15}
    ways[origin] = ways.get(origin, 0) + 0.4
    return chance.weighted(ways)
