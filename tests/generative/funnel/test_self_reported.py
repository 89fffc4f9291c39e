"""What people say beside what was tracked, by the engines and in plain loops, over companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.registry import measure
from onefunnel.measures.self_reported.reference import self_reported
from onefunnel.measures.self_reported.result import SelfReportedRow
from onefunnel.vocabulary import Question, Terms, flat
from onefunnel.vocabulary.terms import ATTRIBUTION
from tests.generative.funnel.agreement import assert_same
from tests.generative.funnel.companies import START, WORDS, Company, company
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

NAME = "self_reported"


def with_answers(given: Company, random: Random) -> Company:
    """The company with some touches as answers, and people who answer, often and at one instant."""
    tables = {name: [dict(row) for row in rows] for name, rows in given.records.items()}
    for row in tables["touch"]:
        row["kind"] = random.choice([row["kind"], row["kind"], None, "self_report"])
    asked = random.random()
    for place, lead in enumerate(list(tables["lead"])):
        for number in range(random.choice([1, 1, 2]) if random.random() < asked else 0):
            channel = random.choice([lead["channel"], random.choice([*WORDS, "podcast"])])
            tables["touch"].append(
                {
                    "touch_id": f"{random.choice('aB')}said-{place}-{number}",
                    "party_id": lead["party_id"],
                    "occurred_at": lead["created_at"],
                    "kind": "self_report",
                    "channel": channel,
                }
            )
    return Company(tables, _question(given.question, random))


def _question(question: Question, random: Random) -> Question:
    text = random.choice([None, '[attribution]\ndirect = ["web", "direct"]'])
    return replace(
        question,
        by=(),
        start=random.choice([None, None, START + timedelta(days=10)]),
        end=random.choice([None, None, START + timedelta(days=45)]),
        terms=Terms(((ATTRIBUTION, text),) if text else ()),
    )


def made(seed: int, people: int, damage: float) -> Company:
    """A company whose people answer."""
    return with_answers(company(seed, people, damage), Random(seed))


SEEDS = st.integers(0, 2**32)
ASKED = st.builds(made, SEEDS, st.integers(0, 120), st.sampled_from([0.0, 0.05, 0.2]))
MANY = replace(made(4, 220, 0.02), question=replace(made(4, 0, 0.0).question, start=None, end=None))


def check(load: Loader, company: Company) -> tuple[Facts, tuple[SelfReportedRow, ...]]:
    question = company.question
    facts = keep(load(company.records), default_rules(), question)
    rows, _ = ask(facts, NAME, question)
    wanted = self_reported(complete(company.records), default_rules(), question)
    assert_same(rows, [flat(row) for row in wanted])
    return facts, rows


def check_sums(rows: tuple[SelfReportedRow, ...]) -> None:
    """Everybody is in one pair or silent, and in one channel; shares sum to 1."""
    whole = rows[-1]
    for kinds in (("pair", "silent"), ("channel",)):
        some = [row for row in rows if row.kind in kinds]
        for name in ("entities", "customers", "unknown_contribution_lines"):
            assert sum(getattr(row, name) for row in some) == getattr(whole, name)
        told = [row.contribution for row in some if row.contribution is not None]
        assert sum(told, Decimal(0)) == (whole.contribution or 0)
    channels = [row for row in rows if row.kind == "channel"]
    assert sum(row.answers or 0 for row in channels) == whole.answers
    for name in ("share_tracked", "share_said", "dark_share", "answering_share_tracked"):
        shares = [value for row in channels if (value := getattr(row, name)) is not None]
        assert not shares or sum(shares) == pytest.approx(1.0)


def check_rows(facts: Facts, question: Question, row: SelfReportedRow) -> None:
    """The rows behind the figures of a row are those figures."""
    where: dict[str, str | None] = {"kind": row.kind}
    for name in ("tracked", "said"):
        value = getattr(row, name)
        where[name] = None if value is None else f'"{value}"'

    def behind(figure: str) -> list[dict[str, Any]]:
        return rows_behind(measure(NAME).rows(facts, default_rules(), question, figure, where))

    assert len(behind("entities")) == row.entities
    assert len(behind("customers")) == row.customers
    if row.answers is not None:
        assert len(behind("answers")) == row.answers
    assert len(behind("unknown_contribution_lines")) == row.unknown_contribution_lines
    brought = sum((each["contribution"] or 0 for each in behind("contribution")), Decimal(0))
    assert abs(brought - (row.contribution or 0)) <= Decimal("0.0001") * 10


@settings(max_examples=1)
@given(ASKED)
def test_duckdb_agrees_with_the_reference(company: Company) -> None:
    _, rows = check(on_duckdb, company)
    check_sums(rows)


@pytest.mark.long
def test_figures_add_up_and_have_their_rows() -> None:
    facts, rows = check(on_duckdb, MANY)
    check_sums(rows)
    assert rows[-1].kappa is not None
    assert any(row.dark_share for row in rows)
    chosen = {row.kind: row for row in rows}
    for row in chosen.values():
        check_rows(facts, MANY.question, row)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(ASKED, SEEDS)
def test_duckdb_agrees_with_the_reference_on_many_companies(company: Company, seed: int) -> None:
    facts, rows = check(on_duckdb, company)
    check_sums(rows)
    check_rows(facts, company.question, Random(seed).choice(rows))


@pytest.mark.long
def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    with on_postgres(postgres_url) as load:
        check(load, MANY)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    check(on_spark(spark_session), MANY)
