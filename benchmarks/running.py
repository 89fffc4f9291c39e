"""Runs tasks, each in a fresh process within bounds, the sides of a comparison by turns."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.comparisons import COMPARISONS, GROWTH, GROWTH_NEEDS, Side
from benchmarks.journal import Journal, Key
from benchmarks.machine import makers
from benchmarks.options import ROOT, Options

LONGEST = 4 * 3600
THREAD_BOUNDS = (
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "ONEFUNNEL_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "TOKIO_WORKER_THREADS",
)


@dataclass(frozen=True)
class Job:
    """A side to be measured at a size, in a round."""

    side: Side
    touches: int
    round: int

    @property
    def key(self) -> Key:
        """What it is kept under: two comparisons that ask for the same measurement share it."""
        return Key(self.side.task, self.touches, self.round)


def jobs(options: Options) -> Iterator[tuple[int, tuple[str, ...], list[Job]]]:
    """What is to be measured: a size, the data that it needs, and the jobs in their order."""
    for touches in sorted({*options.touches, *options.growth}):
        for comparison in COMPARISONS:
            if touches in options.touches and options.wanted(comparison.name):
                rounds = range(options.repeat)
                turns = [Job(side, touches, r) for r in rounds for side in comparison.sides]
                yield touches, comparison.needs, turns
        if touches in options.growth and options.wanted("growth"):
            yield touches, GROWTH_NEEDS, [Job(side, touches, 0) for side in GROWTH]


def run(
    options: Options, journal: Journal, peers: Callable[[], Path], say: Callable[[str], None]
) -> None:
    """Measure what is not in the journal yet; ``peers`` gives the interpreter of the peers."""
    for touches, needs, wanted in jobs(options):
        missing = unmeasured(wanted, journal)
        if not missing:
            continue
        remove_outdated(_folder(options, touches), options.keep_data)
        for need in needs:
            say(f"{touches:,} touches: data for {need}")
            made = work(f"benchmarks.making:{need}", touches, options, Path(sys.executable))
            if "failed" in made:
                raise SystemExit(f"The data could not be made.\n{made['failed']}")
        for job in missing:
            interpreter = peers() if job.side.peers else Path(sys.executable)
            found = work(job.side.task, touches, options, interpreter)
            journal.add(job.key, found)
            say(f"{touches:,} touches, round {job.round + 1}: {job.side.name}: {told(found)}")


def remove_outdated(folder: Path, keep_workspaces: bool) -> None:
    """Remove data that other code has made: how a ledger is written is part of what is measured.

    The simulated company stays as long as the simulator is the same.
    """
    stamp = folder / "made-by.json"
    made_by, wanted = json.loads(stamp.read_text()) if stamp.exists() else {}, makers()
    same_company = made_by.get("companies") == wanted["companies"]
    if same_company and (keep_workspaces or made_by == wanted):
        return
    for path in folder.glob("*"):
        if path.name != "csv" or not same_company:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps(wanted), encoding="utf-8")


def _folder(options: Options, touches: int) -> Path:
    return options.folder / "data" / str(touches)


def unmeasured(wanted: Iterable[Job], journal: Journal) -> list[Job]:
    """The jobs of every round in which something is missing: sides are compared round by round."""
    jobs_ = list(wanted)
    incomplete = {job.round for job in jobs_ if job.key not in journal.found}
    return [job for job in jobs_ if job.round in incomplete]


def told(found: dict[str, Any]) -> str:
    """A measurement in a few words."""
    if "failed" in found:
        return f"failed: {reason(found['failed'])}"
    return f"{found['seconds']:.2f} s, {found['peak_bytes'] / 1e9:.2f} GB"


def work(task: str, touches: int, options: Options, interpreter: Path) -> dict[str, Any]:
    """Run a task in a process of its own; a failure is what the process said last."""
    folder = _folder(options, touches)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        result = Path(beside, "result.json")
        started = time.monotonic()
        bounds = (options.threads, options.memory)
        command = [interpreter, "-m", "benchmarks.worker", task, folder, touches, *bounds, result]
        done = _process(command, bounded(options))
        if not result.exists():
            return {"failed": done, "after": time.monotonic() - started}
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def bounded(options: Options) -> dict[str, str]:
    """The environment of a worker: every library that we know keeps to the threads."""
    bounds = dict.fromkeys(THREAD_BOUNDS, str(options.threads))
    return {**os.environ, **bounds, "ONEFUNNEL_MEMORY": options.memory}


def _process(command: list[Any], environment: dict[str, str]) -> str:
    """Run to the end; gives the end of what was said on standard error."""
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"It took longer than {LONGEST} s."
    said = "\n".join(done.stderr.strip().splitlines()[-40:])
    return said or f"It ended with status {done.returncode}."


def reason(failure: str) -> str:
    """The line of a failure that says most.

    >>> reason("Traceback …\\n  raise\\nduckdb.ParserException: no\\n\\nLINE 1: …\\n   ^^^")
    'duckdb.ParserException: no'
    """
    lines = failure.splitlines()
    named = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return (named or lines)[-1][:200]
