"""What scorecards pay: as the reference, with gates, with unknowns, and as a what-if."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.scorecard import reference
from onefunnel.measures.scorecard.curve import Curve
from onefunnel.measures.scorecard.plan import Gate, Scorecard
from onefunnel.measures.scorecard.results import evaluate, pay
from onefunnel.measures.scorecard.what_if import jumps, what_if
from tests.unit.scorecard.cards import (
    NUMBERS,
    ON_TARGET,
    SOME_VALUES,
    VALUES,
    curves,
    marketing,
    scorecards,
)

NEARLY = Fraction(1, 10**18)
"""Decimals are worked out to 28 digits."""


@given(scorecards(), VALUES)
def test_the_whole_is_that_of_the_reference(
    card: Scorecard, values: dict[str, Decimal | None]
) -> None:
    payout, expected = evaluate(card, "2025-01", values).payout, reference.whole(card, values)
    assert payout is not None
    assert expected is not None
    assert abs(Fraction(payout) - expected) < NEARLY


@given(curves(), NUMBERS)
def test_a_payout_lies_within_its_curve_and_better_never_pays_less(
    curve: Curve, value: Decimal
) -> None:
    payout = curve.payout(value)
    assert 0 <= payout <= curve.payouts[2]
    assert curve.payout(value + curve.better) >= payout
    assert abs(Fraction(payout) - reference.payout(curve, Fraction(value))) < NEARLY
    bounds = (curve.threshold, curve.target, curve.cap)
    assert tuple(curve.payout(each) for each in bounds) == curve.payouts
    assert curve.payout(curve.threshold, side=-curve.better) == 0


@given(scorecards(), SOME_VALUES, VALUES)
def test_what_is_unknown_is_refused_and_bounded(
    card: Scorecard, values: dict[str, Decimal | None], truth: dict[str, Decimal | None]
) -> None:
    result = evaluate(card, "2025-01", values)
    missing = tuple(name for name in card.sources if values[name] is None)
    assert result.unknown == missing
    assert (result.payout is None) == bool(missing)
    filled = {name: truth[name] if value is None else value for name, value in values.items()}
    known = evaluate(card, "2025-01", filled).payout
    assert known is not None
    assert result.low <= known <= result.high
    if not missing:
        assert result.low == result.payout == result.high


def test_all_at_target_pays_the_target_and_a_cheaper_lead_is_better() -> None:
    card = marketing()
    on_target = evaluate(card, "2025-01", ON_TARGET)
    assert on_target.payout == 1
    cheap = evaluate(card, "2025-01", {**ON_TARGET, "cost_per_lead": Decimal(40)})
    (cost,) = (each for each in cheap.measures if each.source == "cost_per_lead")
    assert (cost.attainment, cost.payout, cost.points) == (
        Decimal("1.2"),
        Decimal("1.25"),
        Decimal("0.1875"),
    )
    assert cheap.payout == Decimal("1.0375")


def test_gates_multiply_their_measure_or_the_whole() -> None:
    card = marketing()
    poor = evaluate(card, "2025-01", {**ON_TARGET, "margin": Decimal("0.24")})
    assert poor.payout == Decimal("0.8")
    loud = evaluate(card, "2025-01", {**ON_TARGET, "complaints": Decimal(21)})
    assert (loud.gate, loud.payout) == (Decimal("0.5"), Decimal("0.5"))
    unknown = evaluate(card, "2025-01", {**ON_TARGET, "margin": None})
    assert [each.reason for each in unknown.measures] == [None, None, "unknown_gate", None]
    assert (unknown.payout, unknown.low, unknown.high) == (None, Decimal("0.8"), 1)


def test_pay_is_rounded_once_and_a_pool_comes_on_top() -> None:
    result = evaluate(marketing(), "2025-01", {**ON_TARGET, "profit": Decimal("10.3333")})
    # .75 + .25 * (1 + .3333 / 2) = 1.0416625 of 1,234.56.
    assert pay(result, Decimal("1234.56")) == Decimal("1285.9949")
    assert pay(result, Decimal("1234.56"), from_pool=Decimal("0.0051")) == Decimal("1286.0000")
    assert pay(evaluate(marketing(), "2025-01", {}), Decimal(1000)) is None


@given(scorecards(), VALUES, st.data())
def test_a_what_if_joins_its_points_by_straight_lines(
    card: Scorecard, values: dict[str, Decimal | None], data: st.DataObject
) -> None:
    source = data.draw(st.sampled_from(card.sources))
    points = what_if(card, values, source)
    assert [point.value for point in points] == sorted(point.value for point in points)
    now = values[source]
    assert now is not None
    here = evaluate(card, "", values).payout
    assert here in [point.whole for point in points if point.value == now]
    for first, second in pairwise(points):
        if first.value < second.value:
            middle = (first.value + second.value) / 2
            between = evaluate(card, "", {**values, source: middle}).payout
            assert first.whole is not None
            assert second.whole is not None
            assert between == pytest.approx((first.whole + second.whole) / 2, abs=Decimal("1e-18"))


def test_a_jump_is_where_the_threshold_or_a_gate_is() -> None:
    card = marketing()
    assert jumps(what_if(card, ON_TARGET, "contribution")) == ((80_000, Decimal("0.200")),)
    # Beyond sixty a lead nothing is paid for it: a fall, by rising value.
    assert jumps(what_if(card, ON_TARGET, "cost_per_lead")) == ((60, Decimal("-0.075")),)
    assert jumps(what_if(card, ON_TARGET, "complaints")) == ((20, Decimal("-0.5")),)
    assert jumps(what_if(card, ON_TARGET, "margin")) == ((Decimal("0.25"), Decimal("0.20")),)


def test_a_what_if_without_the_others_shows_the_measure_alone() -> None:
    points = what_if(marketing(), {}, "profit")
    assert [(point.value, point.payout, point.whole) for point in points] == [
        (7, 0, None),
        (8, 0, None),
        (8, Decimal("0.2"), None),
        (10, 1, None),
        (12, 2, None),
        (13, 2, None),
    ]
    with pytest.raises(UnknownName, match="There is no source 'revenue'"):
        what_if(marketing(), {}, "revenue")


def test_curves_and_gates_that_can_not_be_are_refused() -> None:
    with pytest.raises(UsageError, match="do not go one way"):
        Curve(Decimal(1), Decimal(3), Decimal(2))
    with pytest.raises(UsageError, match="do not go one way"):
        Curve(Decimal(1), Decimal(1), Decimal(2))
    with pytest.raises(UsageError, match="fall, are negative, or all 0"):
        Curve(Decimal(1), Decimal(2), Decimal(3), (Decimal(1), Decimal(0), Decimal(2)))
    with pytest.raises(UsageError, match="either a floor or a ceiling"):
        Gate("margin")
    with pytest.raises(UsageError, match="can't multiply pay by 1"):
        Gate("margin", floor=Decimal(0), shut=Decimal(1))


def test_attainment_of_no_target_is_unknown() -> None:
    assert Curve(Decimal(-2), Decimal(0), Decimal(2)).attainment(Decimal(1)) is None
