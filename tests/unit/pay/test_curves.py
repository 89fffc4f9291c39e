"""Pieces, curves and cliffs are the schedule itself."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UnknownName, UsageError
from onefunnel.pay.cliffs import CliffKind, cliffs, curve
from onefunnel.pay.pieces import as_piecewise, pay_of
from onefunnel.pay.plan import Base, Component, Gate, Gauge, Pays, Tier, TiersOn, Whose
from tests.unit.pay.cases import component, member, plan
from tests.unit.pay.strategies import components

UNGATED = components("c", Base.UNITS, Whose.OWN)
QUOTA = Decimal(8)


def by_pieces(what: Component, base: Decimal) -> Decimal:
    """The pay of a base, walked along the pieces."""
    pay = slope = at = Decimal(0)
    for piece in as_piecewise(what, QUOTA):
        if piece.start > base:
            break
        pay += slope * (piece.start - at) + piece.jump
        pay -= piece.beyond if piece.start == base else 0
        at, slope = piece.start, piece.slope
    return pay + slope * (base - at)


@given(UNGATED, st.integers(0, 400))
def test_pieces_give_the_pay_of_every_base(what: Component, tenths: int) -> None:
    open_gate = {gauge: Decimal(10**6) for gauge in Gauge}
    tier_starts = [each.start for each in as_piecewise(what, QUOTA)]
    for base in (Decimal(tenths) / 10, *tier_starts):
        exact = pay_of(plan(what), {"c": base}, member(quota=8), open_gate)
        assert abs(by_pieces(what, base) - exact) < Decimal("1E-20")


@given(UNGATED)
def test_the_curve_is_straight_between_its_points(what: Component) -> None:
    points = curve(what, Decimal(40), QUOTA)
    for left, right in pairwise(points):
        if left.base < right.base:
            middle = (left.base + right.base) / 2
            assert abs((left.pay + right.pay) / 2 - by_pieces(what, middle)) < Decimal("1E-20")


def test_a_threshold_and_a_cap_are_cliffs() -> None:
    what = component((0, "0.1"), threshold=Decimal(1000), cap=Decimal(150))
    assert [(each.at, each.kind, each.jump) for each in cliffs(what)] == [
        (1000, CliffKind.THRESHOLD, 100),
        (1500, CliffKind.CAP, 0),
    ]
    assert cliffs(what)[1].rate_after == 0


def test_a_jump_is_in_the_picture_as_two_points() -> None:
    what = component((0, "0.05"), (1000, "0.1"), retroactive=True)
    points = [(point.base, point.pay) for point in curve(what, Decimal(2000))]
    assert points == [(0, 0), (1000, 50), (1000, 100), (2000, 200)]


def test_a_retroactive_tier_may_pay_less() -> None:
    what = Component(
        "c", Base.UNITS, (Tier(Decimal(0), Decimal(2)), Tier(Decimal(5), Decimal(1), True))
    )
    assert [(each.at, each.jump) for each in cliffs(what)] == [(5, -5)]


def test_the_pay_of_a_plan_needs_what_it_is_measured_by() -> None:
    attained = component((0, "1"), tiers_on=TiersOn.ATTAINMENT, pays=Pays.TARGET)
    gated = component((0, "0.1"), gate=Gate(Gauge.MARGIN, Decimal(5), Decimal("0.5")))
    with pytest.raises(UsageError, match="pays by attainment"):
        pay_of(plan(attained), {"sales": Decimal(5)})
    with pytest.raises(UsageError, match="looks at 'margin'"):
        pay_of(plan(gated), {"sales": Decimal(5)})
    with pytest.raises(UnknownName, match="'seles'"):
        pay_of(plan(gated), {"seles": Decimal(5)})
    assert pay_of(plan(gated), {"sales": Decimal(100)}, measures={Gauge.MARGIN: Decimal(4)}) == 5
    row = member(quota=50, target=Decimal(1000))
    assert pay_of(plan(attained), {"sales": Decimal(40)}, row) == 800
