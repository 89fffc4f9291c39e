"""The rows of ``show attribution``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from onefunnel.measures.attribution.family import Value, Worth


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """What a model credits to a channel, campaign or page, or to a kind of contact.

    A row for each model and player; those of a model sum to all that is shared out, and their
    shares to exactly 1. ``credit`` is in conversions or in money, as ``value`` says. In the
    dimension's column other departments' contacts stand as ``sales:call``, the small ones put
    together as ``other``, and None is unknown: conversions without any touch within the window, and
    those credited to touches of marketing that do not say. ``department`` is whose the touches are;
    None for what is unknown or put together.

    ``share_low`` and ``share_high`` hold the middle 95 % of replicates that draw parties anew, None
    where refused. ``removal_effect`` is the share of conversions lost without the player, of Markov
    models only. ``grade`` is what the figure rests on: C a model of paths, E a rule; neither shows
    what would have come anyhow. The model ``calibrated`` is the one in force, corrected where the
    terms hold experiments: A chance made their groups, B it did not.

    ``department_share`` is what the model gives to the whole department of the row, the same in
    each of its rows; those without a department have what is unknown or put together. Its
    ``_low`` and ``_high`` hold the middle 95 % of the department's sums in the same replicates.
    ``paths`` are those of the period that go through the player, whatever the model, and
    ``paths_converted`` the conversions among them; they don't add up over players. These five are
    None in answers that were kept before they were told.
    """

    model: str
    credit: Decimal
    share: Decimal
    share_low: Decimal | None
    share_high: Decimal | None
    removal_effect: float | None
    grade: str
    department: str | None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
    value: str = Value.CUSTOMERS.value
    department_share: Decimal | None = None
    department_share_low: Decimal | None = None
    department_share_high: Decimal | None = None
    paths: int | None = None
    paths_converted: int | None = None

    @property
    def no_money(self) -> frozenset[str]:
        """The fields that are Decimals for the sake of exact sums only."""
        ends = ("", "_low", "_high")
        shares = frozenset(f"{of}share{end}" for of in ("", "department_") for end in ends)
        return shares if Value(self.value).worth is Worth.VALUE else shares | {"credit"}
