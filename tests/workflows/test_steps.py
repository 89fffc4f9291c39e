"""Ordered steps asked of a workspace: from Python, by version, and behind a figure."""

from pathlib import Path
from typing import Any

import pytest

import onefunnel
from onefunnel.errors import UsageError
from onefunnel.intake import silent
from onefunnel.measures.steps.conditions import step_of
from onefunnel.workflows.asking import Asked, ask, rows_behind
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace

from .company import write_folder
from .conftest import Ready, fill

STEPS = ("kind=visit", "kind=form, intent=price|quote")


@pytest.fixture
def filled(ready: Ready) -> Workspace:
    return ready(fill)


def asked(**more: Any) -> Asked:
    return Asked(steps=tuple(step_of(each) for each in STEPS), **more)


def reached(workspace: Workspace, question: Asked) -> list[tuple[Any, ...]]:
    rows = ask(workspace, "steps", question).rows
    return [(*row.dimensions.values(), row.step, row.reached) for row in rows]


def test_a_visitor_who_became_known_is_one_chain(filled: Workspace) -> None:
    assert reached(filled, asked()) == [(1, 2), (2, 1)]


def test_by_a_dimension_the_unknown_has_a_row(filled: Workspace) -> None:
    assert reached(filled, asked(by=("channel",))) == [
        ("search", 1, 1),
        ("search", 2, 1),
        (None, 1, 1),
        (None, 2, 0),
    ]


def test_the_answer_says_what_was_asked_and_is_kept(filled: Workspace) -> None:
    first = ask(filled, "steps", asked(within_days=7))
    assert first.parameters["steps"] == "kind=visit; kind=form, intent=price|quote"
    assert first.parameters["within_days"] == 7
    assert ask(filled, "steps", asked(within_days=7)) == first
    assert [row.within_days for row in ask(filled, "steps", asked()).rows] == [30, 30]


def test_python_takes_texts_and_mappings(filled: Workspace) -> None:
    opened = onefunnel.open(filled.path)
    mapping = {"kind": "form", "intent": ["price", "quote"]}
    answer = opened.steps(["kind=visit", mapping], within_days=1)
    assert answer.rows == opened.steps(STEPS, within_days=1).rows
    assert [row.reached for row in answer.rows] == [2, 1]
    behind = opened.rows("steps", "reached", {"step": "2"}, steps=STEPS)
    assert behind["outcome"].to_pylist() == ["step 2"]


def test_the_rows_behind_a_figure_are_as_many(filled: Workspace) -> None:
    for step, many in (("1", 2), ("2", 1)):
        assert len(rows_behind(filled, "steps", asked(), None, {"step": step}).rows) == many
    unknown = {"step": "1", "channel": None}
    assert len(rows_behind(filled, "steps", asked(), "reached", unknown).rows) == 1


def test_a_new_touch_changes_the_answer_and_an_earlier_version_keeps_its_own(
    filled: Workspace, tmp_path: Path
) -> None:
    later = {
        "touch_id": "t9",
        "party_id": "P-bogdan",
        "occurred_at": "2024-01-05T11:00:00Z",
        "kind": "form",
        "intent": "quote",
    }
    import_paths(filled, [write_folder(tmp_path / "later", touch=[later])], silent)
    assert reached(filled, asked()) == [(1, 2), (2, 2)]
    assert reached(filled, asked(as_of=1)) == [(1, 2), (2, 1)]


def test_an_empty_ledger_answers_with_zeros(workspace: Workspace) -> None:
    assert reached(workspace, asked()) == [(1, 0), (2, 0)]
    assert reached(workspace, asked(by=("channel",))) == []


@pytest.mark.parametrize(
    ("measure", "question", "words"),
    [
        ("steps", Asked(), "0 steps were given. Give 1 to 32"),
        ("steps", Asked(steps=(step_of("kind=visit"),) * 33), "33 steps were given"),
        ("steps", asked(within_days=0), "A window of 0 days can't be. Give 1 to 36500"),
        ("deals", asked(), "'deals' takes no steps. Ask 'steps'"),
    ],
)
def test_a_question_that_can_not_be_is_refused(
    workspace: Workspace, measure: str, question: Asked, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        ask(workspace, measure, question)
