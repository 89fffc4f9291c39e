"""How many touches there are, and that the large tables alone grow."""

from __future__ import annotations

import pytest

from onefunnel.simulator import SCENARIOS, simulate


@pytest.mark.parametrize("name", sorted(SCENARIOS))
@pytest.mark.parametrize("seed", [1, 2])
def test_touches_are_within_one_per_cent_of_the_target(name: str, seed: int) -> None:
    company = simulate(SCENARIOS[name](touches=100_000, seed=seed))
    assert company.truth.touches == pytest.approx(100_000, rel=0.01)
    assert sum(block.num_rows for block in company.blocks("touch")) == company.truth.touches


@pytest.mark.parametrize("touches", [1, 2, 7, 100, 1_000])
def test_a_small_company_is_a_company_too(touches: int) -> None:
    company = simulate(SCENARIOS["company-x"](touches=touches, seed=3))
    tables = company.tables()
    assert tables["touch"].num_rows == company.truth.touches
    assert tables["party"].num_rows >= company.scenario.persons


def test_about_three_in_a_hundred_buy() -> None:
    company = simulate(SCENARIOS["healthy"](touches=500_000, seed=5))
    buyers = company.truth.money[0].buyers
    assert buyers / company.scenario.persons == pytest.approx(0.03, abs=0.005)


def test_tables_of_the_office_stay_small() -> None:
    small, large = (
        simulate(SCENARIOS["healthy"](touches=touches, seed=5)) for touches in (10_000, 1_000_000)
    )
    for name in ("meeting", "message_flow", "approval", "contribution", "target", "rate"):
        assert next(small.blocks(name)).num_rows == next(large.blocks(name)).num_rows
    assert next(large.blocks("activity")).num_rows < 10_000
