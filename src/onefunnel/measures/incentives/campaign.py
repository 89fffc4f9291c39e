"""Before a campaign starts: who will not call its leads, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.allocation import filled
from onefunnel.measures.incentives.market import Market
from onefunnel.measures.incentives.result import money

MOST = 0.9
"""From this part of the leads on, they count as called."""


class Reason(StrEnum):
    """Why a seller calls the leads of a segment or not.

    ``CALLED``: they will be. ``NOT_WORTH_AN_HOUR``: an hour on them brings less than it costs; they
    should not be bought. ``PAYS_MORE_ELSEWHERE``: the company would have them called, but other
    leads pay more an hour and fill the hours. ``NO_HOURS``: the company would not have them called
    either, as other leads that bring more an hour fill the hours.
    """

    CALLED = "called"
    NOT_WORTH_AN_HOUR = "not_worth_an_hour"
    PAYS_MORE_ELSEWHERE = "pays_more_elsewhere"
    NO_HOURS = "no_hours"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a campaign is to bring in a segment: leads, and what they will cost, None unknown."""

    segment: str
    leads: float
    spend: float | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one seller will do with the campaign's leads of a segment.

    ``leads`` are the seller's part of them and ``called`` what will be worked, by the plan;
    ``called_best`` what the company would have worked. ``free_hours`` are left beside the leads
    that are there without the campaign. ``pays_more`` and ``brings_more`` are the segments that pay
    more, and bring more, an hour. ``wasted`` is the campaign's spend on the leads not called, None
    where the spend is unknown.
    """

    segment: str
    seller: str
    leads: float
    called: float
    called_best: float
    reason: Reason
    pay_per_hour: Decimal
    contribution_per_hour: Decimal
    free_hours: float
    pays_more: tuple[str, ...]
    brings_more: tuple[str, ...]
    wasted: Decimal | None


def check_campaign(
    market: Market, planned: Sequence[Planned], *, hour_cost: float = 0.0
) -> tuple[Forecast, ...]:
    """A row per planned segment and seller, by the order given.

    The campaign's leads go to sellers as their hours do, and wait with those that the market
    already has; each seller works by pay per hour, equal rates in proportion, the campaign's leads
    of a segment like its others. ``hour_cost`` is what an hour costs, everything counted in. Raises
    UnknownName for a segment that the market has not, UsageError for one planned twice, no hours at
    all or negative leads.

    >>> from onefunnel.measures.incentives.market import Paid, Seller
    >>> gates = Paid("gates", 3.0, 0.25, 300.0, 2000.0, 0.03)
    >>> parts = Paid("parts", 0.4, 0.4, 36.0, 60.0, 0.03)
    >>> market = Market((gates, parts), (Seller("Ana", (100.0, 0.0), 300.0),))
    >>> (row,) = check_campaign(market, [Planned("parts", 400, 2000)])
    >>> str(row.reason), row.pays_more, row.wasted
    ('pays_more_elsewhere', ('gates',), Decimal('2000.0000'))
    """
    names = [each.segment for each in market.segments]
    _check(market, planned, names)
    shares = market.hours / market.hours.sum()
    added = np.zeros(len(names))
    for each in planned:
        added[names.index(each.segment)] = each.leads
    need = (market.leads + shares[:, None] * added) * market.hours_per_lead
    rho = np.broadcast_to(market.pay_per_hour(market.rates), need.shape)
    kappa = np.broadcast_to(market.contribution_per_hour, need.shape)
    plan = filled(rho, need, market.hours, rho >= 0.0)
    best = filled(kappa, need, market.hours, (kappa > 0.0) & (kappa >= hour_cost))
    return tuple(
        _forecast(market, each, row, (plan[row, place], best[row, place]), hour_cost)
        for each in planned
        for place in (names.index(each.segment),)
        for row in range(len(market.sellers))
    )


def _forecast(
    market: Market, planned: Planned, row: int, parts: tuple[float, float], hour_cost: float
) -> Forecast:
    """A seller's row, from the parts of the segment's leads worked by the plan and at best."""
    names = [each.segment for each in market.segments]
    place, (plan, best) = names.index(planned.segment), parts
    rho, kappa = market.pay_per_hour(market.rates), market.contribution_per_hour
    share = float(market.hours[row] / market.hours.sum())
    taken = float(market.leads[row] @ market.hours_per_lead)
    return Forecast(
        segment=planned.segment,
        seller=market.sellers[row].name,
        leads=share * planned.leads,
        called=float(share * planned.leads * plan),
        called_best=float(share * planned.leads * best),
        reason=_reason(plan, best, kappa[place], hour_cost),
        pay_per_hour=money(float(rho[place])),
        contribution_per_hour=money(float(kappa[place])),
        free_hours=max(float(market.hours[row]) - taken, 0.0),
        pays_more=_above(names, rho, place),
        brings_more=_above(names, kappa, place),
        wasted=None if planned.spend is None else money(planned.spend * float(share * (1 - plan))),
    )


def _check(market: Market, planned: Sequence[Planned], names: list[str]) -> None:
    for each in planned:
        if each.segment not in names:
            raise UnknownName("segment", each.segment, names)
    segments = [each.segment for each in planned]
    if len(set(segments)) < len(segments) or any(each.leads < 0 for each in planned):
        raise UsageError(
            f"The campaign plans {', '.join(segments)}.",
            remedy="Name each segment once, with leads from 0.",
        )
    if market.hours.sum() <= 0.0:
        raise UsageError("The sellers have no hours.", remedy="Give the hours of the period.")


def _reason(plan: float, best: float, kappa: float, hour_cost: float) -> Reason:
    if kappa <= 0.0 or kappa < hour_cost:
        return Reason.NOT_WORTH_AN_HOUR
    if plan >= MOST:
        return Reason.CALLED
    return Reason.PAYS_MORE_ELSEWHERE if best > plan else Reason.NO_HOURS


def _above(names: list[str], rates: Floats, place: int) -> tuple[str, ...]:
    """The segments with a higher rate, the highest first."""
    order = np.argsort(-rates, kind="stable")
    return tuple(names[each] for each in order if rates[each] > rates[place])
