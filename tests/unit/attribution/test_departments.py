"""Departments: exact sums of their players, and intervals of their sums in each replicate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from math import floor, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student

from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.assemble import answered
from onefunnel.measures.attribution.buckets import BUCKETS, replicates
from onefunnel.measures.attribution.calibrated import calibrated
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.departments import by_department, department_of
from onefunnel.measures.attribution.evidence import Grade
from onefunnel.measures.attribution.family import MODELS
from onefunnel.measures.attribution.models import Draws, Shares, shares
from onefunnel.measures.attribution.rows import CreditRow, rows, total
from onefunnel.measures.attribution.rules import Path, Settings, linear
from tests.unit.attribution.paths import counted, path
from tests.unit.attribution.test_calibrated import on

PLAYERS = ("marketing:search", "marketing:social", "sales:call", "sales:meeting", None)
DEPARTMENTS = ("marketing", "sales", None)
SIZE = 16
DRAWS = Draws(60, seed=3)
WAYS = st.lists(st.sampled_from(PLAYERS), max_size=4)


def counts_of(paths: list[Path]) -> Counts:
    return counted(paths, PLAYERS, orders=(1, 2, 3, 4), size=SIZE)


def both(paths: list[Path], model: str) -> tuple[tuple[CreditRow, ...], tuple[CreditRow, ...]]:
    """The rows of the players and of their departments."""
    counts = counts_of(paths)
    found = shares(counts, model, draws=DRAWS)
    assert isinstance(found, Shares)
    players = rows(found, total(counts))
    return players, by_department(found, players)


def walked(seed: int, people: int = 200) -> list[Path]:
    """Paths of the players, of which some convert, some several times, and some without a touch."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(people):
        met = [PLAYERS[i] for i in random.integers(0, len(PLAYERS), random.integers(0, 5))]
        won = int(random.integers(0, 3))
        found.append(path(met, conversions=won, nulls=int(not won)))
    return found


# The reference: one path after the other, one draw after the other.


def plain_shares(paths: list[Path], weights: Sequence[float]) -> dict[str | None, float]:
    """What the linear rule gives to each department; path i is in bucket i modulo the buckets.

    What touches get is made to sum to the conversions that any touch came before.
    """
    credit: dict[str | None, float] = defaultdict(float)
    everything = 0.0
    for place, each in enumerate(paths):
        made = each.conversions * weights[place % SIZE]
        everything += made
        if not each.touches:
            credit[None] += made
        else:
            for player, share in zip(each.players, linear(each, Settings()), strict=True):
                credit[player.split(":")[0] if player else None] += share * made
    return {name: credit[name] / everything for name in DEPARTMENTS}


def plain_quantile(values: list[float], at: float) -> float:
    """By linear interpolation between the values in order."""
    order, place = sorted(values), at * (len(values) - 1)
    low = floor(place)
    high = min(low + 1, len(order) - 1)
    return order[low] + (place - low) * (order[high] - order[low])


def plain_tail() -> float:
    """Beyond sqrt(m / (m - 1)) t of the normal distribution, for m buckets."""
    point = float(student.ppf(0.975, BUCKETS - 1))
    return float(norm.cdf(-point * sqrt(BUCKETS / (BUCKETS - 1))))


@pytest.mark.parametrize("seed", range(3))
def test_intervals_are_those_of_sums_within_each_replicate(seed: int) -> None:
    paths = walked(seed)
    _, found = both(paths, "linear")
    drawn = [plain_shares(paths, each) for each in replicates(SIZE, DRAWS.size, DRAWS.seed)]
    once = plain_shares(paths, [1.0] * SIZE)
    assert [row.player for row in found] == list(DEPARTMENTS)
    for row in found:
        assert float(row.share) == pytest.approx(once[row.player], abs=5e-6)
        values = [each[row.player] for each in drawn]
        assert row.share_low is not None
        assert row.share_high is not None
        ends = plain_quantile(values, plain_tail()), plain_quantile(values, 1 - plain_tail())
        assert float(row.share_low) == pytest.approx(min(ends[0], float(row.share)), abs=2e-6)
        assert float(row.share_high) == pytest.approx(max(ends[1], float(row.share)), abs=2e-6)
        assert row.share_low < row.share < row.share_high


