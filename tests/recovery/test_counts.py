"""Counts and money are the truth's, exactly."""

from __future__ import annotations

import pytest

from onefunnel.vocabulary import Stage
from tests.recovery.conftest import Taken

UP_TO_PURCHASE = Stage.PURCHASE.position


@pytest.mark.parametrize("by", ["", "segment", "campaign"])
def test_entries_are_those_of_the_truth(taken: Taken, by: str) -> None:
    company, opened = taken
    rows = opened.funnel(by=by or (), now=company.truth.now).rows
    found = {
        (row.dimensions.get(by), row.stage): (row.entered, row.observed, row.implied)
        for row in rows
        if row.entered
    }
    assert found == {
        (each.value, each.stage): (each.observed + each.implied, each.observed, each.implied)
        for each in company.truth.stages
        if each.dimension == by and each.observed + each.implied
    }


@pytest.mark.parametrize("by", ["", "segment", "campaign"])
def test_money_is_that_of_the_truth_from_awareness_to_purchase(taken: Taken, by: str) -> None:
    """All that buyers brought is the revenue of each stage that they came through."""
    company, opened = taken
    known = {each.value: each for each in company.truth.money if each.dimension == by}
    rows = opened.funnel(by=by or (), now=company.truth.now).rows
    assert {row.dimensions.get(by) for row in rows} == set(known)
    for row in rows:
        if row.stage.position <= UP_TO_PURCHASE:
            money = known[row.dimensions.get(by)]
            assert row.revenue == money.revenue, row
            assert row.realised_contribution == money.contribution, row
            assert row.unknown_contribution_lines == money.unknown_lines, row


@pytest.mark.parametrize("by", ["", "segment", "channel"])
def test_deals_stand_as_in_the_truth(taken: Taken, by: str) -> None:
    company, opened = taken
    rows = opened.deals(by=by or (), now=company.truth.now).rows
    found = {row.dimensions.get(by): (row.won, row.lost, row.open) for row in rows}
    assert found == {
        each.value: (each.won, each.lost, each.open)
        for each in company.truth.deals
        if each.dimension == by and each.won + each.lost + each.open
    }


def test_there_is_something_to_recover(taken: Taken) -> None:
    """Else the comparisons above would say little."""
    company, _ = taken
    truth, scenario = company.truth, company.scenario
    deals = truth.deals[0]
    assert min(deals.won, deals.lost, deals.open) > 10
    assert (sum(each.implied for each in truth.stages) > 0) == (scenario.unseen_brand > 0)
    assert (truth.money[0].unknown_lines > 0) == (scenario.unknown_cost > 0)
    cared_for = scenario.conflicts.follow_up
    assert truth.response.contacted <= truth.response.offered * min(1.0, cared_for + 0.1)
