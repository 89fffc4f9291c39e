"""``onefunnel serve`` and ``demo`` as processes: what they survive, leave and say."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from filelock import FileLock

from onefunnel import bootstrap
from tests.web.served import Served, serving

SECONDS = 300
NAME, ADDRESS, PASSWORD = "Ruxandra Vântu", "ruxandra@vantu.example", "nine herons at dusk"


def until(true: Callable[[], Any], what: str) -> Any:
    """What ``true`` gives once it gives something."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {SECONDS} seconds: {what}")


def well(base: str) -> bool:
    try:
        with urlopen(f"{base}/health", timeout=5) as answer:
            return bool(json.load(answer)["well"])
    except (OSError, HTTPError):
        return False


def processes(folder: Path) -> dict[int, str]:
    """Processes that serve a folder, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(folder) in line:
                found[int(entry.name)] = line
    return found


def worker_of(folder: Path) -> int | None:
    return next((pid for pid, line in processes(folder).items() if "jobs.worker" in line), None)


def log_of(served: Served) -> Path:
    return served.workspace.parent / f"{served.workspace.name}-served.log"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A new workspace, served."""
    with serving(tmp_path_factory.mktemp("new") / "firm") as served:
        yield served


def test_a_killed_worker_is_started_again(served: Served) -> None:
    log = log_of(served)
    until(lambda: log.read_text().count("worker ready") == 1, "a worker at work")
    first = until(lambda: worker_of(served.workspace), "a worker")
    os.kill(first, signal.SIGKILL)
    second = until(lambda: (worker_of(served.workspace) or first) != first, "another worker")
    assert second
    until(lambda: log.read_text().count("worker ready") == 2, "the other worker at work")
    assert well(served.base)


FORKED = """
import os, threading
from onefunnel.web.site.serving import STARTING

def fork():
    child = os.fork()
    if child:
        forked.append(os.waitpid(child, 0)[1])
    else:
        STARTING.acquire()  # it is free here, too
        os._exit(0)

forked = []
with STARTING:
    other = threading.Thread(target=fork)
    other.start()
    other.join(1)
    print(forked)
other.join(60)
print(forked)
"""


def test_nothing_is_forked_while_the_worker_is_started() -> None:
    """What is forked then would keep the worker's end from being seen."""
    run = [sys.executable, "-c", FORKED]
    done = subprocess.run(run, capture_output=True, text=True, timeout=SECONDS, check=True)
    assert done.stdout.splitlines() == ["[]", "[0]"]


