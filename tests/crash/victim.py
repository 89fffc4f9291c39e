"""What a test kills: a process that does one thing and dies at a named point, as by SIGKILL."""

import os
import signal
import time
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.ledger.disk import faults
from onefunnel.workflows import journaling
from onefunnel.workflows.erasing import erase_party
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.undoing import undo
from onefunnel.workflows.upkeep import compact

# A fork server imports everything once; each victim is then there at once.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.crash.victim"])

Rows = dict[str, list[dict[str, str]]]


def import_folder(workspace: Path, folder: Path) -> None:
    import_paths(bootstrap.open_workspace(workspace), [folder], silent)


def undo_batch(workspace: Path, version: int) -> None:
    undo(bootstrap.open_workspace(workspace), version)


def record(workspace: Path, requests: list[Rows], acknowledged: Path) -> None:
    """Record requests one by one; each is acknowledged in a file of its own."""
    opened = bootstrap.open_workspace(workspace)
    for request in requests:
        number = journaling.record(opened, [request])
        (acknowledged / str(number)).touch()


def drain(workspace: Path) -> None:
    journaling.drain(bootstrap.open_workspace(workspace), silent)


def fold(workspace: Path) -> None:
    compact(bootstrap.open_workspace(workspace))


def erase(workspace: Path, party: str) -> None:
    erase_party(bootstrap.open_workspace(workspace), party)


WORK = {f.__name__: f for f in (import_folder, undo_batch, record, drain, fold, erase)}


def _run(point: str | None, work: str, arguments: tuple[object, ...]) -> None:
    def die(reached: str) -> None:
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    faults.watch(die)
    WORK[work](*arguments)  # type: ignore[operator]


def start(work: str, *arguments: object, point: str | None = None) -> BaseProcess:
    """Start a victim; it dies when it reaches ``point``."""
    process = CONTEXT.Process(target=_run, args=(point, work, arguments))
    process.start()
    return process


def killed_at(point: str, work: str, *arguments: object) -> bool:
    """Run until ``point``; whether it was reached and the process killed there."""
    process = start(work, *arguments, point=point)
    process.join(120)
    return process.exitcode == -signal.SIGKILL


def killed_after(seconds: float, work: str, *arguments: object) -> bool:
    """Run and kill from outside after some time; whether it was still running then."""
    process = start(work, *arguments)
    time.sleep(seconds)
    process.kill()
    process.join(60)
    return process.exitcode == -signal.SIGKILL
