"""The bridge as a whole: sums, symmetry, segments that come and go, losses, what is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.bridge import reference, shapley
from onefunnel.measures.bridge.bridging import bridge
from onefunnel.measures.bridge.factors import (
    PeriodFigures,
    SegmentFigures,
    exact,
    factor_names,
    product,
)
from onefunnel.measures.bridge.options import Options
from onefunnel.measures.bridge.result import Bridge, Method
from onefunnel.vocabulary import Department
from onefunnel.vocabulary.apportioning import money
from tests.unit.bridge.periods import ANY, GAINING, NAMES, only, periods

OPTIONS = st.builds(Options, mix=st.booleans(), joint=st.booleans(), by_segment=st.booleans())
EMPTY = PeriodFigures({})


def amounts(said: Bridge) -> list[Decimal]:
    found = [row.amount for row in said.rows if row.amount is not None]
    assert len(found) == len(said.rows)
    return found


def by_factor(said: Bridge) -> dict[str, Decimal | None]:
    return {row.factor: row.amount for row in said.rows}


@given(periods(ANY), periods(ANY))
def test_each_factor_is_the_average_of_all_orders(
    before: PeriodFigures, after: PeriodFigures
) -> None:
    names = [name for name in NAMES if name in {*before.segments, *after.segments}]
    made = product(exact(before, names), exact(after, names))
    parts = shapley.of_product(made.before, made.after)
    expected = reference.shapley(before, after)
    for at, factor in enumerate(made.names):
        assert list(parts[at]) == [expected[factor, name] for name in names]
    for at, name in enumerate(names):
        assert made.outside_before[at] == reference.outside(before, name)
        assert made.outside_after[at] == reference.outside(after, name)


@given(periods(ANY), periods(ANY), OPTIONS)
def test_amounts_sum_to_the_change_whatever_comes_goes_or_is_lost(
    before: PeriodFigures, after: PeriodFigures, options: Options
) -> None:
    said = bridge(before, after, options)
    assert before.contribution is not None
    assert after.contribution is not None
    assert sum(amounts(said)) == money(after.contribution - before.contribution)
    assert sum(amounts(said)) == said.change.amount


@given(periods(ANY), periods(ANY), OPTIONS)
def test_swapped_periods_have_the_same_amounts_with_the_other_sign(
    before: PeriodFigures, after: PeriodFigures, options: Options
) -> None:
    there, back = bridge(before, after, options), bridge(after, before, options)
    assert [-amount for amount in amounts(there)] == amounts(back)


@given(periods(ANY), periods(ANY), OPTIONS)
def test_segments_sum_to_their_factor(
    before: PeriodFigures, after: PeriodFigures, options: Options
) -> None:
    whole = by_factor(bridge(before, after, replace(options, by_segment=False)))
    apart = bridge(before, after, replace(options, by_segment=True))
    for factor in factor_names(mix=options.mix, joint=options.joint):
        parts = [row.amount for row in apart.rows if row.factor == factor]
        assert sum(part or 0 for part in parts) == whole[factor]


@given(periods(GAINING), periods(GAINING), OPTIONS)
def test_lmdi_sums_to_the_change_too_where_there_are_gains_only(
    before: PeriodFigures, after: PeriodFigures, options: Options
) -> None:
    options = replace(options, method=Method.LMDI)
    there, back = bridge(before, after, options), bridge(after, before, options)
    assert sum(amounts(there)) == there.change.amount
    assert [-amount for amount in amounts(there)] == amounts(back)


@given(periods(ANY), OPTIONS)
def test_nothing_moved_nothing(period: PeriodFigures, options: Options) -> None:
    assert set(amounts(bridge(period, period, options))) <= {Decimal(0)}


@given(periods(GAINING, fewest=1), st.integers(2, 5), st.sampled_from(Method))
def test_more_of_all_the_same_is_volume_alone(
    before: PeriodFigures, times: int, method: Method
) -> None:
    after = PeriodFigures(
        {
            name: SegmentFigures(
                each.leads * times,
                each.customers * times,
                (each.revenue or 0) * times,
                (each.contribution or 0) * times,
            )
            for name, each in before.segments.items()
        },
        before.contributed,
    )
    said = bridge(before, after, Options(method))
    assert {row.factor for row in said.rows if row.amount != 0} == {"volume"}


def test_a_shift_between_segments_is_mix_alone() -> None:
    def of(gates: int, parts: int) -> PeriodFigures:
        return PeriodFigures(
            {
                "gates": SegmentFigures(gates, gates // 10, Decimal(gates * 100), Decimal(gates)),
                "parts": SegmentFigures(parts, parts // 2, Decimal(parts * 40), Decimal(parts * 9)),
            }
        )

    for method in Method:
        said = by_factor(bridge(of(400, 600), of(600, 400), Options(method)))
        assert said == {
            "volume": 0,
            "mix": Decimal(-1600),
            "conversion": 0,
            "arpu": 0,
            "margin": 0,
        }


@pytest.mark.parametrize(("method", "volume"), [(Method.SHAPLEY, 150), (Method.LMDI, 0)])
def test_a_segment_that_appears_or_disappears_moves_by_its_share(
    method: Method, volume: int
) -> None:
    # Service brings 100 leads beside the 100 of gates: all leads double, and it has half of them.
    gates = SegmentFigures(100, 0, Decimal(0), Decimal(0))
    service = SegmentFigures(100, 10, Decimal(1000), Decimal(600))
    alone, both = PeriodFigures({"gates": gates}), PeriodFigures({"gates": gates, "new": service})
    there = by_factor(bridge(alone, both, Options(method)))
    assert there == {
        "volume": volume,
        "mix": 600 - volume,
        "conversion": 0,
        "arpu": 0,
        "margin": 0,
    }
    back = by_factor(bridge(both, alone, Options(method)))
    assert back == {name: -(amount or 0) for name, amount in there.items()}
    without = by_factor(bridge(alone, both, Options(method, mix=False)))
    assert without == {"volume": 600, "conversion": 0, "arpu": 0, "margin": 0}


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(
    ("before", "after", "factor"),
    [
        (only(0, 0, 0, 0), only(10, 5, 50, 20), "volume"),
        (only(10, 0, 0, 0), only(10, 5, 50, 20), "conversion"),
        (only(10, 5, 0, 0), only(10, 5, 50, 20), "arpu"),
        (only(10, 5, 50, 0), only(10, 5, 50, 20), "margin"),
    ],
)
def test_what_was_zero_takes_all_the_change(
    before: PeriodFigures, after: PeriodFigures, factor: str, method: Method
) -> None:
    said = by_factor(bridge(before, after, Options(method)))
    assert {name for name, amount in said.items() if amount} == {factor}
    assert said[factor] == 20


def test_contribution_that_no_product_carries_stands_outside() -> None:
    # Ten customers who never were leads, and a gift without revenue.
    before = PeriodFigures({"known": SegmentFigures(0, 10, Decimal(500), Decimal(100))})
    after = PeriodFigures({"known": SegmentFigures(5, 10, Decimal(0), Decimal(-30))})
    said = bridge(before, after)
    assert {name: amount for name, amount in by_factor(said).items() if amount} == {"outside": -130}
    (told,) = (note for note in said.notes if note.code == "outside_product")
    assert told.params == {"segments": 1}


def test_profit_that_turns_into_loss_has_a_shapley_bridge_and_no_logarithms() -> None:
    before, after = only(100, 10, 1000, 200), only(120, 10, 900, -90)
    said = bridge(before, after)
    assert sum(amounts(said)) == Decimal(-290)
    refused = bridge(before, after, Options(Method.LMDI))
    assert [row.amount for row in refused.rows] == [None] * 5
    assert (refused.before, refused.after, refused.change.amount) == (200, -90, -290)
    assert [(each.code, each.params["reason"]) for each in refused.notes] == [
        ("refused_bridge", "signs")
    ]
    # A loss in both periods is a loss that has grown: both methods say so.
    grown = bridge(only(100, 10, 1000, -100), only(100, 10, 1000, -150), Options(Method.LMDI))
    assert by_factor(grown)["margin"] == -50


def test_what_is_unknown_is_refused_and_what_was_booked_is_not() -> None:
    unknown = SegmentFigures(10, 5, Decimal(50), None)
    before = PeriodFigures({"gates": unknown}, {Department.OTHER: Decimal(7)})
    said = bridge(before, only(10, 5, 50, 20))
    assert said.before is None
    assert said.change.amount is None
    assert by_factor(said) == {**dict.fromkeys(factor_names()), "contributed": -7}
    assert said.notes[0].text == (
        "The bridge is refused: revenue or contribution is unknown in 1 segments."
    )


def test_leads_and_conversion_are_one_move_where_it_is_asked_for() -> None:
    # 300 leads more that convert at .05 beside 1000 that still convert at .10.
    before, after = only(1000, 100, 1000, 500), only(1300, 115, 1150, 575)
    apart, together = bridge(before, after), bridge(before, after, Options(joint=True))
    assert by_factor(together) == {"leads_and_conversion": 75, "mix": 0, "arpu": 0, "margin": 0}
    parts = by_factor(apart)
    assert (parts["volume"] or 0) + (parts["conversion"] or 0) == 75
    assert (parts["conversion"] or 0) < 0


def test_what_other_functions_brought_is_their_departments() -> None:
    before = PeriodFigures({}, {Department.MANAGEMENT: Decimal(10), None: Decimal(1)})
    after = PeriodFigures({}, {Department.SUPPORT: Decimal(5), None: Decimal(4)})
    rows = bridge(before, after, Options(by_segment=True)).rows
    assert [(row.owner, row.amount, row.dimensions) for row in rows] == [
        (Department.MANAGEMENT, -10, {"segment": None}),
        (Department.SUPPORT, 5, {"segment": None}),
        (None, 3, {"segment": None}),
    ]


def test_owners_are_a_setting() -> None:
    agreed = Options(owners={"mix": Department.MARKETING})
    owners = {row.factor: row.owner for row in bridge(EMPTY, only(1, 1, 1, 1), agreed).rows}
    assert owners == {
        "volume": Department.MARKETING,
        "mix": Department.MARKETING,
        "conversion": Department.SALES,
        "arpu": Department.SALES,
        "margin": Department.BOTH,
    }
    with pytest.raises(UnknownName, match="Did you mean 'margin'"):
        Options(owners={"margins": Department.SALES})


def test_the_unknown_segment_is_a_segment_and_stands_last() -> None:
    part = SegmentFigures(4, 2, Decimal(8), Decimal(2))
    said = bridge(EMPTY, PeriodFigures({None: part, "a": part}), Options(by_segment=True))
    assert [row.dimensions["segment"] for row in said.rows][:2] == ["a", None]
    assert [row.amount for row in said.rows][:2] == [2, 2]


def test_amounts_of_many_digits_stay_exact() -> None:
    # Rial: floats would lose the fourth decimal.
    big = Decimal("98765432109876.1234")
    before = PeriodFigures({"a": SegmentFigures(3, 2, big * 3, big)})
    after = PeriodFigures({"a": SegmentFigures(3, 2, big * 3, big + Decimal("0.0001"))})
    for method in Method:
        said = bridge(before, after, Options(method))
        assert said.change.amount == Decimal("0.0001")
        assert by_factor(said)["margin"] == Decimal("0.0001")


def test_counts_below_zero_are_refused() -> None:
    with pytest.raises(UsageError, match="-1 leads"):
        SegmentFigures(-1, 0, None, None)


def test_a_period_without_anything_is_zero() -> None:
    said = bridge(EMPTY, EMPTY)
    assert (said.before, said.after, said.change.amount) == (0, 0, 0)
    assert set(amounts(said)) == {Decimal(0)}
    assert EMPTY.contribution == Fraction()
