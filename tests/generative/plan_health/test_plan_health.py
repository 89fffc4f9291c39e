"""What the engines say of sellers, closings, leads and discounts is what plain loops say."""

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
from onefunnel.measures.payouts.plans import purses
from onefunnel.measures.plan_health.query import queries
from onefunnel.measures.plan_health.reference import Plain
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Terms
from tests.generative.funnel.companies import START, Company
from tests.generative.payouts.firms import SELLERS, firm
from tests.spec.engines import Loader, complete, on_duckdb, on_postgres, on_spark

RULES = default_rules()
SUMS = ("n", "x", "y", "xx", "yy", "xy")
THIRDS = ("near", "near_n", "far", "far_n")
RISING = """
name = "rising"
currency = "EUR"
from = 2024-02-01
crediting = "invoice"
period = "month"
%s

[[component]]
name = "price"
base = "%s"
tiers = [{ from = 0, rate = 0.01 }, { from = 5, rate = 0.02 }, { from = 40, rate = 0.01 },
  { from = 90, rate = 0.03 }]

[[component]]
name = "goal"
base = "units"
tiers_on = "attainment"
tiers = [{ from = 0, rate = 1 }, { from = 0.5, rate = 2 }]
"""
MEMBER = '[[member]]\nemployee = "%s"\nquota = { goal = %d }\n'


def sold(seed: int, people: int, damage: float) -> Company:
    """A firm with list prices, orders of several lines, leads that somebody took, rising rates."""
    made = firm(seed, people, damage)
    random = Random(seed)
    records = dict(made.records)
    records["order_line"] = [
        {
            **row,
            "order_id": random.choice([None, "o1", "o2", "o3", row["order_line_id"]]),
            "list_price": random.choice([None, Decimal(40), Decimal(80), Decimal(0)]),
        }
        for row in records["order_line"]
    ]
    leads = [row["lead_id"] for row in records["lead"]]
    records["handoff"] = [*records["handoff"], *(_taken(n, leads, random) for n in range(6))]
    plan = RISING % (
        random.choice(['accumulate = "reset"', ""]),
        random.choice(["revenue", "margin", "units", "sales"]),
    )
    text = plan + "".join(MEMBER % (who, random.randint(1, 9)) for who in SELLERS)
    terms = Terms((*made.question.terms.files, ("pay/rising.toml", text)))
    start = START - timedelta(days=random.randint(0, 40))
    now = START + timedelta(days=random.randint(70, 120))
    question = replace(made.question, terms=terms, start=random.choice([None, start]), now=now)
    return Company(records, question)


def _taken(number: int, leads: list[str], random: Random) -> dict[str, Any]:
    return {
        "handoff_id": f"taken{number}",
        "lead_id": random.choice([*leads, None]),
        "kind": "accepted",
        "actor": random.choice([*SELLERS, None]),
        "occurred_at": random.choice([None, START + timedelta(days=random.randint(0, 9))]),
    }


def companies() -> st.SearchStrategy[Company]:
    return st.builds(
        sold, st.integers(0, 2**32), st.integers(0, 25), st.sampled_from([0.0, 0.0, 0.1])
    )


def check(load: Loader, company: Company) -> None:
    expressions = queries(load(company.records), RULES, company.question)
    found = {
        name: expressions[name].to_pyarrow().to_pylist()
        for name in expressions
        if name.partition("_")[0] in ("brought", "closings", "depths", "got")
    }
    for purse in purses(company.question):
        plain = Plain(complete(company.records), RULES, company.question, purse)
        assert_brought(found[f"brought_{purse.name}"], plain)
        closed = {
            (r["employee_id"], r["day"]): r["closings"] for r in found[f"closings_{purse.name}"]
        }
        assert closed == plain.closings()
        assert {(r["employee_id"], r["segment"]): r["leads"] for r in found["got"]} == plain.got()
        assert_depths(found.get(f"depths_{purse.name}", []), plain)


def assert_brought(rows: list[dict[str, Any]], plain: Plain) -> None:
    wanted = plain.brought()
    assert {(row["employee_id"], row["segment"]) for row in rows} == set(wanted)
    for row in rows:
        amount, lines, unknown = wanted[row["employee_id"], row["segment"]]
        assert (row["lines"], row["unknown"]) == (lines, unknown)
        assert float(row["contribution"] or 0) == pytest.approx(amount, rel=1e-9, abs=1e-6)


def assert_depths(rows: list[dict[str, Any]], plain: Plain) -> None:
    found = {
        (row["plan"], row["component"], row["employee_id"]): (
            tuple(int(row[name]) for name in SUMS),
            tuple(int(row[name]) for name in THIRDS),
        )
        for row in rows
    }
    wanted = {
        key: (tuple(getattr(sums, name) for name in SUMS), tuple(thirds[name] for name in THIRDS))
        for key, (sums, thirds) in plain.depths().items()
    }
    assert found == wanted


@pytest.mark.parametrize(
    ("seed", "people", "damage"), [(11, 20, 0.1), (1, 18, 0.0)], ids=["damaged", "only_overlays"]
)
def test_duckdb_agrees_with_the_reference(seed: int, people: int, damage: float) -> None:
    check(on_duckdb, sold(seed, people, damage))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=200)
@given(companies())
def test_duckdb_agrees_with_the_reference_on_many_companies(company: Company) -> None:
    check(on_duckdb, company)


FEW = settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.mark.long
def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    @FEW
    @given(companies())
    def agrees(company: Company) -> None:
        check(load, company)

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    @FEW
    @given(companies())
    def agrees(company: Company) -> None:
        check(on_spark(spark_session), company)

    agrees()


def test_generated_firms_have_discounts_before_rates_that_rise() -> None:
    """The comparisons above compare something."""
    orders = closings = 0
    for seed in range(6):
        company = sold(seed, 20, 0.0)
        for purse in purses(company.question):
            plain = Plain(complete(company.records), RULES, company.question, purse)
            orders += sum(sums.n for sums, _ in plain.depths().values())
            closings += sum(plain.closings().values())
    assert orders > 10
    assert closings > 10
    assert measure("plan_health").permission.value == "pay"
