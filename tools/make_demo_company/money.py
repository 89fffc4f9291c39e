"""What marketing spends and measures, and the rates: everything that is dated by day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.make_demo_company import trade
from tools.make_demo_company.book import Book
from tools.make_demo_company.calendar import MONTHS, days
from tools.make_demo_company.chance import Chance
from tools.make_demo_company.trade import GATES, PARTS

A_DAY: tuple[tuple[str, str, str | None, str | None, float, float], ...] = (
    ("search", "gates-search", GATES, "/gates/sliding", 9.0, 0.9),
    ("social", "dream-gate", GATES, "/gates/swing", 4.5, 0.5),
    ("search", "parts-search", PARTS, "/parts/remotes", 8.0, 0.35),
    ("social", "remote-sale", PARTS, "/parts/sale", 7.0, 0.22),
    ("search", "brand-search", None, None, 1.5, 0.25),
)
"""Channel, campaign, segment, page, euros a day, euros a click."""

RATES = "0.2010 0.2009 0.2010 0.2010 0.2009 0.2009 0.2008 0.1977 0.1982 0.1971 0.1972 0.1968"
"""Euros for one leu at the beginning of each month, from November on."""

SURVEYS = (date(2024, 11, 20), date(2025, 2, 19), date(2025, 5, 21), date(2025, 8, 20))
AWARE = {
    "customer_awareness": ("knows automatic gates", (0.61, 0.62, 0.64, 0.65)),
    "brand_awareness": ("names Company X when asked", (0.18, 0.19, 0.22, 0.23)),
}


def spending(book: Book) -> None:
    """Spend per day and campaign; the newsletter once a week, the partners once a month."""
    for day in days():
        for channel, campaign, segment, page, amount, click in A_DAY:
            chance = Chance("spend", campaign, day.isoformat())
            spent = Decimal(f"{chance.around(amount):.2f}")
            clicks = round(float(spent) / click * chance.between(0.8, 1.2))
            seen = clicks * chance.whole(18, 60)
            _spend(book, day, channel, campaign, segment, page, spent, seen, clicks)
        if day.weekday() == 1:
            _spend(book, day, "email", "newsletter", None, None, Decimal(12), 1400, 40)
        if day.day == 1:
            _spend(book, day, "partner", "installers", GATES, None, Decimal(110), None, None)
    for first, _ in trade.FAIRS:
        cost = Decimal(640)
        _spend(book, first, "fair", "home-fair", GATES, None, cost, None, None)


def promotions(book: Book) -> None:
    """Promotions with partners."""
    for partner, name, starts, ends, campaign, segment, cost in (
        ("Nord Construct", "Gate and garage days", 11, 5, "installers", GATES, 420),
        ("Hotel Cerbul", "Car park barriers", 6, 6, "installers", GATES, 260),
        ("Porți Sibiu", "Second remote at half price", 9, 9, "remote-sale", PARTS, 180),
    ):
        year = 2024 if starts > 10 else 2025
        book.add(
            "promotion",
            partner=partner,
            name=name,
            starts_on=date(year, starts, 3),
            ends_on=date(2025, ends, 28),
            campaign=campaign,
            segment=segment,
            cost=cost,
            currency="EUR",
        )


def surveys(book: Book) -> None:
    """What the market knows, asked every quarter."""
    for place, day in enumerate(SURVEYS):
        for stage, (measure, shares) in AWARE.items():
            book.add(
                "indicator",
                day,
                day=day,
                stage=stage,
                measure=measure,
                value=shares[place],
                respondents=400 + 7 * place,
            )


def rates(book: Book) -> None:
    """A rate for the leu at the beginning of each month."""
    for month, rate in zip(MONTHS, RATES.split(), strict=True):
        book.add("rate", month, day=month, currency="RON", base="EUR", rate=Decimal(rate))


def products(book: Book) -> None:
    """The price list."""
    for sku, (name, segment, price, cost) in trade.PRODUCTS.items():
        book.add(
            "product",
            sku=sku,
            name=name,
            segment=segment,
            list_price=price,
            unit_cost=Decimal(cost),
        )


def _spend(
    book: Book,
    day: date,
    channel: str,
    campaign: str,
    segment: str | None,
    page: str | None,
    amount: Decimal,
    impressions: int | None,
    clicks: int | None,
) -> None:
    book.add(
        "spend",
        day,
        day=day,
        channel=channel,
        campaign=campaign,
        segment=segment,
        page=page,
        amount=amount,
        currency="EUR",
        impressions=impressions,
        clicks=clicks,
    )
