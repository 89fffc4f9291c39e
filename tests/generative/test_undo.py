"""Imports taken back, against a plain history: a dictionary of records per version.

Generated imports bring, change and delete records, and rows that can't be read; then one of them
is taken back. The last one: all is as before it, figures too. An earlier one: what later imports
changed stays. Versions before answer as they did.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.undoing import undo
from onefunnel.workflows.upkeep import compact
from onefunnel.workflows.workspace import Workspace
from tests.workflows.company import write_folder

Row = dict[str, Any]
State = dict[tuple[str, str], Row]

KEYS = st.sampled_from("abc")
MAILS = st.sampled_from(["x@firm.example", "y@firm.example"])
INSTANTS = st.sampled_from(["2024-01-02T10:00:00Z", "2024-02-03T10:00:00Z", "soon"])
FLAGS = st.sampled_from([False, False, False, True])
TABLES = {
    "party": {"party_id": KEYS, "kind": st.just("person"), "email": MAILS},
    "lead": {
        "lead_id": KEYS,
        "party_id": KEYS,
        "created_at": INSTANTS,
        "channel": st.sampled_from(["search", "fair"]),
    },
    "deal_event": {
        "deal_event_id": KEYS,
        "deal_id": KEYS,
        "occurred_at": INSTANTS,
        "status": st.sampled_from(["open", "won", "lost"]),
    },
    "deal": {"deal_id": KEYS, "lead_id": KEYS, "party_id": KEYS},
}
"""Small enough that records meet again and people become one and part again."""


def imports() -> st.SearchStrategy[dict[str, list[Row]]]:
    """Rows per table, each key once."""

    def of(name: str) -> st.SearchStrategy[list[Row]]:
        key = next(iter(TABLES[name]))
        row = st.fixed_dictionaries({**TABLES[name], "deleted": FLAGS})
        return st.lists(row, max_size=3, unique_by=lambda each: each[key])

    return st.fixed_dictionaries({name: of(name) for name in TABLES}).filter(
        lambda found: any(found.values())
    )


def contents(workspace: Workspace, version: int) -> State:
    """The records at a version."""

    def work(reader: Any) -> State:
        return {
            (name, next(iter(row.values()))): row
            for name in (*TABLES, "quarantine")
            for row in reader.fetch(reader.table(name, version)).to_pylist()
        }

    return workspace.reading(work)


def figures(workspace: Workspace, version: int) -> Any:
    return ask(workspace, "funnel", Asked(by=("channel",), as_of=version)).rows


def expected(states: list[State], version: int) -> State:
    """The last state with the changes of one version taken back, where they still stand."""
    now, after, before = states[-1], states[version], states[version - 1]
    found = dict(now)
    for each in {*now, *after, *before}:
        if after.get(each) != before.get(each) and now.get(each) == after.get(each):
            if each in before:
                found[each] = before[each]
            else:
                found.pop(each, None)
    return found


def check(root: Path, brought: list[dict[str, list[Row]]], at: int, folded: bool) -> None:
    workspace = bootstrap.init_workspace(root / "firm", country="RO")
    states: list[State] = [{}]
    for number, tables in enumerate(brought):
        folder = write_folder(root / str(number), **{n: r for n, r in tables.items() if r})
        version = import_paths(workspace, [folder], silent).version
        if version == len(states):  # else it changed nothing
            states.append(contents(workspace, version))
    if len(states) == 1:
        return
    if folded:
        compact(workspace)
    version = 1 + at % (len(states) - 1)
    undone = undo(workspace, version)
    assert contents(workspace, undone.version) == expected(states, version)
    if version == len(states) - 1:
        assert (contents(workspace, undone.version), undone.left) == (states[-2], {})
        assert figures(workspace, undone.version) == figures(workspace, version - 1)
    if undone.changes:
        undo(workspace, undone.version)
        assert contents(workspace, undone.version + 1) == states[-1]
    for number, state in enumerate(states):
        assert contents(workspace, number) == state


SEQUENCES = st.lists(imports(), min_size=2, max_size=3)
CHOICES = st.integers(0, 5)


@settings(max_examples=2, phases=[Phase.generate])
@given(brought=SEQUENCES, at=CHOICES, folded=st.booleans())
def test_an_import_taken_back_is_as_a_plain_history_says(
    tmp_path_factory: pytest.TempPathFactory,
    brought: list[dict[str, list[Row]]],
    at: int,
    folded: bool,
) -> None:
    check(tmp_path_factory.mktemp("undo"), brought, at, folded)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=100)
@given(brought=SEQUENCES, at=CHOICES, folded=st.booleans())
def test_many_imports_taken_back_are_as_a_plain_history_says(
    tmp_path_factory: pytest.TempPathFactory,
    brought: list[dict[str, list[Row]]],
    at: int,
    folded: bool,
) -> None:
    check(tmp_path_factory.mktemp("undo"), brought, at, folded)
