"""Contribution as a product of factors per segment, and what stands outside the product.

V = sum over segments of N * share * conversion * arpu * margin, plus what other functions brought.
N are the leads of all segments, a share is a segment's part of them, conversion its customers per
lead, arpu its revenue per customer, margin its contribution per revenue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from onefunnel.errors import UsageError
from onefunnel.measures.bridge.spread import Amounts, Spread
from onefunnel.vocabulary import Department

Segment: TypeAlias = str | None
"""The name of a segment; None where it is unknown."""

Figures: TypeAlias = NDArray[Any]
"""Leads, customers, revenue, contribution on the first axis, segments on the second.

Fractions where figures are exact (one column a segment), floats where they are drawn (a third axis
then holds the draws). What is written for arrays holds for both.
"""

VOLUME, MIX, CONVERSION, ARPU, MARGIN = "volume", "mix", "conversion", "arpu", "margin"
JOINT = "leads_and_conversion"
OUTSIDE, CONTRIBUTED = "outside", "contributed"


@dataclass(frozen=True, slots=True)
class SegmentFigures:
    """One segment in one period. Money is of one currency; None is unknown.

    ``spread`` says how the amounts of single customers differ, for the bands; None: it is unknown.
    Raises UsageError where leads or customers are negative, or amounts are not one a customer.
    """

    leads: int
    customers: int
    revenue: Decimal | None
    contribution: Decimal | None
    spread: Spread | Amounts | None = None

    def __post_init__(self) -> None:
        if self.leads < 0 or self.customers < 0:
            raise UsageError(
                f"A segment has {self.leads} leads and {self.customers} customers.",
                remedy="Count them from 0.",
            )
        given = self.spread
        if isinstance(given, Amounts) and given.revenue.size != self.customers:
            raise UsageError(
                f"{self.customers} customers have {given.revenue.size} amounts.",
                remedy="Give one for every customer, zeros included.",
            )

    @property
    def known(self) -> bool:
        """Whether revenue and contribution are both known."""
        return self.revenue is not None and self.contribution is not None


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """One period: its segments, and what functions other than selling earned or saved.

    ``contributed`` is by department, None for one that is unknown; its amount is None where that
    is unknown.
    """

    segments: Mapping[Segment, SegmentFigures]
    contributed: Mapping[Department | None, Decimal | None] = field(default_factory=dict)

    @property
    def contribution(self) -> Fraction | None:
        """The contribution of the period, None where a part of it is unknown."""
        parts = [*self.contributed.values(), *(s.contribution for s in self.segments.values())]
        known = [Fraction(each) for each in parts if each is not None]
        return sum(known, Fraction()) if len(known) == len(parts) else None


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """The factors of both periods, and the contribution that no product can carry.

    ``before`` and ``after`` have a row per name and then the axes of segments (and draws); the two
    ``outside`` have the axes of segments (and draws) only.
    """

    names: tuple[str, ...]
    before: Figures
    after: Figures
    outside_before: Figures
    outside_after: Figures


def exact(period: PeriodFigures, segments: Sequence[Segment]) -> Figures:
    """The figures of a period as Fractions; a segment that it has not got is all zeros.

    All amounts must be known.

    >>> exact(PeriodFigures({"gates": SegmentFigures(4, 1, Decimal(9), Decimal(3))}), ["gates"]).T
    array([[Fraction(4, 1), Fraction(1, 1), Fraction(9, 1), Fraction(3, 1)]], dtype=object)
    """
    table = np.full((4, len(segments)), Fraction(), dtype=object)
    for column, name in enumerate(segments):
        found = period.segments.get(name)
        if found is not None:
            row = (found.leads, found.customers, found.revenue or 0, found.contribution or 0)
            table[:, column] = [Fraction(each) for each in row]
    return table


def product(before: Figures, after: Figures, *, mix: bool = True, joint: bool = False) -> Product:
    """The factors of the two periods.

    With ``mix``, volume is the number of all leads, and a segment's share of them is a factor of
    its own; without, volume is the segment's own leads. With ``joint``, leads and conversion are
    one factor: more leads are mostly leads that convert less, so the two are one move.

    A rate that one period does not know (customers per lead where there was no lead, and all rates
    after it) is that of the other period: then it has not changed, and all the change is that of
    the factor which is zero. Contribution that the product can't carry (that of customers in a
    segment without leads, or of a segment with customers but no revenue) stands outside.
    """
    (old, old_known), (new, new_known) = _rates(before), _rates(after)
    rates = _filled(old, old_known, new), _filled(new, new_known, old)
    volumes = _volumes(before, after) if mix else (before[:1], after[:1])
    stacks = [np.concatenate(pair) for pair in zip(volumes, rates, strict=True)]
    if joint:
        stacks = [_joined(each, len(each) - len(rates[0])) for each in stacks]
    names = factor_names(mix=mix, joint=joint)
    outside = [
        np.where(known[2], figures[3] * 0, figures[3])
        for figures, known in ((before, old_known), (after, new_known))
    ]
    return Product(names, *stacks, *outside)


def factor_names(*, mix: bool = True, joint: bool = False) -> tuple[str, ...]:
    """The names of the factors, in their order.

    >>> factor_names(joint=True)
    ('leads_and_conversion', 'mix', 'arpu', 'margin')
    """
    mixed = (MIX,) if mix else ()
    return (JOINT, *mixed, ARPU, MARGIN) if joint else (VOLUME, *mixed, CONVERSION, ARPU, MARGIN)


def _rates(figures: Figures) -> tuple[Figures, NDArray[np.bool_]]:
    """Conversion, arpu and margin, and which are known: none after a figure that is zero."""
    known = np.logical_and.accumulate(figures[:3] != 0, axis=0)
    return _ratio(figures[1:], figures[:3], known), known


def _filled(rates: Figures, known: NDArray[np.bool_], others: Figures) -> Figures:
    return np.where(known, rates, others)


def _volumes(before: Figures, after: Figures) -> tuple[Figures, Figures]:
    """Per period the number of all leads, and each segment's share of them, one above the other."""
    totals = [each[:1].sum(axis=1, keepdims=True) for each in (before, after)]
    old, new = (
        _ratio(each[:1], total, np.broadcast_to(total != 0, each[:1].shape))
        for each, total in zip((before, after), totals, strict=True)
    )
    shares = np.where(totals[0] != 0, old, new), np.where(totals[1] != 0, new, old)
    volumes = [np.broadcast_to(total, old.shape) for total in totals]
    return np.concatenate([volumes[0], shares[0]]), np.concatenate([volumes[1], shares[1]])


def _ratio(above: Figures, below: Figures, known: NDArray[np.bool_]) -> Figures:
    """The quotient where it is known, elsewhere zero."""
    found: Figures = np.divide(above, below, out=above * 0, where=known)
    return found


def _joined(stack: Figures, conversion: int) -> Figures:
    """The stack with volume times conversion in the first place, and conversion gone."""
    rest = np.delete(stack, [0, conversion], axis=0)
    return np.concatenate([stack[:1] * stack[conversion : conversion + 1], rest])
