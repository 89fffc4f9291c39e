"""LMDI: its sum, its symmetry, its limits, and where it is undefined."""

from __future__ import annotations

from fractions import Fraction
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.bridge import lmdi

GAINS = st.fractions(Fraction(1, 100), 100, max_denominator=100)
SOME = st.one_of(st.just(Fraction()), GAINS)


def divided(pairs: list[tuple[Fraction, Fraction]]) -> tuple[list[float], bool]:
    before, after = (np.array(values, dtype=object) for values in zip(*pairs, strict=True))
    parts, undefined = lmdi.of_product(before, after)
    return [float(part) for part in parts], bool(undefined)


@given(st.lists(st.tuples(GAINS, GAINS), min_size=1, max_size=5))
def test_parts_are_those_of_the_formula(pairs: list[tuple[Fraction, Fraction]]) -> None:
    old, new = 1.0, 1.0
    for first, second in pairs:
        old, new = old * float(first), new * float(second)
    mean = old if abs(new / old - 1) < 1e-9 else (new - old) / (log(new) - log(old))
    expected = [mean * log(second / first) for first, second in pairs]
    assert divided(pairs)[0] == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(st.lists(st.tuples(SOME, SOME), min_size=1, max_size=5))
def test_parts_sum_to_the_change_and_swapped_periods_turn_their_sign(
    pairs: list[tuple[Fraction, Fraction]],
) -> None:
    parts, undefined = divided(pairs)
    swapped, _ = divided([(new, old) for old, new in pairs])
    before, after = (np.array(values, dtype=object) for values in zip(*pairs, strict=True))
    change = float(after.prod() - before.prod())
    assert not undefined
    assert sum(parts) == pytest.approx(change, rel=1e-9, abs=1e-6)
    assert swapped == pytest.approx([-part for part in parts], rel=1e-9, abs=1e-9)
    for part, (old, new) in zip(parts, pairs, strict=True):
        assert old != new or part == 0
    floats, _ = lmdi.of_product(before.astype(float), after.astype(float))
    assert floats == pytest.approx(parts, rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("vanishing", [1, 2])
def test_a_zero_is_the_limit_of_ever_smaller_numbers(vanishing: int) -> None:
    after = np.array([20.0, 3.0, 0.5])
    before = np.array([10.0, 2.0, 0.4])
    before[:vanishing] = 0.0
    limit, undefined = lmdi.of_product(before, after)
    errors = []
    for small in (1e-20, 1e-80, 1e-140):
        near, _ = lmdi.of_product(np.where(before == 0, small, before), after)
        errors.append(float(abs(near - limit).max()))
    # The way there is slow, like 1 / ln: no small number would do.
    assert errors[0] > 3 * errors[1] > 4 * errors[2] > 0
    assert limit.tolist() == [30.0 / vanishing] * vanishing + [0.0] * (3 - vanishing)
    assert not undefined


def test_equal_products_divide_what_moved_against_each_other() -> None:
    parts, _ = divided([(Fraction(10), Fraction(20)), (Fraction(4), Fraction(2))])
    assert parts == pytest.approx([40 * log(2), -40 * log(2)])


def test_profit_that_turns_into_loss_is_undefined_and_two_losses_are_not() -> None:
    assert divided([(Fraction(5), Fraction(6)), (Fraction(1, 2), Fraction(-1, 2))])[1]
    parts, undefined = divided([(Fraction(5), Fraction(6)), (Fraction(-1), Fraction(-1))])
    assert (parts, undefined) == ([-1.0, 0.0], False)
    # From nothing into loss has a limit.
    assert divided([(Fraction(5), Fraction(6)), (Fraction(), Fraction(-1))]) == ([0.0, -6.0], False)
