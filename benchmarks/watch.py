"""A stopwatch for one section of a process: wall time, CPU time, peak memory, and its parts."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

_USE = """
import mmap, sys
memory = mmap.mmap(-1, int(sys.argv[1]), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
hasattr(mmap, "MADV_HUGEPAGE") and memory.madvise(mmap.MADV_HUGEPAGE)
for place in range(0, len(memory), 4096):
    memory[place] = 1
"""
"""Python that writes to each page of so many bytes."""


@dataclass
class Watch:
    """What was measured; everything in seconds but ``peak_bytes``.

    ``prepared`` went by before the section: imports, opening, warm-up of compiled code. ``parts``
    lie within ``seconds``. ``apart`` was inside the section too, but is taken off ``seconds`` and
    ``cpu_seconds``: work that the comparison is not about. Before the section so many bytes are
    ``used_before``: see :func:`use_memory`.
    """

    used_before: int = 0
    prepared: float = 0.0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    parts: dict[str, float] = field(default_factory=dict)
    apart: dict[str, float] = field(default_factory=dict)
    _made: float = field(default_factory=lambda: time.perf_counter())
    _cpu_apart: float = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """The section that counts. Peak memory is the whole process's until its end."""
        self.prepared = time.perf_counter() - self._made
        use_memory(self.used_before)
        started, cpu = time.perf_counter(), cpu_seconds()
        yield
        self.seconds = time.perf_counter() - started - sum(self.apart.values())
        self.cpu_seconds = cpu_seconds() - cpu - self._cpu_apart
        self.peak_bytes = peak_bytes()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """A named part of the section; entered again, its times add up."""
        started = time.perf_counter()
        yield
        self.parts[name] = self.parts.get(name, 0.0) + time.perf_counter() - started

    @contextmanager
    def left_out(self, name: str) -> Iterator[None]:
        """Work inside the section that the comparison is not about."""
        started, cpu = time.perf_counter(), cpu_seconds()
        yield
        self.apart[name] = self.apart.get(name, 0.0) + time.perf_counter() - started
        self._cpu_apart += cpu_seconds() - cpu

    def found(self) -> dict[str, Any]:
        """All of it, to be written as JSON."""
        return {name: value for name, value in asdict(self).items() if not name.startswith("_")}


def use_memory(size: int) -> None:
    """Use so many bytes in a process that ends, so that none of the sides is the first to.

    The host of a virtual machine may take back what is free for some seconds. Then the first use of
    a gigabyte costs two seconds of processor time, and the second a sixth of one: the host's time,
    that falls to whoever comes first. Used in large pages where there are such, for there large
    arrays lie.
    """
    if size:
        subprocess.run([sys.executable, "-c", _USE, str(size)], check=True)


def cpu_seconds() -> float:
    """User and system time of this process, all threads, and of its finished children."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_bytes() -> int:
    """The most memory this process has held at once."""
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
