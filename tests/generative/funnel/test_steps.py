"""Ordered steps: the reference, the queries and the compiled pass agree on generated companies."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onefunnel.funnel.rows import exactly
from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.registry import measure
from onefunnel.measures.steps.conditions import step_of
from onefunnel.measures.steps.reference import steps as by_reference
from onefunnel.vocabulary import Question, flat
from tests.generative.funnel.agreement import assert_same
from tests.generative.funnel.companies import Company, companies
from tests.spec.engines import (
    Loader,
    ask,
    complete,
    on_duckdb,
    on_postgres,
    on_spark,
    rows_behind,
)

ASKED = (
    "kind=visit",
    "kind=click",
    "kind=visit|click",
    "channel=web|unknown",
    'channel="unknown"|Web, intent=unknown',
    "intent=quote",
    "intent=trial, kind=visit",
    "source=ярмарка",
)


def with_steps(company: Company, random: Random) -> Company:
    """The same company, asked about some steps."""
    steps = tuple(step_of(random.choice(ASKED)) for _ in range(random.randint(1, 4)))
    days = random.choice([1, 5, 12, 30, 60])
    question = replace(company.question, steps=steps, within_days=days)
    return Company(company.records, question)


asked = st.builds(with_steps, companies(), st.randoms(use_true_random=False))


def streamed(facts: Facts, question: Question) -> tuple[tuple[Any, ...], Any]:
    """What the compiled pass over DuckDB's streams answers."""
    way = measure("steps").streamed
    assert way is not None
    streams = {
        name: _batches(each) for name, each in way.queries(facts, default_rules(), question).items()
    }
    collected = way.collect(streams, question, 2)
    return measure("steps").assemble(collected, default_rules(), question)


def _batches(expression: Any) -> list[pa.RecordBatch]:
    batches: list[pa.RecordBatch] = expression.to_pyarrow().to_batches(max_chunksize=7)
    return batches


def check(load: Loader, company: Company) -> None:
    rows, _ = ask(load(company.records), "steps", company.question)
    assert_same(rows, wanted(company))


def wanted(company: Company) -> list[dict[str, Any]]:
    found = by_reference(complete(company.records), default_rules(), company.question)
    return [flat(row) for row in found]


def check_on_duckdb(company: Company) -> None:
    facts, question = on_duckdb(company.records), company.question
    said = streamed(facts, question)
    assert_same(said[0], wanted(company))
    assert said == ask(facts, "steps", question)


@settings(max_examples=8)
@given(asked)
def test_the_compiled_pass_and_the_queries_agree_with_the_reference(company: Company) -> None:
    check_on_duckdb(company)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=300)
@given(asked)
def test_they_agree_on_many_companies(company: Company) -> None:
    check_on_duckdb(company)


FEW = settings(max_examples=4, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    @FEW
    @given(asked)
    def agrees(company: Company) -> None:
        check(load, company)

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    @FEW
    @given(asked)
    def agrees(company: Company) -> None:
        check(on_spark(spark_session), company)

    agrees()


@settings(max_examples=3)
@given(asked)
def test_rows_are_as_many_as_the_figure_says(company: Company) -> None:
    facts, question = on_duckdb(company.records), company.question
    found, _ = ask(facts, "steps", question)
    for row in found[:4]:
        for figure in ("reached", "open"):
            where = {"step": str(row.step), **exactly(row.dimensions)}
            expression = measure("steps").rows(facts, default_rules(), question, figure, where)
            assert len(rows_behind(expression)) == getattr(row, figure), (figure, where)
