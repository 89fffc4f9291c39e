"""Scratch folders: room to spill, gone with their owner, and swept when the owner was killed."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def scratch_folder(root: Path) -> Iterator[Path]:
    """A folder of one's own below ``root``, held by a lock beside it while it is in use."""
    root.mkdir(exist_ok=True)
    folder = root / uuid.uuid4().hex
    lock = FileLock(f"{folder}.lock")
    with lock:
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            Path(lock.lock_file).unlink(missing_ok=True)


def sweep_scratch(root: Path) -> None:
    """Remove the folders whose owner is gone: their lock is free."""
    if not root.is_dir():
        return
    for folder in [each for each in root.iterdir() if each.is_dir()]:
        lock = FileLock(f"{folder}.lock", timeout=0)
        try:
            with lock:
                shutil.rmtree(folder, ignore_errors=True)
                Path(lock.lock_file).unlink(missing_ok=True)
        except Timeout:
            continue
