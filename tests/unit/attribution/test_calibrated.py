"""Experiments correct a model: what a channel without effect loses, and what is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.attribution.calibrated import Calibrated, calibrated
from onefunnel.measures.attribution.corrections import Units
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.evidence import Grade
from onefunnel.measures.attribution.experiments import Brought
from onefunnel.measures.attribution.family import MODELS, Value, Worth
from onefunnel.measures.attribution.models import Draws, Shares, shares
from onefunnel.measures.attribution.recorded import Amounts, Experiment, Groups, Of
from onefunnel.measures.attribution.regions import Region
from onefunnel.measures.attribution.rows import CreditRow, rows, total
from onefunnel.measures.attribution.rules import Path
from tests.unit.attribution.paths import PATHS, counted, path, with_ends

PLAYERS = ("marketing:search", "marketing:social", "marketing:email", "sales:call")
NAMES = dict(zip(("search", "social", "email", "sales:call"), PLAYERS, strict=True))
DAYS = date(2024, 3, 1), date(2024, 3, 31)
DRAWS = Draws(size=200)


def counts_of(paths: list[Path], size: int = 8) -> Counts:
    return counted([renamed(each) for each in paths], PLAYERS, orders=(1, 2, 3, 4), size=size)


def renamed(each: Path) -> Path:
    """The path of players as the ledger names them."""
    names = [NAMES.get(name or "", name) for name in each.players]
    ends = {"conversions": each.conversions, "value": each.value, "nulls": each.nulls}
    return path(names, **ends)


def on(of: str, *groups: int, name: str = "test", overrides: bool = False) -> Experiment:
    return Experiment(
        name, Of.CHANNEL, of, Value.CUSTOMERS, *DAYS, Groups(*groups), overrides=overrides
    )


def corrected(
    counts: Counts,
    *experiments: Experiment,
    model: str = "linear",
    draws: Draws | None = None,
    bias: float = 1.0,
) -> tuple[tuple[CreditRow, ...], Calibrated]:
    """The rows of the model, and those corrected."""
    found = shares(counts, model, draws=draws)
    assert isinstance(found, Shares)
    made = calibrated(found, counts, experiments, total(counts), bias=bias, draws=draws)
    return rows(found, total(counts)), made


@cache
def simulated(people: int, seed: int) -> Counts:
    """People whom search wins, while social shows itself to those who are about to buy.

    Social changes nobody's chance: whoever meets it had already decided.
    """
    random = np.random.default_rng(seed)
    buys = random.random(people) < 0.05
    sees = random.random(people) < np.where(buys, 0.8, 0.2)
    first = random.random(people) < 0.5
    found = []
    for bought, seen, social_first in zip(buys, sees, first, strict=True):
        way = ["social", "search"] if social_first else ["search", "social"]
        ends = {"conversions": int(bought), "nulls": int(not bought)}
        found.append(path(way if seen else ["search"], **ends))
    return counts_of(found, size=128)


def holdout(people: int, seed: int) -> Experiment:
    """A holdout of social among people of the same kind: the true effect is 0."""
    random = np.random.default_rng(seed)
    treated, control = (int(random.binomial(people, 0.05)) for _ in range(2))
    return on("social", people, treated, people, control)


@pytest.mark.parametrize("model", MODELS)
def test_a_channel_without_effect_has_credit_until_an_experiment_takes_it(model: str) -> None:
    counts = simulated(4_000, seed=1)
    before, after = corrected(counts, holdout(40_000, seed=2), model=model, draws=DRAWS)
    social = PLAYERS.index("marketing:social")
    assert before[social].share > Decimal("0.1"), "every model credits it"
    # A holdout of this size knows the chance to convert to .0015, of .15 that the model says.
    assert after.rows[social].share < Decimal("0.03")
    assert after.grades[social] is Grade.EXPERIMENT
    assert set(after.grades) - {Grade.EXPERIMENT} <= {Grade.MODEL, Grade.RULE}
    low, high = after.rows[social].share_low, after.rows[social].share_high
    assert low is not None and high is not None and low < 0 < high
    assert after.rows[-1].credit > before[-1].credit, "it would have come anyhow"
    assert sum(row.credit for row in after.rows) == sum(row.credit for row in before)
    search = PLAYERS.index("marketing:search")
    assert after.rows[search].credit == before[search].credit, "no other channel gains"


def test_what_is_combined_is_combined_by_precision() -> None:
    """Golden: 3.0 +- 1.0 with 1.2 +- .4 is 1.448 +- .371, here in hundredths per person.

    Of 200 people who met it 6 converted; a bias of a third of that is 1.0. The holdout shows 1.2
    with a standard error of .397.
    """
    counts = counts_of([path(["search"], conversions=6, nulls=194)])
    found = shares(counts, "linear")
    assert isinstance(found, Shares)
    value, error = Units(found, counts, None).of(0)
    assert value == pytest.approx(0.03) and error == 0
    _, after = corrected(counts, on("search", 1250, 20, 1250, 5), bias=1 / 3)
    row = after.rows[0]
    assert float(row.credit) / 200 * 100 == pytest.approx(1.448, abs=0.005)
    assert row.share_low is not None and row.share_high is not None
    width = float(row.share_high - row.share_low) * 6 / 200 * 100 / 2
    assert width / 1.959964 == pytest.approx(0.371, abs=0.003)


def test_the_golden_numbers_of_one_more_holdout() -> None:
    """230 of 10,000 against 200 of 10,000: .003 each, of the 300 people who met it 0.9."""
    counts = counts_of([path(["search"], conversions=6, nulls=294)])
    _, after = corrected(counts, on("search", 10_000, 230, 10_000, 200, overrides=True))
    (search, *_, unknown) = after.rows
    assert (search.credit, unknown.credit) == (Decimal("0.9000"), Decimal("5.1000"))
    assert search.share_low is not None and search.share_high is not None
    # (-.00102, .00702) of 300 people, as parts of 6.
    assert (round(search.share_low, 3), round(search.share_high, 3)) == (
        Decimal("-0.051"),
        Decimal("0.351"),
    )
    assert after.grades[0] is Grade.EXPERIMENT


def test_a_small_experiment_leaves_most_of_a_model() -> None:
    counts = counts_of([path(["search"], conversions=10, nulls=90)])
    before, after = corrected(counts, on("search", 30, 1, 30, 1), bias=0.1)
    assert after.grades[0] is Grade.MODEL, "the experiment carries less than half of the weight"
    assert Decimal("0.9") * before[0].credit < after.rows[0].credit < before[0].credit
    _, instead = corrected(counts, on("search", 30, 1, 30, 1, overrides=True), bias=0.1)
    assert instead.rows[0].credit == 0
    assert instead.grades[0] is Grade.EXPERIMENT


def in_money(treated: Brought, control: Brought, **more: bool) -> Experiment:
    outcome = Amounts(treated, control)
    return Experiment("test", Of.CHANNEL, "search", Value.CONTRIBUTION, *DAYS, outcome, **more)


def of_money(counts: Counts, tried: Experiment, bias: float) -> Calibrated:
    found = shares(counts, "linear", Worth.VALUE)
    assert isinstance(found, Shares)
    amount = total(counts, Worth.VALUE)
    return calibrated(found, counts, (tried,), amount, bias=bias)


def test_money_is_combined_by_precision_too() -> None:
    """Golden: 3.0 +- 1.0 with 1.2 +- .4 is 1.448 +- .371, in money for each person met.

    The model gives search 600 over 200 paths; a holdout of 100 and 100 people shows 1.2 more of
    each, with a deviation of 2 * sqrt(2) between people, so an error of .4.
    """
    counts = counts_of(
        [
            path(["search"], conversions=4, value=600.0, nulls=196),
            path(["social"], conversions=1, value=400.0),
        ]
    )
    found = shares(counts, "linear", Worth.VALUE)
    assert isinstance(found, Shares)
    assert Units(found, counts, None, Worth.VALUE).of(0) == (pytest.approx(3.0), 0.0)
    tried = in_money(Brought(100, 500.0, 8**0.5), Brought(100, 380.0, 8**0.5))
    made = of_money(counts, tried, bias=1 / 3)
    search, social, *_, unknown = made.rows
    assert float(search.credit) == pytest.approx(200 * 1.448, abs=0.1)
    assert (social.credit, unknown.credit) == (400, 600 - search.credit)
    assert search.share_low is not None and search.share_high is not None
    width = float(search.share_high - search.share_low) * 1000 / 200 / 2
    assert width / 1.959964 == pytest.approx(0.371, abs=0.003)
    (told,) = (each for each in made.notes if each.code == "experiment_corrects")
    assert (told.params["was"], told.params["value"]) == (600.0, "contribution")
    assert (told.params["before"], told.params["after"]) == (3000.0, 1448.3)


def test_money_that_is_lost_in_all_is_not_corrected() -> None:
    counts = counts_of(
        [path(["search"], conversions=1, value=100.0), path([], conversions=1, value=-300.0)]
    )
    tried = in_money(Brought(100, 500.0, 3.0), Brought(100, 380.0, 3.0))
    assert of_money(counts, tried, bias=1.0).rows == ()


def test_two_experiments_on_one_channel_count_together() -> None:
    counts = counts_of([path(["search"], conversions=10, nulls=90)])
    one, other = on("search", 1000, 60, 1000, 20), on("search", 1000, 40, 1000, 20, name="more")
    _, after = corrected(counts, one, other, bias=100.0)
    singles = [corrected(counts, each, bias=100.0)[1].rows[0].credit for each in (one, other)]
    assert min(singles) < after.rows[0].credit < max(singles)
    (told,) = (each for each in after.notes if each.code == "experiment_corrects")
    assert told.params["experiment"] == "test, more"
    assert (told.params["was"], told.params["player"]) == (10.0, "search")


def test_what_an_experiment_adds_comes_from_unknown_first() -> None:
    """30 of 100 people came of search, says the experiment; a model of 20 sees 10 of them."""
    paths = [
        path(["search"], conversions=5, nulls=95),
        path(["social"], conversions=5),
        path([], conversions=10),
    ]
    counts = counts_of(paths)
    strong = on("search", 1000, 150, 1000, 20, overrides=True)
    _, after = corrected(counts, strong)
    credit = [row.credit for row in after.rows]
    assert credit == [Decimal("13.0000"), Decimal("5.0000"), 0, 0, Decimal("2.0000")]
    assert "experiments_exceed" not in [each.code for each in after.notes]
    stronger = on("search", 1000, 200, 1000, 20, overrides=True)
    _, after = corrected(counts, stronger)
    credit = [row.credit for row in after.rows]
    assert credit == [Decimal("18.0000"), Decimal("2.0000"), 0, 0, 0]
    assert "experiments_exceed" in [each.code for each in after.notes]
    impossible = on("search", 1000, 900, 1000, 20, overrides=True)
    _, after = corrected(counts, impossible)
    assert [row.credit for row in after.rows] == [20, 0, 0, 0, 0], "never more than there is"


def test_an_experiment_far_from_the_model_is_told() -> None:
    counts = counts_of([path(["search"], conversions=1, nulls=999)])
    _, after = corrected(counts, on("search", 1000, 90, 1000, 20))
    (apart,) = (each for each in after.notes if each.code == "experiment_apart")
    assert float(apart.params["apart"]) > 2
    assert (apart.params["model"], apart.params["experiment"]) == ("linear", "test")


def test_an_experiment_on_what_nobody_met_corrects_nothing() -> None:
    counts = counts_of([path(["search"], conversions=1, nulls=9)])
    for of in ("radio", "email", "sales:call", "call"):
        _, after = corrected(counts, on(of, 1000, 90, 1000, 20))
        assert after.rows == (), of
        assert [each.code for each in after.notes] == ["experiment_unmet"], of


def test_regions_without_people_reached_correct_nothing() -> None:
    counts = counts_of([path(["search"], conversions=1, nulls=9)])
    outcome = tuple(
        Region(str(at), at < 2, [10.0], [after]) for at, after in enumerate((14.0, 16, 11, 10))
    )
    shown = Experiment("geo", Of.CHANNEL, "search", Value.CUSTOMERS, *DAYS, outcome)
    _, after = corrected(counts, shown)
    assert [each.code for each in after.notes] == ["experiment_unreached"]
    assert after.rows == ()


def test_without_experiments_there_is_no_such_model() -> None:
    counts = counts_of([path(["search"], conversions=1)])
    found = shares(counts, "linear")
    assert isinstance(found, Shares)
    assert calibrated(found, counts, (), total(counts)) == Calibrated()


GROUPS = st.tuples(st.integers(2, 500), st.integers(1, 499), st.integers(2, 500)).map(
    lambda given: (given[0], min(given[1], given[0] - 1), given[2], given[2] // 2)
)
TRIED = st.builds(
    lambda of, groups, overrides: on(of, *groups, overrides=overrides),
    st.sampled_from(["search", "social", "email"]),
    GROUPS,
    st.booleans(),
)


@given(
    st.lists(PATHS, min_size=1, max_size=6).filter(with_ends),
    st.sampled_from(MODELS),
    st.lists(TRIED, min_size=1, max_size=4),
    st.integers(0, 3),
    st.floats(0, 3),
)
def test_credit_sums_to_the_total_whatever_experiments_say(
    paths: list[Path], model: str, tried: list[Experiment], untouched: int, bias: float
) -> None:
    counts = counts_of([*paths, path([], conversions=untouched)])
    before, after = corrected(counts, *tried, model=model, bias=bias)
    if not after.rows:
        return
    assert sum(row.credit for row in after.rows) == total(counts)
    assert sum(row.share for row in after.rows) == 1
    named = {each.of for each in tried}
    for row, model_row in zip(after.rows, before, strict=True):
        name = (row.player or "").partition(":")[2]
        if name in named or model_row.share >= 0:
            assert row.share >= 0
        if row.share_low is not None and row.share_high is not None:
            assert row.share_low <= row.share <= row.share_high
    exceeded = "experiments_exceed" in [each.code for each in after.notes]
    others = [
        (now.credit, was.credit)
        for now, was in zip(after.rows[:-1], before[:-1], strict=True)
        if (was.player or "").partition(":")[2] not in named
    ]
    assert exceeded or all(now == was for now, was in others)
