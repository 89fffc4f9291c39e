"""The peers' own environment, installed from ``peers.lock`` when it is first needed."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from pathlib import Path

from benchmarks.options import ROOT

LOCK = ROOT / "benchmarks" / "peers.lock"
INSTALL = ROOT / "benchmarks" / "install-peers.sh"


@cache
def interpreter(folder: Path) -> Path:
    """The Python of the environment in a folder; made anew when the lock is another one.

    Ends the process when the installation fails: without peers there is nothing to compare.
    """
    stamp = folder / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        installed = subprocess.run(["bash", str(INSTALL), str(folder.absolute())], check=False)
        if installed.returncode:
            raise SystemExit("The peers could not be installed; see above.")
        stamp.write_text(wanted, encoding="utf-8")
    return folder / "bin" / "python"
