"""Bands: what is drawn has the moments it should, covers as often as it says, and is refused."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.bridge import noise
from onefunnel.measures.bridge.bridging import bridge
from onefunnel.measures.bridge.factors import PeriodFigures, SegmentFigures
from onefunnel.measures.bridge.noise import Draws
from onefunnel.measures.bridge.options import Options
from onefunnel.measures.bridge.result import Chance, Method
from onefunnel.measures.bridge.spread import Amounts, Spread
from onefunnel.vocabulary import Department

Random = np.random.Generator


def segment(
    leads: int, revenue: np.ndarray, margin: float, known: str = "amounts"
) -> SegmentFigures:
    given = Amounts(revenue, revenue * margin)
    return SegmentFigures(
        leads,
        revenue.size,
        Decimal(str(round(float(revenue.sum()), 4))),
        Decimal(str(round(float(revenue.sum() * margin), 4))),
        {"amounts": given, "spread": given.spread}.get(known),
    )


def period(random: Random, leads: float, rate: float, known: str = "amounts") -> PeriodFigures:
    """Two segments of a company: lognormal revenues, and margins of .3 and .5."""
    segments: dict[str | None, SegmentFigures] = {}
    for name, mean, margin in (("gates", 5.0, 0.3), ("parts", 3.0, 0.5)):
        came = int(random.poisson(leads))
        bought = int(random.binomial(came, rate))
        segments[name] = segment(came, random.lognormal(mean, 0.5, bought), margin, known)
    return PeriodFigures(segments)


@pytest.mark.parametrize("known", ["amounts", "spread"])
def test_draws_have_the_moments_of_a_poisson_bootstrap(known: str) -> None:
    revenue = np.random.default_rng(3).lognormal(3.0, 0.6, 80)
    figures = PeriodFigures({"a": segment(400, revenue, 0.4, known)})
    drawn, _ = noise.drawn(figures, figures, ["a"], Draws(20_000, seed=5))
    means, variances = drawn[:, 0].mean(axis=1), drawn[:, 0].var(axis=1)
    expected = [400, 80, revenue.sum(), 0.4 * revenue.sum()]
    spread = [400, 80, (revenue**2).sum(), 0.16 * (revenue**2).sum()]
    assert means == pytest.approx(expected, rel=0.01)
    assert variances == pytest.approx(spread, rel=0.05)
    # Customers are leads too, and their revenues are their own.
    assert np.cov(drawn[0, 0], drawn[1, 0])[0, 1] == pytest.approx(80, rel=0.1)
    assert np.cov(drawn[1, 0], drawn[2, 0])[0, 1] == pytest.approx(revenue.sum(), rel=0.1)
    assert drawn[3, 0] == pytest.approx(0.4 * drawn[2, 0])


def test_bands_cover_what_really_moved_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(11)
    rate = {"before": 0.20, "after": 0.16}
    worth = 300 * (np.exp(5.125) * 0.3 + np.exp(3.125) * 0.5)
    truth = (rate["after"] - rate["before"]) * worth
    covered = 0
    for seed in range(200):
        before, after = (period(random, 300, rate[name], "spread") for name in rate)
        rows = bridge(before, after, Options(draws=Draws(300, seed))).rows
        (row,) = (row for row in rows if row.factor == "conversion")
        assert row.low is not None
        assert row.high is not None
        covered += float(row.low) <= truth <= float(row.high)
    assert 0.90 <= covered / 200 <= 0.99


def test_a_change_by_chance_is_said_to_be_one_and_a_real_one_is_told() -> None:
    random = np.random.default_rng(2)
    same = [period(random, 400, 0.2) for _ in range(2)]
    still = bridge(*same)
    assert still.change.chance is Chance.WITHIN_CHANCE
    assert "change_within_chance" in [note.code for note in still.notes]
    moved = bridge(same[0], period(random, 1_600, 0.2))
    chances = {row.factor: row.chance for row in moved.rows}
    assert (chances["volume"], chances["conversion"]) == (Chance.TOLD, Chance.WITHIN_CHANCE)
    assert moved.change.chance is Chance.TOLD


def test_bands_are_the_same_for_the_same_seed_and_hold_the_amount() -> None:
    random = np.random.default_rng(4)
    before, after = period(random, 300, 0.2), period(random, 350, 0.2)
    for method in Method:
        first = bridge(before, after, Options(method, by_segment=True, draws=Draws(200, 7)))
        assert first == bridge(before, after, Options(method, by_segment=True, draws=Draws(200, 7)))
        other = bridge(before, after, Options(method, by_segment=True, draws=Draws(200, 8)))
        assert [row.low for row in first.rows] != [row.low for row in other.rows]
        for row in first.rows:
            assert row.low is not None
            assert row.high is not None
            assert row.amount is not None
            assert row.low <= row.amount <= row.high
        assert sum(row.low != row.high for row in first.rows) >= 8


def test_a_wider_level_gives_a_wider_band() -> None:
    random = np.random.default_rng(4)
    before, after = period(random, 300, 0.2), period(random, 350, 0.2)
    widths = []
    for level in (0.5, 0.8, 0.95):
        change = bridge(before, after, Options(draws=Draws(300, 1, level))).change
        assert change.low is not None
        assert change.high is not None
        widths.append(change.high - change.low)
    assert widths[0] < widths[1] < widths[2]


def test_what_is_booked_is_no_sample() -> None:
    amount = Decimal("98765432109876.1234")
    booked = {Department.SUPPORT: amount}
    (row,) = (
        row
        for row in bridge(PeriodFigures({}), PeriodFigures({}, booked)).rows
        if row.factor == "contributed"
    )
    assert (row.low, row.amount, row.high) == (amount,) * 3


def test_customers_who_never_were_leads_are_drawn_too() -> None:
    revenue = np.full(60, 10.0)
    before = PeriodFigures({"known": segment(0, revenue, 0.5)})
    after = PeriodFigures({"known": segment(0, np.full(90, 10.0), 0.5)})
    (row,) = (row for row in bridge(before, after).rows if row.factor == "outside")
    assert row.amount == 150
    # 150 and twice the deviation of 5 a customer, of 150 customers: about 122.
    assert row.low is not None
    assert float(row.low) == pytest.approx(150 - 1.96 * 5 * 150**0.5, abs=20)


@pytest.mark.parametrize(
    ("known", "customers", "reason"), [("none", 50, "no_spread"), ("amounts", 4, "few_customers")]
)
def test_bands_that_the_data_cannot_support_are_refused(
    known: str, customers: int, reason: str
) -> None:
    figures = PeriodFigures({"a": segment(100, np.full(customers, 10.0), 0.5, known)})
    said = bridge(figures, figures)
    assert {row.chance for row in said.rows} == {Chance.UNKNOWN}
    assert [note.params["reason"] for note in said.notes] == [reason]
    assert said.change.amount == 0


def test_logarithms_refuse_bands_where_a_draw_could_be_a_loss() -> None:
    revenue = np.tile([100.0, 120.0], 10)
    contribution = np.tile([40.0, -38.0], 10)
    figures = SegmentFigures(200, 20, Decimal(2200), Decimal(20), Amounts(revenue, contribution))
    both = PeriodFigures({"a": figures}), PeriodFigures({"a": figures})
    said = bridge(*both, Options(Method.LMDI))
    assert [note.params["reason"] for note in said.notes] == ["signs_in_draws"]
    assert {row.chance for row in said.rows} == {Chance.UNKNOWN}
    assert {row.chance for row in bridge(*both).rows} == {Chance.WITHIN_CHANCE}


def test_thin_segments_are_named() -> None:
    many, few = segment(200, np.full(20, 10.0), 0.5), segment(30, np.full(3, 10.0), 0.5)
    said = bridge(PeriodFigures({"a": many, "b": few}), PeriodFigures({"a": many, "b": many}))
    assert (said.notes[0].code, said.notes[0].params) == (
        "thin_segments",
        {"segments": 1, "needed": 5},
    )


def test_amounts_must_be_one_a_customer() -> None:
    with pytest.raises(UsageError, match="Revenues of 2 customers"):
        Amounts(np.ones(2), np.ones(3))
    with pytest.raises(UsageError, match="3 customers have 2 amounts"):
        SegmentFigures(9, 3, Decimal(2), Decimal(1), Amounts(np.ones(2), np.ones(2)))


def test_amounts_that_move_together_have_a_spread_without_a_root_of_zero() -> None:
    # Contribution a fixed share of revenue: the covariance is singular.
    found = noise._root(Spread(4.0, 1.0, 2.0))
    assert found @ found.T == pytest.approx(np.array([[4.0, 2.0], [2.0, 1.0]]))
