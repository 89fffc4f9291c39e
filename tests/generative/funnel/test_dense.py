"""The passes over arrays against the plain reference, version after version.

As in ``tests/generative/test_versions.py`` a company comes in three batches that correct, delete,
merge and part; here the history of one version is mended into that of the next. At each version
every measure must answer what the reference does; at the last one also what the queries do and what
a history read from nothing does, notes included, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from onefunnel.funnel.dense.program import program
from onefunnel.funnel.rules import Rules, default_rules, load
from onefunnel.ledger.engines.duckdb import Reader, reader
from onefunnel.measures.registry import MEASURES
from onefunnel.settings import Settings
from onefunnel.vocabulary import Question
from onefunnel.workflows.dense import Dense
from onefunnel.workflows.history import history
from onefunnel.workflows.kept import forget_history
from onefunnel.workflows.known import known, open_known
from onefunnel.workflows.workspace import Workspace
from tests.generative.funnel.agreement import REFERENCES, assert_same, reference
from tests.generative.funnel.companies import Company, companies
from tests.generative.test_versions import corrected, distinct, put
from tests.spec.engines import complete, keep
from tests.unit.ledger.conftest import Small

OTHER_RULES = """
[stage.brand_awareness]
[[stage.brand_awareness.rule]]
fact = "touch"
where.kind = ["visit"]
nth = 3
[[stage.brand_awareness.rule]]
fact = "touch"
where.kind = ["click", "visit"]
nth = 2
within_days = 1
[stage.brand_preference]
[[stage.brand_preference.rule]]
fact = "touch"
where.intent = ["trial"]
observed = false
[[stage.brand_preference.rule]]
fact = "handoff"
where.kind = ["assigned"]
fallback = true
[stage.customer_loyalty]
[[stage.customer_loyalty.rule]]
fact = "touch"
where.channel = ["ярмарка"]
where.kind = ["click"]
"""
RULES = {"default": default_rules(), "other": load(OTHER_RULES)}


def answers(
    opened: Reader,
    workspace: Workspace,
    rules: Rules,
    question: Question,
    names: Iterable[str] = REFERENCES,
) -> Any:
    """What measures answer from arrays: rows and notes by their names."""
    followed = program(rules)
    assert followed is not None
    passed = history(workspace, opened, followed, rules.content_hash, threads=2)
    folder = Path(mkdtemp(dir=workspace.path))
    whose = open_known(opened, known(workspace, opened, rules, question))
    dense = Dense(opened, rules, question, passed, followed, whose, threads=2)
    dense.fill(folder)
    return {
        name: MEASURES[name].assemble(dense.collect(MEASURES[name]), rules, question)
        for name in names
    }


def asked(
    opened: Reader, rules: Rules, question: Question, names: Iterable[str] = REFERENCES
) -> Any:
    """What they answer by their queries."""
    found, facts = {}, keep(opened.facts(), rules, question)
    for name in names:
        measure = MEASURES[name]
        queries = measure.queries(facts, rules, question)
        tables = {each: opened.fetch(queries[each]) for each in queries}
        found[name] = measure.assemble(tables, rules, question)
    return found


def check(root: Path, company: Company, seed: int, rules: Rules) -> None:
    small, chance, question = Small(root), Random(seed), company.question
    workspace = Workspace(root, Settings("test"), lambda: datetime(2024, 1, 1, tzinfo=UTC))
    versions = [distinct(complete(company.records))]
    for _ in range(2):
        versions.append(corrected(versions[-1], chance))
    for before, records in zip([{}, *versions], versions, strict=False):
        put(small, before, records)
        with reader(small.ledger, small.engine, small.scratch) as opened:
            opened.head = replace(opened.head, next_code=len(records["entity"]))
            mended = answers(opened, workspace, rules, question)
            for name in REFERENCES:
                assert_same(mended[name][0], reference(name, records, question, rules))
            if records is versions[-1]:
                for name, found in asked(opened, rules, question).items():
                    assert mended[name] == found, name
                forget_history(workspace.path)
                assert answers(opened, workspace, rules, question) == mended


SEEDS = st.integers(0, 1000)


@pytest.mark.parametrize("rules", [RULES["other"]], ids=["other"])
@settings(max_examples=1, phases=[Phase.generate])
@given(company=companies(), seed=SEEDS)
def test_every_version_agrees_with_the_reference(
    tmp_path_factory: pytest.TempPathFactory, rules: Rules, company: Company, seed: int
) -> None:
    check(tmp_path_factory.mktemp("ledger"), company, seed, rules)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@settings(max_examples=60)
@given(company=companies(), seed=SEEDS)
def test_every_version_of_many_companies_agrees_with_the_reference(
    tmp_path_factory: pytest.TempPathFactory, rules: Rules, company: Company, seed: int
) -> None:
    check(tmp_path_factory.mktemp("ledger"), company, seed, rules)
