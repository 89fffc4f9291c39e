"""What is asked of attribution: which value, among which players, by which conventions."""

from dataclasses import dataclass, replace

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.attribution.agreed import USUAL, agreed_of
from onefunnel.measures.attribution.family import (
    MARKOV,
    MODELS,
    MOST_ORDER,
    USUAL_ORDERS,
    Value,
)
from onefunnel.measures.attribution.rules import Settings
from onefunnel.vocabulary import Question

DIMENSIONS = ("channel", "campaign", "page")
"""What the players of marketing can be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The conventions of one answer.

    ``dimension`` is what marketing's players are; ``orders`` are those of the Markov models, whose
    counts grow fast with the greatest; ``only`` are the models to be answered, none for all.
    Players with fewer touches than ``least_touches`` are put together. Raises UnknownName where the
    dimension is none of a touch or there is no such model, UsageError where an order can't be
    counted.
    """

    value: Value = Value.CUSTOMERS
    dimension: str = "channel"
    settings: Settings = USUAL
    orders: tuple[int, ...] = USUAL_ORDERS
    only: tuple[str, ...] = ()
    least_touches: int = 1

    def __post_init__(self) -> None:
        if self.dimension not in DIMENSIONS:
            raise UnknownName("dimension", self.dimension, DIMENSIONS)
        for name in self.only:
            if name not in MODELS:
                raise UnknownName("model of attribution", name, MODELS)
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
        counted = (name for name in MODELS if name not in MARKOV or MARKOV[name] in self.orders)
        return tuple(name for name in counted if not self.only or name in self.only)


def asked_of(question: Question) -> Asked:
    """What a question asks, as agreed where it does not say: by one dimension, else by channel.

    Raises UnknownName where it names what is not there.

    >>> from datetime import UTC, datetime
    >>> asked_of(Question(now=datetime(2024, 1, 1, tzinfo=UTC), by=("campaign",))).dimension
    'campaign'
    """
    agreed, said = agreed_of(question.terms), question.crediting
    settings = agreed.settings
    if said.window_days is not None:
        settings = replace(settings, window_days=said.window_days)
    if said.half_life_days is not None:
        settings = replace(settings, half_life_days=said.half_life_days)
    return Asked(
        value=_value(said.value) if said.value else agreed.value,
        dimension=question.by[0] if question.by else DIMENSIONS[0],
        settings=settings,
        orders=_orders(said.models, agreed.model),
        only=said.models,
        least_touches=agreed.least_touches,
    )


def _value(name: str) -> Value:
    valid = [each.value for each in Value]
    if name not in valid:
        raise UnknownName("value of attribution", name, valid)
    return Value(name)


def _orders(only: tuple[str, ...], agreed: str) -> tuple[int, ...]:
    """The orders to be counted: of the models asked for, else the usual ones and the agreed one."""
    if only:
        return tuple(sorted({MARKOV[name] for name in only if name in MARKOV}))
    return tuple(sorted({*USUAL_ORDERS, *([MARKOV[agreed]] if agreed in MARKOV else [])}))
