"""Acquisition by the engines is what plain loops say, on generated companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.funnel.rows import exactly
from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.acquisition.contacts import COLUMNS
from onefunnel.measures.acquisition.query import DIMENSIONS
from onefunnel.measures.acquisition.reference import acquisition
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.attribution.agreed import Shared
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Question, Terms, flat
from onefunnel.vocabulary.terms import ATTRIBUTION
from tests.generative.funnel.agreement import assert_same
from tests.generative.funnel.companies import CALENDARS, START, WORDS, Company, company
from tests.spec.engines import (
    Loader,
    ask,
    complete,
    keep,
    on_duckdb,
    on_postgres,
    on_spark,
    rows_behind,
)

NAME = "acquisition"
PAIRS = [(a, b) for a in DIMENSIONS for b in DIMENSIONS if a != b]
UNIT = Decimal("0.0001")
MONEY = ("revenue", "contribution", "repeat_contribution")
SUMMED = (
    "spend", "touches", "leads", "accepted", "rejected", "customers", "revenue", "contribution",
    "repeat_contribution", "unknown_contribution_lines",
)  # fmt: skip


def with_spend(given: Company, random: Random) -> Company:
    """The company with spend, work and answers of sales, and a question about it."""
    tables = {name: [dict(row) for row in rows] for name, rows in given.records.items()}
    for place, row in enumerate(tables["touch"]):
        row["department"] = random.choice(["marketing", "marketing", "sales", None])
        row["kind"] = "self_report" if place % 7 == 3 else row["kind"]
    for row in tables["lead"]:  # people come again
        if random.random() < 0.3:
            row["party_id"] = random.choice(tables["lead"])["party_id"]
    for row in tables["handoff"]:
        row["minutes"] = random.choice([None, 0.0, 15.0, 30.0])
        row["kind"] = random.choice([row["kind"], "accepted", "rejected", "rejected"])
    leads = [row["lead_id"] for row in tables["lead"]]
    tables["activity"] = [
        {
            "activity_id": f"a{number}",
            "subject_kind": random.choice(["lead", "lead", "deal"]),
            "subject_id": random.choice(leads),
            "department": random.choice(["sales", "sales", "marketing"]),
            "minutes": random.choice([None, 7.5]),
        }
        for number in range(random.randint(0, 6) if leads else 0)
    ]
    known = random.random() < 0.7
    tables["spend"] = [_spend(number, random, known) for number in range(random.randint(0, 10))]
    return Company(tables, _question(given.question, random))


def _spend(number: int, random: Random, known: bool) -> dict[str, Any]:
    says = random.choice([(), ("channel",), ("channel", "campaign"), COLUMNS])
    amounts = [Decimal("12.34"), Decimal("100"), Decimal("0.0001"), Decimal("-3")]
    day = START.date() + timedelta(days=random.randint(-40, 60))
    return {
        "spend_id": f"s{number}",
        "day": day if known else random.choice([day, None]),
        **{name: random.choice(WORDS) for name in says},
        "amount": random.choice(amounts if known else [*amounts, None]),
        "currency": None if known else random.choice([None, "EUR", "USD"]),
    }


def _question(question: Question, random: Random) -> Question:
    calendar = random.choice(CALENDARS)
    rule = random.choice([*Shared, Shared.BY_TOUCHES, None])
    terms = Terms(((ATTRIBUTION, f'[spend]\nshared = "{rule}"'),) if rule else ())
    day = START.date()
    start, end = (calendar.start_of_day(day + timedelta(days=days)) for days in (5, 45))
    return replace(
        question,
        by=random.choice([(), *((name,) for name in DIMENSIONS), *PAIRS]),
        calendar=calendar,
        months=tuple(calendar.months(START, START + timedelta(days=random.choice([25, 90])))),
        start=random.choice([None, None, start]),
        end=random.choice([None, None, end]),
        terms=terms,
    )


def made(seed: int, people: int, damage: float) -> Company:
    """A company with spend."""
    return with_spend(company(seed, people, damage), Random(seed))


SEEDS = st.integers(0, 2**32)
ASKED = st.builds(made, SEEDS, st.integers(0, 40), st.sampled_from([0.0, 0.05, 0.2]))
BY_TOUCHES, BY_LEADS = made(39, 30, 0.05), made(34, 30, 0.05)
"""Spend of the one is shared out by segment and campaign, of the other by page and month."""


def check(load: Loader, company: Company) -> tuple[Facts, tuple[AcquisitionRow, ...]]:
    question = company.question
    facts = keep(load(company.records), default_rules(), question)
    rows, _ = ask(facts, NAME, question)
    wanted = acquisition(complete(company.records), default_rules(), question)
    assert_same(rows, [flat(row) for row in wanted])
    return facts, rows


def check_sums(facts: Facts, question: Question, rows: tuple[AcquisitionRow, ...]) -> None:
    """Each figure adds up to what it is without dimensions."""
    ((whole,), _) = ask(facts, NAME, replace(question, by=()))
    for name in SUMMED:
        known = [value for row in rows if (value := getattr(row, name)) is not None]
        if len(known) == len(rows) and rows:
            assert sum(known) == getattr(whole, name), name


def check_rows(facts: Facts, question: Question, row: AcquisitionRow, chance: Random) -> None:
    """The rows behind some figures of a row are those figures."""
    where = exactly(row.dimensions)

    def behind(figure: str) -> list[dict[str, Any]]:
        expression = measure(NAME).rows(facts, default_rules(), question, figure, where)
        return rows_behind(expression)

    names = ["touches", "leads", "accepted", "rejected", "customers", *MONEY]
    for name in chance.sample(names, 4):
        found, value = behind(name), getattr(row, name)
        if name in MONEY:
            column = "amount" if name == "revenue" else "contribution"
            total = sum((each[column] or 0 for each in found), Decimal(0))
            assert abs((value or total) - total) <= UNIT, name
        else:
            assert len(found) == value, name
    recorded = [each["amount"] for each in behind("spend") if each["recorded"]]
    if (
        row.spend is not None
        and row.spend_shared is not None
        and None not in row.dimensions.values()
    ):
        assert sum(recorded, Decimal(0)) == row.spend - row.spend_shared


def check_all(company: Company, seed: int) -> None:
    facts, rows = check(on_duckdb, company)
    check_sums(facts, company.question, rows)
    if rows:
        chance = Random(seed)
        check_rows(facts, company.question, chance.choice(rows), chance)


@settings(max_examples=2)
@given(ASKED)
def test_duckdb_agrees_with_the_reference(company: Company) -> None:
    check(on_duckdb, company)


def test_figures_add_up_and_have_their_rows() -> None:
    check_all(BY_TOUCHES, 3)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(ASKED, SEEDS)
def test_duckdb_agrees_with_the_reference_on_many_companies(company: Company, seed: int) -> None:
    check_all(company, seed)


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    with on_postgres(postgres_url) as load:
        check(load, BY_TOUCHES)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("company", [BY_TOUCHES, BY_LEADS])
def test_spark_agrees_with_the_reference(spark_session: Any, company: Company) -> None:
    check(on_spark(spark_session), company)
