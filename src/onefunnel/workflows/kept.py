"""Results that are kept: what the engine answered, by what was asked and of which ledger version.

They lie in ``cache/`` and can be thrown away at any time; erasure does.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import feather

from onefunnel.version import RELEASE

FOLDER = "cache"
HISTORY = "history"
"""Folder of the touches in order: see :mod:`onefunnel.workflows.history`."""
Collected = Mapping[str, pa.Table]


def kept_folder(
    workspace: Path, version: int, asked: Mapping[str, object], fill: Callable[[Path], None]
) -> Path:
    """The folder of what was asked, filled by ``fill`` when it is asked for the first time.

    ``asked`` is all that the content depends on, besides the ledger version. The folder appears
    whole or not at all: it is filled beside and renamed.
    """
    folder = _folder(workspace, version, asked)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent))
    fill(beside)
    try:
        beside.rename(folder)
    except OSError:  # somebody else asked the same at the same time
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _folder(workspace: Path, version: int, asked: Mapping[str, object]) -> Path:
    text = json.dumps({**asked, "release": RELEASE}, sort_keys=True, default=str)
    return workspace / FOLDER / str(version) / hashlib.sha256(text.encode()).hexdigest()


def kept(
    workspace: Path, version: int, asked: Mapping[str, object], ask: Callable[[], Collected]
) -> Collected:
    """The named tables that ``ask`` gives, from the cache where they were asked for before."""

    def fill(folder: Path) -> None:
        for name, table in ask().items():
            feather.write_feather(table, folder / f"{name}.arrow")

    folder = kept_folder(workspace, version, asked, fill)
    return {path.stem: feather.read_table(path) for path in folder.glob("*.arrow")}


def peek(workspace: Path, version: int, asked: Mapping[str, object]) -> Collected | None:
    """What :func:`kept` keeps under the same arguments, if it was asked before; nothing is asked.

    For a page, which has no time to wait.
    """
    folder = _folder(workspace, version, asked)
    if not folder.is_dir():
        return None
    return {path.stem: feather.read_table(path) for path in folder.glob("*.arrow")}


def forget(workspace: Path, but: int | None = None) -> None:
    """Throw away what is kept, of every ledger version but one."""
    root = workspace / FOLDER
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name != str(but):
            shutil.rmtree(folder, ignore_errors=True)


def forget_history(workspace: Path) -> None:
    """Throw away the touches in order, of every version."""
    shutil.rmtree(workspace / HISTORY, ignore_errors=True)
