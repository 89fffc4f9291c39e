"""The bridge in plain Python: records counted one by one, and every order of the factors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import TypeAlias

from onefunnel.funnel.reference.company import Company, Records
from onefunnel.funnel.reference.money import convert_on, lines
from onefunnel.funnel.rules import Rules
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
from onefunnel.measures.bridge.spread import Spread
from onefunnel.measures.periods import Period
from onefunnel.vocabulary import Department, Question

Factors = dict[str, Fraction]
Sums: TypeAlias = dict[int, list[tuple[Fraction | None, Fraction | None]]]
"""Entity → the amount and the contribution of each of its lines."""
RATES = (CONVERSION, ARPU, MARGIN)
NOTHING = SegmentFigures(0, 0, None, None)


def figures(records: Records, rules: Rules, question: Question, period: Period) -> PeriodFigures:
    """The figures of one period, from the records."""
    company = Company(records, rules, question)
    leads: dict[Segment, int] = defaultdict(int)
    for row in company.dated["lead"]:
        if period.start <= row["at"] < period.end:
            leads[company.dimension(row["entity"], "segment")] += 1
    brought: dict[Segment, Sums] = defaultdict(lambda: defaultdict(list))
    for line in lines(company):
        if line.priced and period.start <= line.at < period.end:
            segment = company.dimension(line.entity, "segment")
            brought[segment][line.entity].append((line.amount, line.contribution))
    return PeriodFigures(
        {name: _segment(leads[name], brought[name]) for name in {*leads, *brought}},
        _contributed(company, period),
    )


def _segment(leads: int, brought: Sums) -> SegmentFigures:
    pairs = [_pair(each) for each in brought.values()]
    revenue = [pair[0] for pair in pairs if pair[0] is not None]
    margin = [pair[1] for pair in pairs if pair[1] is not None]
    spread = None
    if pairs and len(margin) == len(pairs):
        spread = Spread(
            _covariance(revenue, revenue),
            _covariance(margin, margin),
            _covariance(revenue, margin),
        )
    return SegmentFigures(
        leads,
        len(pairs),
        _decimal(revenue) if len(revenue) == len(pairs) else None,
        _decimal(margin) if len(margin) == len(pairs) else None,
        spread,
    )


def _pair(each: list[tuple[Fraction | None, Fraction | None]]) -> list[Fraction | None]:
    """The sums of amounts and contributions, None where one of them is unknown."""
    sums: list[Fraction | None] = []
    for parts in zip(*each, strict=True):
        known = [part for part in parts if part is not None]
        sums.append(sum(known, Fraction()) if len(known) == len(parts) else None)
    return sums


def _covariance(one: list[Fraction], other: list[Fraction]) -> float:
    size = len(one)
    products = sum((a * b for a, b in zip(one, other, strict=True)), Fraction())
    return float(products / size - sum(one) * sum(other) / size**2)


def _decimal(parts: list[Fraction]) -> Decimal:
    total = sum(parts, Fraction()) * 10**8
    return Decimal(int(total)).scaleb(-8)


def _contributed(company: Company, period: Period) -> dict[Department | None, Decimal | None]:
    calendar = company.question.calendar
    first, after = (calendar.local_day(each) for each in (period.start, period.end))
    found: dict[Department | None, list[Fraction | None]] = defaultdict(list)
    for row in company.records["contribution"]:
        day: date | None = row["day"]
        if day is not None and first <= day < after:
            amount = None if row["amount"] is None else Fraction(row["amount"])
            converted = convert_on(company, amount, row["currency"], day)
            found[_owner(row["department"])].append(converted)
    return {
        owner: None if None in parts else _decimal([part for part in parts if part is not None])
        for owner, parts in found.items()
    }


def _owner(name: str | None) -> Department | None:
    if not (name or "").strip():
        return None
    known = {each.value: each for each in Department}
    return known.get((name or "").strip().lower(), Department.OTHER)


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
