"""Runs tasks, each in a fresh process within bounds, the sides of a comparison by turns."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.comparisons import COMPARISONS, GB, GROWTH, GROWTH_NEEDS, Bounds, Side
from benchmarks.journal import Journal, Key
from benchmarks.machine import makers
from benchmarks.options import ROOT, Options

LONGEST = 4 * 3600
LOOKED_AFTER = 0.2
"""Every so many seconds it is seen whether a process keeps within its bounds."""
MADE_BY = {"csv": "companies", "attribution": "walks"}
"""What makes the data of a name; anything else is made by what fills workspaces."""
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
                turns = [
                    Job(side, touches, r)
                    for r in rounds
                    for side in comparison.sides
                    if r == 0 or not side.once
                ]
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
            found = beyond_before(job, journal)
            if found is None:
                interpreter = peers() if job.side.peers else Path(sys.executable)
                found = work(job.side.task, touches, options, interpreter, job.side.bounds)
            journal.add(job.key, found)
            say(f"{touches:,} touches, round {job.round + 1}: {job.side.name}: {told(found)}")


def remove_outdated(folder: Path, keep_workspaces: bool) -> None:
    """Remove data that other code has made: how a ledger is written is part of what is measured.

    The simulated company and the walks stay as long as what makes them is the same.
    """
    stamp = folder / "made-by.json"
    made_by, wanted = json.loads(stamp.read_text()) if stamp.exists() else {}, makers()
    same = {maker: made_by.get(maker) == code for maker, code in wanted.items()}
    if keep_workspaces and same["companies"]:
        same["workspaces"], wanted["workspaces"] = True, made_by.get("workspaces", "")
    if all(same.values()):
        return
    for path in folder.glob("*"):
        if not same[MADE_BY.get(path.name, "workspaces")]:
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


def beyond_before(job: Job, journal: Journal) -> dict[str, Any] | None:
    """The failure of a side that was beyond its bounds at this size or a smaller one, if it was."""
    sizes = {
        key.touches: each
        for key, each in journal.found.items()
        if key.task == job.side.task and each.get("beyond") and key.touches <= job.touches
    }
    if not sizes:
        return None
    least = min(sizes)
    said = sizes[least]["failed"]
    if least < job.touches:
        said = f"At {least:,} touches: {said}"
    return {"failed": said, "beyond": True}


def told(found: dict[str, Any]) -> str:
    """A measurement in a few words."""
    if "failed" in found:
        return f"failed: {reason(found['failed'])}"
    return f"{found['seconds']:.2f} s, {found['peak_bytes'] / 1e9:.2f} GB"


def work(
    task: str,
    touches: int,
    options: Options,
    interpreter: Path,
    bounds: Bounds | None = None,
) -> dict[str, Any]:
    """Run a task in a process of its own; a failure is what the process said last.

    ``beyond`` says that it failed because it went beyond the bounds that it was given.
    """
    folder = _folder(options, touches)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        result = Path(beside, "result.json")
        started = time.monotonic()
        within = (options.threads, options.memory)
        command = [interpreter, "-m", "benchmarks.worker", task, folder, touches, *within, result]
        said, beyond = _process(command, bounded(options), bounds)
        if not result.exists():
            failed = {"failed": said, "after": time.monotonic() - started}
            return {**failed, "beyond": True} if beyond else failed
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def bounded(options: Options) -> dict[str, str]:
    """The environment of a worker: every library that we know keeps to the threads."""
    bounds = dict.fromkeys(THREAD_BOUNDS, str(options.threads))
    return {**os.environ, **bounds, "ONEFUNNEL_MEMORY": options.memory}


def _process(
    command: list[Any], environment: dict[str, str], bounds: Bounds | None
) -> tuple[str, bool]:
    """Run to the end; gives the end of what was said on standard error, and if it was too much."""
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        child = subprocess.Popen(
            list(map(str, command)),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            beyond = _beyond(child, bounds)
        finally:
            child.kill()
            child.wait()
        errors.seek(0)
        said = "\n".join(errors.read().strip().splitlines()[-40:])
    if beyond:
        return beyond, bounds is not None
    out_of_memory = child.returncode == -signal.SIGKILL or "MemoryError" in reason(said or " ")
    said = said or f"It ended with status {child.returncode}."
    return said, bounds is not None and out_of_memory


def _beyond(child: subprocess.Popen[bytes], bounds: Bounds | None) -> str | None:
    """Wait until a process ends; or say which bound it broke, if it has to be ended."""
    longest = bounds.seconds if bounds else LONGEST
    ends = time.monotonic() + longest
    while time.monotonic() < ends:
        try:
            child.wait(LOOKED_AFTER if bounds else longest)
        except subprocess.TimeoutExpired:
            if bounds and held(child.pid) > bounds.memory:
                return f"It took more than {bounds.memory / GB:g} GB."
        else:
            return None
    return f"It took longer than {longest} s."


def held(process: int) -> int:
    """The bytes that a process holds in memory; 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def reason(failure: str) -> str:
    """The line of a failure that says most.

    >>> reason("Traceback …\\n  raise\\nduckdb.ParserException: no\\n\\nLINE 1: …\\n   ^^^")
    'duckdb.ParserException: no'
    """
    lines = failure.splitlines()
    named = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return (named or lines)[-1][:200]
