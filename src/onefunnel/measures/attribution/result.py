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

    @property
    def no_money(self) -> frozenset[str]:
        """The fields that are Decimals for the sake of exact sums only."""
        shares = frozenset({"share", "share_low", "share_high"})
        return shares if Value(self.value).worth is Worth.VALUE else shares | {"credit"}
