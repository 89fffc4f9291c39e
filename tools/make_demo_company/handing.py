"""What becomes of each lead between the departments: who works it, and who leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tools.make_demo_company import orders, trade, visits
from tools.make_demo_company.book import Book
from tools.make_demo_company.calendar import END, ZONE, at_work, later
from tools.make_demo_company.chance import Chance
from tools.make_demo_company.orders import Customer
from tools.make_demo_company.people import Lead
from tools.make_demo_company.selling import sell, works
from tools.make_demo_company.trade import GATES, PARTS, Origin

FATES = {
    GATES: {"worked": 0.9, "rejected": 0.05, "left": 0.05},
    PARTS: {"worked": 0.14, "rejected": 0.09, "left": 0.77},
}
"""The quarrel: commission is 3 % of the contract, so an hour spent on parts pays a third."""

WAIT_DAYS = {GATES: 0.2, PARTS: 1.6}
BUYS_UNASKED = {GATES: 0.0, PARTS: 0.045}
"""Who was left alone and bought in the web shop all the same."""

REACHED = {GATES: 0.83, PARTS: 0.87}
FITS = {GATES: 0.72, PARTS: 0.82}

REJECTED = {
    GATES: {"outside our region": 0.5, "no budget": 0.3, "duplicate": 0.2},
    PARTS: {"order too small": 0.62, "no telephone": 0.2, "wants a price only": 0.18},
}
UNFIT = {
    ("bought elsewhere", "customer"): 0.28,
    ("only comparing", "customer"): 0.26,
    ("no budget", "salesperson"): 0.24,
    ("outside our region", "salesperson"): 0.14,
    ("duplicate", "system"): 0.08,
}
SALES_CALL = Origin("sales")


@dataclass(frozen=True)
class Desk:
    """A lead on a salesperson's desk."""

    book: Book
    lead: Lead
    chance: Chance

    @property
    def seller(self) -> str:
        return trade.seller_of(self.lead.number, self.lead.at.astimezone(ZONE).date())

    def log(
        self,
        kind: str,
        at: datetime,
        actor: str | None,
        department: str = "sales",
        reason: tuple[str | None, str | None] = (None, None),
        minutes: int | None = None,
    ) -> None:
        """Write down a step of the hand-off."""
        self.book.add(
            "handoff",
            at,
            lead_id=self.lead.lead_id,
            occurred_at=at,
            kind=kind,
            actor=actor and trade.present(actor, at),
            department=department,
            reason=reason[0],
            reason_source=reason[1],
            minutes=minutes,
        )


def hand_over(book: Book, lead: Lead) -> Customer | None:
    """Offer a lead to sales and see what comes of it: a customer, or nobody."""
    desk = Desk(book, lead, Chance("desk", lead.number))
    chance = desk.chance
    offered = later(lead.at, chance.between(0.001, 0.01))
    desk.log("offered", offered, chance.one_of(trade.MARKETERS), "marketing")
    fate = chance.weighted(FATES[lead.segment])
    if fate != "left" or chance.happens(0.6):
        desk.log("assigned", later(offered, chance.between(0.001, 0.02)), desk.seller)
    taken = at_work(later(offered, 0.02 + chance.waiting(WAIT_DAYS[lead.segment])), chance)
    if fate == "worked":
        return _work(desk, taken)
    if fate == "rejected":
        return _reject(desk, taken)
    return _leave(desk, offered)


def _work(desk: Desk, at: datetime) -> Customer | None:
    """Call until somebody answers; then see whether they fit, and sell."""
    chance, segment = desk.chance, desk.lead.segment
    desk.log("accepted", at, desk.seller)
    reached = chance.happens(REACHED[segment])
    for _ in range(chance.weighted({1: 0.5, 2: 0.3, 3: 0.2}) if reached else chance.whole(2, 4)):
        at = at_work(later(at, chance.waiting(0.25)), chance)
        desk.log("attempted", at, desk.seller, minutes=chance.whole(2, 6))
    if not reached:
        gone = at_work(later(at, 3 + chance.waiting(5)), chance)
        desk.log("disqualified", gone, desk.seller, reason=("not reached", "salesperson"))
        return None
    talk = chance.whole(10, 26) if segment == GATES else chance.whole(5, 9)
    at = later(at, talk / 1440)
    desk.log("connected", at, desk.seller, minutes=talk)
    visits.touch(desk.book, desk.lead.party_id, at, SALES_CALL, "call", department="sales")
    if not chance.happens(FITS[segment]):
        desk.log("disqualified", later(at, 0.01), desk.seller, reason=chance.weighted(UNFIT))
        return None
    at = at_work(later(at, 0.02 + chance.waiting(0.4 if segment == GATES else 0.1)), chance)
    desk.log("qualified", at, desk.seller)
    return _sell(desk, at, 1)


def _sell(desk: Desk, at: datetime, turn: int) -> Customer | None:
    """Open a deal; who is not ready yet goes back to marketing, and some return."""
    lead, chance = desk.lead, desk.chance
    outcome = sell(desk.book, lead, desk.seller, at, chance)
    if outcome.won:
        return Customer(lead.number, lead.party_id, outcome.at, lead.segment)
    if outcome.not_yet and turn == 1:
        back = later(outcome.at, 0.5 + chance.waiting(2))
        desk.log("recycled", back, trade.MARKETERS[0], "marketing", ("not yet", "customer"))
        if chance.happens(0.35):
            return _return(desk, later(back, chance.between(45, 110)), turn + 1)
    return None


def _reject(desk: Desk, at: datetime) -> Customer | None:
    """A salesperson sends the lead back; marketing keeps it warm, and a few return."""
    chance = desk.chance
    reason = (chance.weighted(REJECTED[desk.lead.segment]), "salesperson")
    desk.log("rejected", at, desk.seller, reason=reason, minutes=1)
    back = at_work(later(at, 0.5 + chance.waiting(1.5)), chance)
    desk.log("recycled", back, trade.MARKETERS[0], "marketing")
    if chance.happens(0.1):
        return _return(desk, later(back, chance.between(25, 80)), 2)
    return None


def _return(desk: Desk, at: datetime, turn: int) -> Customer | None:
    at = at_work(at, desk.chance)
    if at > END:
        return None
    desk.log("returned", at, trade.MARKETERS[0], "marketing")
    at = at_work(later(at, 0.05 + desk.chance.waiting(0.5)), desk.chance)
    desk.log("accepted", at, desk.seller)
    works(desk.book, desk.lead, desk.seller, at, "call", desk.chance.whole(8, 20))
    return _sell(desk, at, turn)


def _leave(desk: Desk, offered: datetime) -> Customer | None:
    """Nobody calls. A few buy in the web shop; the system closes some of the others."""
    lead, chance = desk.lead, desk.chance
    if chance.happens(BUYS_UNASKED[lead.segment]):
        at = later(offered, 0.5 + chance.waiting(9))
        if at > END:
            return None
        orders.place(desk.book, lead.party_id, at, orders.basket(lead.segment, chance))
        return Customer(lead.number, lead.party_id, at, lead.segment)
    if chance.happens(0.4):
        reason = ("never contacted", "system")
        desk.log("disqualified", later(offered, 30), None, reason=reason)
    return None
