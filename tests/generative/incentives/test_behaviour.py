"""What the engines say of leads worked in time is what plain loops say, on generated companies."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from onefunnel.funnel.base import Base
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.behaviour import reference
from onefunnel.measures.behaviour.asked import LookedAt, looked_at
from onefunnel.measures.behaviour.offers import offers, with_workload
from onefunnel.measures.behaviour.query import AGES, WORKLOADS, choices, left_out, rows
from onefunnel.measures.incentives.records_reference import WORK, Firm
from onefunnel.vocabulary import Terms
from tests.generative.funnel.companies import Company
from tests.generative.incentives.test_records import Seeds, asked, made
from tests.spec.engines import (
    Loader,
    complete,
    on_duckdb,
    on_postgres,
    on_spark,
    rows_behind,
)

KINDS = (*WORK, *reference.GIVEN, *reference.GIVEN, *reference.TAKEN_BACK, "offered")
PEOPLE = (None, "s1", "s1", "s2")


def given_out(company: Company, random: Random) -> Company:
    """The company with many hand-offs of few salespeople, and a time to work leads."""
    steps = [dict(row) for row in company.records["handoff"] for _ in range(3)]
    moments = [row["occurred_at"] for row in steps if row["occurred_at"]]
    for number, row in enumerate(steps):
        row |= {
            "handoff_id": f"{row['handoff_id']}-{number}",
            "kind": random.choice(KINDS),
            "actor": random.choice(PEOPLE),
        }
        if moments and random.random() < 0.2:
            row["occurred_at"] = random.choice(moments)
    ranges = company.question.terms.text("incentives.toml")
    hours = random.choice([0.5, 24, 240])
    terms = Terms((("incentives.toml", f"{ranges}\nwork_within_hours = {hours}\n"),))
    records = {**company.records, "handoff": steps}
    return Company(records, replace(company.question, terms=terms))


def made_of(seeds: Seeds) -> Company:
    return given_out(made(*seeds), Random(seeds[0]))


def all_of(base: Base, look: LookedAt) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = with_workload(offers(base, look)).to_pyarrow().to_pylist()
    return rows


def bucket(value: float, bounds: tuple[int, ...]) -> int:
    return sum(value >= bound for bound in bounds)


def check(load: Loader, company: Company) -> None:
    question, facts = company.question, load(company.records)
    base, look = Base(facts, default_rules(), question), looked_at(question)
    every = reference.offers(Firm(complete(company.records), default_rules(), question), look)
    found = {row["lead_id"]: row for row in all_of(base, look)}
    assert sorted(found) == [each.lead_id for each in every]
    for each in every:
        row = found[each.lead_id]
        for name in ("segment", "at", "worked_at", "in_time", "age_seconds", "salesperson"):
            assert row[name] == getattr(each, name), name
        assert row["workload"] == reference.workload(each, every)
    own = reference.within(every, look)
    judged = [each for each in own if each.over and not each.undated]
    (counts,) = left_out(base, look).to_pyarrow().to_pylist()
    assert (counts["not_over"] or 0) == sum(not each.over for each in own)
    assert (counts["undated"] or 0) == sum(each.over and each.undated for each in own)
    wanted: Counter[Any] = Counter()
    ages: Counter[Any] = Counter()
    loads: Counter[Any] = Counter()
    for each in judged:
        load_now = reference.workload(each, every)
        kind = (bucket(each.age_seconds, AGES), bucket(load_now, WORKLOADS))
        key = (each.segment, each.salesperson, *kind, each.in_time)
        wanted[key] += 1
        ages[key] += each.age_seconds
        loads[key] += load_now
    said = choices(base, look).to_pyarrow().to_pylist()
    names = ("segment", "salesperson", "age", "load", "in_time")
    keyed = {tuple(row[name] for name in names): row for row in said}
    assert {key: row["leads"] for key, row in keyed.items()} == wanted
    assert all(keyed[key]["age_seconds"] == ages[key] for key in wanted)
    assert all(keyed[key]["workloads"] == loads[key] for key in wanted)
    behind = rows_behind(rows(facts, default_rules(), question, "not_in_time", {}))
    assert sorted(row["lead_id"] for row in behind) == sorted(
        each.lead_id for each in judged if not each.in_time
    )


@settings(max_examples=1, phases=[Phase.generate])
@given(asked)
def test_duckdb_agrees_with_the_reference(seeds: Seeds) -> None:
    check(on_duckdb, made_of(seeds))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(asked)
def test_duckdb_agrees_with_the_reference_on_many_companies(seeds: Seeds) -> None:
    check(on_duckdb, made_of(seeds))


FEW = settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(load, made_of(seeds))

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    @FEW
    @given(asked)
    def agrees(seeds: Seeds) -> None:
        check(on_spark(spark_session), made_of(seeds))

    agrees()
