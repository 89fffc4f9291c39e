"""Where the hours go, against plain loops and a linear program."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.incentives import reference
from onefunnel.measures.incentives.allocation import (
    contribution,
    filled,
    payroll,
    value_of_hour,
    worked_best,
    worked_plan,
    worth_of_missing_hours,
)
from onefunnel.measures.incentives.reference import Lot
from tests.unit.incentives.companies import draws_of, lots, quarters


@given(lots, quarters)
def test_allocations_are_those_of_plain_loops(given_lots: list[Lot], hours: float) -> None:
    draws = draws_of(given_lots, hours)
    assert worked_best(draws)[0] == pytest.approx(reference.best(given_lots, hours))
    assert worked_plan(draws)[0] == pytest.approx(reference.plan(given_lots, hours))


@given(lots, quarters)
def test_the_best_value_is_that_of_the_linear_program(given_lots: list[Lot], hours: float) -> None:
    draws = draws_of(given_lots, hours)
    highest, dual = reference.best_by_program(given_lots, hours)
    assert contribution(draws, worked_best(draws))[0] == pytest.approx(highest, abs=1e-7)
    # Where hours end between two segments the program may name any value between theirs.
    assert value_of_hour(draws)[0] <= dual + 1e-7


@given(lots, quarters)
def test_the_value_of_an_hour_is_what_a_little_more_brings(
    given_lots: list[Lot], hours: float
) -> None:
    little = 1e-4
    more, _ = reference.best_by_program(given_lots, hours + little)
    now, _ = reference.best_by_program(given_lots, hours)
    assert value_of_hour(draws_of(given_lots, hours))[0] == pytest.approx(
        (more - now) / little, abs=1e-3
    )


@given(lots, quarters)
def test_no_allocation_takes_more_hours_or_leads_than_there_are(
    given_lots: list[Lot], hours: float
) -> None:
    draws = draws_of(given_lots, hours)
    for worked in (worked_best(draws), worked_plan(draws)):
        assert (worked * draws.hours_per_lead).sum() <= hours + 1e-9
        assert (worked <= draws.leads).all()


@given(lots, quarters, quarters)
def test_missing_hours_are_worth_what_they_would_bring_above_their_cost(
    given_lots: list[Lot], hours: float, cost: float
) -> None:
    draws = draws_of(given_lots, hours)
    added, worth = worth_of_missing_hours(draws, worked_best(draws), cost)
    more, _ = reference.best_by_program(given_lots, hours + added[0])
    now, _ = reference.best_by_program(given_lots, hours)
    assert worth[0] == pytest.approx(more - now - cost * added[0], abs=1e-6)


def test_a_tie_favours_nobody() -> None:
    # Both pay 2 an hour; the company wants the second, and the plan does not say so.
    equal = [Lot(10, 1.0, 1.0, 2.0), Lot(5, 2.0, 40.0, 4.0)]
    assert worked_plan(draws_of(equal, 10.0))[0].tolist() == [5.0, 2.5]
    assert worked_plan(draws_of(equal[::-1], 10.0))[0].tolist() == [2.5, 5.0]


def test_a_plan_that_pays_nothing_shares_all_hours() -> None:
    salaried = [Lot(10, 1.0, 1.0, 0.0), Lot(30, 1.0, 5.0, 0.0)]
    assert worked_plan(draws_of(salaried, 20.0))[0].tolist() == [5.0, 15.0]


def test_leads_that_cost_are_worked_by_the_plan_only() -> None:
    draws = draws_of([Lot(10, 1.0, -2.0, 1.0)], 100.0)
    assert worked_plan(draws)[0].tolist() == [10.0]
    assert worked_best(draws)[0].tolist() == [0.0]
    assert contribution(draws, worked_plan(draws))[0] == -20.0
    assert payroll(draws, worked_plan(draws))[0] == 10.0
    assert value_of_hour(draws)[0] == 0.0


def test_rows_are_filled_apart() -> None:
    score = np.array([[1.0, 2.0], [2.0, 1.0]])
    parts = filled(score, np.full((2, 2), 4.0), np.array([2.0, 6.0]), np.ones((2, 2), bool))
    assert parts.tolist() == [[0.0, 0.5], [1.0, 0.5]]


def test_an_hour_at_the_edge_brings_what_the_next_segment_does() -> None:
    edge = [Lot(10, 1.0, 5.0, 1.0), Lot(10, 1.0, 3.0, 1.0)]
    assert value_of_hour(draws_of(edge, 10.0))[0] == 3.0
    assert value_of_hour(draws_of(edge, 9.0))[0] == 5.0
    assert value_of_hour(draws_of(edge, 20.0))[0] == 0.0


@given(lots, st.integers(2, 4))
def test_the_order_of_segments_does_not_matter(given_lots: list[Lot], hours: int) -> None:
    there, back = draws_of(given_lots, hours), draws_of(given_lots[::-1], hours)
    assert worked_plan(there)[0] == pytest.approx(worked_plan(back)[0][::-1])
