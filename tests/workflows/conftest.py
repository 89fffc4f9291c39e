"""Workspaces with a clock that stands still."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.workflows.workspace import Workspace

from .company import company, write_folder

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)


def still(workspace: Workspace) -> Workspace:
    return replace(workspace, clock=lambda: NOON)


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
