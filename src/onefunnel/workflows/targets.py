"""Where something is to be written: checked before the work, so that none is done in vain."""

import os
from pathlib import Path

from onefunnel.errors import NotAWorkspace, UsageError


def check_new_folder(path: Path, remedy: str = "Name a new folder.") -> None:
    """Raise NotAWorkspace unless a workspace can be made at the path: it is new, or empty."""
    if path.is_dir():
        if any(path.iterdir()):
            raise NotAWorkspace(f"{path} is not empty.", remedy=remedy)
        return
    for each in (path, *path.parents):
        if each.exists() and not each.is_dir():
            raise NotAWorkspace(f"{each} is a file.", remedy=remedy)


def check_new_file(path: Path) -> None:
    """Raise UsageError unless a file can be written at the path; one that is there is replaced."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", remedy="Name a file.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", remedy="Make it, or name another.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"Nothing can be written at {path}.", remedy="Check the permissions.")
