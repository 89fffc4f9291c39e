"""Runs one task in this process and writes what was measured as JSON.

    python -m benchmarks.worker benchmarks.ours:funnel FOLDER TOUCHES THREADS MEMORY RESULT

A task is a function of :class:`benchmarks.data.Data` and :class:`benchmarks.watch.Watch` that
gives its answer as something JSON can hold; equal answers have equal digests.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.agreement import credits_in
from benchmarks.data import Data
from benchmarks.watch import Watch

USED_A_TOUCH = 80
"""Bytes that are used before each measurement, for each touch, where so many are free."""


def main(arguments: list[str]) -> None:
    """Run the named task."""
    name, folder, touches, threads, memory, result = arguments
    bind(int(threads))
    yield_first()
    watch = Watch(min(USED_A_TOUCH * int(touches), free_bytes() // 2))
    answer = task(name)(Data(Path(folder), int(touches), int(threads), memory), watch)
    found = {**watch.found(), "digest": digest(answer), "answer": shown(answer)}
    if credits := credits_in(answer):
        found["credits"] = credits
    Path(result).write_text(json.dumps(found), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # what engines do while they end is nobody's measurement


def task(name: str) -> Any:
    """The function of ``module:function``."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def bind(threads: int) -> None:
    """Stay on so many cores, where the system lets us: the bound that no library can overlook."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def free_bytes() -> int:
    """The memory that nobody uses; 0 where the system does not say."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def yield_first() -> None:
    """Be the first that the system ends when memory is short, where it can be told."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def digest(answer: Any) -> str:
    """The same for equal answers.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    text = json.dumps(answer, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shown(answer: Any, most: int = 200) -> str:
    """The answer, shortened, for whoever asks why two digests differ."""
    text = json.dumps(answer, sort_keys=True, default=str)
    return text if len(text) <= most else f"{text[:most]}…"


if __name__ == "__main__":
    main(sys.argv[1:])
