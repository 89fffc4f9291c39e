"""The counts of attribution by the engines are what plain loops say, on generated companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.assemble import attributed
from onefunnel.measures.attribution.collected import counted
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.ledger_reference import attribution
from onefunnel.measures.attribution.query import queries
from onefunnel.measures.attribution.rules import RULES, Settings
from onefunnel.vocabulary import Question
from tests.generative.attribution.companies import CASES, Case, made
from tests.generative.funnel.companies import START
from tests.spec.engines import Loader, complete, keep, on_duckdb, on_postgres, on_spark

pytestmark = pytest.mark.long

MIDDLE = START + timedelta(days=25)
LONG_PATHS = replace(made(10, 25, 0.0), asked=Asked(Value.REVENUE, orders=(1, 2, 3, 4)))
USED_AGAIN = replace(
    made(7, 30, 0.05),
    asked=Asked(Value.CONTRIBUTION, "page", Settings(window_days=20, collapse=True, reuse=True)),
)
DECAY_OF_A_SECOND = 1e-4
"""What a second makes at a half-life of half a day: the engine's instants are whole seconds."""


def answers(facts: Facts, case: Case, question: Question) -> dict[str, pa.Table]:
    found = queries(facts, default_rules(), question, case.asked)
    return {name: expression.to_pyarrow() for name, expression in found.items()}


def check(load: Loader, case: Case) -> tuple[Facts, Counts]:
    facts = keep(load(case.records), default_rules(), case.question)
    collected = answers(facts, case, case.question)
    found = counted(collected, case.asked)
    plain = attribution(complete(case.records), default_rules(), case.question, case.asked)
    assert found.players == plain.counts.players
    assert found.sets == plain.counts.sets
    assert found.transitions == plain.counts.transitions
    check_credits(found, plain.counts)
    touches = {row["player"]: row["touches"] for row in collected["players"].to_pylist()}
    assert touches == {player or "unknown": count for player, count in plain.touches.items()}
    said = attributed(collected, case.asked, draws=None)
    assert said.total == plain.worth
    for rows in (*said.players, *said.departments):
        assert sum(row.share for row in rows) == 1
        assert sum(row.credit for row in rows) == said.total
    return facts, found


def check_credits(found: Counts, wanted: Counts) -> None:
    """Within what is rounded: half a unit of 2^-36, or 2^-32 of a thousandth, for each touch."""
    for place, rule in enumerate(RULES):
        slack = DECAY_OF_A_SECOND if rule == "time_decay" else 1e-8
        for kind, scale in (("conversions", found.credits.scale), ("value", 1)):
            one, other = (getattr(each.credits, kind)[:, place] for each in (found, wanted))
            most = slack * max(1.0, np.abs(other).max(initial=0.0))
            assert np.abs(one / scale - other).max(initial=0.0) <= most, (rule, kind)


def check_periods(facts: Facts, case: Case, whole: Counts) -> None:
    """The paths before an instant and those since it are all paths."""
    halves = (replace(case.question, end=MIDDLE), replace(case.question, start=MIDDLE))
    parts = [counted(answers(facts, case, each), case.asked).sets for each in halves]
    for name in ("conversions", "value", "nulls"):
        sums = [getattr(each, name).counts.sum() for each in (*parts, whole.sets)]
        assert sums[0] + sums[1] == sums[2], name


@settings(max_examples=3)
@given(CASES)
def test_duckdb_agrees_with_the_reference(case: Case) -> None:
    check(on_duckdb, case)


def test_paths_of_two_periods_are_those_of_both() -> None:
    facts, found = check(on_duckdb, LONG_PATHS)
    check_periods(facts, LONG_PATHS, found)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(CASES)
def test_duckdb_agrees_with_the_reference_on_many_companies(case: Case) -> None:
    facts, found = check(on_duckdb, case)
    if case.question.start is None and case.question.end is None:
        check_periods(facts, case, found)


def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    with on_postgres(postgres_url) as load:
        check(load, LONG_PATHS)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", [USED_AGAIN, LONG_PATHS])
def test_spark_agrees_with_the_reference(spark_session: Any, case: Case) -> None:
    check(on_spark(spark_session), case)
