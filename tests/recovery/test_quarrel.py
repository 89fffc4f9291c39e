"""What ignored leads cost, and why: the split that generated a company is told of it."""

from __future__ import annotations

import pytest

from tools.quarrel import CASES, CAUSES, Told, coverage, told

SEEDS = range(1, 21)


NEAR = 0.12
"""How far the share of a cause in the whole cost may be from the true one."""


def total(found: list[Told], figure: str) -> tuple[float, float]:
    """A figure of all months together: the truth, and what was told."""
    own = [each for each in found if each.figure == figure]
    return sum(each.truth for each in own), sum(each.value or 0.0 for each in own)


def check_split(found: list[Told]) -> None:
    """The cost is that of the truth, and so is the share of each cause."""
    sums = {cause: total(found, cause) for cause in CAUSES}
    cost, told_cost = (sum(each[side] for each in sums.values()) for side in (0, 1))
    brought, _ = total(found, "v_unlimited")
    if cost < 0.01 * brought:
        assert told_cost < 0.03 * brought
        return
    assert told_cost == pytest.approx(cost, rel=0.25)
    for cause, (truth, value) in sums.items():
        assert value / told_cost == pytest.approx(truth / cost, abs=NEAR), cause


@pytest.mark.xdist_group("quarrel")
def test_a_mixture_of_causes_is_told_apart() -> None:
    found = list(told("all-three", seed=1, months=3, engine=True))
    assert len(found) == 21
    assert [each for each in found if not each.covers] == []
    check_split(found)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=pytest.mark.xdist_group(f"quarrel-{case}")) for case in CASES]
)
def test_the_split_is_recovered_and_intervals_cover(case: str) -> None:
    asked = [each for seed in SEEDS for each in told(case, seed)]
    found = [each for each in asked if each.low is not None]
    # Where hardly any lead for parts was worked in a year, its chance can't be told.
    assert len(found) >= 0.97 * len(asked)
    check_split(found)
    uncertain = [each for each in found if each.low != each.high]
    assert len(uncertain) > 300
    assert coverage(uncertain) >= 0.93
    exact = [each for each in found if each.low == each.high]
    assert all(each.covers for each in exact)
