"""The figures of scorecards are those of the plain reference, on generated companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onefunnel.funnel.collected import rows_of
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.registry import measure
from onefunnel.measures.scorecard.assemble import read
from onefunnel.measures.scorecard.cards import all_months, asked_months, cards_of, scope
from onefunnel.measures.scorecard.catalogue import FIGURES
from onefunnel.measures.scorecard.reach_reference import attempts, entered, first_attempts
from onefunnel.measures.scorecard.reference import whole
from onefunnel.measures.scorecard.told_reference import Books, told
from onefunnel.measures.scorecard.values import values
from onefunnel.vocabulary import Terms
from tests.generative.funnel.companies import CALENDARS, START, Company, companies
from tests.spec.engines import Loader, complete, on_duckdb, on_postgres, on_spark

CARD = """
level = "{level}"
of = "{of}"
department = "{department}"
from = 2024-01-01
[[gate]]
source = "margin"
floor = 0.2
shut = 0.5
"""
MEASURE = """
[[measure]]
source = "{source}"
owner = "both"
weight = {weight}
threshold = {bounds[0]}
target = {bounds[1]}
cap = {bounds[2]}
"""
WHO = (
    ("department", "sales", "sales"),
    ("department", "marketing", "marketing"),
    ("person", "web", "sales"),
    ("role", "seller", "sales"),
    ("team", "Web", "sales"),
)


def card(level: str, of: str, department: str) -> str:
    text = CARD.format(level=level, of=of, department=department)
    for name, figure in FIGURES.items():
        bounds = (1, 2, 3) if figure.better > 0 else (3, 2, 1)
        weight = round(1 / len(FIGURES), 4)
        text += MEASURE.format(source=name, weight=weight, bounds=bounds)
    return text


TERMS = Terms(tuple((f"scorecards/{n}.toml", card(*who)) for n, who in enumerate(WHO)))


def with_sellers(company: Company, random: Random) -> Company:
    """The company with sellers, list prices, employees and what was spent."""
    records = {name: [dict(row) for row in rows] for name, rows in company.records.items()}
    sellers = ("web", "Web", "ярмарка", None)
    known = random.random() < 0.6
    for row in records["order_line"]:
        row["seller"] = random.choice(sellers)
        row["list_price"] = random.choice([Decimal("20.5"), Decimal(30), *([None] * (not known))])
        if known:
            given = {"quantity": Decimal(1), "net_price": Decimal(20), "unit_cost": Decimal(7)}
            row.update({name: v for name, v in given.items() if row[name] is None})
            row["currency"] = random.choice(["EUR", None])
    records["handoff"] = [
        {
            **row,
            "kind": random.choice(["attempted", "connected", "accepted", row["kind"]]),
            "actor": random.choice([*sellers, row["actor"]]),
        }
        for row in records["handoff"]
    ]
    records["employee"] = [
        {"employee_id": name, "role": random.choice(["seller", None]), "manager": manager}
        for name, manager in (("web", "Web"), ("Web", None), ("ярмарка", "Web"))
    ]
    records["spend"] = [
        {
            "spend_id": f"s{number}",
            "day": random.choice([START.date() + timedelta(days=random.randint(-40, 80)), None]),
            "amount": random.choice([Decimal("12.5"), Decimal(7), *([None] * (not known))]),
            "currency": random.choice([None, "EUR", "USD"]) if not known else None,
        }
        for number in range(random.randint(0, 12))
    ]
    question = replace(
        company.question,
        by=(),
        start=None,
        end=None,
        calendar=random.choice(CALENDARS),
        terms=TERMS,
    )
    return Company(records, question)


ASKED = st.builds(with_sellers, companies(), st.randoms(use_true_random=False))


def check(load: Loader, company: Company) -> None:
    question, rules = company.question, default_rules()
    queries = measure("scorecard").queries(load(company.records), rules, question)
    collected = {name: queries[name].to_pyarrow() for name in queries}
    found = values(collected, question)
    records = complete(company.records)
    books = Books(records, rules, question)
    cards, bad = cards_of(TERMS)
    assert not bad
    for month in all_months(question)[-4:]:
        for each in cards:
            for name in FIGURES:
                said = read(each, month.label, found, name)
                if said.reason in ("no_records", "nobody"):
                    continue
                assert said.value == told(books, each, month, name), (month, each.of, name)
    done, first, sales = (
        rows_of(collected[f"scorecard_{name}"], ("scope", "month"))
        for name in ("done", "first", "sales")
    )
    for month in all_months(question)[-4:]:
        for each in cards:
            key = (scope(each), month.label)
            held, waited = done.get(key, {}), first.get(key, {})
            assert held.get("attempts", 0) == attempts(books, each, month)
            said = (waited.get("contacted", 0), waited.get("response_seconds", 0))
            assert said == first_attempts(books, each, month)
            assert sales.get(key, {}).get("entered", 0) == entered(books, each, month)
    rows, _ = measure("scorecard").assemble(collected, rules, question)
    (month,) = asked_months(question)
    wholes = [row for row in rows if row.measure is None]
    assert len(wholes) == len(cards)
    for row, each in zip(wholes, cards, strict=True):
        known = {name: read(each, month.label, found, name).value for name in FIGURES}
        wanted = whole(each, known)
        assert row.points == (None if wanted is None else pytest.approx(float(wanted), rel=1e-9))


@settings(max_examples=2)
@given(ASKED)
def test_duckdb_agrees_with_the_reference(company: Company) -> None:
    check(on_duckdb, company)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=100)
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
