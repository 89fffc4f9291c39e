"""The bridge in plain Python: each order in which the factors can change, one after the other."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import prod

from onefunnel.measures.bridge.factors import (
    ARPU,
    CONVERSION,
    MARGIN,
    MIX,
    VOLUME,
    PeriodFigures,
    Segment,
    SegmentFigures,
)

Factors = dict[str, Fraction]
RATES = (CONVERSION, ARPU, MARGIN)
NOTHING = SegmentFigures(0, 0, None, None)


def shapley(before: PeriodFigures, after: PeriodFigures) -> dict[tuple[str, Segment], Fraction]:
    """What each factor adds in each segment: the average over all orders."""
    result = {}
    for segment in {*before.segments, *after.segments}:
        old, new = factors(before, after, segment), factors(after, before, segment)
        orders = list(permutations(old))
        moves = [in_order(old, new, order) for order in orders]
        for name in old:
            total = sum((move[name] for move in moves), Fraction())
            result[name, segment] = total / len(orders)
    return result


def in_order(
    old: Mapping[str, Fraction], new: Mapping[str, Fraction], order: Sequence[str]
) -> Factors:
    """What each factor adds when they change in one order: another order says something else."""
    now, moves = dict(old), {}
    for name in order:
        value = prod(now.values(), start=Fraction(1))
        now[name] = new[name]
        moves[name] = prod(now.values(), start=Fraction(1)) - value
    return moves


def factors(period: PeriodFigures, other: PeriodFigures, segment: Segment) -> Factors:
    """The factors of a segment in one period; what it does not know is as in the other."""
    known = {**_known(other, segment), **_known(period, segment)}
    return {name: known.get(name, Fraction()) for name in (VOLUME, MIX, *RATES)}


def outside(period: PeriodFigures, segment: Segment) -> Fraction:
    """The contribution of a segment that the product of its factors can't carry."""
    figures = period.segments.get(segment, NOTHING)
    carried = figures.leads and figures.customers and figures.revenue
    return Fraction() if carried else Fraction(figures.contribution or 0)


def _known(period: PeriodFigures, segment: Segment) -> Factors:
    figures = period.segments.get(segment, NOTHING)
    leads = sum(each.leads for each in period.segments.values())
    found = {VOLUME: Fraction(leads)}
    if leads:
        found[MIX] = Fraction(figures.leads, leads)
    below = Fraction(figures.leads)
    amounts = (figures.customers, figures.revenue or 0, figures.contribution or 0)
    for name, above in zip(RATES, amounts, strict=True):
        if not below:
            break
        found[name] = Fraction(above) / below
        below = Fraction(above)
    return found