def test_logs_are_json_and_tell_of_nobody(served: Served) -> None:
    from http.cookiejar import CookieJar
    from urllib.parse import urlencode
    from urllib.request import HTTPCookieProcessor, build_opener

    browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def token(page: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        return found[1]

    door = browser.open(served.way_in).read().decode()
    joined = {"name": NAME, "email": ADDRESS, "password": PASSWORD}
    form = {**joined, "csrfmiddlewaretoken": token(door)}
    browser.open(served.way_in, urlencode(form).encode())
    with pytest.raises(HTTPError):
        browser.open(f"{served.base}/no/{ADDRESS}/?q=Ruxandra")
    with pytest.raises(HTTPError):
        urlopen(Request(f"{served.base}/health", headers={"Host": ADDRESS}), timeout=5)
    with socket.create_connection(("127.0.0.1", int(served.base.rpartition(":")[2]))) as raw:
        raw.sendall(f"GET /{ADDRESS} {ADDRESS}\r\n\r\n".encode())  # no request at all
        assert b"400" in raw.recv(1000)
    wrong = {"login": ADDRESS, "password": "Ruxandra was here"}
    sign_in = build_opener(HTTPCookieProcessor(CookieJar()))
    page = sign_in.open(f"{served.base}/enter/login/").read().decode()
    form = {**wrong, "csrfmiddlewaretoken": token(page)}
    sign_in.open(f"{served.base}/enter/login/", urlencode(form).encode())

    said = log_of(served).read_text()
    secret = served.way_in.rstrip("/").rpartition("/")[2]
    own = [line for line in said.splitlines() if not line.startswith(("onefunnel:", "Stop with"))]
    assert len([json.loads(line) for line in own]) > 4
    for told in ("ruxandra", "vântu", "vantu", "herons", secret):
        assert told.lower() not in "\n".join(own).lower(), told


def test_a_taken_port_is_told(served: Served, tmp_path: Path) -> None:
    port = served.base.rpartition(":")[2]
    said = refused(tmp_path / "other", "--port", port)
    assert f"Nothing can listen on 127.0.0.1:{port}" in said
    assert "--port" in said


def test_others_are_served_under_a_name_only(tmp_path: Path) -> None:
    said = refused(tmp_path / "firm", "--host", "0.0.0.0")
    assert '[server] url = "https://funnel.example"' in said


def test_a_workspace_of_a_later_release_is_refused(tmp_path: Path) -> None:
    made = bootstrap.init_workspace(tmp_path / "firm")
    (made.ledger / "head.json").write_text('{"schema_version": 99, "tables": {}}')
    assert "later release" in refused(made.path)


def test_a_database_of_a_later_release_is_refused(tmp_path: Path) -> None:
    made = bootstrap.init_workspace(tmp_path / "firm")
    code = (
        "import sys; from pathlib import Path\n"
        "from onefunnel.web.site.setup import configure, migrate\n"
        "configure(Path(sys.argv[1])); migrate()\n"
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "from django.db import connection\n"
        "MigrationRecorder(connection).record_applied('store', '9999_later')\n"
    )
    subprocess.run([sys.executable, "-c", code, str(made.path)], check=True)
    assert "later release" in refused(made.path)


def refused(workspace: Path, *arguments: str) -> str:
    """What ``onefunnel serve`` says that ends at once, being called wrongly."""
    command = [sys.executable, "-m", "onefunnel", "serve", str(workspace), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 2, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "told_by",
    [
        pytest.param(signal.SIGINT, marks=pytest.mark.crash),
        pytest.param(signal.SIGTERM, marks=pytest.mark.crash),
        signal.SIGKILL,
    ],
)
def test_no_process_is_left(tmp_path: Path, told_by: signal.Signals) -> None:
    """However the server ends; told to, it ends well, and killed, the others notice."""
    folder = tmp_path / "firm"
    log = tmp_path / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "onefunnel", "serve", str(folder), "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(command, stderr=out, start_new_session=True)
    try:
        until(lambda: well(f"http://127.0.0.1:{port}"), "it is well")
        process.send_signal(told_by)
        ended = process.wait(SECONDS)
        assert ended == (-signal.SIGKILL if told_by is signal.SIGKILL else 0), log.read_text()
        until(lambda: not processes(folder), f"all ended: {processes(folder)}")
    finally:
        for pid in processes(folder):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("another", [False, True])
def test_a_worker_whose_keeper_was_killed_before_it_began_ends(
    tmp_path: Path, another: bool
) -> None:
    """It does not take who inherits it for its keeper, and waits for no other worker's end."""
    made = bootstrap.init_workspace(tmp_path / "firm")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(SECONDS)
    command = [sys.executable, "-m", "onefunnel.web.jobs.worker", str(made.path), str(gone.pid)]
    with FileLock(made.path / "worker.lock") if another else nullcontext():
        done = subprocess.run(command, timeout=SECONDS / 5, check=False)
    assert done.returncode == 0


def test_a_worker_that_waits_for_another_ends_when_it_is_told_to(tmp_path: Path) -> None:
    made, log = bootstrap.init_workspace(tmp_path / "firm"), tmp_path / "log"
    command = [sys.executable, "-m", "onefunnel.web.jobs.worker", str(made.path), str(os.getpid())]
    with (
        FileLock(made.path / "worker.lock"),
        log.open("w") as out,
        subprocess.Popen(command, stderr=out) as waiting,
    ):
        until(lambda: "another worker is at work" in log.read_text(), "it waits")
        waiting.terminate()
        assert waiting.wait(SECONDS / 5) == 0


def test_the_demonstration_opens_signed_in_and_goes_when_it_is_stopped(tmp_path: Path) -> None:
    from http.cookiejar import CookieJar
    from urllib.request import HTTPCookieProcessor, build_opener

    log = tmp_path / "log"
    command = [sys.executable, "-m", "onefunnel", "demo", "--no-open"]
    with log.open("w") as out:
        process = subprocess.Popen(command, stderr=out, start_new_session=True)
    try:
        until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, "it serves")
        found = re.search(r"onefunnel: (http\S+)", log.read_text())
        assert found is not None, log.read_text()
        folder = Path(re.search(r"Workspace: (\S+)", log.read_text())[1])  # type: ignore[index]
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        page = until(lambda: _opened(browser, found[1]), "its first page")
        assert "Ana Ionescu" in page and "This is the sample company." in page
        assert 'class="waiting"' not in page  # worked out before anybody looks
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0, log.read_text()
        until(lambda: not processes(folder), "all ended")
        assert not folder.exists()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _opened(browser: Any, address: str) -> str:
    try:
        return str(browser.open(address, timeout=30).read().decode())
    except OSError:
        return ""
