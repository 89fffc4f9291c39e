"""The compiled passes give the rows and notes that the engine's queries give."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from onefunnel import settings
from onefunnel.api import Opened
from onefunnel.api import open as open_workspace
from onefunnel.workflows.kept import FOLDER, HISTORY
from tests.recovery.conftest import Taken


def with_passes(firm: Path, folder: Path) -> Opened:
    """The same ledger in another workspace that remembers no answers, and answers by passes."""
    copy = shutil.copytree(firm, folder, ignore=shutil.ignore_patterns(FOLDER, HISTORY))
    mine = settings.read(copy)
    settings.write(copy, replace(mine, engine=replace(mine.engine, dense_from=1)))
    return open_workspace(copy)


@pytest.mark.long
@pytest.mark.parametrize(
    "taken",
    [pytest.param("company-x", marks=pytest.mark.xdist_group("recovery-company-x"))],
    indirect=True,
)
def test_passes_and_queries_agree(taken: Taken, tmp_path: Path) -> None:
    company, queries = taken
    passes = with_passes(queries._workspace.path, tmp_path / "firm")
    for measure, by in (("funnel", ()), ("funnel", "segment"), ("conversion", "campaign")):
        one, other = (
            each.measure(measure, by=by, now=company.truth.now) for each in (queries, passes)
        )
        # To the last digit: both round the same sums.
        assert (other.rows, other.notes) == (one.rows, one.notes)
    # Only the passes leave this folder: without it, both answers came one way.
    assert (tmp_path / "firm" / HISTORY).is_dir()
    assert not (queries._workspace.path / HISTORY).exists()
