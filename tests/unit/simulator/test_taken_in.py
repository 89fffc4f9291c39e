"""The canonical import takes every company whole, and the funnel sees what the truth says."""

from __future__ import annotations

import pytest

from onefunnel.api import Opened
from onefunnel.ledger.schema import TABLES
from onefunnel.simulator import SCENARIOS, Company, Scenario, simulate
from tests.recovery.company import take_in


def hard(language: str, **sizes: float) -> Scenario:
    """A small company in which much goes wrong at once."""
    scenario = SCENARIOS["company-x"](
        touches=4_000,
        seed=5,
        language=language,
        several=0.8,
        twice=0.3,
        unseen_brand=0.1,
        unknown_cost=0.2,
        unworked_win=0.1,
    )
    return scenario.with_conflicts(**sizes)


CASES = {
    "ro": (SCENARIOS["company-x"](touches=4_000, seed=5, language="ro"), "parquet"),
    "fa": (hard("fa", junk=0.3, follow_up=0.7, pull=0.5, noise=0.5, discount_slope=0.01), "csv"),
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(each, marks=pytest.mark.xdist_group(f"taken-{each}")) for each in CASES],
)
def taken(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Company, Opened]:
    scenario, kind = CASES[request.param]
    company = simulate(scenario)
    return company, take_in(company, tmp_path_factory.mktemp(request.param), kind)


@pytest.mark.parametrize("by", ["", "channel", "cohort_month"])
def test_stages_and_money_are_those_of_the_truth(taken: tuple[Company, Opened], by: str) -> None:
    company, opened = taken
    truth = company.truth
    stages = {(each.dimension, each.value, each.stage): each for each in truth.stages}
    money = {(each.dimension, each.value): each for each in truth.money}
    rows = opened.funnel(by=by or (), now=truth.now).rows
    assert rows
    for row in rows:
        value = row.dimensions[by] if by else None
        stage = stages[by, value, row.stage]
        assert (row.observed, row.implied) == (stage.observed, stage.implied), row
        if row.stage == "purchase":
            known = money[by, value]
            assert row.revenue == known.revenue
            assert row.realised_contribution == known.contribution
            assert row.unknown_contribution_lines == known.unknown_lines


def test_losses_are_those_of_the_truth(taken: tuple[Company, Opened]) -> None:
    company, opened = taken
    rows = opened.lost_reasons(now=company.truth.now).rows
    found = {(row.stage, row.reason, row.source): row.lost for row in rows}
    assert found == {(e.stage, e.reason, e.source): e.lost for e in company.truth.lost}


@pytest.mark.parametrize("by", ["", "owner"])
def test_deals_are_those_of_the_truth(taken: tuple[Company, Opened], by: str) -> None:
    company, opened = taken
    truth = {(each.dimension, each.value): each for each in company.truth.deals}
    for row in opened.deals(by=by or (), now=company.truth.now).rows:
        known = truth[by, row.dimensions[by] if by else None]
        assert (row.won, row.lost, row.open) == (known.won, known.lost, known.open)


def test_every_table_is_there(taken: tuple[Company, Opened]) -> None:
    company, _ = taken
    empty = {name for name, rows in company.tables().items() if not rows.num_rows}
    assert empty <= {"unlink"}
    assert set(company.tables()) == set(TABLES)
