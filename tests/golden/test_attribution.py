"""Attribution against worked examples, and against what other packages publish of their data."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path as File

import numpy as np
import pytest

from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.evidence import Estimate, combined
from onefunnel.measures.attribution.experiments import lift
from onefunnel.measures.attribution.family import Worth
from onefunnel.measures.attribution.markov import Removals, removals
from onefunnel.measures.attribution.models import Shares, shares
from onefunnel.measures.attribution.reference import collapsed, counts
from onefunnel.measures.attribution.rules import Path, Settings, Touch
from onefunnel.measures.attribution.shapley import by_sum

DATA = File(__file__).parents[2].parent / "shared" / "data"
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def path(players: str, conversions: int = 0, nulls: int = 0, value: float = 0.0) -> Path:
    touches = (Touch(str(i), DAY, name) for i, name in enumerate(players.split(" > ")))
    return Path(tuple(touches), conversions, value, nulls)


def counted(paths: list[Path], orders: tuple[int, ...] = (1,)) -> Counts:
    players = sorted({str(player) for each in paths for player in each.players})
    return counts([(0, each) for each in paths], players, Settings(), orders, 2)


def chain(paths: list[Path], order: int = 1) -> tuple[Removals, dict[str, float]]:
    found = counted(paths, (order,))
    solved = removals(found.transitions[order], len(found.players))
    assert solved is not None
    names = [str(each) for each in found.players]
    return solved, dict(zip(names, solved.effects.tolist(), strict=True))


def credit(found: Counts, model: str, worth: Worth = Worth.CONVERSIONS) -> dict[str, float]:
    given = shares(found, model, worth)
    assert isinstance(given, Shares)
    tally = found.sets.conversions if worth is Worth.CONVERSIONS else found.sets.value
    amounts = (given.parts * tally.total.sum()).tolist()
    return dict(zip([str(each) for each in given.players[:-1]], amounts, strict=False))


TWO = [path("g", 2, 1), path("m", 1), path("g > m", 1)]
"""Puzyrov's example of two channels, five paths."""

THREE = [path("c1 > c2 > c3", 1), path("c1", 0, 1), path("c2 > c3", 0, 1)]


def test_the_two_channels_of_methods_section_5() -> None:
    found, effects = chain(TWO)
    assert found.chance == pytest.approx(0.8, abs=1e-15)
    assert effects == pytest.approx({"g": 0.75, "m": 0.5}, abs=1e-15)
    assert found.shares.tolist() == pytest.approx([0.6, 0.4], abs=1e-15)
    assert credit(counted(TWO), "markov_1") == pytest.approx({"g": 2.4, "m": 1.6})


def test_the_three_channels_of_methods_section_5() -> None:
    found, effects = chain(THREE)
    assert found.chance == pytest.approx(1 / 3, abs=1e-15)
    assert effects == pytest.approx({"c1": 0.5, "c2": 1.0, "c3": 1.0}, abs=1e-15)
    assert found.shares.tolist() == pytest.approx([0.2, 0.4, 0.4], abs=1e-15)


def test_shapley_values_of_methods_section_5_both_ways() -> None:
    assert credit(counted(TWO), "shapley") == pytest.approx({"g": 2.5, "m": 1.5})
    worth = {0: 0, 1: 2, 2: 1, 3: 4}
    g = ((worth[1] - worth[0]) + (worth[3] - worth[2])) / 2
    assert (g, worth[3] - g) == (2.5, 1.5)
    assert by_sum(np.array([1, 2, 3]), np.array([2.0, 1.0, 1.0]), 2).tolist() == [g, worth[3] - g]


def test_a_rate_is_another_game() -> None:
    """Of paths within a set: v(g) = 2/3, v(m) = 1, v(gm) = 4/5, times five paths."""
    assert credit(counted(TWO), "shapley_rate") == pytest.approx({"g": 7 / 6, "m": 17 / 6})


def test_precision_weights_and_lift_of_methods_section_5() -> None:
    together = combined(Estimate(3.0, 1.0), Estimate(1.2, 0.4)).estimate
    assert (round(together.value, 3), round(together.error, 3)) == (1.448, 0.371)
    found = lift(10_000, 230, 10_000, 200)
    ends = (found.change.value, found.change.low, found.change.high)
    assert [round(each, 5) for each in ends] == [0.003, -0.00102, 0.00702]
    assert round(found.z, 3) == 1.463


# --- 10,000 paths published with the R and Python package ChannelAttribution (GPL-3)