def test_a_department_is_known_better_than_the_sum_of_its_intervals() -> None:
    """Search and social take from each other; what both have together hardly moves."""
    ways = [["marketing:search"], ["marketing:social"], ["marketing:search", "sales:call"]]
    paths = [path(ways[place % 7 % 3], conversions=1) for place in range(400)]
    players, departments = both(paths, "linear")
    widths = {
        each.player: each.share_high - each.share_low
        for each in (*players, *departments)
        if each.share_low is not None and each.share_high is not None
    }
    added = widths["marketing:search"] + widths["marketing:social"]
    assert 0 < widths["marketing"] < added
    # Two that share all of it are known equally well.
    assert abs(widths["marketing"] - widths["sales"]) <= Decimal("0.000004")


@settings(max_examples=10)
@given(
    st.lists(st.builds(path, WAYS, conversions=st.integers(0, 2), nulls=st.integers(0, 1))),
    st.sampled_from(MODELS),
)
def test_departments_are_exact_sums_in_every_model(paths: list[Path], model: str) -> None:
    certain = [path(["marketing:search", "sales:call"], conversions=1), path([], conversions=1)]
    players, departments = both([*paths, *certain], model)
    assert sum(row.share for row in departments) == 1
    assert sum(row.credit for row in departments) == sum(row.credit for row in players)
    for row in departments:
        mine = [each for each in players if department_of(each.player) == row.player]
        assert row.share == sum(each.share for each in mine)
        assert row.credit == sum(each.credit for each in mine)
        assert row.removal_effect is None
        if row.share_low is not None and row.share_high is not None:
            assert row.share_low <= row.share <= row.share_high


def test_who_has_all_of_it_in_every_replicate_has_it_for_certain() -> None:
    ways = [["marketing:search", "marketing:social", "marketing:search"], ["marketing:social"]]
    _, departments = both([path(ways[place % 2], conversions=1) for place in range(300)], "linear")
    ends = {row.player: (row.share_low, row.share, row.share_high) for row in departments}
    assert ends == {"marketing": (1, 1, 1), "sales": (0, 0, 0), None: (0, 0, 0)}


def test_departments_have_no_interval_where_their_players_have_none() -> None:
    players, departments = both([path(["sales:call"], conversions=1)] * 3, "linear")
    assert {row.share_low for row in (*players, *departments)} == {None}
    assert {row.share_high for row in (*players, *departments)} == {None}


def test_each_row_of_the_answer_says_what_its_whole_department_has() -> None:
    players, departments = both(walked(4), "markov_1")
    made = answered(players, [Grade.MODEL] * len(players), departments, {}, Asked())
    said = {(row.department, row.department_share, row.department_share_low) for row in made}
    assert said == {(row.player, row.share, row.share_low) for row in departments}
    assert {"department_share", "department_share_low", "department_share_high"} <= made[0].no_money


def test_an_experiment_moves_its_department() -> None:
    ways = [["marketing:search"], ["sales:call"], ["marketing:search", "sales:call"]]
    paths = [path(ways[place % 3], conversions=1) for place in range(300)]
    counts = counts_of(paths)
    found = shares(counts, "linear", draws=DRAWS)
    assert isinstance(found, Shares)
    shown = on("search", 1_000, 230, 1_000, 200, overrides=True)
    made = calibrated(found, counts, [shown], total(counts), draws=DRAWS)
    by_name = {row.player: row for row in made.departments}
    assert sum(row.share for row in made.departments) == 1
    search = next(row for row in made.rows if row.player == "marketing:search")
    (marketing,) = (row for row in made.departments if row.player == "marketing")
    assert marketing.share == search.share + sum(
        row.share for row in made.rows if row.player == "marketing:social"
    )
    before = by_department(found, rows(found, total(counts)))
    assert marketing.share < next(row.share for row in before if row.player == "marketing")
    assert by_name["sales"].share_high is not None
