"""Rounding parts to four decimals so that they still sum to the whole."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from onefunnel.vocabulary.money import MONEY_PLACES

UNITS = int(1 / MONEY_PLACES)


def apportioned(parts: Sequence[Fraction], whole: Decimal) -> list[Decimal]:
    """Each part to four decimals, half away from zero; then the largest remainders move.

    The parts must sum to the whole but for rounding. What is missing to the whole goes, one
    ten-thousandth each, to the parts that rounding hurt most, the first of equals first. A part of
    zero stays zero, and opposite parts give opposite amounts.

    >>> [str(each) for each in apportioned([Fraction(1, 3)] * 3, Decimal("1.0000"))]
    ['0.3334', '0.3333', '0.3333']
    """
    units = [_nearest(part * UNITS) for part in parts]
    missing = int(whole * UNITS) - sum(units)
    step = 1 if missing > 0 else -1
    order = sorted(range(len(parts)), key=lambda at: step * (units[at] - parts[at] * UNITS))
    for at in order[: abs(missing)]:
        units[at] += step
    return [Decimal(each).scaleb(-4) for each in units]


def money(amount: Fraction) -> Decimal:
    """An exact amount to four decimals, half away from zero.

    >>> str(money(Fraction(-1, 20000)))
    '-0.0001'
    """
    return Decimal(_nearest(amount * UNITS)).scaleb(-4)


def _nearest(units: Fraction) -> int:
    """The nearest whole number, half away from zero."""
    whole = int(abs(units) + Fraction(1, 2))
    return whole if units > 0 else -whole
