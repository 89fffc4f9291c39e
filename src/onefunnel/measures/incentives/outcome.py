"""What a new plan brings: the company, each seller, and what a guarantee for the change costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from onefunnel.errors import Refused, UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.market import Market, named
from onefunnel.measures.incentives.result import money


@dataclass(frozen=True, slots=True)
class SellerOutcome:
    """A seller's pay and contribution in the period, now and under the new plan."""

    seller: str
    pay_now: Decimal
    pay_new: Decimal
    contribution_now: Decimal
    contribution_new: Decimal

    @property
    def change(self) -> Decimal:
        """The new pay less the present."""
        return self.pay_new - self.pay_now


@dataclass(frozen=True, slots=True)
class Outcome:
    """A period under the new plan: the sums of all sellers, and each, the largest loss first."""

    contribution_now: Decimal
    contribution_new: Decimal
    payroll_now: Decimal
    payroll_new: Decimal
    worked_now: Mapping[str, float]
    worked_new: Mapping[str, float]
    sellers: tuple[SellerOutcome, ...]

    @property
    def winners(self) -> tuple[SellerOutcome, ...]:
        """Who is paid more, most first."""
        return tuple(each for each in reversed(self.sellers) if each.change > 0)

    @property
    def losers(self) -> tuple[SellerOutcome, ...]:
        """Who is paid less, most first."""
        return tuple(each for each in self.sellers if each.change < 0)


def simulate(market: Market, rates: Mapping[str, float], strength: float = 1.0) -> Outcome:
    """A period in which sellers follow the new rates with a strength from 0 to 1.

    At 0 nobody reacts: the leads worked are those of now; at 1 each works what pays most; between,
    that mixture of both. Raises UsageError where a segment has no rate or the strength can't be.
    """
    new = _rates(market, rates)
    if not 0.0 <= strength <= 1.0:
        raise UsageError(f"The strength is {strength}.", remedy="It is from 0 to 1.")
    worked = strength * market.response(new) + (1.0 - strength) * market.now
    columns = (
        market.pay_now,
        worked @ (market.base * new),
        market.now @ market.gain,
        worked @ market.gain,
    )
    rows = zip(market.sellers, *(column.tolist() for column in columns), strict=True)
    sellers = [SellerOutcome(row[0].name, *(money(each) for each in row[1:])) for row in rows]
    sellers.sort(key=lambda each: (each.change, each.seller))
    return Outcome(
        _total(columns[2]),
        _total(columns[3]),
        _total(columns[0]),
        _total(columns[1]),
        named(market.segments, market.now.sum(axis=0)),
        named(market.segments, worked.sum(axis=0)),
        tuple(sellers),
    )


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What it costs to lift pay to a share of the present for some periods."""

    total: Decimal
    sellers: Mapping[str, Decimal]


def guarantee(outcome: Outcome, share: float = 1.0, periods: int = 3) -> Guarantee:
    """The price of a guarantee for the change, apart from the plan's payroll.

    Who is paid less than ``share`` of the present gets the difference for so many periods; who is
    not is left out. Amounts are rounded half away from zero once per seller. Raises UsageError
    where the share is negative or there is no period.
    """
    if share < 0.0 or periods < 1:
        raise UsageError(
            f"The guarantee is {share} of pay for {periods} periods.",
            remedy="Give a share from 0 and at least one period.",
        )
    short = {
        each.seller: float(each.pay_now) * share - float(each.pay_new) for each in outcome.sellers
    }
    sellers = {seller: money(each * periods) for seller, each in short.items() if each > 0.0}
    return Guarantee(sum(sellers.values(), Decimal(0)), sellers)


@dataclass(frozen=True, slots=True)
class MarginPlan:
    """One ``rate`` on contribution, and what it is as a rate on the present base, by segment."""

    rate: float
    rates: Mapping[str, float]
    pay_per_hour: Mapping[str, float]


def equal_margin(market: Market, payroll: float | None = None) -> MarginPlan:
    """The one rate on contribution that pays the same sum at the best allocation.

    With it pay per hour and contribution per hour have the same order wherever leads that are left
    win nothing (Farley 1964, Journal of Marketing Research). A segment sold at a loss pays nothing.
    Raises Refused where nothing at the best allocation has a contribution to be paid of.

    >>> from onefunnel.measures.incentives.market import Paid, Seller
    >>> gates = Paid("gates", 3.0, 0.25, 300.0, 2000.0, 0.03)
    >>> round(equal_margin(Market((gates,), (Seller("a", (100.0,), 300.0),))).rate, 6)
    0.2
    """
    total = float(market.pay_now.sum()) if payroll is None else payroll
    earned = np.maximum(market.earned, 0.0)
    credited = float((market.best @ earned).sum())
    if credited <= 0.0:
        raise Refused(
            "At the best allocation no segment has a contribution.",
            remedy="Look at the prices and costs first.",
        )
    rate = total / credited
    rates = rate * earned / market.base
    return MarginPlan(
        rate, named(market.segments, rates), named(market.segments, market.pay_per_hour(rates))
    )


def _rates(market: Market, rates: Mapping[str, float]) -> Floats:
    names = [each.segment for each in market.segments]
    if set(names) != set(rates):
        raise UsageError(
            f"The plan has rates for {', '.join(sorted(rates))}.",
            remedy=f"Give one for each of {', '.join(names)}.",
        )
    return np.asarray([rates[name] for name in names])


def _total(column: Floats) -> Decimal:
    return money(float(column.sum()))
