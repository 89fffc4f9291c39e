"""The steps of paths over the ledger are those that plain loops count; rows add up to them.

The compiled passes give the tables of the queries, over touches that DuckDB streams and over those
that are kept in order.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from onefunnel.funnel.rows import exactly
from onefunnel.funnel.rules import Rules, default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.attribution.ledger_reference import parties_of
from onefunnel.measures.attribution.touches import shown
from onefunnel.measures.registry import Streamed, measure
from onefunnel.measures.transitions.query import asked
from onefunnel.measures.transitions.reference import transitions
from onefunnel.measures.transitions.result import TransitionRow
from onefunnel.vocabulary import Crediting, Question, Terms
from onefunnel.vocabulary.terms import ATTRIBUTION
from tests.generative.attribution.companies import CASES, Case, made
from tests.generative.attribution.test_dense import Tables, at_versions, needed, rows, streams
from tests.generative.funnel.test_both_ways import BY_TOUCHES
from tests.spec.engines import complete, keep, on_duckdb

CASE = made(10, 25, 0.0)
STEPS = measure("transitions")


def agreed(case: Case) -> Case:
    """The same, where what is asked stands in the question and in the terms."""
    said, how = case.asked, case.asked.settings
    text = f"""[attribution]
value = "{said.value}"
window_days = {how.window_days}
half_life_days = {how.half_life_days}
direct = {json.dumps(sorted(how.direct))}
collapse = {json.dumps(how.collapse)}
reuse = {json.dumps(how.reuse)}
least_touches = {said.least_touches}
"""
    question = replace(case.question, by=(said.dimension,), terms=Terms(((ATTRIBUTION, text),)))
    assert asked(question) == replace(said, orders=(1,))
    return replace(case, question=question)


def passes() -> Streamed:
    assert STEPS.streamed is not None
    return STEPS.streamed


def by_queries(facts: Facts, rules: Rules, question: Question) -> Tables:
    found = STEPS.queries(facts, rules, question)
    return rows({name: expression.to_pyarrow() for name, expression in found.items()})


def plainly(case: Case) -> Counter[Any]:
    """How often each step was gone, by its kind and by who is before and after."""
    records, conventions = complete(case.records), asked(case.question)
    parties = parties_of(records, default_rules(), case.question, conventions)
    return Counter(
        {
            (kind.value, *shown(before)[::-1], *shown(after)[::-1]): number
            for (kind, before, after), number in transitions(each for _, each in parties).items()
        }
    )


def told(found: Sequence[TransitionRow]) -> Counter[Any]:
    """The same as the rows say it."""
    return Counter(
        {
            (row.kind, row.before, row.before_department, row.after, row.after_department): (
                row.paths
            )
            for row in found
        }
    )


def check_streamed(case: Case) -> None:
    rules, case = default_rules(), agreed(case)
    facts = needed(on_duckdb(case.records), rules, case)
    asked_of = passes().queries(facts, rules, case.question)
    found = passes().collect(streams(asked_of), case.question, 2)
    assert rows(found) == by_queries(facts, rules, case.question)
    if case.asked.least_touches == 1:  # else some are put together, which plain loops are not told
        said, _ = STEPS.assemble(found, rules, case.question)
        assert told(said) == plainly(case)


def check_history(root: Path, case: Case, seed: int, rules: Rules, versions: int = 3) -> None:
    """The touches kept from version to version against the queries at each."""
    way, case = passes(), agreed(case)
    assert way.ordered is not None
    for facts, dense in at_versions(root, case, seed, rules, versions):
        asked_of = way.queries(dense.facts_of_people, dense.others, case.question)
        beside = streams({name: asked_of[name] for name in way.beside})
        kept = dense.history
        found = way.ordered(kept.parts, kept.texts, beside, case.question, 2)
        assert rows(found) == by_queries(facts, rules, case.question)


def test_steps_over_the_ledger_agree_with_plain_loops() -> None:
    case = replace(CASE, question=replace(CASE.question, crediting=Crediting("leads")))
    rules, question = default_rules(), case.question
    facts = keep(on_duckdb(case.records), rules, question)
    found = {
        name: each.to_pyarrow() for name, each in STEPS.queries(facts, rules, question).items()
    }
    said, notes = STEPS.assemble(found, rules, question)
    plain = plainly(case)
    assert told(said) == plain and len(plain) > 20
    assert "credited_otherwise" in {note.code for note in notes}
    row = next(row for row in said if row.kind == "move" and row.before is None)
    where = {"kind": "move", **exactly({"before": None, "after": row.after})}
    behind = STEPS.rows(facts, rules, question, "paths", where).to_pyarrow()
    assert sum(behind["paths"].to_pylist()) == row.paths


@settings(max_examples=2, phases=[Phase.generate])
@given(CASES)
def test_the_streamed_pass_agrees_with_the_queries(case: Case) -> None:
    check_streamed(case)


@pytest.mark.long
def test_the_pass_over_touches_in_order_agrees_with_the_queries(tmp_path: Path) -> None:
    check_history(tmp_path, CASE, 1, BY_TOUCHES, versions=2)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=100)
@given(CASES)
def test_the_streamed_pass_agrees_on_many_companies(case: Case) -> None:
    check_streamed(case)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=20)
@given(case=CASES, seed=st.integers(0, 1000))
def test_the_pass_over_touches_in_order_agrees_on_many_companies(
    tmp_path_factory: pytest.TempPathFactory, case: Case, seed: int
) -> None:
    check_history(tmp_path_factory.mktemp("ledger"), case, seed, BY_TOUCHES)
