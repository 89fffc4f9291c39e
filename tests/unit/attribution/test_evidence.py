"""Grades, and models and experiments together."""

from __future__ import annotations

from statistics import NormalDist

import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.attribution.evidence import (
    Estimate,
    Grade,
    best,
    combined,
    grade_of_model,
)
from onefunnel.measures.attribution.experiments import lift, plan
from onefunnel.measures.attribution.family import MODELS
from onefunnel.measures.attribution.models import Shares, shares
from onefunnel.measures.attribution.regions import Region, difference_in_differences
from tests.unit.attribution.paths import PLAYERS, counted, path


def test_no_model_is_better_than_c() -> None:
    assert {grade_of_model(model) for model in MODELS} == {Grade.MODEL, Grade.RULE}
    assert best([Grade.RULE, Grade.QUASI_EXPERIMENT]) is Grade.QUASI_EXPERIMENT
    with pytest.raises(UnknownName):
        grade_of_model("gut_feeling")


@pytest.mark.parametrize("model", MODELS)
def test_a_bystander_has_credit_until_an_experiment_takes_it(model: str) -> None:
    """Ads that are shown to those who are about to buy, and make nobody buy."""
    found = shares(
        counted(
            [
                path(["search"], conversions=5, nulls=95),
                path(["search", "social"], conversions=10, nulls=40),
                path(["social", "search"], conversions=10, nulls=40),
            ]
        ),
        model,
    )
    assert isinstance(found, Shares)
    credited = found.parts[PLAYERS.index("social")]
    assert credited > 0.1
    assert grade_of_model(model) >= Grade.MODEL
    by_model = Estimate(credited * 25 / 100, 0.02)
    tried = combined(by_model, lift(10_000, 1_300, 10_000, 1_290).change, bias=0.1)
    assert tried.weight > 0.99
    assert abs(tried.estimate.value) < 0.002 < by_model.value
    assert best([grade_of_model(model), Grade.EXPERIMENT]) is Grade.EXPERIMENT


def test_the_more_a_model_may_be_biased_the_less_it_weighs() -> None:
    model, experiment = Estimate(3.0, 1.0), Estimate(1.2, 0.4)
    trusted, doubted = combined(model, experiment), combined(model, experiment, bias=2.0)
    assert doubted.weight > trusted.weight
    assert experiment.value < doubted.estimate.value < trusted.estimate.value
    assert trusted.estimate.error < doubted.estimate.error < experiment.error
    assert trusted.apart == pytest.approx(1.8 / (1 + 0.16) ** 0.5)
    same = combined(experiment, experiment)
    assert (same.weight, same.estimate.value) == (0.5, pytest.approx(1.2))


def test_estimates_have_an_error() -> None:
    with pytest.raises(UsageError, match="error is 0"):
        Estimate(1.0, 0.0)
    with pytest.raises(UsageError, match="bias is -1"):
        combined(Estimate(1.0, 1.0), Estimate(1.0, 1.0), bias=-1.0)


def test_a_lift_is_also_told_in_conversions() -> None:
    found = lift(10_000, 230, 5_000, 100)
    assert found.conversions.value == pytest.approx(30)
    assert found.conversions.error == pytest.approx(10_000 * found.change.error)
    with pytest.raises(UsageError, match="0 of 0"):
        lift(10, 1, 0, 0)
    with pytest.raises(UsageError, match="all or none"):
        lift(10, 0, 10, 0)


def test_a_plan_is_as_large_as_the_test_of_two_proportions_needs() -> None:
    rate, change = 0.02, 0.003
    reach = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
    each = reach**2 * (0.023 * 0.977 + 0.02 * 0.98) / change**2
    found = plan(10_000, rate, change, horizon_months=12)
    assert found.months == -(-2 * each // 10_000)
    assert found.treated == found.control == found.months * 5_000
    assert 0.8 <= found.power < 0.85
    assert found.smallest <= change
    assert not found.notes


def test_a_plan_says_no_and_what_could_be_found_instead() -> None:
    found = plan(1_000, 0.02, 0.003, horizon_months=6, wait_months=1)
    (note,) = found.notes
    assert found.months is None
    assert found.power < 0.3
    assert note.code == "refused_experiment"
    assert note.params["horizon"] == 6
    again = plan(1_000, 0.02, found.smallest * 1.001, horizon_months=6, wait_months=1)
    assert again.months == 5
    with pytest.raises(UsageError, match="0 months are left"):
        plan(1_000, 0.02, 0.003, horizon_months=2, wait_months=2)


def test_regions_are_compared_by_their_changes() -> None:
    regions = [
        Region(str(i), i % 2 == 0, [10 + i, 12 + i], [11 + i + (i % 2 == 0) * 5 + i % 3])
        for i in range(12)
    ]
    found = difference_in_differences(regions)
    changes = {True: [], False: []}
    for each in regions:
        changes[each.treated].append(each.after[0] - sum(each.before) / 2)
    assert found.change == pytest.approx(sum(changes[True]) / 6 - sum(changes[False]) / 6)
    assert found.low < 5 < found.high
    assert (found.grade, found.notes) == (Grade.QUASI_EXPERIMENT, ())
    assert difference_in_differences(regions, randomised=True).grade is Grade.EXPERIMENT
    (note,) = difference_in_differences(regions[:7]).notes
    assert note.params == {"regions": 3}
    with pytest.raises(UsageError, match="2 treated regions and 1 others"):
        difference_in_differences(regions[:3])
    with pytest.raises(UsageError, match="no period"):
        difference_in_differences([Region("x", True, [], [1.0])])
