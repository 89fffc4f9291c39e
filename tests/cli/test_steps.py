"""Ordered steps on the command line: show and rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

TOUCHES = """touch_id,party_id,occurred_at,kind,channel
t1,ann,2024-03-01T08:00:00Z,visit,"one, two"
t2,ann,2024-03-05T08:00:00Z,form,
t3,bob,2024-03-01T08:00:00Z,visit,search
t4,,2024-03-01T08:00:00Z,visit,search
"""


@pytest.fixture
def asked(run: Run, firm: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "touch.csv").write_text(TOUCHES, encoding="utf-8")
    assert run("import", firm, folder).status == 0
    return firm


def test_steps_are_shown_with_what_is_left_out(run: Run, asked: Path) -> None:
    steps = ("--step", 'kind=visit, channel=search|"one, two"', "--step", "kind=form")
    said = run("show", asked, "steps", *steps, "--within", 4, "--format", "json")
    answer = json.loads(said.out)
    assert [(row["step"], row["reached"], row["open"]) for row in answer["rows"]] == [
        (1, 2, 1),
        (2, 1, 0),
    ]
    assert answer["parameters"]["steps"] == 'kind=visit, channel=search|"one, two"; kind=form'
    assert [note["code"] for note in answer["notes"]] == ["steps_without_entity"]
    shorter = run("show", asked, "steps", *steps, "--within", 3, "--format", "json")
    assert [row["reached"] for row in json.loads(shorter.out)["rows"]] == [2, 0]


def test_a_table_names_each_step_and_its_condition(run: Run, asked: Path) -> None:
    said = run("show", asked, "steps", "--step", "kind=visit", "--step", "kind=form")
    first, second = said.out.splitlines()[1:3]
    assert first.split()[:3] == ["1", "kind=visit", "2"]
    assert second.split()[:4] == ["2", "kind=form", "1", "50.0%"]


def test_the_rows_behind_a_step_are_shown(run: Run, asked: Path) -> None:
    steps = ("--step", "kind=visit", "--step", "kind=form", "--where", "step=2")
    rows = json.loads(run("rows", asked, "steps", *steps, "--format", "json").out)["rows"]
    assert [(row["party_id"], row["days"]) for row in rows] == [("ann", 4.0)]
