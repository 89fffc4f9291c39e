"""Bands of chance: the bridge of many companies like this one that differ by chance only.

Each lead and each customer of a segment is drawn Poisson(1) times, in either period for itself (the
Poisson bootstrap). So numbers of leads vary as well, as they would had the same people come at the
same rates. Given the number of customers, their amounts are drawn from the customers themselves
where they are given and few, else from a normal distribution with their means and covariances.
A party that buys in both periods is drawn for each by itself; what a segment without customers
brings stands as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefunnel.measures.bridge.factors import Figures, PeriodFigures, Segment, SegmentFigures
from onefunnel.measures.bridge.notes import note
from onefunnel.measures.bridge.spread import Amounts, Spread
from onefunnel.vocabulary import Note

Floats = NDArray[np.float64]

FEWEST_CUSTOMERS = 5
"""Below it in a period no bands are given; a segment below it is named."""

MOST_AMOUNTS = 2_000
"""Above it the sum of a segment's amounts is normal enough."""


@dataclass(frozen=True, slots=True)
class Draws:
    """How bands are drawn: how many times, from which seed, and the share that a band holds."""

    size: int = 1_000
    seed: int = 0
    level: float = 0.95


def drawn(
    before: PeriodFigures, after: PeriodFigures, segments: Sequence[Segment], draws: Draws
) -> tuple[Floats, Floats]:
    """The figures of both periods, drawn: each (4, segments, draws). There must be a segment."""
    random = np.random.default_rng(draws.seed)
    old, new = (
        np.stack([_segment(period.segments.get(name), draws.size, random) for name in segments], 1)
        for period in (before, after)
    )
    return old, new


def band(values: Figures, level: float) -> tuple[Floats, Floats]:
    """The bounds that hold the share ``level`` of the draws, which are on the last axis.

    >>> low, high = band(np.arange(101.0), 0.5)
    >>> float(low), float(high)
    (25.0, 75.0)
    """
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return low, high


def refusal(before: PeriodFigures, after: PeriodFigures) -> Note | None:
    """Why bands are refused, or None."""
    figures = [list(period.segments.values()) for period in (before, after)]
    silent = sum(each.customers > 1 and each.spread is None for part in figures for each in part)
    if silent:
        return note("refused_bands", reason="no_spread", segments=silent)
    fewest = min(sum(each.customers for each in part) for part in figures)
    if fewest < FEWEST_CUSTOMERS:
        return note("refused_bands", reason="few_customers", n=fewest, needed=FEWEST_CUSTOMERS)
    return None


def thin(before: PeriodFigures, after: PeriodFigures) -> list[Note]:
    """A note on the segments that have leads and yet few customers in a period, if there are."""
    names = {
        name
        for period in (before, after)
        for name, each in period.segments.items()
        if each.customers < FEWEST_CUSTOMERS and (each.leads or each.customers)
    }
    return [note("thin_segments", segments=len(names), needed=FEWEST_CUSTOMERS)] if names else []


def _segment(figures: SegmentFigures | None, size: int, random: np.random.Generator) -> Floats:
    """One segment, drawn: (4, draws)."""
    if figures is None:
        return np.zeros((4, size))
    customers, revenue, contribution = _customers(figures, size, random)
    from_leads = min(1.0, figures.leads / figures.customers) if figures.customers else 0.0
    others = random.poisson(max(figures.leads - figures.customers, 0), size)
    leads = others + random.binomial(customers, from_leads)
    return np.stack([leads, customers, revenue, contribution]).astype(np.float64)


def _customers(
    figures: SegmentFigures, size: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], Floats, Floats]:
    spread = figures.spread
    sums = np.array([float(figures.revenue or 0), float(figures.contribution or 0)])
    if not figures.customers:
        return np.zeros(size, np.int64), np.full(size, sums[0]), np.full(size, sums[1])
    if isinstance(spread, Amounts) and spread.revenue.size <= MOST_AMOUNTS:
        times = random.poisson(1.0, (size, spread.revenue.size))
        return times.sum(axis=1), times @ spread.revenue, times @ spread.contribution
    customers = random.poisson(figures.customers, size)
    given = spread.spread if isinstance(spread, Amounts) else spread or Spread(0.0, 0.0, 0.0)
    noise = _root(given) @ random.standard_normal((2, size)) * np.sqrt(customers)
    amounts = customers * (sums / figures.customers)[:, None] + noise
    return customers, amounts[0], amounts[1]


def _root(spread: Spread) -> Floats:
    """The symmetric matrix whose square is the covariance, which may be singular.

    It is the only one, and no sign of a vector, which hangs by the last digit, is left open.
    """
    covariance = [[spread.revenue, spread.covariance], [spread.covariance, spread.contribution]]
    values, vectors = np.linalg.eigh(np.array(covariance))
    return np.asarray(vectors * np.sqrt(np.clip(values, 0.0, None)) @ vectors.T)
