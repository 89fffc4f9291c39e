"""The bridge of a worked example: one segment, four factors, both methods and the orders.

Leads 1000 to 1300, conversion .10 to .09, revenue per customer 200 to 210, margin .30 to .28: the
contribution goes from 6,000 to 6,879.60.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from onefunnel.measures.bridge import reference
from onefunnel.measures.bridge.bridging import bridge
from onefunnel.measures.bridge.factors import PeriodFigures, SegmentFigures
from onefunnel.measures.bridge.options import Options
from onefunnel.measures.bridge.result import Bridge, Method

BEFORE = PeriodFigures({"all": SegmentFigures(1000, 100, Decimal(20_000), Decimal(6_000))})
AFTER = PeriodFigures({"all": SegmentFigures(1300, 117, Decimal(24_570), Decimal("6879.6"))})
FACTORS = ("volume", "conversion", "arpu", "margin")
SHAPLEY = ("1694.15", "-683.18", "315.82", "-447.18")
LMDI = ("1686.94", "-677.44", "313.71", "-443.61")


def to_the_cent(said: Bridge) -> tuple[str, ...]:
    return tuple(f"{row.amount:.2f}" for row in said.rows)


@pytest.mark.parametrize(("method", "amounts"), [(Method.SHAPLEY, SHAPLEY), (Method.LMDI, LMDI)])
def test_four_factors_to_the_cent(method: Method, amounts: tuple[str, ...]) -> None:
    said = bridge(BEFORE, AFTER, Options(method, mix=False))
    assert tuple(row.factor for row in said.rows) == FACTORS
    assert to_the_cent(said) == amounts
    assert sum(row.amount or 0 for row in said.rows) == Decimal("879.6")
    assert (said.before, said.after, said.change.amount) == (
        Decimal(6000),
        Decimal("6879.6"),
        Decimal("879.6"),
    )
    assert {row.method for row in said.rows} == {method.value}


@pytest.mark.parametrize(("method", "amounts"), [(Method.SHAPLEY, SHAPLEY), (Method.LMDI, LMDI)])
def test_one_segment_has_no_mix(method: Method, amounts: tuple[str, ...]) -> None:
    said = bridge(BEFORE, AFTER, Options(method))
    assert to_the_cent(said) == (amounts[0], "0.00", *amounts[1:])


def test_one_order_after_the_other_says_what_depends_on_the_order() -> None:
    old, new = (
        {name: value for name, value in reference.factors(*pair, "all").items() if name != "mix"}
        for pair in ((BEFORE, AFTER), (AFTER, BEFORE))
    )
    told = reference.in_order(old, new, FACTORS)
    assert [float(told[name]) for name in FACTORS] == [1800, -780, 351, -491.4]
    volumes = {reference.in_order(old, new, order)["volume"] for order in permutations(old)}
    # The same 300 leads, at the worst rates (.09, 200, .28) or at the best (.10, 210, .30).
    assert (min(volumes), max(volumes)) == (Fraction(1512), Fraction(1890))


def test_the_two_methods_differ_by_less_than_a_hundredth_of_the_gross_moves() -> None:
    gross = sum(abs(Decimal(each)) for each in SHAPLEY)
    for shapley, lmdi in zip(SHAPLEY, LMDI, strict=True):
        assert abs(Decimal(shapley) - Decimal(lmdi)) < gross / 100
