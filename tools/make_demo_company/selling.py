"""A deal from its opening to won, lost, or still open at the end of the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tools.make_demo_company import orders, trade
from tools.make_demo_company.book import Book
from tools.make_demo_company.calendar import END, ZONE, at_work, later
from tools.make_demo_company.chance import Chance
from tools.make_demo_company.orders import Line
from tools.make_demo_company.people import Lead
from tools.make_demo_company.trade import GATES, PARTS

WINS = {GATES: 0.4, PARTS: 0.63}
DISCOUNTS = {"0": 0.45, "0.02": 0.2, "0.03": 0.15, "0.05": 0.13, "0.08": 0.07}
DAYS_TO_WIN = {GATES: (5, 24), PARTS: (0.3, 4.5)}
DAYS_TO_LOSE = {GATES: (9, 34), PARTS: (2, 9)}
"""At least, and on average beyond it."""

REASONS: dict[str, dict[tuple[str, str], float]] = {
    GATES: {
        ("price", "customer"): 0.26,
        ("chose a competitor", "customer"): 0.2,
        ("not now", "customer"): 0.18,
        ("no decision", "salesperson"): 0.14,
        ("delivery too late", "customer"): 0.08,
        ("no budget", "salesperson"): 0.08,
        ("no reply for 60 days", "system"): 0.06,
    },
    PARTS: {
        ("bought elsewhere", "customer"): 0.36,
        ("no reply to the offer", "salesperson"): 0.26,
        ("price", "customer"): 0.2,
        ("part does not fit", "customer"): 0.1,
        ("not in stock", "system"): 0.08,
    },
}
PROMISES = ("installed within two weeks", "free first service", "old gate taken away")


@dataclass(frozen=True)
class Outcome:
    """How a deal ended, if it did."""

    at: datetime
    won: bool = False
    not_yet: bool = False


@dataclass(frozen=True)
class Deal:
    """A deal that is being written down."""

    book: Book
    deal_id: str
    party_id: str
    segment: str
    seller: str
    lines: list[Line]
    chance: Chance

    def event(
        self,
        at: datetime,
        stage: str,
        probability: float,
        status: str = "open",
        reason: tuple[str | None, str | None] = (None, None),
    ) -> None:
        """Write down a change of the deal."""
        close = at.astimezone(ZONE).date() + timedelta(days=30 if self.segment == GATES else 7)
        self.book.add(
            "deal_event",
            at,
            deal_id=self.deal_id,
            occurred_at=at,
            stage=stage,
            status=status,
            amount=orders.amount(self.lines),
            currency=self.lines[0].currency,
            probability=probability,
            expected_close=close if status == "open" else None,
            lost_reason=reason[0],
            lost_reason_source=reason[1],
        )


def sell(book: Book, lead: Lead, seller: str, at: datetime, chance: Chance) -> Outcome:
    """Open a deal for a lead and see how it ends."""
    likely = WINS[lead.segment] * trade.WINS_BY_CHANNEL.get(lead.origin.channel or "", 1.0)
    return negotiate(book, lead, seller, at, min(likely, 0.9), chance)


def sell_to_firm(book: Book, party: str, seller: str, at: datetime, chance: Chance) -> Outcome:
    """A deal with an installer whom sales knows, without any lead."""
    lead = Lead(0, "", party, GATES, trade.DIRECT, at)
    return negotiate(book, lead, seller, at, 0.5, chance)


def negotiate(
    book: Book, lead: Lead, seller: str, at: datetime, likely: float, chance: Chance
) -> Outcome:
    """Open, quote, and close, as far as the year goes."""
    if at > END:
        return Outcome(at)
    discount = Decimal(chance.weighted(DISCOUNTS)) if lead.segment == GATES else Decimal(0)
    lines = orders.basket(lead.segment, chance, discount)
    deal = Deal(book, book.new("d"), lead.party_id, lead.segment, seller, lines, chance)
    book.add(
        "deal",
        deal_id=deal.deal_id,
        party_id=lead.party_id,
        lead_id=lead.lead_id or None,
        owner=seller,
        segment=lead.segment,
    )
    deal.event(at, "qualified", 0.2)
    won = chance.happens(likely)
    least, beyond = (DAYS_TO_WIN if won else DAYS_TO_LOSE)[lead.segment]
    closed = at_work(later(at, least + chance.waiting(beyond)), chance)
    _quote(deal, lead, at, closed, won)
    if won:
        return _win(deal, closed)
    reason = chance.weighted(REASONS[lead.segment])
    deal.event(closed, "closed", 0, "lost", reason)
    return Outcome(closed, not_yet=reason[0] == "not now" and closed <= END)


def works(book: Book, lead: Lead, seller: str, at: datetime, task: str, minutes: int) -> None:
    """Write down a piece of a salesperson's work on a lead, beyond the calls of the hand-off."""
    book.add(
        "activity",
        at,
        occurred_at=at,
        actor=trade.present(seller, at),
        department="sales",
        task=task,
        subject_kind="lead" if lead.lead_id else "party",
        subject_id=lead.lead_id or lead.party_id,
        minutes=minutes,
    )


def _quote(deal: Deal, lead: Lead, opened: datetime, closed: datetime, won: bool) -> None:
    """Offer prices, with the work it takes: hours for a gate, minutes for parts."""
    chance, gates = deal.chance, deal.segment == GATES
    share = chance.between(0.1, 0.4)
    at = at_work(opened + (closed - opened) * share, chance)
    if at >= closed:
        at = opened + (closed - opened) / 2
    if gates:
        there = later(opened, 0.05)
        works(deal.book, lead, deal.seller, there, "site visit", chance.whole(80, 160))
    minutes = chance.whole(50, 100) if gates else chance.whole(8, 18)
    works(deal.book, lead, deal.seller, at, "offer", minutes)
    outcome = None if closed > END else ("accepted" if won else "declined")
    for line in deal.lines:
        _offer(deal, at, line, outcome)
    deal.event(at, "quoted", 0.4)
    if gates and chance.happens(0.7):
        middle = at + (closed - at) / 2
        works(deal.book, lead, deal.seller, middle, "negotiation", chance.whole(50, 110))
        deal.event(middle, "negotiation", 0.6)


def _offer(deal: Deal, at: datetime, line: Line, outcome: str | None) -> None:
    deal.book.add(
        "quote",
        at,
        deal_id=deal.deal_id,
        party_id=deal.party_id,
        quoted_at=at,
        sku=line.sku,
        quantity=line.quantity,
        list_price=line.list_price,
        offered_price=line.net_price,
        unit_cost=line.unit_cost,
        currency=line.currency,
        outcome=outcome,
    )


def _win(deal: Deal, at: datetime) -> Outcome:
    if at > END:
        return Outcome(at)
    deal.event(at, "closed", 1, "won")
    seller = trade.present(deal.seller, at)
    orders.place(deal.book, deal.party_id, at, deal.lines, deal.deal_id, seller)
    if deal.segment == GATES and deal.chance.happens(0.3):
        _promise(deal, at)
    return Outcome(at, won=True)


def _promise(deal: Deal, at: datetime) -> None:
    chance = deal.chance
    due = later(at, chance.between(10, 21))
    kept = later(due, chance.between(-4, 6)) if chance.happens(0.75) else None
    deal.book.add(
        "commitment",
        at,
        deal_id=deal.deal_id,
        made_at=at,
        promise=chance.one_of(PROMISES),
        due_at=due,
        kept_at=kept if kept and kept <= END else None,
        off_message=chance.happens(0.4),
    )
