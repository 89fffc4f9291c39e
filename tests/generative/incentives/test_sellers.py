"""Whose leads are, as the engines say it, is what plain loops say, on generated companies."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.incentives.records_reference import Firm
from onefunnel.measures.registry import measure
from onefunnel.measures.sellers import reference
from tests.generative.funnel.companies import WORDS, Company
from tests.generative.incentives.test_records import Seeds, asked, made
from tests.spec.engines import (
    Loader,
    complete,
    keep,
    on_duckdb,
    on_postgres,
    on_spark,
    rows_behind,
)


def sold(seeds: Seeds) -> Company:
    """The company with hand-offs of many hands, and deals with owners."""
    company, random = made(*seeds), Random(seeds[0] + 1)
    for row in company.records["handoff"]:
        row["actor"] = random.choice([None, *WORDS])
        row["department"] = random.choice(["sales", "sales", None, "marketing"])
    for row in company.records["deal"]:
        row["owner"] = random.choice([None, *WORDS])
        if company.records["lead"]:
            row["lead_id"] = random.choice(
                [None, random.choice(company.records["lead"])["lead_id"]]
            )
    return company


def check(load: Loader, company: Company) -> None:
    rules, question = default_rules(), company.question
    kept = ("prepared_standing", "prepared_lines")
    facts = keep(load(company.records), rules, question, kept)
    expression = measure("sellers").queries(facts, rules, question)["handed"]
    found = {
        (row["seller"], row["segment"]): (row["leads"], row["worked"], row["won"])
        for row in rows_behind(expression)
    }
    assert found == dict(reference.handed(Firm(complete(company.records), rules, question)))
    seller = max(found, default=None, key=lambda each: (found[each], each[0] or "", each[1]))
    if seller is not None:
        where = {"employee_id": seller[0], "segment": f'"{seller[1]}"'}
        behind = measure("sellers").rows(facts, rules, question, "worked", where)
        assert len(rows_behind(behind)) == found[seller][1]


@settings(max_examples=2, phases=[Phase.generate])
@given(asked)
def test_duckdb_agrees_with_the_reference(seeds: Seeds) -> None:
    check(on_duckdb, sold(seeds))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(asked)
def test_duckdb_agrees_with_the_reference_on_many_companies(seeds: Seeds) -> None:
    check(on_duckdb, sold(seeds))


FEW = settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(load, sold(seeds))

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(on_spark(spark_session), sold(seeds))

    agrees()
