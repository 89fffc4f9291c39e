"""The only wiring: a workspace with its settings, the real clock, and our own processes."""

import atexit
import gc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onefunnel import settings
from onefunnel.workflows.targets import check_new_folder
from onefunnel.workflows.workspace import Workspace


def clock() -> datetime:
    """What time it is, in UTC."""
    return datetime.now(UTC)


def collect_seldom() -> None:
    """Let the garbage collector leave alone what is there, and look at what comes after less often.

    A question is written in some hundred thousand small parts, which nearly all go without the
    collector; to look at them again and again took a tenth of the time that a small company waits.
    For processes that are all ours: who imports the package keeps the collector as it is.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    atexit.register(gc.unfreeze)  # Libraries complain of what is still there at the very end.


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
