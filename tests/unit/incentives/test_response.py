"""The best response to plans with tiers: by hand, by trying a grid, and where pay ties."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.response import (
    Component,
    Staff,
    Tier,
    best_response,
    team_pay,
    team_response,
)

RETROACTIVE = (Tier(0, 0.05), Tier(50_000, 0.07, 1_000.0), Tier(100_000, 0.10, 3_000.0))
STEPS = 20
# All numbers lie on the grid that is tried.
tiers = st.lists(
    st.tuples(st.integers(1, 19), st.integers(0, 4), st.integers(-2, 6)), max_size=3
).map(lambda rest: (Tier(0, 1.0), *(Tier(s * 5.0, r / 2, j * 5.0) for s, r, j in distinct(rest))))


def distinct(rest: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """One tier for each start, rising."""
    return sorted({each[0]: each for each in rest}.values())


def by_grid(
    leads: np.ndarray, hours: np.ndarray, win: np.ndarray, limit: float, parts: list[Component]
) -> float:
    """The most pay among allocations on a grid."""
    most = -np.inf
    for cell in product(range(STEPS + 1), repeat=len(leads)):
        worked = leads * np.asarray(cell) / STEPS
        if worked @ hours <= limit + 1e-9:
            pay = sum(
                part.paid(part.credited + float(worked * win @ np.asarray(part.base)))
                - part.paid(part.credited)
                for part in parts
            )
            most = max(most, pay)
    return most


@given(tiers, tiers, st.integers(1, 20), st.integers(0, 10))
def test_no_allocation_of_a_grid_pays_more(
    first: tuple[Tier, ...], second: tuple[Tier, ...], limit: int, credited: int
) -> None:
    leads, hours, win = np.array([10.0, 20.0]), np.array([1.0, 0.5]), np.array([0.5, 1.0])
    parts = [
        Component("all", (10.0, 3.0), first, float(credited)),
        Component("second", (0.0, 4.0), second),
    ]
    found = best_response(leads, hours, win, float(limit), parts)
    assert found.pay >= by_grid(leads, hours, win, float(limit), parts) - 1e-4
    assert found.worked @ hours <= limit + 1e-5
    assert (found.worked <= leads + 1e-9).all()
    # What is said to be paid is what the plan pays, unless one stops short of a fall.
    paid = team_pay(found.worked, win, [Staff(tuple(parts))])
    falls = any(tier.jump < 0 for part in parts for tier in part.tiers)
    assert paid == pytest.approx(found.pay, abs=1e-4) or falls


def test_a_jump_is_worth_working_for() -> None:
    # Without tiers the first pays 10 an hour and the second 6; only the second reaches the jump.
    leads, hours, win = np.array([10.0, 40.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0])
    first = Component("first", (100.0, 0.0), (Tier(0, 0.1),))
    second = Component("second", (0.0, 100.0), (Tier(0, 0.06), Tier(2_000, 0.06, 500.0)))
    few = best_response(leads, hours, win, 20.0, [first, second])
    assert few.worked == pytest.approx([0.0, 20.0], abs=1e-4)
    assert few.pay == pytest.approx(120 + 500, abs=1e-4)
    more = best_response(leads, hours, win, 25.0, [first, second])
    assert more.worked == pytest.approx([5.0, 20.0], abs=1e-4)


def test_nobody_works_for_what_is_above_the_cap() -> None:
    leads, hours, win = np.array([10.0, 10.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0])
    capped = Component("first", (100.0, 0.0), (Tier(0, 0.1), Tier(400, 0.0)))
    other = Component("second", (0.0, 100.0), (Tier(0, 0.02),))
    found = best_response(leads, hours, win, 10.0, [capped, other])
    assert found.worked == pytest.approx([4.0, 6.0], abs=1e-4)


def test_what_was_credited_before_decides_the_tier() -> None:
    leads, hours, win = np.array([10.0, 10.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0])
    rising = (Tier(0, 0.05), Tier(1_000, 0.2))
    plain = Component("second", (0.0, 100.0), (Tier(0, 0.1),))

    def first_worked(credited: float) -> float:
        part = Component("first", (50.0, 0.0), rising, credited)
        return float(best_response(leads, hours, win, 10.0, [part, plain]).worked[0])

    assert first_worked(0.0) == pytest.approx(0.0, abs=1e-4)
    # At 20 % of 50 both pay 10 an hour and share; the plan pays the same either way.
    assert first_worked(1_000.0) == pytest.approx(5.0, abs=1e-3)


def test_a_tie_is_shared_in_proportion_and_idle_hours_are_worked() -> None:
    leads, hours, win = np.array([10.0, 30.0, 8.0]), np.array([1.0, 1.0, 1.0]), np.ones(3)
    equal = Component("all", (10.0, 10.0, 0.0), (Tier(0, 0.1),))
    found = best_response(leads, hours, win, 20.0, [equal])
    assert found.worked == pytest.approx([5.0, 15.0, 0.0], abs=1e-3)
    rest = best_response(leads, hours, win, 44.0, [equal])
    assert rest.worked == pytest.approx([10.0, 30.0, 4.0], abs=1e-3)


def test_large_amounts_in_dong_are_no_trouble() -> None:
    leads, hours, win = np.array([100.0, 400.0]), np.array([3.0, 0.4]), np.array([0.25, 0.4])
    dong = 28_000.0
    part = Component("price", (2_000 * dong, 60 * dong), (Tier(0, 0.03),))
    found = best_response(leads, hours, win, 300.0, [part])
    assert found.worked == pytest.approx([100.0, 0.0], abs=1e-3)
    assert found.pay == pytest.approx(1_500 * dong, rel=1e-6)


def test_no_hours_no_leads_no_pay() -> None:
    part = Component("price", (100.0,), (Tier(0, 0.03),))
    one = np.ones(1)
    assert best_response(one * 10, one, one, 0.0, [part]).worked[0] == pytest.approx(0.0, abs=1e-7)
    assert best_response(one * 0, one, one, 10.0, [part]).pay == 0.0


def test_identical_sellers_do_the_same_and_others_do_not() -> None:
    leads, hours, win = np.array([20.0, 40.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0])
    gates = Component("a", (100.0, 10.0), (Tier(0, 0.1),))
    parts = Component("b", (10.0, 100.0), (Tier(0, 0.1),))
    pair = team_response(leads, hours, win, 20.0, [Staff((gates,), people=2)])
    one = team_response(leads, hours, win, 20.0, [Staff((gates,))])
    assert pair.worked == pytest.approx(one.worked, abs=1e-6)
    mixed = team_response(leads, hours, win, 20.0, [Staff((gates,), 0.5), Staff((parts,), 0.5)])
    assert mixed.worked == pytest.approx([10.0, 10.0], abs=1e-4)


def test_tiers_are_each_persons_own() -> None:
    # Together they would pass the threshold; alone neither does.
    threshold = Component("a", (100.0,), (Tier(0, 0.0), Tier(1_500, 0.0, 300.0)))
    args = np.array([20.0]), np.array([1.0]), np.array([1.0]), 20.0
    assert team_response(*args, [Staff((threshold,))]).pay == pytest.approx(300.0)
    assert team_response(*args, [Staff((threshold,), people=2)]).pay == pytest.approx(0.0)


def test_retroactive_tiers_pay_what_the_rate_of_the_tier_pays_on_all() -> None:
    part = Component("revenue", (1.0,), RETROACTIVE)
    assert part.paid(49_999) == pytest.approx(2_499.95)
    assert part.paid(50_000) == pytest.approx(3_500.0)
    assert part.paid(120_000) == pytest.approx(12_000.0)


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(UsageError, match="begin"):
        Component("a", (1.0,), (Tier(5, 0.1),))
    with pytest.raises(UsageError, match="begin"):
        Component("a", (1.0,), (Tier(0, 0.1), Tier(0, 0.2)))
    part = Component("a", (1.0,), (Tier(0, 0.1),))
    with pytest.raises(UsageError):
        Staff((part,), share=1.5)
    with pytest.raises(UsageError, match="component"):
        Staff(())
    with pytest.raises(UsageError, match="add up"):
        team_response(np.ones(1), np.ones(1), np.ones(1), 1.0, [Staff((part,), 0.5)])
