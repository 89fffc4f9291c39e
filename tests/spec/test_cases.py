"""Behaviour as small tables: what is on record, and what is answered, on every engine."""

from __future__ import annotations

import pytest

from onefunnel.funnel.rules import default_rules
from tests.spec.case import Case
from tests.spec.cases import CASES
from tests.spec.engines import MARKS, Loader, ask, keep
from tests.spec.tables import assert_answers


def marks(engine: str, case: Case) -> list[pytest.MarkDecorator]:
    """What marks a case on an engine."""
    long = case.long or (engine != "duckdb" and not case.everywhere)
    return [*MARKS[engine], *([pytest.mark.long] if long else [])]


@pytest.mark.parametrize(
    ("load", "case"),
    [
        pytest.param(engine, each, id=f"{engine}-{each.name}", marks=marks(engine, each))
        for engine in MARKS
        for each in CASES
    ],
    indirect=["load"],
)
def test_answers(load: Loader, case: Case) -> None:
    facts = keep(load(case.tables), default_rules(), case.question)
    rows, notes = ask(facts, case.measure, case.question)
    assert_answers(rows, case.expected)
    codes = [note.code for note in notes]
    assert [code for code in case.notes if code not in codes] == []
