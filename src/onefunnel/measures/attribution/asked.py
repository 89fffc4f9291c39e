"""What is asked of attribution: which value, among which players, by which conventions."""

from dataclasses import dataclass
from enum import StrEnum

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.attribution.counts import MOST_ORDER
from onefunnel.measures.attribution.models import MARKOV, MODELS, Worth
from onefunnel.measures.attribution.rules import Settings
from onefunnel.vocabulary import Question

DIMENSIONS = ("channel", "campaign", "page")
"""What the players of marketing can be."""
USUAL = Settings()
"""The conventions where none are agreed."""


class Value(StrEnum):
    """What credit is given for.

    ``leads``: each lead. ``customers``: each first purchase. ``revenue`` and ``contribution``: what
    purchases brought; what somebody bought at one instant is one purchase.
    """

    LEADS = "leads"
    CUSTOMERS = "customers"
    REVENUE = "revenue"
    CONTRIBUTION = "contribution"

    @property
    def worth(self) -> Worth:
        """Whether credit is a number of conversions, or money."""
        money = self in (Value.REVENUE, Value.CONTRIBUTION)
        return Worth.VALUE if money else Worth.CONVERSIONS


@dataclass(frozen=True, slots=True)
class Asked:
    """The conventions of one answer.

    ``dimension`` is what marketing's players are; ``orders`` are those of the Markov models, whose
    counts grow fast with the greatest. Raises UnknownName where the dimension is none of a touch,
    UsageError where an order can't be counted.
    """

    value: Value = Value.CUSTOMERS
    dimension: str = "channel"
    settings: Settings = USUAL
    orders: tuple[int, ...] = (1, 2)

    def __post_init__(self) -> None:
        if self.dimension not in DIMENSIONS:
            raise UnknownName("dimension", self.dimension, DIMENSIONS)
        if not set(self.orders) <= set(range(1, MOST_ORDER + 1)):
            raise UsageError(
                f"The orders are {', '.join(map(str, self.orders))}.",
                remedy=f"Give 1 to {MOST_ORDER}.",
            )

    @property
    def models(self) -> tuple[str, ...]:
        """The models that can be answered, in their order.

        >>> Asked(orders=(1,)).models[-3:]
        ('markov_1', 'shapley', 'shapley_rate')
        """
        return tuple(each for each in MODELS if each not in MARKOV or MARKOV[each] in self.orders)


def asked_of(question: Question) -> Asked:
    """What a question asks: the first of its dimensions that a touch has, else by channel.

    >>> from datetime import UTC, datetime
    >>> asked_of(Question(now=datetime(2024, 1, 1, tzinfo=UTC), by=("campaign",))).dimension
    'campaign'
    """
    named = [name for name in question.by if name in DIMENSIONS]
    return Asked(dimension=named[0] if named else DIMENSIONS[0])
