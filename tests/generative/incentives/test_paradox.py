"""What the engines say of targets, sales and the month before is what plain loops say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.paradox import reference
from onefunnel.measures.paradox.query import month_of, queries, within
from onefunnel.measures.periods import Period, asked_period
from tests.generative.funnel.companies import CALENDARS, START, Company
from tests.generative.incentives.test_records import Seeds, asked, made
from tests.spec.engines import Loader, complete, on_duckdb, on_postgres, on_spark

QUERIES = ("targets", "came", "achieved", "buyers", "before")
LABELS = ("2024-03", "2024-04", "1402-12", "1403-01", None)


def aimed(given: Company, random: Random) -> Company:
    """The company with targets, asked of a month or of a few days."""
    calendar = random.choice(CALENDARS)
    month = calendar.month_of((START + timedelta(days=random.randint(0, 40))).date())
    records = {**given.records, "target": [_target(number, random) for number in range(6)]}
    end = random.choice([month.end, month.start + timedelta(days=9)])
    question = replace(given.question, calendar=calendar, start=month.start, end=end)
    return Company(records, question)


def _target(number: int, random: Random) -> dict[str, Any]:
    return {
        "target_id": f"t{number}",
        "period": random.choice(LABELS),
        "department": random.choice(["marketing", "sales", None]),
        "measure": random.choice(["leads", "revenue", None]),
        "value": random.choice([None, 3.5]),
    }


def aimed_of(seeds: Seeds) -> Company:
    return aimed(made(*seeds), Random(seeds[0]))


def check(load: Loader, company: Company) -> None:
    question = within(company.question)
    expressions = queries(load(company.records), default_rules(), question)
    found = {name: expressions[name].to_pyarrow().to_pylist() for name in QUERIES}
    period: Period = asked_period(question)
    plain = reference.plain(complete(company.records), default_rules(), question, period)
    before = {row["segment"]: (row["leads"], row["worked"]) for row in found["before"]}
    assert before == dict(plain.before)
    assert {row["segment"]: row["leads"] for row in found["came"]} == dict(plain.came)
    assert found["buyers"] == [{"customers": plain.buyers}]
    achieved = {row["segment"]: row for row in found["achieved"]}
    assert set(achieved) == set(plain.sold)
    for name, lines in plain.sold.items():
        row = achieved[name]
        assert row["customers"] == len({line.entity for line in lines})
        for field, unknown, amounts in (
            ("revenue", "unpriced", [line.amount for line in lines]),
            ("contribution", "uncosted", [line.contribution for line in lines]),
        ):
            assert row[unknown] == amounts.count(None)
            total = float(reference.known(amounts))
            assert float(row[field] or 0) == pytest.approx(total, rel=1e-9, abs=1e-6)
    label = month_of(question)
    wanted = [row["target_id"] for row in company.records["target"] if row["period"] == label]
    assert sorted(row["target_id"] for row in found["targets"]) == (wanted if label else [])


@settings(max_examples=2, phases=[Phase.generate])
@given(asked)
def test_duckdb_agrees_with_the_reference(seeds: Seeds) -> None:
    check(on_duckdb, aimed_of(seeds))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(asked)
def test_duckdb_agrees_with_the_reference_on_many_companies(seeds: Seeds) -> None:
    check(on_duckdb, aimed_of(seeds))


FEW = settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(load, aimed_of(seeds))

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(on_spark(spark_session), aimed_of(seeds))

    agrees()