@pytest.fixture(scope="module")
def published() -> tuple[Counts, list[dict[str, str]]]:
    folder = DATA / "channel_paths"
    if not folder.is_dir():
        pytest.skip("the channel paths are not in ../shared/data")
    with (folder / "path_data.csv").open(encoding="utf-8") as file:
        paths = [_read(row) for row in csv.DictReader(file, delimiter=";")]
    with (folder / "heuristic_results.csv").open(encoding="utf-8") as file:
        return counted(paths, (1, 2)), list(csv.DictReader(file))


def _read(row: Mapping[str, str]) -> Path:
    value = float(row["total_conversion_value"])
    return path(row["path"], int(row["total_conversions"]), int(row["total_null"]), value)


@pytest.mark.parametrize("rule", ["first_touch", "last_touch", "linear"])
@pytest.mark.parametrize("worth", list(Worth))
def test_rules_equal_the_published_results(
    published: tuple[Counts, list[dict[str, str]]], rule: str, worth: Worth
) -> None:
    found, results = published
    column = f"{rule.removesuffix('_touch')}_touch_{worth}"
    said = {row["channel_name"]: float(row[column]) for row in results}
    assert credit(found, rule, worth) == pytest.approx(said, rel=1e-13)


EXACT = {
    1: {
        "alpha": 5344.9476820852,
        "beta": 2527.3521665204,
        "delta": 4.6136183111,
        "epsilon": 599.5706504632,
        "eta": 3340.8474015009,
        "gamma": 171.1454426937,
        "iota": 3884.6147018751,
        "kappa": 274.3632559548,
        "lambda": 1282.8472233944,
        "mi": 1.7224245563,
        "theta": 1971.9128798869,
        "zeta": 381.0625527581,
    },
    2: {
        "alpha": 5617.4538538931,
        "beta": 2439.6489761205,
        "delta": 5.1590563157,
        "epsilon": 614.3735234999,
        "eta": 3391.8581634292,
        "gamma": 171.9181832385,
        "iota": 3810.5110441984,
        "kappa": 266.0270537210,
        "lambda": 1189.4720217748,
        "mi": 2.0731886391,
        "theta": 1902.4736100649,
        "zeta": 374.0313251048,
    },
}
"""Ours, kept so that a change is seen."""

SIMULATED = {
    1: (
        8_649_748,
        {
            "alpha": 0.5581900820415524,
            "beta": 0.2642512883060383,
            "delta": 0.00046563185199856836,
            "epsilon": 0.06207671805991361,
            "eta": 0.34980071651707373,
            "gamma": 0.018011960483840142,
            "iota": 0.40415976037333945,
            "kappa": 0.028167252181346233,
            "lambda": 0.13466663886775013,
            "mi": 0.00013725715040256305,
            "theta": 0.2059083122235311,
            "zeta": 0.03971943943484803,
        },
    ),
    2: (
        19_461_933,
        {
            "alpha": 0.547458,
            "beta": 0.237698,
            "delta": 0.000599,
            "epsilon": 0.060225,
            "eta": 0.330590,
            "gamma": 0.016348,
            "iota": 0.371453,
            "kappa": 0.025791,
            "lambda": 0.116874,
            "mi": 0.000175,
            "theta": 0.185067,
            "zeta": 0.036711,
        },
    ),
}
"""The paths that version 2.2.5 simulated, with conv_par 0.005, and the removal effects it found."""


@pytest.mark.parametrize("order", [1, 2])
def test_removal_effects_are_within_the_noise_of_the_simulation(
    published: tuple[Counts, list[dict[str, str]]], order: int
) -> None:
    """An effect is the share of simulated conversions that meet the channel.

    The package stops when ten repetitions agree to conv_par, so its noise is taken for that of a
    tenth of its paths: four standard errors, 0.8 % of the effect of alpha and 68 % of that of mi.
    """
    found, _ = published
    solved = removals(found.transitions[order], len(found.players))
    assert solved is not None
    assert solved.chance == pytest.approx(19_785 / (19_785 + 68_602), rel=1e-12)
    assert credit(found, f"markov_{order}") == pytest.approx(EXACT[order], rel=1e-10)
    simulated, effects = SIMULATED[order]
    conversions = simulated / 10 * solved.chance
    for player, effect in zip(found.players, solved.effects, strict=True):
        error = (effect * (1 - effect) / conversions) ** 0.5
        assert abs(effects[str(player)] - effect) < 4 * error, player


# --- eeghor/mta 0.0.9 (MIT): what its tests and, on the paths it ships, its models give


RAW = [
    path("direct", 2, 1),
    path("search > email", 3, 2),
    path("search > social > email", 5, 4),
]
"""The journeys of its tests."""


