"""A PostgreSQL server of the tests' own, thrown away at the end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.find import REMEDY, postgres_folder

USER = "onefunnel"
DATABASE = "postgres"

# Nothing here outlives the tests, so nothing is forced to the disk; and questions of a few rows are
# not worth compiling code for, whatever they are estimated to cost.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "50",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a running PostgreSQL with an empty database, collation C.

    A test that leaves tables behind gives them a schema of its own.
    """
    with throwaway_cluster() as url:
        yield url


@contextmanager
def throwaway_cluster() -> Iterator[str]:
    """Start a new cluster in a temporary folder; yield its URL; stop and remove it."""
    home = Path(tempfile.mkdtemp(prefix="onefunnel-postgres-"))
    password = secrets.token_hex(16)
    port = _free_port()
    try:
        _initialise(home, password)
        _pg_ctl(home, "start", "--log", str(home / "log"), "--options", _options(home, port))
        try:
            yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"
        finally:
            _pg_ctl(home, "stop", "--mode", "immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _initialise(home: Path, password: str) -> None:
    password_file = home / "password"
    password_file.write_text(password)
    if os.geteuid() == 0:
        server_user = _server_user()
        for path in (home, password_file):
            os.chown(path, server_user.pw_uid, server_user.pw_gid)
    _run(
        "initdb",
        f"--pgdata={home / 'data'}",
        f"--username={USER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    )


def _options(home: Path, port: int) -> str:
    settings = {**SETTINGS, "port": port, "unix_socket_directories": home}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _pg_ctl(home: Path, action: str, *arguments: str) -> None:
    _run("pg_ctl", action, f"--pgdata={home / 'data'}", "--wait", "--timeout=60", *arguments)


def _run(program: str, *arguments: str) -> None:
    """Run one of the server's programs, as its own user where we are root: initdb refuses root."""
    command = [str(postgres_folder() / program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", _server_user().pw_name, "--", *command]
    # The server inherits the output: a pipe would stay open for as long as it runs.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode != 0:
            output.seek(0)
            pytest.fail(f"{program} ended with {done.returncode}:\n{output.read()}", pytrace=False)


def _server_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        pytest.fail(
            "PostgreSQL does not run as root, and there is no user 'postgres' to run it as. "
            + REMEDY,
            pytrace=False,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
