"""Workspaces with a clock that stands still."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace

from .company import company, write_folder

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)


def still(workspace: Workspace) -> Workspace:
    return replace(workspace, clock=lambda: NOON)


Fill = Callable[[Workspace, Path], object]
"""Brings records into a new workspace, by files in a folder."""
Ready = Callable[[Fill], Workspace]


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Fill], Path]:
    """The workspace that something filled, at its first call only."""
    made: dict[Fill, Path] = {}

    def path(fill: Fill) -> Path:
        if fill not in made:
            root = tmp_path_factory.mktemp("filled")
            fill(still(bootstrap.init_workspace(root / "firm", country="RO")), root / "files")
            made[fill] = root / "firm"
        return made[fill]

    return path


@pytest.fixture
def ready(filled_once: Callable[[Fill], Path], tmp_path: Path) -> Ready:
    """A filled workspace of the test's own: a copy of the one that was filled once."""

    def copy(fill: Fill) -> Workspace:
        path = tmp_path / "ready" / "firm"
        shutil.copytree(filled_once(fill), path)
        return still(bootstrap.open_workspace(path))

    return copy


def fill(workspace: Workspace, files: Path) -> None:
    """The small company, imported."""
    import_paths(workspace, [write_folder(files, **company())], silent)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return still(bootstrap.init_workspace(tmp_path / "firm", country="RO"))


def answering_by_passes(workspace: Workspace, least: int = 1) -> Workspace:
    """The same, answered by passes over arrays from so many touches on."""
    engine = replace(workspace.settings.engine, dense_from=least)
    return replace(workspace, settings=replace(workspace.settings, engine=engine))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "exports", **company())


@pytest.fixture
def reopen() -> Callable[[Path], Workspace]:
    return lambda path: still(bootstrap.open_workspace(path))
