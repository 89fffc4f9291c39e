"""Company X from a folder, a plan file and a file of ranges, on the command line and in Python."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from onefunnel import api
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.vocabulary import Answer
from tests import company_x

from .conftest import Run

JUNE = ("--from", "2024-06-01", "--to", "2024-07-01")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Company X as a workspace; what a test types over its terms it takes back."""
    path = tmp_path_factory.mktemp("x")
    return company_x.workspace(path / "firm", company_x.write(path / "exports"))


@pytest.fixture(autouse=True)
def terms(company: Path) -> None:
    company_x.write_terms(company)


def asked(company: Path) -> Answer[IncentivesRow]:
    return api.open(company).incentives(since=date(2024, 6, 1), until=date(2024, 7, 1))


def test_company_x_on_the_command_line(run: Run, company: Path) -> None:
    said = run("show", company, "incentives", *JUNE, "--format", "json")
    assert said.status == 0, said.err
    gates, parts, whole = json.loads(said.out)["rows"]
    assert [row["segment"] for row in (gates, parts, whole)] == ["gates", "parts", None]
    assert [number(row["pay_per_hour"]) for row in (gates, parts)] == [5, Decimal("1.8")]
    assert [number(row["contribution_per_hour"]) for row in (gates, parts)] == [25, 36]
    values = {name: number(whole[f"v_{name}"]) for name in ("plan", "best", "unlimited", "actual")}
    assert values == {"plan": 7_500, "best": 9_260, "unlimited": 13_260, "actual": 7_500}
    costs = [number(whole[f"{name}_cost"]) for name in ("capacity", "incentive", "execution")]
    assert costs == [4_000, 1_760, 0]
    assert whole["alignment"] == pytest.approx(0.8099, abs=5e-5)
    assert number(whole["value_of_hour"]) == 25
    assert [number(whole[f"payroll_{name}"]) for name in ("plan", "best")] == [1_500, 988]
    assert (whole["hours"], whole["hours_low"], whole["hours_high"]) == (300, 300, 300)


def number(value: Any) -> Decimal:
    return Decimal(str(value))


def test_what_is_counted_has_no_interval_and_what_is_estimated_has_one(company: Path) -> None:
    gates, parts, _ = asked(company).rows
    assert (gates.leads_low, gates.leads_high) == (100, 100)
    assert (gates.hours_per_lead_low, gates.hours_per_lead_high) == (3, 3)
    assert (gates.contribution_per_win_low, gates.contribution_per_win_high) == (300, 300)
    assert gates.win_probability_low == pytest.approx(0.1755, abs=5e-5)
    assert gates.win_probability_high == pytest.approx(0.3425, abs=5e-5)
    assert parts.win_unworked == 0
    assert parts.win_unworked_high == pytest.approx(0.0095, abs=5e-5)


def test_the_table_names_each_segment_and_leaves_the_rest_empty(run: Run, company: Path) -> None:
    out = run("show", company, "incentives", *JUNE).out
    lines = [line.split() for line in out.splitlines()]
    assert ["gates", "100.0", "3", "25.0%"] in [line[:4] for line in lines]
    assert ["parts", "400.0", "0.4", "40.0%"] in [line[:4] for line in lines]
    whole = next(line for line in lines if line[:1] == ["500.0"])
    assert whole == ["500.0"]


def test_nobody_is_named(run: Run, company: Path) -> None:
    said = run("show", company, "incentives", *JUNE, "--format", "json")
    assert not any(name in said.out for name in ("Ilinca", "Petrescu", "Matei", "Dobre"))


def test_the_leads_behind_a_segment(run: Run, company: Path) -> None:
    where = ("--where", "segment=gates", "--where", "figure=won")
    said = run("rows", company, "incentives", *JUNE, *where, "--format", "json")
    rows = json.loads(said.out)["rows"]
    assert len(rows) == 25
    assert {row["segment"] for row in rows} == {"gates"}
    worked = run("rows", company, "incentives", *JUNE, "--where", "figure=worked")
    assert worked.err.strip() == "100 rows"


def test_it_is_not_asked_by_dimensions(run: Run, company: Path) -> None:
    said = run("show", company, "incentives", *JUNE, "--by", "channel")
    assert (said.status, "can't be asked by channel" in said.err) == (2, True)


def test_a_mistake_in_the_ranges_is_named_with_its_place(run: Run, company: Path) -> None:
    company_x.write_terms(company, ranges="hour_cost = 20\nmargn = 0.2\n")
    said = run("show", company, "incentives", *JUNE)
    assert said.status == 3
    assert "incentives.toml, line 2" in said.err
    assert "Did you mean 'margin'?" in said.err
