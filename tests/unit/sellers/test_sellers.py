"""Company X person by person: whose leads, hours and pay; the market, and bounded losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import TABLES
from onefunnel.measures.incentives.assemble import assemble as incentives
from onefunnel.measures.incentives.between import market_of
from onefunnel.measures.incentives.outcome import guarantee
from onefunnel.measures.incentives.rates import rates_of
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.sellers.assemble import assemble
from onefunnel.measures.sellers.market import market_of_persons
from onefunnel.measures.sellers.query import queries
from onefunnel.measures.sellers.result import SellersRow
from onefunnel.vocabulary import Note, Question
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives import design as page
from onefunnel.workflows.staff import Employee
from tests import company_x
from tests.spec.engines import keep, on_duckdb
from tests.spec.tables import READERS
from tests.unit.incentives.test_ledger import june, with_step

Collected = Mapping[str, pa.Table]
WORDS = Words("en")
OWN = """
[[member]]
employee = "%s"
"""
TWO_PLANS = (
    ("pay/one.toml", company_x.PLAN.partition("[[member]]")[0] + OWN % "e1"),
    (
        "pay/two.toml",
        company_x.PLAN.partition("[[member]]")[0]
        .replace('"sales"', '"richer"')
        .replace("0.03", "0.05")
        + OWN % "e2",
    ),
)


@pytest.fixture(scope="module")
def collected() -> Collected:
    """Asked under a plan with steps, so that it serves one without as well."""
    records: dict[str, list[dict[str, Any]]] = {
        name: [
            {key: READERS[TABLES[name].by_name[key].kind](str(v)) for key, v in row.items()}
            for row in rows
        ]
        for name, rows in company_x.tables().items()
    }
    parties = sorted(
        {row["party_id"] for rows in records.values() for row in rows if "party_id" in row}
    )
    records["entity"] = [{"party_id": p, "entity_code": code} for code, p in enumerate(parties)]
    question = june(with_step(25_200, "0.10"))
    kept = ("prepared_standing", "prepared_lines")
    facts = keep(on_duckdb(records), default_rules(), question, kept)
    asked = queries(facts, default_rules(), question)
    return {name: each.to_pyarrow() for name, each in asked.items()}


def answer(
    collected: Collected, question: Question | None = None
) -> tuple[dict[tuple[str | None, str | None], SellersRow], list[str]]:
    rows, notes = assemble(collected, default_rules(), question or june())
    return {(row.employee_id, row.segment): row for row in rows}, [each.code for each in notes]


def test_each_has_the_leads_that_they_worked_and_nobody_the_others(collected: Collected) -> None:
    found, notes = answer(collected)
    assert list(found) == [
        ("e1", "gates"),
        ("e1", None),
        ("e2", "gates"),
        ("e2", None),
        (None, "parts"),
        (None, None),
    ]
    assert [(row.leads, row.worked, row.won) for row in found.values()] == [
        (50, 50, 13),
        (50, 50, 13),
        (50, 50, 12),
        (50, 50, 12),
        (400, 0, 0),
        (400, 0, 0),
    ]
    assert "leads_of_nobody" in notes


def test_pay_is_that_of_an_average_win_so_that_luck_does_not_count(collected: Collected) -> None:
    found, _ = answer(collected)
    people = [found["e1", None], found["e2", None]]
    assert [row.pay for row in people] == [Decimal("750.0000")] * 2
    assert [row.hours for row in people] == [pytest.approx(150)] * 2
    assert [row.plan for row in people] == ["sales", "sales"]
    assert all(row.pay_low < row.pay < row.pay_high for row in people)


def with_terms(*files: tuple[str, str]) -> Question:
    terms = replace(june().terms, files=(("incentives.toml", company_x.RANGES), *files))
    return replace(june(), terms=terms)


def test_each_is_paid_by_the_plan_that_is_in_force_for_them(collected: Collected) -> None:
    found, _ = answer(collected, with_terms(*TWO_PLANS))
    assert {name: found[name, None].pay for name in ("e1", "e2")} == {
        "e1": Decimal("750.0000"),
        "e2": Decimal("1250.0000"),
    }
    assert found["e2", None].plan == "richer"


def test_whom_no_plan_pays_has_unknown_pay(collected: Collected) -> None:
    found, notes = answer(collected, with_terms(TWO_PLANS[0]))
    assert (found["e2", None].pay, found["e2", None].plan) == (None, None)
    assert "paid_by_no_plan" in notes


def test_hours_typed_as_a_whole_are_divided_by_weekly_hours(collected: Collected) -> None:
    asked = june(ranges="hours = 200")
    found, _ = answer(collected, asked)
    assert [found[name, None].hours for name in ("e1", "e2")] == [pytest.approx(100)] * 2


def test_without_hours_of_each_that_is_said_and_one_stands_for_all(collected: Collected) -> None:
    staff = collected["sellers"].set_column(3, "weekly_hours", pa.array([None, None], pa.float64()))
    found, notes = answer({**collected, "sellers": staff})
    assert found["e1", None].hours is None
    assert "refused_hours_of_each" in notes
    rows, _ = incentives(collected, default_rules(), june())
    team = market_of_persons(rows, tuple(found.values())).market
    assert team is not None and [each.name for each in team.sellers] == [""]


def test_the_market_shares_out_what_is_nobodys_by_hours(collected: Collected) -> None:
    rows, _ = incentives(collected, default_rules(), june())
    sellers, _ = assemble(collected, default_rules(), june())
    marketed = market_of_persons(rows, sellers)
    market = marketed.market
    assert market is not None
    assert [(each.name, each.leads, each.worked) for each in market.sellers] == [
        ("e1", (50.0, 200.0), (50.0, 0.0)),
        ("e2", (50.0, 200.0), (50.0, 0.0)),
    ]
    whole = market_of(rows).market
    assert whole is not None
    assert market.pay_now.sum() == pytest.approx(whole.pay_now.sum()) == pytest.approx(1500)
    rates = rates_of(marketed, page.designed(market, page.Asked())[0].rates)
    assert rates["gates"].of_revenue == pytest.approx(0.0292208, abs=5e-8)
    assert rates["parts"].of_revenue == pytest.approx(0.0852273, abs=5e-8)


# Made-up markets.

GATES = IncentivesRow(
    "gates",
    leads=100.0,
    hours_per_lead=3.0,
    win_probability=0.25,
    revenue_per_win=Decimal(2000),
    contribution_per_win=Decimal(300),
    pay_per_win=Decimal(60),
)
PARTS = IncentivesRow(
    "parts",
    leads=400.0,
    hours_per_lead=0.4,
    win_probability=0.4,
    revenue_per_win=Decimal(60),
    contribution_per_win=Decimal(36),
    pay_per_win=Decimal("1.8"),
)
WHOLE = IncentivesRow(None, hours=300.0)


def of_person(
    name: str | None, gates: int, parts: int, hours: float | None, pay: str | None
) -> list[SellersRow]:
    return [
        SellersRow(name, "gates", gates, gates, 0),
        SellersRow(name, "parts", parts, 0, 0),
        SellersRow(
            name, None, gates + parts, gates, 0, hours=hours, pay=Decimal(pay) if pay else None
        ),
    ]


def test_leads_of_who_has_no_hours_are_shared_out_with_their_pay() -> None:
    sellers = [
        *of_person("a", 40, 0, 200.0, "600"),
        *of_person("b", 0, 0, 100.0, None),
        *of_person("gone", 30, 0, None, "450"),
        *of_person(None, 30, 300, None, None),
    ]
    market = market_of_persons((GATES, PARTS, WHOLE), sellers).market
    assert market is not None
    a, b = market.sellers
    assert (a.leads, b.leads) == ((80.0, 200.0), (20.0, 100.0))
    assert (a.worked, b.worked) == ((80.0, 0.0), (20.0, 0.0))
    assert market.pay_now.tolist() == pytest.approx([600 + 40 * 15, 20 * 15])


def test_who_wins_and_who_loses_and_what_a_guarantee_costs() -> None:
    sellers = [*of_person("a", 100, 0, 300.0, None), *of_person("b", 0, 400, 160.0, None)]
    rows = (GATES, PARTS, replace(WHOLE, hours=460.0))
    market = market_of_persons(rows, sellers).market
    assert market is not None
    assert market.pay_now.tolist() == [1500.0, 0.0]
    _, free = page.designed(market, page.Asked())
    loser = free.losers[0]
    assert loser.seller == "a" and float(loser.pay_new) < 1000
    asked = page.Asked(most_lost=10.0, months=6)
    found, outcome = page.designed(market, asked)
    (a,) = [each for each in outcome.sellers if each.seller == "a"]
    assert not found.feasible or float(a.pay_new) >= 0.9 * 1500 - 1e-3
    lifted = guarantee(free, 1.0, 6)
    assert lifted.sellers == {"a": 6 * -loser.change}


def test_the_page_names_who_would_lose_more_than_is_agreed() -> None:
    sellers = [*of_person("a", 100, 0, 300.0, None), *of_person("b", 0, 400, 160.0, None)]
    marketed = market_of_persons((GATES, PARTS, replace(WHOLE, hours=460.0)), sellers)
    people = page.OfPersons(
        {"a": Employee("Ana", "sales")}, [Note("leads_of_nobody", "…", {"leads": 3})]
    )
    seen = page.view(marketed, page.Asked(most_lost=0.0), WORDS, people)
    assert seen.sentence.startswith("No plan keeps all these limits.")
    said = [each.striptags() for each in seen.given_up]
    assert said == [each for each in said if each.startswith("Ana may lose no more")] or any(
        "payroll" in each for each in said
    )
    assert any("Ana may lose no more than was agreed" in each for each in said)
    assert seen.persons is not None
    assert [line.name for line in seen.persons.lines] == ["Ana", "b"]
    assert seen.persons.lines[0].change.startswith("−€")
    assert seen.persons.lines[0].guarantee and not seen.persons.lines[1].guarantee
    assert seen.persons.picture is not None and "spread__bar" in seen.persons.picture.shapes
    assert [each.code for each in seen.persons.notes] == ["leads_of_nobody"]
    assert page.view(marketed, page.Asked(), WORDS).persons is None


def firm(seed: int, segments: int, people: int) -> tuple[list[IncentivesRow], list[SellersRow]]:
    """Answers of a firm whose rates need not be aligned, some of its people paid apart."""
    random = np.random.default_rng(seed)
    names = [f"s{place}" for place in range(segments)]
    rows = [
        IncentivesRow(
            name,
            leads=1.0,
            hours_per_lead=float(random.uniform(0.3, 4.0)),
            win_probability=float(random.uniform(0.1, 0.6)),
            contribution_per_win=Decimal(f"{random.uniform(-20.0, 400.0):.4f}"),
            pay_per_win=Decimal(f"{random.uniform(0.0, 100.0):.4f}"),
        )
        for name in names
    ]
    sellers = []
    for person in [*(f"p{place}" for place in range(people)), None]:
        leads = [int(n) for n in random.integers(0, 60, segments)]
        worked = [int(random.integers(0, n + 1)) for n in leads]
        sellers += [SellersRow(person, *each, 0) for each in zip(names, leads, worked, strict=True)]
        pay = None if random.random() < 0.5 else Decimal(f"{random.uniform(0.0, 2000.0):.4f}")
        hours = None if person is None else float(random.uniform(20.0, 120.0))
        sellers.append(SellersRow(person, None, sum(leads), sum(worked), 0, hours=hours, pay=pay))
    return [*rows, replace(WHOLE)], sellers


@given(
    st.integers(0, 10_000),
    st.integers(1, 5),
    st.integers(1, 6),
    st.floats(0.0, 100.0),
    st.sampled_from(page.MARGINS),
    st.sampled_from([100, 50, 0]),
    st.booleans(),
)
def test_nobody_loses_more_than_the_bound(
    seed: int,
    segments: int,
    people: int,
    most_lost: float,
    margin: int,
    strength: int,
    exactly: bool,
) -> None:
    market = market_of_persons(*firm(seed, segments, people)).market
    assert market is not None and len(market.sellers) == people
    asked = page.Asked(margin=margin, strength=strength, exactly=exactly, most_lost=most_lost)
    found, outcome = page.designed(market, asked)
    least = {
        each.name: float(pay) * (1 - most_lost / 100)
        for each, pay in zip(market.sellers, market.pay_now, strict=True)
    }
    short = {
        each.seller: least[each.seller] - float(each.pay_new)
        for each in outcome.sellers
        if least[each.seller] - float(each.pay_new) > 1e-5 * least[each.seller] + 1e-2
    }
    assert short == {} if found.feasible else found.given_up
