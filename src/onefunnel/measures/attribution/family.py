"""The family of models by name, and how many players and orders can be told apart."""

from enum import StrEnum

from onefunnel.measures.attribution.rules import RULES

MARKOV = {f"markov_{order}": order for order in (1, 2, 3, 4)}
MODELS = (*RULES, *MARKOV, "shapley", "shapley_rate")
USUAL_ORDERS = (1, 2)
"""The orders that are worked out where none are asked for; greater ones take far longer."""
MOST_PLAYERS = 62
MOST_RATED = 16
"""Players of the game of rates, which looks at every set of them: at 65,536 at most."""
MOST_ORDER = 4
NULL = 0
CONVERTED = 63
BITS = 6
DIGIT = 2**BITS - 1

UNKNOWN = "unknown"
"""The name of a player who is not known, where one is needed."""
Player = str | None
"""A channel, or a contact of a department such as ``sales:call``; None where it is unknown."""


class Worth(StrEnum):
    """What credit is given for: the number of conversions, or their value."""

    CONVERSIONS = "conversions"
    VALUE = "value"


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
