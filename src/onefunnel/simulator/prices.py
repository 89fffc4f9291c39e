"""List prices, discounts, what they do to winning, and exact amounts.

Amounts are whole numbers of ten-thousandths of the currency, so that sums are exact. Prices are in
the company's currency: the euro of the scenario times what a euro costs.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from scipy.special import expit, logit

from onefunnel.simulator.delays import Floats, Integers
from onefunnel.simulator.scenario import Scenario
from onefunnel.vocabulary import MONEY_PLACES

UNITS = 10_000
"""Ten-thousandths: the places of money."""

HIGHEST_DISCOUNT = 0.3

SPREAD = 0.4
"""How far the cheapest and the dearest product of a segment are from its price."""

_GRID = (np.arange(64) + 0.5) / 64
"""Midpoints of the uniform numbers, to take means over tested discounts."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products: arrays over them; ``starts`` and ``sizes`` by segment. Amounts in units."""

    segment: Integers
    list_price: Integers
    unit_cost: Integers
    starts: Integers
    sizes: Integers


@dataclass(frozen=True, slots=True)
class Prospect:
    """What working a lead of each segment brings, as expected before anything is known of it.

    In euro a worked lead that can buy; ``win`` is its chance.
    """

    win: Floats
    revenue: Floats
    contribution: Floats


def catalogue(scenario: Scenario) -> Catalogue:
    """The products of all segments; over those of a segment the mean price is the segment's."""
    segment, price, cost = [], [], []
    for position, each in enumerate(scenario.segments):
        for size in _relative_prices(each.products):
            units = _rounded(scenario, each.price * size * scenario.euro * UNITS)
            segment.append(position)
            price.append(units)
            cost.append(units - _rounded(scenario, units * each.margin))
    sizes = np.asarray([each.products for each in scenario.segments])
    starts = np.cumsum(sizes) - sizes
    return Catalogue(np.asarray(segment), np.asarray(price), np.asarray(cost), starts, sizes)


def discounts(scenario: Scenario, goods: Catalogue, product: Integers, uniforms: Floats) -> Floats:
    """The discount of each offer, as a share of the list price, from 0 to 0.3.

    A part that is drawn at random, from none to ``tested_discount``; and with the conflict a part
    that follows the size of the deal: slope * log2(list price / cheapest list price).
    """
    price = goods.list_price[product]
    follows = scenario.conflicts.discount_slope * np.log2(price / goods.list_price.min())
    drawn = scenario.tested_discount * uniforms
    return np.asarray(np.clip(follows + drawn, 0.0, HIGHEST_DISCOUNT))


def net_prices(
    scenario: Scenario, goods: Catalogue, product: Integers, discount: Floats
) -> Integers:
    """Prices after discount, in ten-thousandths, rounded to what is paid in the currency."""
    step = smallest(scenario)
    return np.rint(goods.list_price[product] * (1.0 - discount) / step).astype(np.int64) * step


def smallest(scenario: Scenario) -> int:
    """The smallest amount that is paid, in ten-thousandths: a hundredth, or a unit of small money.

    >>> from onefunnel.simulator.scenarios import healthy
    >>> smallest(healthy(language="en")), smallest(healthy(language="vi"))
    (100, 10000)
    """
    return UNITS if scenario.euro >= 1_000 else UNITS // 100


def chances(scenario: Scenario, segment: Integers, discount: Floats) -> tuple[Floats, Floats]:
    """The chances to win and to lose an offer.

    logit(win) = logit(win at list price) - elasticity * ln(1 - discount). The rest of the chances
    keeps its proportion: what is not won is lost as often as it is without the discount.
    """
    segments = scenario.segments
    win = np.asarray([each.win for each in segments])[segment]
    lose = np.asarray([each.lose for each in segments])[segment]
    moved = expit(logit(win) - scenario.elasticity * np.log1p(-discount))
    return np.asarray(moved), np.asarray((1.0 - moved) * lose / (1.0 - win))


def prospects(scenario: Scenario) -> Prospect:
    """The mean over the products of each segment and over the discounts that are drawn."""
    goods = catalogue(scenario)
    sums = np.zeros((3, len(scenario.segments)))
    for product, segment in enumerate(goods.segment):
        repeated = np.full(len(_GRID), product)
        discount = discounts(scenario, goods, repeated, _GRID)
        win, _ = chances(scenario, goods.segment[repeated], discount)
        net = goods.list_price[product] * (1.0 - discount) / UNITS / scenario.euro
        cost = goods.unit_cost[product] / UNITS / scenario.euro
        means = np.asarray([win.mean(), (win * net).mean(), (win * (net - cost)).mean()])
        sums[:, segment] += means / goods.sizes[segment]
    return Prospect(*sums)


def exact(units: int) -> Decimal:
    """Money from ten-thousandths.

    >>> exact(12_345_000)
    Decimal('1234.5000')
    """
    return (Decimal(units) / UNITS).quantize(MONEY_PLACES)


def _rounded(scenario: Scenario, units: float) -> int:
    step = smallest(scenario)
    return round(units / step) * step


def _relative_prices(products: int) -> Floats:
    """Relative prices around 1."""
    return 1.0 + (np.linspace(-SPREAD, SPREAD, products) if products > 1 else np.zeros(1))