def test_allocations_of_its_tests() -> None:
    found = counted(RAW)
    each = {"direct": 2, "search": 19 / 6, "email": 19 / 6, "social": 5 / 3}
    ends = {"direct": 2, "search": 3.5, "email": 3.5, "social": 1}
    said = {
        "first_touch": {"direct": 2, "search": 8, "email": 0, "social": 0},
        "last_touch": {"direct": 2, "search": 0, "email": 8, "social": 0},
        "linear": each,
        "shapley": each,
        "position_u": ends,
    }
    for model, allocation in said.items():
        assert credit(found, model) == pytest.approx(allocation), model
    assert credit(counted([path("a > a > b", 6)]), "linear") == pytest.approx({"a": 4, "b": 2})
    assert credit(counted([path("x > y", 10)]), "position_u") == {"x": 5.0, "y": 5.0}
    assert credit(counted([path("a", 4), path("a > b", 6)]), "shapley") == {"a": 7.0, "b": 3.0}
    four = dict.fromkeys("abcd", 2.5)
    assert credit(counted([path("a > b > c > d", 10)]), "shapley") == four


def test_chances_of_its_tests() -> None:
    """Where no channel comes twice each walk of the chain is a path, and its effects are ours."""
    found, effects = chain([path("a > b", 3, 1), path("a > c", 1, 1)])
    assert found.chance == pytest.approx(2 / 3 * 3 / 4 + 1 / 3 * 1 / 2)
    assert effects == pytest.approx({"a": 1.0, "b": 0.75, "c": 0.25})


ALLOCATED = {
    "linear": {
        "alpha": 7554.4624662072865,
        "beta": 1997.7717575698523,
        "delta": 1.9833333333333334,
        "epsilon": 326.45456662687633,
        "eta": 3633.706011049564,
        "gamma": 130.8990994398934,
        "iota": 3661.946014500444,
        "kappa": 147.87319240014762,
        "lambda": 1007.0997028657603,
        "mi": 2.4,
        "theta": 1155.7571778080398,
        "zeta": 164.64667819877238,
    },
    "position_u": {
        "alpha": 7461.161110559336,
        "beta": 1945.7962573342531,
        "delta": 2.7249999999999996,
        "epsilon": 320.2238301711967,
        "eta": 3650.487719122799,
        "gamma": 128.45793649107623,
        "iota": 3837.3544726818436,
        "kappa": 150.34303479544243,
        "lambda": 1035.120259355474,
        "mi": 2.1333333333333333,
        "theta": 1145.4218167539705,
        "zeta": 105.7752294012084,
    },
    "shapley": {
        "alpha": 7627.944047619045,
        "beta": 1982.7392857142847,
        "delta": 2.292857142857139,
        "epsilon": 374.6773809523811,
        "eta": 3613.655952380962,
        "gamma": 138.18571428571406,
        "iota": 3505.0440476190515,
        "kappa": 159.0571428571427,
        "lambda": 987.7821428571428,
        "mi": 2.6666666666666194,
        "theta": 1190.9630952380953,
        "zeta": 199.99166666666673,
    },
}
"""What its models linear (proportional), position_based and shapley give, repeats collapsed."""

ITS_MARKOV_ALPHA = 0.5241548840953255
"""The effect of alpha by its markov, which sums over walks that were seen as whole paths only."""


@pytest.fixture(scope="module")
def shipped() -> Counts:
    file = DATA / "mta_cases" / "data.csv.gz"
    if not file.is_file():
        pytest.skip("the paths of mta are not in ../shared/data")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return counted([collapsed(_read(row)) for row in csv.DictReader(lines)])


@pytest.mark.parametrize("model", list(ALLOCATED))
def test_allocations_on_the_paths_it_ships(shipped: Counts, model: str) -> None:
    assert credit(shipped, model) == pytest.approx(ALLOCATED[model], rel=1e-11)


def test_where_its_definitions_differ_from_ours(shipped: Counts) -> None:
    """Its Markov model leaves out walks that go round a loop or that nobody has gone as a whole.

    So it loses conversions that the chain has, and its effects are smaller. Its time decay weighs
    the first appearances of channels by their rank, 1, 2, 3, without times; its model of Shao & Li,
    its logistic regression and its hazards have no counterpart here.
    """
    solved = removals(shipped.transitions[1], len(shipped.players))
    assert solved is not None
    assert solved.effects[0] == pytest.approx(EFFECT_OF_ALPHA)
    assert solved.effects[0] > ITS_MARKOV_ALPHA


EFFECT_OF_ALPHA = 0.558399489508
