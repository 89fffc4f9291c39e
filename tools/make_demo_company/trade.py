"""What Company X sells, through which campaigns, and who works there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

GATES, PARTS = "gates", "parts"

PRODUCTS: dict[str, tuple[str, str, int, str]] = {
    "G-SLIDE-4": ("Sliding gate, 4 m", GATES, 2150, "1782"),
    "G-SLIDE-6": ("Sliding gate, 6 m", GATES, 2640, "2190"),
    "G-SWING-3": ("Swing gate, 3 m", GATES, 1690, "1402"),
    "G-BARRIER": ("Car park barrier", GATES, 2290, "1898"),
    "P-REMOTE-2": ("Remote control, 2 buttons", PARTS, 39, "15.50"),
    "P-REMOTE-4": ("Remote control, 4 buttons", PARTS, 48, "19"),
    "P-CELL": ("Pair of photocells", PARTS, 56, "22.50"),
    "P-BOARD": ("Control board", PARTS, 98, "41"),
    "P-RACK": ("Gear rack, 1 m", PARTS, 22, "8.50"),
    "P-WHEEL": ("Gate wheel", PARTS, 27, "10.50"),
}
"""Name, segment, list price and unit cost in euros: gates bring 15 %, parts 60 %."""

SOLD = {
    GATES: {"G-SLIDE-4": 0.42, "G-SWING-3": 0.30, "G-SLIDE-6": 0.18, "G-BARRIER": 0.10},
    PARTS: {
        "P-REMOTE-2": 0.30,
        "P-REMOTE-4": 0.24,
        "P-CELL": 0.18,
        "P-BOARD": 0.12,
        "P-RACK": 0.08,
        "P-WHEEL": 0.08,
    },
}

CHANNELS = {
    GATES: {
        "search": 0.42,
        "partner": 0.24,
        "direct": 0.13,
        "social": 0.11,
        "email": 0.07,
        None: 0.03,
    },
    PARTS: {
        "search": 0.44,
        "social": 0.35,
        "direct": 0.09,
        "email": 0.06,
        "partner": 0.03,
        None: 0.03,
    },
}
"""Where leads come from besides the fairs; None is unknown."""

WINS_BY_CHANNEL = {"partner": 1.25, "fair": 1.15, "direct": 1.1, "social": 0.6}
"""How much likelier (than elsewhere) a worked lead of a channel is to buy."""

PAGES = {
    GATES: {"/gates/sliding": 0.4, "/gates/swing": 0.3, "/gates/prices": 0.2, "/gates/park": 0.1},
    PARTS: {"/parts/remotes": 0.5, "/parts/sale": 0.25, "/parts/cells": 0.15, "/parts/boards": 0.1},
}


@dataclass(frozen=True)
class Origin:
    """Where a touch or a lead came from."""

    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None


DIRECT = Origin("direct", "direct")
BRAND = Origin("search", "brand", "cpc", "brand-search")

PAID = {
    (GATES, "search"): Origin("search", "google", "cpc", "gates-search"),
    (PARTS, "search"): Origin("search", "google", "cpc", "parts-search"),
    (GATES, "social"): Origin("social", "facebook", "paid", "dream-gate"),
    (PARTS, "social"): Origin("social", "facebook", "paid", "remote-sale"),
    (GATES, "partner"): Origin("partner", "installers", "referral", "installers"),
    (PARTS, "partner"): Origin("partner", "installers", "referral", "installers"),
    (GATES, "email"): Origin("email", "newsletter", "email", "newsletter"),
    (PARTS, "email"): Origin("email", "newsletter", "email", "newsletter"),
}
FAIR = Origin("fair", "fair", "event", "home-fair")
ORGANIC = Origin("search", "google", "organic")

FAIRS = ((date(2025, 3, 13), 4), (date(2025, 9, 25), 4))
"""First day and number of days."""

HEAD_OF_MARKETING, HEAD_OF_SALES, DIRECTOR, SUPPORT = "e02", "e03", "e01", "e10"
MARKETERS = ("e04", "e05")
FIRST_SELLER, LEAVER, SUCCESSOR = "e06", "e07", "e08"
HANDOVER = date(2025, 3, 31)
"""The leaver's last day."""

STAFF: tuple[tuple[str, str, str, str, str | None, date, date | None, int], ...] = (
    ("e01", "Elena Marinescu", "management", "director", None, date(2015, 2, 1), None, 40),
    ("e02", "Ioana Dobrescu", "marketing", "head", "e01", date(2019, 9, 1), None, 40),
    ("e03", "Victor Ceban", "sales", "head", "e01", date(2017, 4, 1), None, 40),
    ("e04", "Raluca Petrescu", "marketing", "marketer", "e02", date(2021, 1, 11), None, 40),
    ("e05", "Minh Trần", "marketing", "marketer", "e02", date(2023, 6, 1), None, 20),
    ("e06", "Sorin Lupu", "sales", "salesperson", "e03", date(2018, 5, 14), None, 20),
    ("e07", "Dana Ilie", "sales", "salesperson", "e03", date(2020, 3, 2), HANDOVER, 20),
    ("e08", "Reza Karimi", "sales", "salesperson", "e03", date(2025, 4, 1), None, 20),
    ("e10", "Olga Rusu", "support", "customer service", "e01", date(2022, 2, 7), None, 40),
)
"""Salespeople give twenty hours a week to leads; the rest goes to the installers they know."""


def list_price(sku: str) -> Decimal:
    """The list price of a product."""
    return Decimal(PRODUCTS[sku][2])


def unit_cost(sku: str) -> Decimal:
    """The unit cost of a product."""
    return Decimal(PRODUCTS[sku][3])


def present(seller: str, at: datetime) -> str:
    """Who does a salesperson's work at an instant: the successor, once the leaver has gone."""
    return SUCCESSOR if seller == LEAVER and at.date() > HANDOVER else seller


def seller_of(number: int, day: date) -> str:
    """Who gets the lead of a number on a day: the two take turns."""
    if number % 2:
        return FIRST_SELLER
    return LEAVER if day <= HANDOVER else SUCCESSOR
