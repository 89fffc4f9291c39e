"""The one workspace that this process serves, with its settings as they stand now."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from onefunnel import bootstrap, settings
from onefunnel.errors import SystemFailed
from onefunnel.web.site.secrets import Secrets, read_or_make
from onefunnel.workflows.workspace import Workspace


@dataclass
class _Served:
    path: Path | None = None
    within: bool = False


_served = _Served()


def serve(path: Path) -> None:
    """Have this process serve the workspace in a folder."""
    _served.path = path.resolve()
    secrets.cache_clear()
    _opened.cache_clear()


def keep_within(within: bool) -> None:
    """Say whether only this machine can reach the site; processes made from this one know it."""
    _served.within = within


def is_within() -> bool:
    """Whether only this machine can reach the site."""
    return _served.within


def path() -> Path:
    """The folder of the workspace."""
    if _served.path is None:
        raise SystemFailed("No workspace is served.", remedy="Start with: onefunnel serve FOLDER")
    return _served.path


def workspace() -> Workspace:
    """The workspace; its settings are read again when their file changed."""
    folder = path()
    changed = (folder / settings.FILE_NAME).stat().st_mtime_ns
    return _opened(folder, changed)


@cache
def secrets() -> Secrets:
    """The secrets of the server."""
    return read_or_make(path())


@cache
def _opened(folder: Path, changed: int) -> Workspace:
    return bootstrap.open_workspace(folder)
