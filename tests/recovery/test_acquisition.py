"""What was spent, who came and who bought is what the truth says, by channel and campaign."""

from __future__ import annotations

from decimal import Decimal

import pytest

from onefunnel.vocabulary import Stage
from tests.recovery.conftest import Taken

HEALTHY = pytest.param("healthy", marks=pytest.mark.xdist_group("recovery-healthy"))


@pytest.mark.parametrize("taken", [HEALTHY], indirect=True)
def test_spend_leads_and_customers_by_channel_are_those_of_the_truth(taken: Taken) -> None:
    check(taken, "channel")


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("by", ["", "channel", "campaign"])
def test_spend_leads_and_customers_of_all_are_those_of_the_truth(taken: Taken, by: str) -> None:
    check(taken, by)


def check(taken: Taken, by: str) -> None:
    company, opened = taken
    truth = company.truth
    rows = opened.measure("acquisition", by=by or (), now=truth.now).rows
    spend = {each.value: each for each in truth.spend if each.dimension == by}
    money = {each.value: each for each in truth.money if each.dimension == by}
    bought = {
        each.value: each.observed + each.implied
        for each in truth.stages
        if each.dimension == by and each.stage is Stage.PURCHASE
    }
    found = {row.dimensions.get(by): row for row in rows}
    assert spend.keys() <= found.keys()
    for value, row in found.items():
        told = spend.get(value)
        assert row.spend == (told.amount if told else Decimal(0)), value
        assert row.spend_shared == 0
        assert row.leads == (told.leads if told else 0), value
        assert row.customers == bought.get(value, 0), value
        if value in money and row.customers:
            assert row.revenue == money[value].revenue, value
            assert row.contribution == money[value].contribution, value
            assert row.unknown_contribution_lines == money[value].unknown_lines, value
        if told and told.cost_per_lead is not None:
            assert float(row.cost_per_lead or 0) == pytest.approx(told.cost_per_lead, rel=1e-4)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_spend_by_segment_is_shared_out_to_the_last_unit(taken: Taken) -> None:
    """The simulator spends by campaign, and no row of it says a segment."""
    company, opened = taken
    truth = company.truth
    answer = opened.measure("acquisition", by="segment", now=truth.now)
    (whole,) = (each for each in truth.spend if not each.dimension)
    assert sum((row.spend or Decimal(0) for row in answer.rows), Decimal(0)) == whole.amount
    assert sum((row.spend_shared or Decimal(0) for row in answer.rows), Decimal(0)) > 0
    assert "spend_shared_by_touches" in [note.code for note in answer.notes]
    segments = {each.name for each in company.scenario.segments}
    shares = {row.dimensions["segment"]: float(row.spend or 0) for row in answer.rows}
    assert segments <= shares.keys()
    # Each channel draws its persons from the segments alike: shares follow the touches.
    touches = {row.dimensions["segment"]: row.touches for row in answer.rows}
    for segment in segments:
        share, reached = (each[segment] / sum(each.values()) for each in (shares, touches))
        assert share == pytest.approx(reached, abs=0.05)
