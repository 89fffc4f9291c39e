"""The only wiring: a workspace with its settings and the real clock."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onefunnel import settings
from onefunnel.workflows.targets import check_new_folder
from onefunnel.workflows.workspace import Workspace


def clock() -> datetime:
    """What time it is, in UTC."""
    return datetime.now(UTC)


def open_workspace(path: Path) -> Workspace:
    """The workspace in a folder. Raises NotAWorkspace, InputError."""
    return Workspace(path, settings.read(path), clock)


def init_workspace(path: Path, **given: Any) -> Workspace:
    """Make a workspace in a folder that is new or empty; ``given`` are settings of its file."""
    check_new_folder(path)
    made = settings.new(**given)
    path.mkdir(parents=True, exist_ok=True)
    (path / "ledger").mkdir()
    settings.write(path, made)
    return open_workspace(path)
