"""What the engines say of each segment is what plain loops say, on generated companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onefunnel.funnel.incidence import Incidence
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.incentives import sums_reference as reference
from onefunnel.measures.incentives.plans import in_force
from onefunnel.measures.incentives.query import queries
from onefunnel.measures.incentives.records import Mean, Records, records_of
from onefunnel.measures.incentives.records_reference import Firm
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Question, Terms
from tests.generative.funnel.companies import START, WORDS, Company, company
from tests.spec.engines import (
    Loader,
    complete,
    keep,
    on_duckdb,
    on_postgres,
    on_spark,
    rows_behind,
)

PLAN = """\
name = "sales"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"
accumulate = "reset"
[[component]]
name = "all"
base = "margin"
tiers = [{ from = 0, rate = 0.05 }, { from = 1000, rate = 0.1 }]
[[component]]
name = "some"
base = "units"
products = ["web", "Web"]
tiers = [{ from = 0, rate = 2 }]
"""
SKUS = (None, "web", "Web", "gate")
KINDS = ("attempted", "qualified", "connected", "assigned", "disqualified")


def worked(given: Company, random: Random, days: int) -> Company:
    """The same company with work, products, sellers and spend, and a plan."""
    tables = {name: [dict(row) for row in rows] for name, rows in given.records.items()}
    for row in tables["lead"]:  # people come again
        if random.random() < 0.4:
            row["party_id"] = random.choice(tables["lead"])["party_id"]
    for row in tables["order_line"]:
        row |= {"sku": random.choice(SKUS), "seller": random.choice(WORDS)}
    for row in tables["handoff"]:
        row["minutes"] = random.choice([None, 0.0, 12.5, 12.5, 40.0])
        row["kind"] = random.choice([row["kind"], *KINDS])
    tables["activity"] = [
        {
            "activity_id": f"a{number}",
            "occurred_at": START,
            "subject_kind": random.choice(["lead", "lead", "deal", None]),
            "subject_id": random.choice(tables["lead"])["lead_id"] if tables["lead"] else None,
            "department": random.choice(["sales", "sales", "marketing", None]),
            "minutes": random.choice([None, 7.25]),
        }
        for number in range(random.randint(0, 6))
    ]
    tables["spend"] = [
        {
            "spend_id": f"s{number}",
            "day": random.choice([None, START.date() + timedelta(days=random.randint(0, 60))]),
            "segment": random.choice(WORDS),
            "amount": random.choice([None, Decimal("12.34"), Decimal("0.005")]),
            "currency": random.choice([None, "EUR", "USD"]),
        }
        for number in range(random.randint(0, 8))
    ]
    terms = Terms(
        (("incentives.toml", f"history_days = {days}"), ("pay/sales.toml", PLAN)),
    )
    return Company(tables, replace(given.question, by=(), terms=terms))


def made(seed: int, people: int, damage: float, days: int) -> Company:
    """A company with work and a plan, whose last ``days`` are the history."""
    return worked(company(seed, people, damage), Random(seed), days)


Seeds = tuple[int, int, float, int]
"""What :func:`made` makes a company of: short to say where one fails."""

asked = st.tuples(
    st.integers(0, 2**32),
    st.integers(15, 40),
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([20, 365]),
)


def check(load: Loader, company: Company) -> None:
    question = company.question
    kept = ("prepared_standing", "prepared_lines")
    facts = keep(load(company.records), default_rules(), question, kept)
    plans, collected = in_force(question), {}
    for name, expression in queries(facts, default_rules(), question).items():
        collected[name] = expression.to_pyarrow()
    found = records_of(collected, plans.products, plans.stretches)
    firm = Firm(complete(company.records), default_rules(), question)
    check_segments(found, firm, question)
    for each in plans.stretches:
        wanted = reference.credited(firm, each.since, each.until, plans.products.sets)
        assert {key: approx(sums) for key, sums in wanted.items()} == found.sold[each.name]
    spent = {row["segment"]: row for row in collected["spent"].to_pylist()}
    for segment, amounts in reference.spend(firm).items():
        known = [each for each in amounts if each is not None]
        assert spent[segment]["unknown"] == len(amounts) - len(known)
        assert float(spent[segment]["amount"] or 0) == pytest.approx(float(sum(known)))
    assert len(spent) == len(reference.spend(firm))


def approx(sums: dict[str, Any]) -> Any:
    return pytest.approx({name: float(value) for name, value in sums.items()}, rel=1e-9)


def check_segments(found: Records, firm: Firm, question: Question) -> None:
    products = in_force(question).products
    days = 20 if "20" in (question.terms.text("incentives.toml") or "") else 365
    every = reference.segments(firm, days, products.sets)
    wanted = {name: each for name, each in every.items() if each.leads}
    assert {each.segment for each in found.segments} == set(wanted)
    for each in found.segments:
        plain = wanted[each.segment]
        assert (each.leads, each.worked) == (plain.leads, plain.worked)
        assert cases(each.worked_ends) == sorted(plain.worked_cases)
        assert cases(each.left_ends) == sorted(plain.left_cases)
        assert each.wins == plain.wins
        assert_mean(each.minutes, plain.minutes)
        for column, mean in each.brought.items():
            assert_mean(mean, plain.brought[column])


def cases(ends: Incidence) -> list[tuple[int, str]]:
    return sorted(
        (int(time), outcome)
        for outcome in ("moved", "lost", "censored")
        for time, n in zip(ends.times, getattr(ends, outcome), strict=True)
        for _ in range(int(n))
    )


def assert_mean(mean: Mean, values: list[Any]) -> None:
    size, value, error = reference.said(values)
    assert mean.size == size
    assert mean.value == pytest.approx(value, rel=1e-9)
    assert mean.error == pytest.approx(error, rel=1e-6)
    assert (mean.error == 0.0) == (len(set(values)) < 2)


@settings(max_examples=1, phases=[Phase.generate])
@given(asked)
def test_duckdb_agrees_with_the_reference(seeds: Seeds) -> None:
    check(on_duckdb, made(*seeds))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(asked)
def test_duckdb_agrees_with_the_reference_on_many_companies(seeds: Seeds) -> None:
    check(on_duckdb, made(*seeds))


FEW = settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(load, made(*seeds))

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(on_spark(spark_session), made(*seeds))

    agrees()


@settings(max_examples=1)
@given(asked)
def test_the_rows_are_as_many_as_the_figures(seeds: Seeds) -> None:
    given = made(*seeds)
    facts, question = on_duckdb(given.records), given.question
    asked_of = measure("incentives")
    collected = {
        name: each.to_pyarrow()
        for name, each in asked_of.queries(facts, default_rules(), question).items()
    }
    rows, _ = asked_of.assemble(collected, default_rules(), question)
    for row in rows:
        where = {} if row.segment is None else {"segment": f'"{row.segment}"'}
        leads = asked_of.rows(facts, default_rules(), question, "leads", where)
        assert len(rows_behind(leads)) == row.leads
        behind = rows_behind(asked_of.rows(facts, default_rules(), question, "worked", where))
        if row.worked_actual is not None and row.worked_actual_low == row.worked_actual_high:
            assert len(behind) == row.worked_actual
