"""The engines answer what the plain reference answers, on generated companies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from onefunnel.funnel.rules import default_rules
from tests.generative.funnel.agreement import REFERENCES, assert_same, reference
from tests.generative.funnel.companies import Company, companies
from tests.spec.engines import Loader, ask, keep, on_duckdb, on_postgres, on_spark


def check(load: Loader, company: Company) -> None:
    """Every measure on one engine against the reference."""
    question = company.question
    facts = keep(load(company.records), default_rules(), question)
    for name in REFERENCES:
        rows, _ = ask(facts, name, question)
        assert_same(rows, reference(name, company.records, question))


@settings(max_examples=3)
@given(companies())
def test_duckdb_agrees_with_the_reference(company: Company) -> None:
    check(on_duckdb, company)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(companies())
def test_duckdb_agrees_with_the_reference_on_many_companies(company: Company) -> None:
    check(on_duckdb, company)


FEW = settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


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


@settings(max_examples=1)
@given(companies())
def test_what_is_kept_changes_nothing(company: Company) -> None:
    facts = on_duckdb(company.records)
    kept = keep(facts, default_rules(), company.question)
    assert ask(facts, "funnel", company.question) == ask(kept, "funnel", company.question)
