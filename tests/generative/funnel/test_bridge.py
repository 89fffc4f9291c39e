"""The bridge's figures and amounts are those of the plain reference, on generated companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.bridge import reference
from onefunnel.measures.bridge.assemble import assemble, figures
from onefunnel.measures.bridge.factors import PeriodFigures
from onefunnel.measures.bridge.query import periods
from onefunnel.measures.registry import measure
from onefunnel.vocabulary.apportioning import money
from tests.generative.funnel.companies import CALENDARS, START, Company, companies
from tests.spec.engines import Loader, complete, on_duckdb, on_postgres, on_spark

UNIT = Decimal("0.0001")


def with_others(company: Company, random: Random) -> Company:
    """The company with what other functions brought; some companies know all costs."""
    records = {name: [dict(row) for row in rows] for name, rows in company.records.items()}
    if random.random() < 0.7:
        records["order_line"] = [_complete(row) for row in records["order_line"]]
        records["deal_event"] = [row for row in records["deal_event"] if row["status"] != "won"]
    records["contribution"] = [
        {
            "contribution_id": f"k{number}",
            "day": random.choice([START.date() + timedelta(days=random.randint(-40, 80)), None]),
            "department": random.choice(["support", "SALES ", "legal", " ", None]),
            "amount": random.choice([Decimal("12.5"), Decimal("-3.0001")]),
            "currency": random.choice([None, "EUR", "EUR", "EUR", "USD"]),
        }
        for number in range(random.randint(0, 6))
    ]
    question = replace(
        company.question,
        by=random.choice([(), ("segment",)]),
        calendar=random.choice(CALENDARS),
        start=random.choice([None, START + timedelta(days=random.randint(5, 30))]),
        end=random.choice([None, START + timedelta(days=random.randint(31, 45))]),
    )
    return Company(records, question)


def _complete(row: dict[str, Any]) -> dict[str, Any]:
    known = {"quantity": Decimal(1), "net_price": Decimal("19.99"), "unit_cost": Decimal(7)}
    given = {name: row[name] for name in known if row[name] is not None}
    return {**row, **known, **given, "currency": None}


ASKED = st.builds(with_others, companies(), st.randoms(use_true_random=False))


def assert_alike(found: PeriodFigures, wanted: PeriodFigures) -> None:
    assert found.contributed == wanted.contributed
    assert found.segments.keys() == wanted.segments.keys()
    for name, said in found.segments.items():
        other = wanted.segments[name]
        assert replace(said, spread=None) == replace(other, spread=None), name
        if said.customers and other.spread is not None:
            names = ("revenue", "contribution", "covariance")
            spreads = [[getattr(each.spread, n) for n in names] for each in (said, other)]
            scale = max(abs(float(other.revenue or 0)), 1.0) ** 2
            assert spreads[0] == pytest.approx(spreads[1], rel=1e-9, abs=1e-12 * scale), name


def check(load: Loader, company: Company) -> None:
    question, rules = company.question, default_rules()
    queries = measure("bridge").queries(load(company.records), rules, question)
    collected = {name: queries[name].to_pyarrow() for name in queries}
    records = complete(company.records)
    wanted = {
        name: reference.figures(records, rules, question, period)
        for name, period in periods(question).items()
    }
    for name, each in wanted.items():
        assert_alike(figures(collected, name), each)
    rows = [row for row in assemble(collected, rules, question)[0] if row.method == "shapley"]
    before, after = wanted["before"], wanted["after"]
    ends = [
        None if each.contribution is None else money(each.contribution) for each in (before, after)
    ]
    if not question.by:
        assert [rows[0].amount, rows[-1].amount] == ends
    if None in ends:
        assert {row.amount for row in rows if row.factor == "volume"} == {None}
        return
    parts = reference.shapley(before, after)
    for row in (row for row in rows if row.factor in {factor for factor, _ in parts}):
        exact = sum(
            part
            for (factor, segment), part in parts.items()
            if factor == row.factor and (not question.by or segment == row.dimensions["segment"])
        )
        assert row.amount is not None
        assert abs(row.amount - money(exact)) <= UNIT, row
    inner = [row.amount or 0 for row in rows if row.factor not in ("before", "change", "after")]
    assert sum(inner) == money((after.contribution or 0) - (before.contribution or 0))


@settings(max_examples=3)
@given(ASKED)
def test_duckdb_agrees_with_the_reference(company: Company) -> None:
    check(on_duckdb, company)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=200)
@given(ASKED)
def test_duckdb_agrees_with_the_reference_on_many_companies(company: Company) -> None:
    check(on_duckdb, company)


FEW = settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    @FEW
    @given(ASKED)
    def agrees(company: Company) -> None:
        check(load, company)

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    @FEW
    @given(ASKED)
    def agrees(company: Company) -> None:
        check(on_spark(spark_session), company)

    agrees()
