"""Tasks for the worker of the benchmarks, in a module that is loaded quickly."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.data import Data
    from benchmarks.watch import Watch


def sleeps(data: Data, watch: Watch) -> list[int]:
    """Takes a twentieth of a second."""
    with watch.measured():
        time.sleep(0.05)
    return [data.touches]


def breaks(data: Data, watch: Watch) -> None:
    """Fails."""
    raise ValueError(f"no {data.touches}")


def hoards(data: Data, watch: Watch) -> None:
    """Takes more and more memory."""
    held = []
    while True:
        held.append(b"x" * 10_000_000)
        time.sleep(0.01)


def runs_out(data: Data, watch: Watch) -> None:
    """Gets no more memory."""
    raise MemoryError("no more")
