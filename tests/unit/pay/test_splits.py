"""Splits keep the cent; overlays come on top; overrides go to who is reported to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.pay.credits import Seller, credits_of, managers_on, overrides
from onefunnel.pay.engine import earned
from onefunnel.pay.plan import Base, Whose
from onefunnel.pay.rounding import CENT, apportioned, rounded, split
from tests.unit.pay.cases import component, member, plan, sale, total

DAY = date(2024, 1, 9)
AMOUNTS = st.decimals(-10_000, 10_000, places=4)
WEIGHTS = st.lists(st.integers(1, 100).map(Decimal), min_size=1, max_size=9)


def halves(*employees: str) -> tuple[Seller, ...]:
    return tuple(Seller(each, Decimal(1) / len(employees)) for each in employees)


def test_a_cent_between_two_goes_to_one_of_them() -> None:
    made = credits_of(sale("s", DAY, "0.01", sellers=halves("e1", "e2")))
    assert [credit.revenue for credit in made] == [Decimal("0.01"), Decimal(0)]


def test_the_return_of_a_cent_goes_back_to_whom_it_came() -> None:
    made = credits_of(sale("s", DAY, "-0.01", sellers=halves("e1", "e2")))
    assert [credit.revenue for credit in made] == [Decimal("-0.01"), Decimal(0)]


def test_the_largest_remainder_has_the_cent() -> None:
    # 10.00 by 1, 1, 4: 1.666…, 1.666…, 6.666…: two cents are left, the largest weight goes first.
    assert split(Decimal(10), [Decimal(1), Decimal(1), Decimal(4)]) == [
        Decimal("1.67"),
        Decimal("1.66"),
        Decimal("6.67"),
    ]


@given(AMOUNTS, WEIGHTS)
def test_splits_sum_to_the_whole(amount: Decimal, weights: list[Decimal]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert split(-amount, weights) == [-part for part in parts]


@given(AMOUNTS.map(lambda amount: amount.quantize(CENT)), WEIGHTS)
def test_no_part_of_whole_cents_is_a_cent_off(amount: Decimal, weights: list[Decimal]) -> None:
    whole = Fraction(sum(weights))
    for part, weight in zip(split(amount, weights), weights, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * Fraction(weight) / whole) < Fraction(1, 100)


@given(st.lists(AMOUNTS.map(Fraction), min_size=1, max_size=6))
def test_apportioned_parts_sum_to_the_rounded_whole(parts: list[Fraction]) -> None:
    whole = rounded(sum(parts), CENT)
    amounts = apportioned(whole, parts, CENT)
    assert sum(amounts) == whole
    largest = max(range(len(parts)), key=lambda index: abs(parts[index]))
    others = [i for i in range(len(parts)) if i != largest]
    assert [amounts[i] for i in others] == [rounded(parts[i], CENT) for i in others]


@pytest.mark.parametrize(("exact", "cents"), [("0.005", "0.00"), ("0.015", "0.02")])
def test_a_half_cent_goes_to_the_even_one(exact: str, cents: str) -> None:
    assert rounded(Fraction(exact), CENT) == Decimal(cents)
    assert rounded(-Fraction(exact), CENT) == -Decimal(cents)


def test_an_overlay_comes_on_top_and_is_marked() -> None:
    sellers = (*halves("e1", "e2"), Seller("expert", Decimal("0.3"), overlay=True))
    made = credits_of(sale("s", DAY, "100.01", sellers=sellers))
    assert [(c.revenue, c.overlay) for c in made] == [
        (Decimal("50.01"), False),
        (Decimal("50.00"), False),
        (Decimal("30.00"), True),
    ]


@pytest.mark.parametrize("shares", [("0.5", "0.4"), ("0.6", "0.5"), ("1.5", "-0.5")])
def test_shares_that_are_no_whole_are_refused(shares: tuple[str, ...]) -> None:
    sellers = tuple(Seller(f"e{n}", Decimal(share)) for n, share in enumerate(shares))
    with pytest.raises(UsageError, match="The shares of the sale 's'"):
        credits_of(sale("s", DAY, 100, sellers=sellers))


def test_an_override_pays_a_share_of_what_the_team_is_credited() -> None:
    own = component((0, "0.05"))
    team = component((0, "0.01"), name="override", whose=Whose.TEAM)
    rows = [member("e1", manager="head"), member("e2", manager="head"), member("head")]
    sellers = (*halves("e1", "e2"), Seller("e1", Decimal("0.2"), overlay=True))
    lines = earned([plan(own, team)], rows, [sale("s", DAY, 1000, sellers=sellers)], DAY).lines
    assert total(lines, employee="e2") == 25
    # The overlay of 200 is credited to e1 but makes no override: the team sold 1,000.
    assert total(lines, employee="e1") == 35
    assert total(lines, employee="head", component="override") == 10
    assert total(lines, employee="head", component="sales") == 0


def test_an_override_goes_to_the_manager_of_the_day() -> None:
    rows = (
        member(last=date(2024, 1, 31), manager="old"),
        member(first=date(2024, 2, 1), manager="new"),
    )
    assert managers_on(rows, date(2024, 1, 31)) == ("old",)
    assert managers_on(rows, date(2024, 2, 1)) == ("new",)
    (credit,) = credits_of(sale("s", DAY, 100))
    (override,) = overrides(credit, ["new"])
    assert override == replace(credit, employee="new", via="e1")


def test_units_are_split_exactly() -> None:
    sellers = (Seller("e1", Decimal("0.3")), Seller("e2", Decimal("0.7")))
    made = credits_of(sale("s", DAY, 1, sellers=sellers, quantity=Decimal(5)))
    assert [credit.of(Base.UNITS) for credit in made] == [Decimal("1.5"), Decimal("3.5")]
