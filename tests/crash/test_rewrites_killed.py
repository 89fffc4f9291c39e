"""Compaction and erasure killed at any point: figures hold, and the work is finished later."""

import shutil
from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.ledger.disk.faults import REWRITE_POINTS
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.erasing import finish_erasures
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace
from tests.workflows.company import company, write_folder
from tests.workflows.test_erasing import traces

from . import victim
from .test_import_killed import contents, second_company

pytestmark = pytest.mark.xdist_group("crash")


POINTS = pytest.mark.parametrize(
    "point", [pytest.param(REWRITE_POINTS[0], marks=pytest.mark.crash), REWRITE_POINTS[1]]
)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two imports, to be copied."""
    root = tmp_path_factory.mktemp("twice")
    made = bootstrap.init_workspace(root / "firm", country="RO")
    import_paths(made, [write_folder(root / "a", **company())], silent)
    import_paths(made, [write_folder(root / "b", **second_company())], silent)
    return made.path


@pytest.fixture
def workspace(twice: Path, tmp_path: Path) -> Workspace:
    return bootstrap.open_workspace(Path(shutil.copytree(twice, tmp_path / "firm")))


@POINTS
def test_compaction_killed_at_a_named_point_changes_nothing(
    point: str, workspace: Workspace
) -> None:
    before = [contents(workspace, version) for version in (1, 2)]
    assert victim.killed_at(point, "fold", workspace.path)
    assert [contents(workspace, version) for version in (1, 2)] == before
    victim.start("fold", workspace.path).join(120)
    assert [contents(workspace, version) for version in (1, 2)] == before
    assert [finding for finding in examine(workspace) if not finding.well] == []


@POINTS
def test_an_erasure_killed_at_a_named_point_is_finished_by_the_next_writer(
    point: str, workspace: Workspace
) -> None:
    assert victim.killed_at(point, "erase", workspace.path, "P-ana")
    assert [f.check for f in examine(workspace) if not f.well] == ["erasures"]
    finish_erasures(workspace)
    assert traces(workspace.path) == []
    assert [finding for finding in examine(workspace) if not finding.well] == []
