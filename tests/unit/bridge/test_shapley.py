"""Shapley attribution: as the average over all orders, for products and for any function."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.bridge import shapley
from onefunnel.measures.bridge.reference import in_order

VALUES = st.fractions(-5, 5, max_denominator=9)
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=5)


def average_of_orders(pairs: list[tuple[Fraction, Fraction]]) -> list[Fraction]:
    old, new = ({str(i): pair[at] for i, pair in enumerate(pairs)} for at in (0, 1))
    moves = [in_order(old, new, order) for order in permutations(old)]
    return [sum((move[name] for move in moves), Fraction()) / len(moves) for name in old]


@given(PAIRS)
def test_a_product_is_divided_as_the_average_of_all_orders(
    pairs: list[tuple[Fraction, Fraction]],
) -> None:
    before, after = (np.array(values, dtype=object) for values in zip(*pairs, strict=True))
    parts = shapley.of_product(before, after)
    assert parts.tolist() == average_of_orders(pairs)
    assert sum(parts) == prod(after) - prod(before)
    for part, (old, new) in zip(parts, pairs, strict=True):
        assert old != new or part == 0


@given(PAIRS, st.integers(1, 3))
def test_columns_do_not_touch_each_other_and_floats_say_the_same(
    pairs: list[tuple[Fraction, Fraction]], columns: int
) -> None:
    before, after = (np.array(values, dtype=object) for values in zip(*pairs, strict=True))
    alone = shapley.of_product(before, after)
    wide = shapley.of_product(*[np.stack([each] * columns, 1) for each in (before, after)])
    assert all((wide[:, column] == alone).all() for column in range(columns))
    floats = shapley.of_product(before.astype(float), after.astype(float))
    assert floats == pytest.approx(alone.astype(float), abs=1e-9)


@given(st.lists(VALUES, min_size=8, max_size=8))
def test_a_function_of_three_factors_is_divided_as_the_average_of_its_six_orders(
    values: list[Fraction],
) -> None:
    def value(changed: frozenset[int]) -> Fraction:
        return values[sum(1 << each for each in changed)]

    found = shapley.of_function(value, 3)
    for factor in range(3):
        added = [
            value(frozenset(order[: order.index(factor) + 1]))
            - value(frozenset(order[: order.index(factor)]))
            for order in permutations(range(3))
        ]
        assert found[factor] == sum(added) / 6


def test_a_dictator_and_two_dummies() -> None:
    def dictated(changed: frozenset[int]) -> Fraction:
        return Fraction(int(0 in changed))

    assert shapley.of_function(dictated, 3) == [1, 0, 0]


def test_what_is_no_table_of_subsets_is_refused() -> None:
    with pytest.raises(UsageError, match="6 values are not those of all subsets"):
        shapley.of_subsets(np.zeros(6))
    with pytest.raises(UsageError, match="17 factors are too many"):
        shapley.of_function(lambda changed: Fraction(), 17)
