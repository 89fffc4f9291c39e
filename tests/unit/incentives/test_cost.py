"""What the quarrel costs: against plain loops, with ranges, and where something is unknown."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.incentives import reference
from onefunnel.measures.incentives.allocation import worked_best
from onefunnel.measures.incentives.cost import Quarrel, quarrel
from onefunnel.measures.incentives.quantities import Quantity
from onefunnel.measures.incentives.reference import Lot
from onefunnel.measures.incentives.response import Component, Staff, Tier
from onefunnel.measures.incentives.result import IncentivesRow, money
from onefunnel.measures.incentives.segments import Segment, Sheet
from onefunnel.simulator import SCENARIOS
from onefunnel.simulator.choice import rates
from onefunnel.simulator.quarrel import expected
from tests.unit.incentives.companies import company_x, draws_of, lots, quarters

# fmt: off
SEGMENT_FIELDS = [
    "leads", "hours_per_lead", "win_probability", "revenue_per_win", "contribution_per_win",
    "pay_per_win", "pay_per_hour", "contribution_per_hour", "worked_actual", "worked_plan",
    "worked_best",
]
WHOLE_FIELDS = [
    "hours", "v_unlimited", "v_best", "v_plan", "v_actual", "capacity_cost", "incentive_cost",
    "execution_cost", "alignment", "value_of_hour", "payroll_plan", "payroll_best",
]
BESIDE_FIELDS = [
    "win_unworked", "spend", "not_worth_an_hour", "hours_worth_adding", "worth_of_hours", "tau",
    "tau_by_hours", "misplaced",
]
# fmt: on
exact = Quantity.exact


def sheet_of(given_lots: list[Lot], hours: float, part: float = 0.0) -> Sheet:
    """Every worked lead won; the part of each lot's leads was worked."""
    segments = tuple(
        Segment(
            str(place),
            exact(lot.leads),
            exact(lot.hours),
            exact(1.0),
            exact(lot.gain),
            exact(lot.reward),
            exact(lot.leads * part),
        )
        for place, lot in enumerate(given_lots)
    )
    return Sheet(segments, exact(hours))


def with_gates(**changes: Quantity | None) -> Sheet:
    """Company X with other gates."""
    sheet = company_x()
    return replace(sheet, segments=(replace(sheet.segments[0], **changes), sheet.segments[1]))


def whole(found: Quarrel) -> IncentivesRow:
    return found.rows[-1]


def test_a_row_has_the_fields_of_show_incentives_each_with_its_interval() -> None:
    names = [each.name for each in fields(IncentivesRow)]
    stems = [*SEGMENT_FIELDS, *WHOLE_FIELDS, *BESIDE_FIELDS]
    assert names == ["segment", *(stem + end for stem in stems for end in ("", "_low", "_high"))]


def test_a_row_has_the_fields_of_its_kind_only() -> None:
    *segments, last = quarrel(company_x()).rows
    blank = set(WHOLE_FIELDS + BESIDE_FIELDS[2:])
    assert all(blank <= row.not_of_row for row in segments)
    assert {*SEGMENT_FIELDS[1:8], *BESIDE_FIELDS[:2], "segment"} <= last.not_of_row
    assert not {"leads", *SEGMENT_FIELDS[8:]} & (last.not_of_row | segments[0].not_of_row)


@given(lots, quarters, st.integers(0, 4))
def test_costs_are_those_of_plain_loops(given_lots: list[Lot], hours: float, part: int) -> None:
    row = whole(quarrel(sheet_of(given_lots, hours, part / 4)))
    wanted = reference.costs(given_lots, hours, [lot.leads * part / 4 for lot in given_lots])
    for name, value in (
        ("v_unlimited", wanted.unlimited),
        ("v_best", wanted.best),
        ("v_plan", wanted.plan),
        ("v_actual", wanted.actual),
        ("capacity_cost", wanted.capacity),
        ("incentive_cost", wanted.incentive),
        ("execution_cost", wanted.execution),
    ):
        assert float(getattr(row, name)) == pytest.approx(value, abs=2e-4)
    causes = row.capacity_cost + row.incentive_cost + row.execution_cost
    assert causes == row.v_unlimited - row.v_actual
    assert row.capacity_cost >= 0 and row.incentive_cost >= 0


