"""What a run depends on: the machine, the versions, and the code that is measured."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.options import ROOT

LOCKS = {"requirements.lock": ("duckdb", "deltalake", "ibis-framework", "pyarrow", "numba")}
PEERS_LOCK = "benchmarks/peers.lock"
PEERS = (
    "chdb",
    "polars",
    "channelattribution",
    "marketing-attribution-models",
    "do-attribution",
    "mta",
    "shapley-attribution",
)


def machine() -> dict[str, Any]:
    """Processor, cores, memory and system; no name of the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Python's and those of the locked packages that do the work."""
    found = {"Python": platform.python_version()}
    for lock, names in {**LOCKS, PEERS_LOCK: PEERS}.items():
        pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", _text(lock), flags=re.MULTILINE))
        found |= {name: pins[name] for name in names if name in pins}
    return found


def code() -> str:
    """A hash of the code that is measured and of the code that measures."""
    locks = [ROOT / "requirements.lock", ROOT / PEERS_LOCK]
    return _hash([*ROOT.glob("src/**/*.py"), *ROOT.glob("benchmarks/*.py"), *locks])


def makers() -> dict[str, str]:
    """Hashes of the code that makes the data: of companies, of walks, and of workspaces."""
    return {
        "walks": _hash([ROOT / "benchmarks" / "walks.py"]),
        "companies": _hash(ROOT.glob("src/onefunnel/simulator/**/*")),
        "workspaces": _hash([*ROOT.glob("src/**/*.py"), ROOT / "benchmarks" / "making.py"]),
    }


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", _text("/proc/cpuinfo"), flags=re.MULTILINE)
    except FileNotFoundError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _text(path: str) -> str:
    return Path(ROOT, path).read_text(encoding="utf-8")
