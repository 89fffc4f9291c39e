"""What an import of a few more touches leaves: answers as if all were worked out from nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from onefunnel.intake import silent
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.kept import forget, forget_history
from onefunnel.workflows.workspace import Workspace

from .company import company, write_folder
from .conftest import answering_by_passes

NEVER = 1 << 60
ASKED = Asked(by=("channel",))
NAMES = ("attribution", "acquisition", "transitions")
MORE = [
    {
        "touch_id": f"more{number}",
        "party_id": party,
        "occurred_at": at,
        "channel": channel,
        "kind": kind,
        "department": department,
    }
    for number, (party, at, channel, kind, department) in enumerate(
        [
            ("P-bogdan", "2024-01-01T08:00:00Z", "fair", "visit", "marketing"),
            ("P-bogdan", "2024-01-01T08:00:00Z", "direct", "visit", ""),
            ("P-ana-2", "2024-01-02T10:00:00Z", "", "call", "sales"),
            ("P-ana", "2024-01-03T10:00:00Z", "", "self_report", ""),
            ("P-new", "2024-02-03T10:00:00Z", "fair", "click", ""),
        ]
    )
]


def answer(workspace: Workspace, name: str) -> tuple[Sequence[Any], Sequence[Any]]:
    forget(workspace.path)
    found = ask(workspace, name, ASKED)
    return found.rows, found.notes


def parts(workspace: Workspace) -> int:
    """How many parts the touches that are kept lie in."""
    return len(list((workspace.path / "history").glob("*/part-*")))


@pytest.mark.parametrize(
    "name", [NAMES[0], *(pytest.param(name, marks=pytest.mark.long) for name in NAMES[1:])]
)
def test_an_answer_after_more_touches_is_that_from_nothing(
    workspace: Workspace, tmp_path: Path, name: str
) -> None:
    quick = answering_by_passes(workspace)
    import_paths(quick, [write_folder(tmp_path / "first", **company())], silent)
    before = answer(quick, name)
    import_paths(quick, [write_folder(tmp_path / "more", touch=MORE)], silent)
    assert parts(quick) > 1
    found = answer(quick, name)
    assert found != before
    forget_history(quick.path)
    assert answer(quick, name) == found
    assert parts(quick) == 1


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_it_is_that_of_the_queries(workspace: Workspace, tmp_path: Path, name: str) -> None:
    quick = answering_by_passes(workspace)
    import_paths(quick, [write_folder(tmp_path / "first", **company())], silent)
    import_paths(quick, [write_folder(tmp_path / "more", touch=MORE)], silent)
    assert answer(answering_by_passes(workspace, NEVER), name) == answer(quick, name)


@pytest.mark.long
def test_a_history_of_another_format_is_made_anew(workspace: Workspace, tmp_path: Path) -> None:
    quick = answering_by_passes(workspace)
    import_paths(quick, [write_folder(tmp_path / "first", **company())], silent)
    found = ask(quick, "attribution", ASKED).rows
    (kept,) = _histories(quick)
    label, release, _, version = kept.name.split("-")
    old = kept.with_name("-".join([label, release, version]))  # as it was named before formats
    kept.rename(old)
    for path in old.glob("part-*/contact.npy"):
        path.unlink()
    forget(quick.path)
    assert ask(quick, "attribution", ASKED).rows == found
    assert _histories(quick) == [kept]


def _histories(workspace: Workspace) -> list[Path]:
    found = (workspace.path / "history").glob("*/state.json")
    return [path.parent for path in found if not path.parent.name.startswith("known-")]
