"""Spend that says too little is shared out exactly, and what is unknown stays so."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.funnel.collected import Values
from onefunnel.measures.acquisition.sharing import Spent, charged, rounded

MAY = "2024-05"
SEARCH = ("search", None, None, None, MAY)


def spent(amount: str, said: tuple[str | None, ...] = SEARCH, unknown: int = 0) -> Spent:
    return Spent(said, Fraction(amount), unknown)


def test_spend_that_says_enough_goes_where_it_says() -> None:
    found = charged([spent("9")], ("channel", "cohort_month"), [{SEARCH: {("mail", MAY): 1}}])
    assert set(found.costs) == {("search", MAY)}
    assert (found.shared, found.left, found.total) == (0, 0, 9)


def test_the_first_rule_that_knows_contacts_decides() -> None:
    leads = {SEARCH: {("b",): 1}}
    touches = {SEARCH: {("a",): 1}}
    for rules, name in (([touches, leads], "a"), ([{}, leads], "b"), ([{SEARCH: {}}, leads], "b")):
        found = charged([spent("1")], ("campaign",), rules)
        assert set(found.costs) == {(name,)}


def test_what_no_contact_agrees_with_keeps_what_it_says() -> None:
    found = charged([spent("4")], ("channel", "campaign"), [{}])
    assert found.costs[("search", None)].recorded == 4
    assert (found.left, found.shared) == (4, 0)


def test_an_unknown_amount_makes_the_cost_of_all_that_agree_unknown() -> None:
    rows = [spent("1", unknown=1), spent("5", ("mail", "c", None, None, MAY))]
    found = charged(rows, ("campaign",), [{SEARCH: {("a",): 1, ("b",): 3}}])
    amounts = rounded(found.costs)
    assert (amounts[("a",)], amounts[("b",)]) == (None, None)
    assert amounts[("c",)] is not None and amounts[("c",)].amount == Decimal("5.0000")


@settings(max_examples=30)
@given(
    st.lists(st.decimals("-1000", "1000", places=4), min_size=1, max_size=5),
    st.dictionaries(st.text(max_size=2), st.integers(1, 50), min_size=1, max_size=7),
)
def test_no_ten_thousandth_is_lost(amounts: list[Decimal], counts: dict[str, int]) -> None:
    weights: dict[Values, int] = {(name,): count for name, count in counts.items()}
    found = charged([spent(str(each)) for each in amounts], ("page",), [{SEARCH: weights}])
    parts = rounded(found.costs).values()
    assert sum(each.amount for each in parts if each) == sum(amounts)
    assert all(each is not None and each.amount == each.shared for each in parts)