odd = st.floats(0.1, 9.0)


@given(st.lists(st.builds(Lot, odd, odd, odd, odd), min_size=1, max_size=4), odd)
def test_rounded_costs_add_up_to_the_last_decimal(given_lots: list[Lot], hours: float) -> None:
    row = whole(quarrel(sheet_of(given_lots, hours, 0.3)))
    causes = row.capacity_cost + row.incentive_cost + row.execution_cost
    assert causes == row.v_unlimited - row.v_actual


def test_money_is_rounded_half_away_from_zero_and_zero_has_no_sign() -> None:
    assert [str(money(each)) for each in (-1e-9, 0.00005, -0.03125)] == [
        "0.0000",
        "0.0001",
        "-0.0313",
    ]


@given(lots, quarters)
def test_a_plan_of_one_tier_is_the_linear_plan(given_lots: list[Lot], hours: float) -> None:
    sheet = sheet_of(given_lots, hours)
    paid = Component("pay", tuple(lot.reward for lot in given_lots), (Tier(0, 1.0),))
    linear, tiered = quarrel(sheet), quarrel(sheet, staff=[Staff((paid,), people=2)])
    assert float(whole(tiered).v_plan) == pytest.approx(float(whole(linear).v_plan), abs=1e-2)
    assert float(whole(tiered).payroll_plan) == pytest.approx(
        float(whole(linear).payroll_plan), abs=1e-2
    )
    for one, other in zip(linear.rows, tiered.rows, strict=True):
        assert other.worked_plan == pytest.approx(one.worked_plan, abs=1e-2)


def test_execution_is_negative_where_people_do_better_than_the_plan() -> None:
    row = whole(quarrel(company_x(worked=(140 / 3, 400.0))))
    assert row.execution_cost == Decimal(-1760)
    assert row.capacity_cost + row.incentive_cost + row.execution_cost == Decimal(4000)


def test_ranges_are_carried_through() -> None:
    typed = with_gates(hours_per_lead=Quantity.typed_range(2, 3, 4))
    found = quarrel(typed, seed=1)
    row = whole(found)
    assert row.v_best_low < Decimal(9260) < row.v_best_high
    assert row.v_unlimited_low == row.v_unlimited_high == Decimal(13260)
    # Gates of 4 hours bring 140 / 4 x 75 beside the parts, of 2 hours 140 / 2 x 75.
    assert Decimal(8385) < row.v_best_low
    assert row.v_best_high < Decimal(11010)
    gates = found.rows[0]
    assert (gates.hours_per_lead_low, gates.hours_per_lead_high) == pytest.approx(
        (2 + 0.05**0.5, 4 - 0.05**0.5), abs=0.02
    )
    assert gates.contribution_per_win_low == gates.contribution_per_win == Decimal(300)


def test_the_same_seed_gives_the_same_answer() -> None:
    typed = with_gates(win_probability=Quantity.estimated(0.25, 0.18, 0.33))
    assert quarrel(typed, seed=3) == quarrel(typed, seed=3)
    assert quarrel(typed, seed=3) != quarrel(typed, seed=4)


def test_a_missing_input_refuses_what_needs_it_and_nothing_else() -> None:
    found = quarrel(with_gates(pay_per_win=None, worked=None))
    row = whole(found)
    assert (row.v_unlimited, row.v_best, row.capacity_cost) == (13260, 9260, 4000)
    assert (row.v_plan, row.v_actual, row.incentive_cost, row.execution_cost) == (None,) * 4
    assert (row.alignment, row.payroll_plan, row.worked_actual) == (None,) * 3
    assert found.rows[1].pay_per_hour == Decimal("1.8")
    note = found.notes[0]
    assert note.code == "refused_missing_input"
    assert (note.params["input"], note.params["segment"]) == ("pay_per_win", "gates")
    assert note.params["others"] == 1


