"""How conversions are told to a platform: under which name, with which value and identifier."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Any

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Kind, Platform

Row = Mapping[str, Any]
"""A conversion, with the columns of :func:`onefunnel.measures.offline_conversions.behind.rows`."""

CENTS = Decimal("0.01")
LONGEST_NAME = 100
NAMES = {
    Conversion.LEAD: "Lead",
    Conversion.ACCEPTED: "Accepted lead",
    Conversion.CUSTOMER: "Purchase",
}
"""What a conversion is called where nothing else is said."""
META_NEEDS_VALUE = "purchase"
"""The event of Meta that must have a value above zero."""


class ToldValue(StrEnum):
    """What is told as the value of a conversion."""

    NONE = "none"
    REVENUE = "revenue"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class Told:
    """How conversions are told: which kind, under which name, with which value.

    Raises UsageError where the name can't stand in a file.
    """

    of: Conversion
    name: str
    value: ToldValue
    currency: str

    def __post_init__(self) -> None:
        long = not 0 < len(self.name) <= LONGEST_NAME
        if long or self.name != self.name.strip() or not self.name.isprintable():
            raise UsageError(
                f"{self.name!r} is no name of a conversion.",
                remedy=f"Give 1 to {LONGEST_NAME} characters, as the platform's account has it.",
            )
        if self.name[0] in "=+-@":
            raise UsageError(
                f"A spreadsheet would take {self.name!r} for a formula.",
                remedy="Begin the name with a letter or a digit.",
            )

    def worth(self, row: Row) -> str:
        """The value of a conversion, empty where it has none."""
        amount = None if self.value is ToldValue.NONE else row[self.value.value]
        return "" if amount is None else str(_cents(amount))

    def currency_of(self, row: Row) -> str:
        """The currency, empty where there is no value."""
        return self.currency if self.worth(row) else ""

    def id_of(self, row: Row) -> str:
        """The identifier of a conversion.

        >>> told = Told(Conversion.LEAD, "Lead", ToldValue.NONE, "EUR")
        >>> told.id_of({"conversion_id": "17"})
        'ac785f0d77e765bf3c75090996b4ef3c'
        """
        text = f"{self.of.value}:{row['conversion_id']}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def told(of: str, name: str, value: str, currency: str) -> Told:
    """The same from words; an empty name is the usual one. Raises UnknownName, UsageError."""
    kinds, values = [each.value for each in Conversion], [each.value for each in ToldValue]
    if of not in kinds:
        raise UnknownName("kind of conversion", of, kinds)
    if value not in values:
        raise UnknownName("value of a conversion", value, values)
    kind = Conversion(of)
    return Told(kind, name or NAMES[kind], ToldValue(value), currency)


def fits(platform: Platform, row: Row, how: Told) -> bool:
    """Whether the platform takes a conversion as it is told: Meta no purchase without a value."""
    if platform is not Platform.META or how.name.lower() != META_NEEDS_VALUE:
        return True
    return Decimal(how.worth(row) or 0) > 0


def adjusts(platform: Platform, row: Row, how: Told) -> bool:
    """Whether the platform can be told of a change: not of clicks that came as ``wbraid``.

    Nor where nothing of what was told has changed.
    """
    tells = row["taken_at"] is not None or bool(how.worth(row))
    return platform is not Platform.META and row["kind"] != Kind.WBRAID.value and tells


def _cents(amount: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 50
        return amount.quantize(CENTS, rounding=ROUND_HALF_UP)
