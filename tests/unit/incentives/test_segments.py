"""Quantities, their draws, and what is asked for first when something is missing."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.quantities import Quantity, figure, product
from onefunnel.measures.incentives.segments import LIMITS, Segment, Sheet, draw, missing
from tests.unit.incentives.companies import company_x

SHARES = np.linspace(0.0005, 0.9995, 1000)
numbers = st.floats(0.01, 0.99)


@given(st.tuples(numbers, numbers, numbers).map(sorted), st.sampled_from(sorted(LIMITS)))
def test_the_quantiles_of_an_estimate_are_its_interval(ends: list[float], name: str) -> None:
    low, best, high = ends
    found = Quantity.estimated(best, low, high).at(np.array([0.025, 0.5, 0.975]), LIMITS[name])
    assert found == pytest.approx([low, best, high], rel=1e-6)


@pytest.mark.parametrize(
    ("quantity", "limits"),
    [
        (Quantity.estimated(0.02, 0.0, 0.1), (0.0, 1.0)),
        (Quantity.estimated(0.98, 0.9, 1.0), (0.0, 1.0)),
        (Quantity.estimated(3.0, 0.5, 9.0), (0.0, inf)),
        (Quantity.estimated(1.0, 0.0, 2.0), (0.0, inf)),
    ],
)
def test_no_draw_leaves_the_limits(quantity: Quantity, limits: tuple[float, float]) -> None:
    drawn = quantity.at(SHARES, limits)
    assert (drawn >= limits[0]).all()
    assert (drawn <= limits[1]).all()


def test_a_typed_range_is_triangular() -> None:
    drawn = Quantity.typed_range(1.0, 2.0, 6.0).at(SHARES)
    assert drawn.mean() == pytest.approx((1 + 2 + 6) / 3, abs=1e-3)
    width_squares = 1 + 4 + 36 - 1 * 2 - 1 * 6 - 2 * 6
    assert drawn.var() == pytest.approx(width_squares / 18, rel=1e-2)
    assert (drawn.min() >= 1.0, drawn.max() <= 6.0) == (True, True)


def test_a_range_whose_best_is_an_end_has_draws() -> None:
    assert Quantity.typed_range(1.0, 1.0, 3.0).at(np.array([0.0, 1.0])).tolist() == [1.0, 3.0]
    assert Quantity.typed_range(1.0, 3.0, 3.0).at(np.array([0.0, 1.0])).tolist() == [1.0, 3.0]


@pytest.mark.parametrize("ends", [(2.0, 1.0, 3.0), (1.0, 4.0, 3.0), (0.0, 1.0, float("nan"))])
def test_a_range_out_of_order_is_refused(ends: tuple[float, float, float]) -> None:
    with pytest.raises(UsageError):
        Quantity.typed_range(*ends)


def test_a_product_has_the_ends_of_its_factors() -> None:
    hours = product(Quantity.typed_range(2, 3, 4), Quantity.exact(35.0))
    assert (hours.low, hours.best, hours.high, hours.typed) == (70.0, 105.0, 140.0, True)
    with pytest.raises(UsageError):
        product(Quantity.estimated(0.0, -1.0, 1.0))


def test_a_figure_holds_its_value() -> None:
    skewed = figure(np.concatenate([[10.0], np.linspace(0.0, 5.0, 100)]))
    assert skewed is not None
    assert (skewed.value, skewed.high) == (10.0, 10.0)
    assert figure(np.array([np.nan, 1.0])) is None


def test_draws_are_the_same_for_a_seed_and_others_for_another() -> None:
    gates = Segment("gates", leads=Quantity.typed_range(90, 100, 120))
    sheet = Sheet((gates,), Quantity.exact(300.0))
    first, again, other = (draw(sheet, 50, seed).leads for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first[1:] != other[1:]).any()
    assert (first[0, 0], first.shape) == (100.0, (51, 1))


def test_nothing_is_drawn_where_all_is_known() -> None:
    assert draw(company_x()).leads.shape == (1, 2)


def test_no_more_leads_are_worked_than_there_are() -> None:
    leads, worked = Quantity.typed_range(50, 60, 70), Quantity.typed_range(40, 60, 90)
    drawn = draw(Sheet((Segment("gates", leads=leads, worked=worked),)), 500)
    assert (drawn.worked <= drawn.leads).all()
    assert (drawn.worked == drawn.leads).any()
    without = draw(Sheet((Segment("gates", worked=worked),)), 5)
    assert not np.isnan(without.worked).any()


def test_the_cheapest_missing_input_is_asked_for_first() -> None:
    bare = Sheet((Segment("gates"), Segment("parts", leads=Quantity.exact(400))))
    asked = missing(bare)
    assert asked[:3] == (("hours", None), ("pay_per_win", "gates"), ("pay_per_win", "parts"))
    assert asked[-1] == ("leads", "gates")
    assert missing(company_x()) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"win_probability": Quantity.exact(1.2)},
        {"hours_per_lead": Quantity.exact(0.0)},
        {"leads": Quantity.typed_range(-1, 0, 1)},
        {"leads": Quantity.exact(5), "worked": Quantity.exact(6)},
    ],
)
def test_a_segment_that_can_not_be_is_refused(wrong: dict[str, Quantity]) -> None:
    with pytest.raises(UsageError, match="gates"):
        Segment("gates", **wrong)


def test_segments_need_names_of_their_own() -> None:
    with pytest.raises(UsageError, match="name of its own"):
        Sheet((Segment("gates"), Segment("gates")))
    with pytest.raises(UsageError, match="none"):
        Sheet(())
    with pytest.raises(UsageError, match="hours"):
        Sheet((Segment("gates"),), Quantity.exact(-1.0))


def test_wins_are_the_same_in_every_draw_however_many_were_worked() -> None:
    wins, leads = Quantity.estimated(25.0, 17.0, 34.0), Quantity.exact(100.0)
    worked = Quantity.typed_range(20.0, 60.0, 100.0)
    found = draw(Sheet((Segment("gates", leads=leads, worked=worked, wins=wins),)))
    assert found.worked * found.win_probability == pytest.approx(found.wins)
    assert (found.wins <= found.worked).all()
    assert (found.worked <= 100.0).all()
    assert found.worked.std() > 5.0
    assert found.wins[1:].mean() == pytest.approx(25.3, abs=0.5)


def test_wins_stand_in_for_the_chance() -> None:
    known = Segment("gates", wins=Quantity.exact(5.0))
    asked = [name for name, segment in missing(Sheet((known, Segment("parts")))) if segment]
    assert asked.count("win_probability") == 1
    assert asked.count("worked") == 2
