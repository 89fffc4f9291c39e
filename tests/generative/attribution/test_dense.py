"""The compiled pass against the queries: every table of counts is the same, to the last unit.

Once over touches that DuckDB streams in any order, once over those that are kept in order, whose
history is mended from version to version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from onefunnel.funnel.dense.program import program
from onefunnel.funnel.rules import Rules, default_rules
from onefunnel.ledger.engines.duckdb import Reader, reader
from onefunnel.ledger.schema import Facts
from onefunnel.measures.attribution import counts
from onefunnel.measures.attribution.collected import counted
from onefunnel.measures.attribution.dense import counting, ordered, streamed
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.query import queries
from onefunnel.settings import Settings
from onefunnel.vocabulary import Question
from onefunnel.workflows.dense import Dense
from onefunnel.workflows.history import history
from onefunnel.workflows.known import known, open_known
from onefunnel.workflows.workspace import Workspace
from tests.generative.attribution.companies import CASES, Case, made
from tests.generative.funnel.test_both_ways import BY_TOUCHES
from tests.generative.test_versions import corrected, distinct, put
from tests.spec.engines import complete, keep, on_duckdb
from tests.unit.ledger.conftest import Small

BATCH = 97
Tables = dict[str, Counter[Any]]


def rows(tables: Mapping[str, pa.Table]) -> Tables:
    """The rows of tables, in no order."""
    return {
        name: Counter(frozenset(row.items()) for row in table.to_pylist())
        for name, table in tables.items()
    }


def streams(asked: Mapping[str, ir.Table]) -> dict[str, Iterator[pa.RecordBatch]]:
    def batches(expression: ir.Table) -> Iterator[pa.RecordBatch]:
        found = expression.to_pyarrow()
        yield pa.RecordBatch.from_pylist([], found.schema)
        yield from found.to_batches(max_chunksize=BATCH)

    return {name: batches(each) for name, each in asked.items()}


def needed(facts: Facts, rules: Rules, case: Case) -> Facts:
    """The facts with what the conversions are asked of worked out, and no more."""
    names = {
        Value.LEADS: (),
        Value.CUSTOMERS: ("prepared_entries",),
    }.get(case.asked.value, ("prepared_standing", "prepared_lines"))
    return keep(facts, rules, case.question, names)


def by_queries(facts: Facts, rules: Rules, case: Case) -> Tables:
    found = queries(facts, rules, case.question, case.asked)
    return rows({name: expression.to_pyarrow() for name, expression in found.items()})


def check_streamed(case: Case) -> None:
    rules = default_rules()
    facts = needed(on_duckdb(case.records), rules, case)
    asked = streamed.queries(facts, rules, case.question, case.asked)
    found = streamed.collect(streams(asked), case.question, 2, case.asked)
    assert rows(found) == by_queries(facts, rules, case)


def by_history(dense: Dense, case: Case) -> Tables:
    asked = streamed.queries(dense.facts_of_people, dense.others, case.question, case.asked)
    beside = streams({name: asked[name] for name in ordered.BESIDE})
    kept = dense.history
    found = ordered.collect(kept.parts, kept.texts, beside, case.question, 2, case.asked)
    return rows(found)


def arrays(opened: Reader, workspace: Workspace, rules: Rules, question: Question) -> Dense:
    """The arrays of a ledger at its head, mended from those of an earlier version."""
    followed = program(rules)
    assert followed is not None
    passed = history(workspace, opened, followed, rules.content_hash, threads=2)
    whose = open_known(opened, known(workspace, opened, rules, question))
    dense = Dense(opened, rules, question, passed, followed, whose, threads=2)
    dense.fill(Path(mkdtemp(dir=workspace.path)))
    return dense


def at_versions(
    root: Path, case: Case, seed: int, rules: Rules, versions: int = 3
) -> Iterator[tuple[Facts, Dense]]:
    """The facts and the arrays, version after version; each stands until the next is asked for."""
    small, chance = Small(root), Random(seed)
    workspace = Workspace(root, Settings("test"), lambda: datetime(2024, 1, 1, tzinfo=UTC))
    before: dict[str, Any] = {}
    records = distinct(complete(case.records))
    for _ in range(versions):
        put(small, before, records)
        with reader(small.ledger, small.engine, small.scratch) as opened:
            opened.head = replace(opened.head, next_code=len(records["entity"]))
            dense = arrays(opened, workspace, rules, case.question)
            yield needed(opened.facts(), rules, case), dense
        before, records = records, corrected(records, chance)


def check_history(root: Path, case: Case, seed: int, rules: Rules, versions: int = 3) -> None:
    """The touches kept from version to version against the queries at each."""
    for facts, dense in at_versions(root, case, seed, rules, versions):
        assert by_history(dense, case) == by_queries(facts, rules, case)


def check_among_many(case: Case) -> None:
    """As if no game of rates took as many players: paths that ended are told by player."""
    rules = default_rules()
    facts = needed(on_duckdb(case.records), rules, case)
    asked = streamed.queries(facts, rules, case.question, case.asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "MOST_RATED", 1)
        patch.setattr(counting, "MOST_RATED", 1)
        found = streamed.collect(streams(asked), case.question, 2, case.asked)
        told = queries(facts, rules, case.question, case.asked)
        by_set = {name: expression.to_pyarrow() for name, expression in told.items()}
        assert counted(found, case.asked) == counted(by_set, case.asked)


@settings(max_examples=2, phases=[Phase.generate])
@given(CASES)
def test_the_streamed_pass_agrees_among_many_players(case: Case) -> None:
    check_among_many(case)


@settings(max_examples=2, phases=[Phase.generate])
@given(CASES)
def test_the_streamed_pass_agrees_with_the_queries(case: Case) -> None:
    check_streamed(case)


@pytest.mark.long
def test_the_pass_over_touches_in_order_agrees_with_the_queries(tmp_path: Path) -> None:
    check_history(tmp_path, made(10, 25, 0.0), 1, BY_TOUCHES, versions=2)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=200)
@given(CASES)
def test_the_streamed_pass_agrees_on_many_companies(case: Case) -> None:
    check_streamed(case)
    check_among_many(case)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rules", [default_rules(), BY_TOUCHES], ids=["default", "by_touches"])
@settings(max_examples=40)
@given(case=CASES, seed=st.integers(0, 1000))
def test_the_pass_over_touches_in_order_agrees_on_many_companies(
    tmp_path_factory: pytest.TempPathFactory, rules: Rules, case: Case, seed: int
) -> None:
    check_history(tmp_path_factory.mktemp("ledger"), case, seed, rules)
