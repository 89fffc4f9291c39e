"""The lines of a bridge, from their parts to rounded rows with bands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from onefunnel.measures.bridge.factors import (
    CONTRIBUTED,
    OUTSIDE,
    Figures,
    PeriodFigures,
    Product,
    Segment,
)
from onefunnel.measures.bridge.noise import band
from onefunnel.measures.bridge.options import Options
from onefunnel.measures.bridge.result import BridgeRow
from onefunnel.vocabulary import Department
from onefunnel.vocabulary.apportioning import apportioned, money


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line before it is rounded: its parts by segment, and the same for every draw.

    ``draws`` is (segments, draws), None where there are none. What is booked is of no segment and
    no sample: it has one part, and draws that do not differ.
    """

    factor: str
    owner: Department | None
    segments: tuple[Segment, ...]
    parts: tuple[Fraction, ...]
    draws: Figures | None

    @property
    def total(self) -> Fraction:
        """The sum of the parts."""
        return sum(self.parts, Fraction())


def lines_of(
    made: Product,
    parts: Figures,
    drawn: tuple[Product, Figures] | None,
    segments: tuple[Segment, ...],
    options: Options,
) -> list[Line]:
    """A line per factor, and one for what stands outside them, where there is any."""
    rows = list(zip(made.names, parts, drawn[1] if drawn else [None] * len(parts), strict=True))
    if (made.outside_before != 0).any() or (made.outside_after != 0).any():
        rows.append((OUTSIDE, _outside(made), _outside(drawn[0]) if drawn else None))
    return [
        Line(name, options.owner(name), segments, tuple(Fraction(each) for each in exact), draws)
        for name, exact, draws in rows
    ]


def contributed(before: PeriodFigures, after: PeriodFigures) -> list[Line]:
    """A line per department that earned or saved something, in order, the unknown one last.

    Those of which an amount is unknown are left out.
    """
    owners = sorted(
        {*before.contributed, *after.contributed}, key=lambda each: (each is None, each or "")
    )
    untold = untold_owners(before, after)
    return [_booked(owner, before, after) for owner in owners if owner not in untold]


def untold_owners(before: PeriodFigures, after: PeriodFigures) -> list[Department | None]:
    """The departments of which an amount is unknown, in the order in which they stand."""
    both = [*before.contributed.items(), *after.contributed.items()]
    return list(dict.fromkeys(owner for owner, amount in both if amount is None))


def rows_of(lines: Sequence[Line], change: Decimal, options: Options) -> tuple[BridgeRow, ...]:
    """The rows, rounded from the top down: the change, then factors, then segments of a factor."""
    amounts = apportioned([line.total for line in lines], change)
    if not options.by_segment:
        found = zip(lines, amounts, strict=True)
        return tuple(_row(line, amount, _sum(line.draws), {}, options) for line, amount in found)
    return tuple(
        _row(line, part, line.draws if line.draws is None else line.draws[at], where, options)
        for line, amount in zip(lines, amounts, strict=True)
        for at, part in enumerate(apportioned(line.parts, amount))
        for where in [{"segment": line.segments[at]}]
    )


def change_of(lines: Sequence[Line], change: Decimal | None, options: Options) -> BridgeRow:
    """The change as a whole, with its band: None as soon as one line has none."""
    draws = [_sum(line.draws) for line in lines]
    known = [each for each in draws if each is not None]
    whole = np.sum(np.broadcast_arrays(*known), axis=0) if len(known) == len(draws) > 0 else None
    low, high = (None, None) if whole is None else _bounds(whole, options.draws.level)
    return BridgeRow("change", Department.BOTH, change, low, high, options.method.value)


def _outside(made: Product) -> Figures:
    difference: Figures = made.outside_after - made.outside_before
    return difference


def _booked(owner: Department | None, before: PeriodFigures, after: PeriodFigures) -> Line:
    old, new = (Fraction(period.contributed.get(owner) or 0) for period in (before, after))
    return Line(CONTRIBUTED, owner, (None,), (new - old,), np.array([[float(new - old)]]))


def _sum(draws: Figures | None) -> Figures | None:
    return None if draws is None else np.asarray(draws.sum(axis=0))


def _row(
    line: Line,
    amount: Decimal,
    draws: Figures | None,
    where: Mapping[str, Segment],
    options: Options,
) -> BridgeRow:
    low, high = (None, None) if draws is None else _bounds(draws, options.draws.level)
    if line.factor == CONTRIBUTED:
        low = high = amount
    return BridgeRow(line.factor, line.owner, amount, low, high, options.method.value, where)


def _bounds(draws: Figures, level: float) -> tuple[Decimal, Decimal]:
    low, high = band(draws, level)
    return money(Fraction(float(low))), money(Fraction(float(high)))
