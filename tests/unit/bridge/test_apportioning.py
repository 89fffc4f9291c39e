"""Rounded parts sum to the whole, and none is further from its own than it must be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from onefunnel.vocabulary import round_money
from onefunnel.vocabulary.apportioning import apportioned, money

PARTS = st.lists(st.fractions(-10, 10, max_denominator=70_000), min_size=1, max_size=12)
UNIT = Fraction(1, 10_000)


@given(PARTS)
def test_parts_sum_to_the_whole(parts: list[Fraction]) -> None:
    whole = money(sum(parts, Fraction()))
    amounts = apportioned(parts, whole)
    assert sum(amounts) == whole
    for amount, part in zip(amounts, parts, strict=True):
        assert abs(Fraction(amount) - part) < UNIT
        assert part != 0 or amount == 0
    assert apportioned([-part for part in parts], -whole) == [-amount for amount in amounts]


@given(PARTS)
def test_parts_of_parts_sum_as_well(parts: list[Fraction]) -> None:
    half = len(parts) // 2
    groups = [parts[:half], parts[half:]]
    sums = [sum(group, Fraction()) for group in groups]
    amounts = apportioned(sums, money(sum(sums, Fraction())))
    for group, amount in zip(groups, amounts, strict=True):
        if group:
            inner = apportioned(group, amount)
            assert sum(inner) == amount
            assert all(part != 0 or each == 0 for part, each in zip(group, inner, strict=True))


@given(st.decimals(-1000, 1000, places=6))
def test_money_is_rounded_as_everywhere(amount: Decimal) -> None:
    assert money(Fraction(amount)) == round_money(amount)


def test_what_is_missing_goes_to_those_whom_rounding_hurt_most() -> None:
    parts = [Fraction("1.00004"), Fraction("2.00004"), Fraction("3.00002")]
    assert apportioned(parts, Decimal("6.0001")) == [
        Decimal("1.0001"),
        Decimal("2.0000"),
        Decimal("3.0000"),
    ]
