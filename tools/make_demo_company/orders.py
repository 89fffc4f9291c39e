"""What customers buy, send back, buy again, and say of the company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tools.make_demo_company import trade
from tools.make_demo_company.book import Book
from tools.make_demo_company.calendar import END, later
from tools.make_demo_company.chance import Chance
from tools.make_demo_company.trade import GATES, PARTS

LEI = Decimal(5)
"""Prices in lei are those in euros times five."""

REVIEWS = {5: 0.48, 4: 0.26, 3: 0.14, 2: 0.07, 1: 0.05}
RECOMMENDATIONS = {10: 0.3, 9: 0.22, 8: 0.2, 7: 0.13, 5: 0.1, 2: 0.05}


@dataclass(frozen=True)
class Line:
    """So many of a product, at a price; the cost is None where nobody wrote it down."""

    sku: str
    quantity: int
    list_price: Decimal
    net_price: Decimal
    unit_cost: Decimal | None
    currency: str


@dataclass(frozen=True)
class Customer:
    """Who bought for the first time, when, and what."""

    number: int
    party_id: str
    at: datetime
    segment: str


def basket(segment: str, chance: Chance, discount: Decimal = Decimal(0)) -> list[Line]:
    """What somebody wants to buy."""
    currency = "RON" if chance.happens(0.05) else "EUR"
    if segment == GATES:
        wanted = {chance.weighted(trade.SOLD[GATES]): 1}
        if chance.happens(0.15):
            wanted["P-REMOTE-2"] = 1
    else:
        first = chance.weighted(trade.SOLD[PARTS])
        wanted = {first: 2 if trade.list_price(first) < 30 else 1}
        if chance.happens(0.3):
            wanted.setdefault(chance.weighted({"P-RACK": 0.5, "P-WHEEL": 0.5}), 1)
    return [_line(sku, quantity, currency, discount, chance) for sku, quantity in wanted.items()]


def amount(lines: list[Line]) -> Decimal:
    """What a basket comes to, in the currency of its lines."""
    return sum((line.quantity * line.net_price for line in lines), Decimal())


def place(
    book: Book,
    party: str,
    at: datetime,
    lines: list[Line],
    deal_id: str | None = None,
    seller: str | None = None,
) -> str:
    """Write down an order; its number."""
    order = book.new("A")
    for line in lines:
        _write(book, order, party, at, line, deal_id, seller, line.quantity)
    return order


def afterwards(book: Book, customer: Customer) -> None:
    """What a customer does later: buys again, sends something back, speaks."""
    chance = Chance("customer", customer.number)
    latest = _buys_again(book, customer, chance)
    _speaks(book, customer, latest, chance)


def _buys_again(book: Book, customer: Customer, chance: Chance) -> datetime:
    """Order again, and again; the instant of the last order."""
    at, likely = customer.at, 0.34 if customer.segment == PARTS else 0.26
    while chance.happens(likely):
        following = later(at, 12 + chance.waiting(55))
        if following > END:
            break
        at, lines = following, basket(PARTS, chance)
        order = place(book, customer.party_id, at, lines)
        if chance.happens(0.04):
            back, line = later(at, chance.between(3, 14)), lines[0]
            _write(book, order, customer.party_id, back, line, None, None, -line.quantity)
        likely = 0.42
    return at


def _speaks(book: Book, customer: Customer, latest: datetime, chance: Chance) -> None:
    """Review and recommend: those who came back do it far more often."""
    faithful = latest > customer.at
    said = {
        "review": (0.36 if faithful else 0.07, REVIEWS),
        "recommendation": (0.3 if faithful else 0.05, RECOMMENDATIONS),
    }
    for kind, (likely, scores) in said.items():
        if chance.happens(likely):
            at = later(latest, 4 + chance.waiting(20))
            speak(book, customer.party_id, at, kind, chance.weighted(scores))


def speak(
    book: Book, party: str, at: datetime, kind: str, score: int | None, referred: str | None = None
) -> None:
    """Write down what somebody said, or whom they brought."""
    book.add(
        "advocacy",
        at,
        party_id=party,
        occurred_at=at,
        kind=kind,
        score=score,
        referred_party_id=referred,
    )


def _line(sku: str, quantity: int, currency: str, discount: Decimal, chance: Chance) -> Line:
    rate = LEI if currency == "RON" else Decimal(1)
    price = trade.list_price(sku) * rate
    off = discount if sku.startswith("G-") else Decimal(0)
    cost = None if chance.happens(0.02) else trade.unit_cost(sku) * rate
    return Line(sku, quantity, price, round(price * (1 - off), 2), cost, currency)


def _write(
    book: Book,
    order: str,
    party: str,
    at: datetime,
    line: Line,
    deal_id: str | None,
    seller: str | None,
    quantity: int,
) -> None:
    book.add(
        "order_line",
        at,
        order_id=order,
        party_id=party,
        deal_id=deal_id,
        ordered_at=at,
        sku=line.sku,
        quantity=quantity,
        list_price=line.list_price,
        net_price=line.net_price,
        unit_cost=line.unit_cost,
        currency=line.currency,
        seller=seller,
    )