def test_a_plan_with_tiers_needs_no_pay_per_win() -> None:
    part = Component("price", (2_000.0, 60.0), (Tier(0, 0.03),))
    found = quarrel(with_gates(pay_per_win=None), staff=[Staff((part,))])
    assert float(whole(found).v_plan) == pytest.approx(7_500, abs=1e-2)
    assert [note.code for note in found.notes] == ["refused_hour_cost"]


def test_nothing_known_is_nothing_said() -> None:
    found = quarrel(
        Sheet((Segment("gates"),)), staff=[Staff((Component("a", (1.0,), (Tier(0, 1),)),))]
    )
    assert whole(found) == IncentivesRow(None)
    assert found.notes[0].params["input"] == "hours"


def test_leads_below_the_cost_of_an_hour_stand_apart_from_the_sum() -> None:
    spent = with_gates(spend=exact(5_000.0))
    assert quarrel(spent, hour_cost=30.0).aside.not_worth_an_hour.value == 5_000.0
    assert quarrel(spent, hour_cost=25.0).aside.not_worth_an_hour.value == 0.0
    # At 40 the parts are not worth an hour either, and what they cost is unknown.
    unknown = quarrel(spent, hour_cost=40.0)
    assert unknown.aside.not_worth_an_hour is None
    assert [note.code for note in unknown.notes] == ["refused_spend"]
    assert unknown.notes[0].params["segments"] == "parts"


def test_missing_hours_are_net_of_their_cost() -> None:
    at_20, at_30 = (quarrel(company_x(), hour_cost=cost).aside for cost in (20.0, 30.0))
    assert at_20.hours_worth_adding.value == pytest.approx(160)
    assert at_20.worth_of_hours.value == Decimal(800)
    assert (at_30.hours_worth_adding.value, at_30.worth_of_hours.value) == (0.0, 0.0)


def test_leads_that_are_won_anyhow_are_not_counted_twice() -> None:
    row = whole(quarrel(with_gates(win_unworked=exact(0.05))))
    assert row.v_plan == Decimal(6_000)
    assert row.payroll_plan == Decimal(1_500)


def test_a_company_that_could_gain_nothing_has_no_alignment() -> None:
    assert whole(quarrel(sheet_of([Lot(10, 1.0, -1.0, 1.0)], 5))).alignment is None


def test_a_plan_for_other_segments_is_refused() -> None:
    with pytest.raises(UsageError, match="segments"):
        quarrel(company_x(), staff=[Staff((Component("a", (1.0,), (Tier(0, 1),)),))])


def test_the_best_allocation_is_the_one_shown() -> None:
    given_lots = [Lot(10, 1.0, 3.0, 1.0), Lot(10, 2.0, 9.0, 1.0)]
    shown = [row.worked_best for row in quarrel(sheet_of(given_lots, 25)).rows[:-1]]
    assert shown == worked_best(draws_of(given_lots, 25))[0].tolist()


@given(hours=st.floats(0.1, 2.0), junk=st.floats(0.0, 0.9))
def test_the_costs_are_those_that_the_simulator_knows(hours: float, junk: float) -> None:
    scenario = SCENARIOS["company-x"]().with_conflicts(hours=hours, junk=junk)
    truth, each = expected(scenario), rates(scenario)
    shares = [part.share for part in scenario.segments]
    given_lots = [
        Lot(truth.leads * share / sum(shares), *values)
        for share, *values in zip(
            shares, each.hours.tolist(), each.contribution.tolist(), each.pay.tolist(), strict=True
        )
    ]
    row = whole(quarrel(sheet_of(given_lots, truth.hours)))
    found = [float(each) for each in (row.v_unlimited, row.v_best, row.v_plan)]
    assert found == pytest.approx([truth.unlimited, truth.best, truth.plan], abs=1e-3)
    assert row.alignment == pytest.approx(truth.alignment)
