"""A real server: ``onefunnel serve`` in processes of its own, on a free port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.vocabulary import Role
from onefunnel.workflows.backups import make
from onefunnel.workflows.importing import import_paths
from tests.web.site import PASSWORD, fill

SECONDS = 60
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of the second factor that HR has."""


@dataclass(frozen=True)
class Served:
    """A server: its address, and the way in for the first person (empty: people exist)."""

    base: str
    way_in: str
    workspace: Path


@contextmanager
def serving(workspace: Path, *arguments: str) -> Iterator[Served]:
    """Serve a workspace until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "onefunnel", "serve", str(workspace), "--port", str(port)]
    log = workspace.parent / f"{workspace.name}-served.log"
    with log.open("w") as out:
        process = subprocess.Popen([*command, *arguments], stderr=out, start_new_session=True)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_well(base, process, log)
        link = re.search(r"onefunnel: (http\S+)", log.read_text())
        assert link is not None
        yield Served(base, link[1] if "/enter/link/" in link[1] else "", workspace)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_well(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{base}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The server did not come up:\n{log.read_text()}")


@pytest.fixture(scope="session")
def company_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Company X served, with the cast, who all have the password PASSWORD.

    Two rows wait in the quarantine, and there is a backup.
    """
    root = tmp_path_factory.mktemp("served")
    workspace = bootstrap.init_workspace(root / "company-x", name="Company X", country="RO")
    fill(workspace, root / "files")
    unread = root / "unread" / "lead.csv"
    unread.parent.mkdir()
    unread.write_text("lead_id,created_at,channel\nZ1,yesterday,fair\nZ2,tomorrow,fair\n")
    import_paths(workspace, [unread], silent)
    make(workspace)
    people = "from tests.web.served import people; import sys; people(sys.argv[1])"
    subprocess.run([sys.executable, "-c", people, str(workspace.path)], check=True)
    with serving(workspace.path) as served:
        yield served


def people(workspace: str) -> None:
    """Make the cast in a workspace's database; called in a process of its own.

    HR has the second factor, with the secret SECRET.
    """
    from onefunnel.web.site.setup import configure, migrate

    configure(Path(workspace))
    migrate()
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    from tests.web.site import make_cast

    careful = make_cast(PASSWORD)[Role.HR]
    TOTP.activate(careful, SECRET)
    RecoveryCodes.activate(careful)
