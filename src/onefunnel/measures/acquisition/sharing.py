"""Sharing out spend that is recorded coarser than it is asked for, exact to the last cent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from onefunnel.funnel.collected import Values, in_order
from onefunnel.measures.acquisition.contacts import COLUMNS
from onefunnel.vocabulary.apportioning import apportioned, money

NOTHING = Fraction(0)
MONTH = "cohort_month"

Said: TypeAlias = tuple[str | None, ...]
"""What spend says: the values of ``COLUMNS``, then the label of its month."""
Weights: TypeAlias = Mapping[Said, Mapping[Values, int]]
"""How many contacts agree with what spend says, by the values that are asked for."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Rows of spend that say the same: their known sum, and how many are of unknown amount."""

    said: Said
    amount: Fraction
    unknown: int = 0

    def of(self, by: Sequence[str]) -> Values:
        """The values of the dimensions that are asked for, None where the rows do not say one."""
        known = dict(zip((*COLUMNS, MONTH), self.said, strict=True))
        return tuple(known[name] for name in by)

    def lacks(self, by: Sequence[str]) -> bool:
        """Whether the rows do not say a dimension that they could be shared out by."""
        said = dict(zip(COLUMNS, self.said, strict=False))
        return any(name in said and said[name] is None for name in by)


@dataclass(slots=True)
class Cost:
    """What a row of the answer cost: as it is recorded, and shared out; rows of unknown amount."""

    recorded: Fraction = NOTHING
    shared: Fraction = NOTHING
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Charged:
    """The costs by dimension values, and what could not be shared out and stays unknown."""

    costs: Mapping[Values, Cost] = field(default_factory=dict)
    left: Fraction = NOTHING

    @property
    def any(self) -> bool:
        """Whether anything is on record as spent."""
        return bool(self.costs)

    @property
    def shared(self) -> Fraction:
        """All that was shared out."""
        return sum((each.shared for each in self.costs.values()), NOTHING)

    @property
    def total(self) -> Fraction:
        """All that is known to have been spent."""
        return self.shared + sum((each.recorded for each in self.costs.values()), NOTHING)


def charged(spent: Iterable[Spent], by: tuple[str, ...], rules: Sequence[Weights]) -> Charged:
    """The cost of each combination of values; the first of the rules that knows how shares it out.

    Spend that says all that is asked for goes where it says. Other spend is shared out in
    proportion to the contacts that agree with it; an unknown amount makes the cost of all of them
    unknown. Where no contact agrees it stays with what it says, the rest unknown.

    >>> said = ("web", None, None, None, "2024-05")
    >>> found = charged(
    ...     [Spent(said, Fraction(90))],
    ...     ("campaign",),
    ...     [{said: {("a",): 2, (None,): 1}}],
    ... )
    >>> {values: str(each.shared) for values, each in found.costs.items()}, str(found.left)
    ({('a',): '60', (None,): '30'}, '0')
    """
    costs: dict[Values, Cost] = defaultdict(Cost)
    left = NOTHING
    for each in spent:
        own, lacks = each.of(by), each.lacks(by)
        weights = next((found for rule in rules if (found := rule.get(each.said))), None)
        if not lacks or weights is None:
            left += each.amount if lacks else NOTHING
            costs[own].recorded += each.amount
            costs[own].unknown += each.unknown
            continue
        total = sum(weights.values())
        for values, count in weights.items():
            costs[values].shared += each.amount * count / total
            costs[values].unknown += each.unknown
    return Charged(dict(costs), left)


@dataclass(frozen=True, slots=True)
class Spend:
    """What a row of the answer cost, to the fourth decimal, and how much of it was shared out."""

    amount: Decimal
    shared: Decimal


def rounded(costs: Mapping[Values, Cost]) -> dict[Values, Spend | None]:
    """The costs rounded so that their sum stays what was spent; None where one is unknown.

    >>> third = Cost(shared=Fraction(1, 3))
    >>> found = rounded({("a",): third, ("b",): third, ("c",): third})
    >>> [str(each.amount) for each in found.values()]
    ['0.3334', '0.3333', '0.3333']
    """
    order = sorted(costs, key=in_order)
    recorded = parts([costs[values].recorded for values in order])
    shared = parts([costs[values].shared for values in order])
    return {
        values: None if costs[values].unknown else Spend(own + part, part)
        for values, own, part in zip(order, recorded, shared, strict=True)
    }


def parts(exact: Sequence[Fraction]) -> list[Decimal]:
    """Parts to the fourth decimal that add up to their rounded sum.

    >>> [str(each) for each in parts([Fraction(1, 20000), Fraction(1, 20000)])]
    ['0.0000', '0.0001']
    """
    return apportioned(exact, money(sum(exact, NOTHING)))
