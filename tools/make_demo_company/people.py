"""Who the leads are: their records, firms, cookies, and those who come a second time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tools.make_demo_company import names, visits
from tools.make_demo_company.book import Book
from tools.make_demo_company.calendar import START, later
from tools.make_demo_company.chance import Chance
from tools.make_demo_company.names import Person
from tools.make_demo_company.trade import GATES, Origin
from tools.make_demo_company.visits import Arrival


@dataclass(frozen=True)
class Lead:
    """A lead, and whose it is."""

    number: int
    lead_id: str
    party_id: str
    segment: str
    origin: Origin
    at: datetime


def firms(book: Book) -> list[tuple[str, str]]:
    """The firms that buy gates to put them up elsewhere: party and domain of each."""
    found = []
    for number, (name, domain) in enumerate(names.firms(), start=1):
        party = f"o{number}"
        book.add(
            "party",
            party_id=party,
            kind="organisation",
            name=name,
            phone=names.phone(9000 + number),
            domain=domain,
            country="RO",
            segment=GATES,
            created_at=later(START, number),
        )
        book.add("alias", START, **_alias(party, "external", f"INST-{100 + number}", START))
        found.append((party, domain))
    return found


def leads(book: Book) -> list[Lead]:
    """Everybody who becomes a lead, with all that came before it."""
    houses, known = firms(book), list[tuple[str, Person]]()
    return [
        _lead(book, number, arrival, houses, known)
        for number, arrival in enumerate(visits.arrivals(), start=1)
    ]


def _lead(
    book: Book,
    number: int,
    arrival: Arrival,
    houses: list[tuple[str, str]],
    known: list[tuple[str, Person]],
) -> Lead:
    chance = Chance("lead", number)
    party = _party(book, number, arrival, houses, known, chance)
    cookie = f"w{number}" if chance.happens(0.5) else None
    visits.before(book, arrival, party, cookie, chance)
    if cookie:
        book.add("alias", arrival.at, **_alias(party, "anonymous", cookie, arrival.at))
    lead = Lead(number, f"l{number}", party, arrival.segment, arrival.origin, arrival.at)
    book.add(
        "lead",
        arrival.at,
        lead_id=lead.lead_id,
        party_id=party,
        created_at=arrival.at,
        channel=arrival.origin.channel,
        source=arrival.origin.source,
        medium=arrival.origin.medium,
        campaign=arrival.origin.campaign,
        page=arrival.page,
        segment=arrival.segment,
    )
    visits.asks(book, arrival, party, chance)
    return lead


def _party(
    book: Book,
    number: int,
    arrival: Arrival,
    houses: list[tuple[str, str]],
    known: list[tuple[str, Person]],
    chance: Chance,
) -> str:
    """Somebody new, or somebody who comes again: under the old record, or a second one."""
    again = chance.one_of(known) if number > 300 and chance.happens(0.04) else None
    if again and chance.happens(0.5):
        return again[0]
    party = f"p{number}"
    house = chance.one_of(houses) if arrival.segment == GATES and chance.happens(0.08) else None
    who = again[1] if again else names.person(number, chance, house[1] if house else None)
    book.add(
        "party",
        party_id=party,
        kind="person",
        organisation_id=house[0] if house and not again else None,
        name=who.name,
        email=who.email.upper() if again else who.email,
        phone=who.phone if chance.happens(0.8) else None,
        country=who.country,
        segment=arrival.segment,
        created_at=arrival.at,
    )
    if not again:
        known.append((party, who))
    return party


def _alias(party: str, kind: str, value: str, at: datetime) -> dict[str, str | datetime]:
    return {"party_id": party, "kind": kind, "value": value, "occurred_at": at}
