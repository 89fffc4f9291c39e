"""Pay per win as rates: what a plan file would write for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from onefunnel.measures.incentives.between import Marketed
from onefunnel.measures.incentives.leads import UNKNOWN
from onefunnel.pay.plan import Base, Component, Plan, Tier

DIGITS = 7
"""So many decimals of a rate are kept."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The pay of a win as a share of its revenue and of its contribution.

    None where that is unknown, or not above zero.
    """

    of_revenue: float | None
    of_contribution: float | None


def rates_of(marketed: Marketed, pay_per_win: Mapping[str, float]) -> Mapping[str, Rates]:
    """The rates of each segment of a market under a plan that pays so much a win.

    >>> from onefunnel.measures.incentives.market import Market, Paid, Seller
    >>> gates = Paid("gates", 3.0, 0.25, 300.0, 1.0, 60.0)
    >>> market = Market((gates,), (Seller("", (1.0,), 3.0),))
    >>> rates_of(Marketed(market, revenue_per_win={"gates": 2000.0}), {"gates": 58.0})["gates"]
    Rates(of_revenue=0.029, of_contribution=0.19333333333333333)
    """
    if marketed.market is None:
        return {}
    return {
        each.segment: Rates(
            _share(pay_per_win[each.segment], marketed.revenue_per_win.get(each.segment)),
            _share(pay_per_win[each.segment], each.contribution_per_win),
        )
        for each in marketed.market.segments
    }


def as_written(rate: float) -> Decimal:
    """A rate as a plan file has it.

    >>> as_written(58.44155844155844 / 2000)
    Decimal('0.0292208')
    """
    return Decimal(repr(round(rate, DIGITS)))


def proposed(plans: Sequence[Plan], rates: Mapping[str, Rates]) -> tuple[Component, ...]:
    """The components of a plan with these rates, one per segment, each like those of today's plan.

    None where that is not one plan of one rate from the first unit on, on revenue or on margin
    throughout, for one's own sales; or where a rate is unknown, or the segment.
    """
    parts = [part for plan in plans for part in plan.components]
    bases = {part.base for part in parts}
    if len(plans) != 1 or len(bases) != 1 or not all(map(_is_one_rate, parts)) or UNKNOWN in rates:
        return ()
    base = bases.pop()
    found = {
        name: each.of_revenue if base is Base.REVENUE else each.of_contribution
        for name, each in rates.items()
    }
    return tuple(
        Component(name, base, (Tier(Decimal(0), as_written(rate)),), segments=(name,))
        for name, rate in found.items()
        if rate is not None and None not in found.values()
    )


def _is_one_rate(part: Component) -> bool:
    """Whether a component says nothing but a base, which sales, and one rate of it."""
    plain = Component(part.name, part.base, part.tiers)
    only = part.tiers[0]
    simple = replace(part, products=(), segments=()) == plain
    first = len(part.tiers) == 1 and only.start == 0 and not only.retroactive
    return simple and first and part.base in (Base.REVENUE, Base.MARGIN)


def _share(pay: float, amount: float | None) -> float | None:
    return pay / amount if amount is not None and amount > 0.0 else None
