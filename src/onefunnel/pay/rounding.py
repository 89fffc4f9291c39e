"""Rounding: once, half to even, to the currency's minor unit; parts keep the sum."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction

CENT = Decimal("0.01")
FOUR_PLACES = Decimal("0.0001")
TWELVE_PLACES = Decimal("1E-12")
DIGITS = 60


def rounded(amount: Fraction, minor: Decimal) -> Decimal:
    """An exact amount to the minor unit, half to even.

    >>> rounded(Fraction("2.665"), CENT), rounded(Fraction("2.675"), CENT)
    (Decimal('2.66'), Decimal('2.68'))
    """
    with localcontext() as context:
        context.prec = DIGITS
        return round(amount / Fraction(minor)) * minor


def decimal_of(amount: Fraction) -> Decimal:
    """A fraction as a Decimal: exact where its digits end, to sixty digits where they don't."""
    with localcontext() as context:
        context.prec = DIGITS
        return Decimal(amount.numerator) / Decimal(amount.denominator)


def apportioned(total: Decimal, parts: Sequence[Fraction], minor: Decimal) -> list[Decimal]:
    """Parts rounded so that they sum to ``total``: what is left goes to the largest of them.

    >>> apportioned(Decimal("0.02"), [Fraction("0.004"), Fraction("0.012")], CENT)
    [Decimal('0.00'), Decimal('0.02')]
    """
    amounts = [rounded(part, minor) for part in parts]
    if amounts:
        largest = max(range(len(parts)), key=lambda index: abs(parts[index]))
        amounts[largest] += total - sum(amounts)
    return amounts


def split(amount: Decimal, weights: Sequence[Decimal], minor: Decimal = CENT) -> list[Decimal]:
    """An amount divided by weights, by the method of the largest remainder; the sum is kept.

    Equal remainders go by the larger weight, then by the place. What is smaller than the minor
    unit goes to the largest weight. A negative amount is divided as its positive one.

    >>> split(Decimal("0.01"), [Decimal(1), Decimal(1)])
    [Decimal('0.01'), Decimal('0.00')]
    >>> split(Decimal("-100"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('-33.34'), Decimal('-33.33'), Decimal('-33.33')]
    """
    if amount < 0:
        return [-part for part in split(-amount, weights, minor)]
    whole = sum(map(Fraction, weights), Fraction())
    units = int((amount / minor).to_integral_value(ROUND_FLOOR))
    exact = [units * Fraction(weight) / whole for weight in weights]
    counts = [int(each) for each in exact]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - exact[i], -weights[i], i))
    for index in order[: units - sum(counts)]:
        counts[index] += 1
    parts = [count * minor for count in counts]
    largest = max(range(len(weights)), key=lambda index: weights[index])
    parts[largest] += amount - units * minor
    return parts


def shown(amount: Fraction) -> Decimal:
    """A fraction to be read: to twelve decimals, without zeros at their end.

    >>> shown(Fraction(50000)), shown(Fraction(1, 20)), shown(Fraction(1, 3))
    (Decimal('50000'), Decimal('0.05'), Decimal('0.333333333333'))
    """
    with localcontext() as context:
        context.prec = DIGITS
        return Decimal(f"{rounded(amount, TWELVE_PLACES).normalize():f}")
