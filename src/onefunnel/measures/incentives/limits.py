"""What a new plan must keep to, as rows of a linear program over the rates."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.market import Market, ordered


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a new plan.

    ``order_factor``: by how much more an hour must pay on the segment that brings more an hour, but
    never by more than it brings more, so that one rate on contribution always does. ``payroll`` is
    the sum paid at the predicted allocation, by default what is paid now; ``exactly`` or at most.
    ``most_lost`` is the share of present pay that a seller may lose at most, None without a limit.
    ``strength`` from 0 to 1 is how far sellers follow the new plan in that prediction. Raises
    UsageError where one can't be.
    """

    order_factor: float = 1.05
    payroll: float | None = None
    exactly: bool = True
    most_lost: float | None = None
    strength: float = 1.0

    def __post_init__(self) -> None:
        shares = 0.0 <= self.strength <= 1.0 and 0.0 <= (self.most_lost or 0.0) <= 1.0
        if not shares or self.order_factor < 1.0 or (self.payroll or 0.0) < 0.0:
            raise UsageError(
                f"The terms {self} can't be.",
                remedy="Shares are from 0 to 1, the factor from 1, the payroll from 0.",
            )


@dataclass(frozen=True, slots=True)
class Limit:
    """``row`` @ rates <= ``bound``, or equal to it.

    ``kind`` is ``order`` (``who`` must pay more an hour than ``against``), ``payroll``,
    ``pay_floor`` (of the seller ``who``), ``rate_low`` or ``rate_high`` (of the segment ``who``).
    ``money`` turns an amount of what is given up into money in the period.
    """

    kind: str
    who: str
    against: str
    row: Floats
    bound: float
    money: float
    equal: bool = False

    @property
    def size(self) -> float:
        """The largest entry of the row, by which it is scaled; 1 where all are 0."""
        return float(np.abs(self.row).max()) or 1.0


def limits(market: Market, terms: Terms) -> list[Limit]:
    """All that a new plan must keep to."""
    predicted = terms.strength * market.best + (1.0 - terms.strength) * market.now
    credited = predicted * market.base
    payroll = float(market.pay_now.sum()) if terms.payroll is None else terms.payroll
    found = [
        Limit("payroll", "", "", credited.sum(axis=0), payroll, 1.0, terms.exactly),
        *_order(market, terms.order_factor),
        *_bounds(market),
    ]
    if terms.most_lost is not None:
        kept = (1.0 - terms.most_lost) * market.pay_now
        found += [
            Limit("pay_floor", seller.name, "", -row, -float(floor), 1.0)
            for seller, row, floor in zip(market.sellers, credited, kept, strict=True)
        ]
    return found


def _order(market: Market, factor: float) -> Iterator[Limit]:
    """Each segment against each of the next lower contribution per hour; the others follow."""
    kappa = market.contribution_per_hour
    rho = market.pay_per_hour(np.ones_like(kappa))
    hours = market.leads.sum(axis=0) * market.hours_per_lead
    groups = ordered(kappa)
    for higher, lower in pairwise(groups):
        for more in higher:
            for less in lower:
                asked = min(factor, kappa[more] / kappa[less]) if kappa[less] > 0.0 else factor
                row = np.zeros_like(rho)
                row[more], row[less] = -rho[more], asked * rho[less]
                names = market.segments[more].segment, market.segments[less].segment
                yield Limit("order", *names, row, 0.0, float(hours[less]))


def _bounds(market: Market) -> Iterator[Limit]:
    potential = market.leads.sum(axis=0) * market.base
    for place, each in enumerate(market.segments):
        row = np.zeros(len(market.segments))
        row[place] = 1.0
        money = float(potential[place])
        yield Limit("rate_low", each.segment, "", -row, -each.lowest, money)
        if each.highest < inf:
            yield Limit("rate_high", each.segment, "", row, each.highest, money)
