"""Plans from today's to one rate on contribution, all of them at the payroll of today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf

from onefunnel.errors import Refused, UsageError
from onefunnel.measures.incentives.market import Market, Paid, Seller
from onefunnel.measures.incentives.outcome import Outcome, equal_margin, simulate
from onefunnel.measures.incentives.result import IncentivesRow

NEEDED = ("leads", "hours_per_lead", "win_probability", "contribution_per_win", "pay_per_win")
"""What must be known of a segment to compare plans."""


@dataclass(frozen=True, slots=True)
class Marketed:
    """The market that the rows of ``incentives`` describe; a rate in it is the pay per win.

    ``left_out`` are segments without leads, or whose leads are never won. ``market`` is None where
    ``missing`` inputs are unknown, each with its segment (None: the hours, which all share), or
    where no segment is left. ``revenue_per_win`` is by segment, where it is known.
    """

    market: Market | None
    left_out: tuple[str, ...] = ()
    missing: tuple[tuple[str, str | None], ...] = ()
    revenue_per_win: Mapping[str, float] = field(default_factory=dict)


def market_of(rows: Sequence[IncentivesRow], hours: float | None = None) -> Marketed:
    """The segments of an answer with one seller who has all hours and works as pays most.

    Where a plan has tiers, its pay per win is taken to stay as it is. ``hours`` stands in for those
    of the answer.
    """
    whole = next((row for row in rows if row.segment is None), IncentivesRow(None))
    there = whole.hours if hours is None else hours
    segments = [row for row in rows if row.segment is not None]
    missing = tuple(_missing(segments, there))
    if missing or there is None:
        return Marketed(None, missing=missing)
    taken = [row for row in segments if row.leads and row.win_probability]
    out = tuple(str(row.segment) for row in segments if row not in taken)
    if not taken:
        return Marketed(None, out)
    seller = Seller("", tuple(row.leads or 0.0 for row in taken), there)
    revenue = {
        str(row.segment): float(row.revenue_per_win)
        for row in taken
        if row.revenue_per_win is not None
    }
    market = Market(tuple(_paid(row) for row in taken), (seller,))
    return Marketed(market, out, revenue_per_win=revenue)


def _missing(
    segments: Sequence[IncentivesRow], hours: float | None
) -> Iterator[tuple[str, str | None]]:
    if hours is None:
        yield "hours", None
    for name in NEEDED:
        yield from ((name, row.segment) for row in segments if getattr(row, name) is None)


def _paid(row: IncentivesRow) -> Paid:
    return Paid(
        str(row.segment),
        row.hours_per_lead or 0.0,
        row.win_probability or 0.0,
        float(row.contribution_per_win or 0),
        base_per_win=1.0,
        rate=float(row.pay_per_win or 0),
        highest=inf,
        win_unworked=row.win_unworked or 0.0,
    )


@dataclass(frozen=True, slots=True)
class Between:
    """A plan on the way from today's to one ``rate`` on contribution, at the payroll of today.

    ``pay_per_win`` and ``pay_per_hour`` are by segment; ``outcome`` is the period under it beside
    the one under today's plan.
    """

    toward: float
    rate: float
    pay_per_win: Mapping[str, float]
    pay_per_hour: Mapping[str, float]
    outcome: Outcome

    @property
    def gain(self) -> Decimal:
        """The contribution beyond that of today's plan."""
        return self.outcome.contribution_new - self.outcome.contribution_now


def between(market: Market, toward: float, strength: float = 1.0) -> Between:
    """The plan that lies ``toward`` (0 today's, 1 one rate on contribution) between both.

    Pay per win is mixed in that proportion and then raised or lowered in every segment alike, until
    the payroll is today's at what is then worked: that changes no order of pay per hour. Of the
    sellers a ``strength`` from 0 to 1 follows the new plan. Raises UsageError where a share can't
    be, Refused where nothing can be paid of.

    >>> gates = Paid("gates", 3.0, 0.25, 300.0, 1.0, 60.0)
    >>> parts = Paid("parts", 0.4, 0.4, 36.0, 1.0, 1.8)
    >>> found = between(Market((gates, parts), (Seller("", (100.0, 400.0), 300.0),)), 1.0)
    >>> round(found.rate, 6), found.gain, found.outcome.payroll_new
    (0.161987, Decimal('1760.0000'), Decimal('1500.0000'))
    """
    if not 0.0 <= toward <= 1.0:
        raise UsageError(f"The plan lies at {toward}.", remedy="It is from 0 to 1.")
    goal = equal_margin(market)
    today = dict(zip(goal.rates, market.rates.tolist(), strict=True))
    mixed = {
        name: (1.0 - toward) * today[name] + toward * rate for name, rate in goal.rates.items()
    }
    paid = float(simulate(market, mixed, strength).payroll_new)
    if paid <= 0.0:
        raise Refused("What would be worked pays nothing.", remedy="Look at the pay plan first.")
    factor = float(market.pay_now.sum()) / paid
    rates = {name: factor * rate for name, rate in mixed.items()}
    hourly = {
        each.segment: each.win_probability * rates[each.segment] / each.hours_per_lead
        for each in market.segments
    }
    return Between(toward, goal.rate, rates, hourly, simulate(market, rates, strength))
