"""The demonstration that is only built, and people from the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.cli import listening

from .conftest import Run


@pytest.mark.long
def test_a_report_of_the_demonstration(run: Run, tmp_path: Path) -> None:
    folder, report = tmp_path / "company-x", tmp_path / "report.html"
    said = run("demo", folder, "--report", report)
    assert (said.status, said.out) == (0, "")
    assert f"Report: {report}" in said.err
    assert "Company X" in report.read_text("utf-8")
    again = run("demo", folder, "--no-serve")  # it is there: it is taken as it is
    assert (again.status, "Building" in again.err) == (0, False)
    head = (folder / "ledger/head.json").read_text()
    assert '"version": 1' in head


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own: a process serves one workspace."""
    command = [sys.executable, "-m", "onefunnel", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=250)


def test_work_that_can_not_tell_how_far_it_is_says_what_it_does() -> None:
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    from onefunnel.cli.progress import Steps

    shown = Progress(TextColumn("{task.description} {task.total}"), console=Console(width=80))
    steps = Steps(shown)
    steps.step("records", 0, 10)
    steps.step("import", 1, 10)
    assert [(each.description, each.total) for each in shown.tasks] == [("import", None)]


def test_a_link_for_who_is_locked_out(tmp_path: Path) -> None:
    firm = bootstrap.init_workspace(tmp_path / "firm").path
    listed = call("people", firm, "list")
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "Nobody signs in yet.\n")
    made = call("people", firm, "invite", "--role", "analyst", "--port", 8123)
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"http://127\.0\.0\.1:8123/enter/link/[\w-]{20,}/\n", made.stdout)
    code = (
        "import sys; from pathlib import Path\n"
        "from onefunnel.web.site.setup import configure\n"
        "configure(Path(sys.argv[1]))\n"
        "from onefunnel.web.pages.first import links\n"
        "found = links.find(sys.argv[2].rstrip('/').rpartition('/')[2])\n"
        "print(found.role)\n"
    )
    opened = subprocess.run(
        [sys.executable, "-c", code, str(firm), made.stdout.strip()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert opened.stdout == "analyst\n", opened.stderr


def test_where_others_may_come_is_warned_of() -> None:
    assert listening.warning("127.0.0.1", "") == ""
    assert listening.warning("0.0.0.0", "https://funnel.example") == ""
    assert "in the clear" in listening.warning("0.0.0.0", "http://funnel.example")
    assert listening.base_address("::1", 8000, "") == "http://[::1]:8000"
    assert listening.base_address("0.0.0.0", 80, "http://a.example/") == "http://a.example"
