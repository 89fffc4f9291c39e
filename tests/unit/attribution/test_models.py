"""From counts to rows: shares that sum to exactly 1, unknown told, intervals that cover."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UnknownName
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.family import MODELS, MOST_RATED, Worth
from onefunnel.measures.attribution.models import Draws, Shares, grouped, never_alone, shares
from onefunnel.measures.attribution.ranges import ranges, stake, widest
from onefunnel.measures.attribution.rows import rows, total
from onefunnel.measures.attribution.rules import Path
from onefunnel.vocabulary import Note
from tests.unit.attribution.paths import PATHS, PLAYERS, counted, path, with_ends

SOME = st.lists(PATHS, min_size=1, max_size=6).filter(with_ends)


def made(found: Shares | Note) -> Shares:
    assert isinstance(found, Shares)
    return found


@given(SOME, st.sampled_from(MODELS), st.sampled_from(Worth), st.integers(0, 3))
def test_shares_and_credit_sum_to_the_whole(
    paths: list[Path], model: str, worth: Worth, untouched: int
) -> None:
    counts = counted([*paths, path([], conversions=untouched, value=untouched * 1.1)])
    found = shares(counts, model, worth)
    if isinstance(found, Note):
        assert worth is Worth.VALUE
        assert found.params["reason"] == "no_value"
        return
    all_of_it = total(counts, worth)
    given = rows(found, all_of_it)
    assert sum(row.share for row in given) == 1
    assert sum(row.credit for row in given) == all_of_it
    assert [row.player for row in given] == [*PLAYERS, None]
    known = untouched * (1 if worth is Worth.CONVERSIONS else Decimal("1.1"))
    assert float(given[-1].credit) == pytest.approx(float(known), abs=1e-3)


@given(SOME, st.sampled_from(MODELS))
def test_who_is_never_met_gets_nothing(paths: list[Path], model: str) -> None:
    given = rows(made(shares(counted(paths), model)), Decimal(100))
    met = {player for each in paths for player in each.players}
    assert all(row.credit == 0 for row in given if row.player not in met)


def test_touches_of_unknown_channels_stand_with_what_has_no_touch() -> None:
    paths = [path(["search", None], conversions=1), path([], conversions=1)]
    counts = counted(paths, ["search", None], orders=(1,))
    (search, unknown) = rows(made(shares(counts, "linear")), Decimal(2))
    assert (search.credit, unknown.credit) == (Decimal("0.5000"), Decimal("1.5000"))
    (search, unknown) = rows(made(shares(counts, "markov_1")), Decimal(2))
    assert (search.share, search.removal_effect) == (Decimal("0.250000"), 1.0)
    assert (unknown.share, unknown.removal_effect) == (Decimal("0.750000"), 1.0)


def test_rates_are_refused_among_more_players_than_can_be_rated() -> None:
    names = [f"c{number:02}" for number in range(MOST_RATED + 1)]
    paths = [path(names[:2], conversions=1), path(names[2:5], nulls=3)]
    few, many = counted(paths, names[:-1], orders=(1,)), counted(paths, names, orders=(1,))
    assert isinstance(shares(few, "shapley_rate"), Shares)
    refused = shares(many, "shapley_rate")
    assert isinstance(refused, Note)
    assert "17 channels and contacts occur, and rates are worked out for 16" in refused.text
    for model in ("linear", "markov_1", "shapley"):
        assert made(shares(many, model)).parts[:5].tolist() == pytest.approx(
            made(shares(few, model)).parts[:5].tolist()
        )


def test_departments_are_sums_of_their_players() -> None:
    paths = [path(["search", "sales:call"], conversions=3), path(["email"], conversions=1)]
    found = made(shares(many(paths), "linear", draws=Draws(50)))
    of_departments = grouped(
        found, lambda p: "sales" if str(p).startswith("sales:") else "marketing"
    )
    assert of_departments.players == ("marketing", "sales", None)
    assert of_departments.parts.tolist() == pytest.approx([2.5 / 4, 1.5 / 4, 0])
    assert np.allclose(of_departments.drawn.sum(axis=1), 1)
    marketing, sales, unknown = rows(of_departments, Decimal(400))
    assert (marketing.credit, sales.credit, unknown.credit) == (250, 150, 0)
    assert marketing.share_low is not None
    assert marketing.share_low < marketing.share


def many(paths: list[Path], times: int = 60, size: int = 32) -> Counts:
    return counted([each for each in paths for _ in range(times)], size=size)


@pytest.mark.parametrize("model", MODELS)
def test_intervals_are_those_of_the_seed_and_hold_the_share(model: str) -> None:
    random = np.random.default_rng(5)
    met = [random.choice(PLAYERS, random.integers(1, 5)).tolist() for _ in range(300)]
    won = random.integers(0, 2, 300).tolist()
    paths = [
        path(m, conversions=w, value=9 * w, nulls=1 - w) for m, w in zip(met, won, strict=True)
    ]
    counts = counted(paths, size=32)
    given, again, other = (
        rows(made(shares(counts, model, Worth.VALUE, Draws(100, seed))), Decimal(1000))
        for seed in (1, 1, 2)
    )
    assert given == again != other
    for row in given[:-1]:
        assert row.share_low is not None
        assert row.share_high is not None
        assert row.share_low <= row.share <= row.share_high
        assert 0.01 < row.share_high - row.share_low < 0.5


def test_intervals_need_conversions_of_some_buckets() -> None:
    counts = counted([path(["search"], conversions=1)] * 9, size=32)
    (search, *_) = rows(made(shares(counts, "linear", draws=Draws(10))), Decimal(9))
    assert (search.share_low, search.share_high) == (None, None)


def test_rates_have_no_interval_where_somebody_never_converts_alone() -> None:
    paths = [path(["search"], conversions=1), path(["search", "email"], conversions=1)]
    alone = [*paths, path(["email"], conversions=1)]
    paths.append(path(["email"], nulls=1))
    assert [never_alone(many(each, 10)) for each in (paths, alone)] == [1, 0]
    assert never_alone(counted([])) == 0
    refused, given = (
        made(shares(many(each, 10), "shapley_rate", draws=Draws(10))) for each in (paths, alone)
    )
    assert (len(refused.drawn), len(given.drawn)) == (0, 10)
    # What it says is the same as where nothing is drawn, and other models keep their intervals.
    plain = made(shares(many(paths, 10), "shapley_rate"))
    assert refused.parts.tolist() == plain.parts.tolist()
    linear = rows(made(shares(many(paths, 10), "linear", draws=Draws(10))), Decimal(1))
    of_rates = rows(refused, Decimal(1))
    (search, *_) = ranges([linear, of_rates])
    assert (linear[0].share_low, of_rates[0].share_low) == (search.least, None)
    assert search.most is not None
    assert search.most >= of_rates[0].share


def test_without_conversions_each_model_is_refused_with_its_reason() -> None:
    nothing = counted([path(["search"], nulls=3), path([], conversions=2)])
    for model in MODELS:
        found = shares(nothing, model)
        assert isinstance(found, Note)
        assert (found.code, found.params["reason"]) == ("refused_attribution", "nothing_converts")
    names = [str(i) for i in range(17)]
    wide = counted([path([name], conversions=1) for name in names], names, orders=(1,))
    found = shares(wide, "shapley_rate")
    assert isinstance(found, Note)
    assert found.params["players"] == 17
    assert isinstance(shares(wide, "markov_1"), Shares)


def test_models_that_are_not_there_are_named() -> None:
    counts = counted([path(["search"], conversions=1)], orders=(1,))
    with pytest.raises(UnknownName, match="markov_5"):
        shares(counts, "markov_5")
    with pytest.raises(UnknownName, match="markov_1"):
        shares(counts, "markov_2")


def test_the_range_over_models_and_what_is_at_stake() -> None:
    counts = many([path(["search", "email"], conversions=3), path(["email"], conversions=1)], 10)
    models = [
        rows(made(shares(counts, model, draws=Draws(50))), Decimal(400))
        for model in ("first_touch", "last_touch", "linear")
    ]
    search, *_ = ranges(models)
    assert (search.low, search.low_model) == (Decimal("0.000000"), "last_touch")
    assert (search.high, search.high_model) == (Decimal("0.750000"), "first_touch")
    assert search.least == 0
    assert search.most is not None
    assert search.most > search.high
    assert stake(models[0], models[2]).amount == Decimal("150.0000")
    found = widest(models)
    assert found is not None
    assert (found.one, found.other) == ("first_touch", "last_touch")
    assert (found.amount, found.share) == (Decimal("300.0000"), Decimal("0.750000"))
    assert widest(models[:1]) is None


def cover(seeds: int, parties: int = 400) -> float:
    """How often the 95 % interval of the effect's share covers that of the generating chain."""
    truth = made(shares(generated(0, 40_000, 8), "markov_1")).parts
    covered = []
    for seed in range(1, seeds + 1):
        found = shares(generated(seed, parties, 128), "markov_1", draws=Draws(200, seed))
        for row, part in zip(rows(made(found), Decimal(1))[:3], truth, strict=False):
            assert row.share_low is not None
            assert row.share_high is not None
            covered.append(float(row.share_low) <= part <= float(row.share_high))
    return float(np.mean(covered))


def generated(seed: int, parties: int, size: int) -> Counts:
    """Paths of a chain of order 1 over three players."""
    random = np.random.default_rng(seed)
    following = np.array([[0.3, 0.3, 0.4], [0.0, 0.3, 0.2], [0.2, 0.1, 0.1], [0.1, 0.4, 0.1]])
    converts = np.array([0.0, 0.1, 0.3, 0.05])
    found: list[Path] = []
    for _ in range(parties):
        state, met, won = 0, [], False
        while True:
            state = int(random.choice(4, p=[*following[state], 1 - following[state].sum()])) + 1
            if state == 4:
                break
            met.append(PLAYERS[state - 1])
        won = random.random() < converts[PLAYERS.index(met[-1]) + 1]
        found.append(path(met, conversions=int(won), nulls=int(not won)))
    return counted(found, orders=(1,), size=size)


@pytest.mark.long
def test_intervals_cover_what_generated_the_paths() -> None:
    assert 0.915 < cover(670) < 0.97
