"""What is called wrongly is told with its remedy, and nothing is done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run

WRONG = [
    (("show", "{}", "funel"), "Did you mean 'funnel'?"),
    (("show", "{}", "funnel", "--by", "chanel"), "Did you mean 'channel'?"),
    (("show", "{}", "funnel", "--format", "jsn"), "Did you mean 'json'?"),
    (("show", "{}", "funnel", "--from", "2024-13-01"), "Write it as 2024-03-31."),
    (("show", "{}", "funnel", "--from", "2024-02-01", "--to", "2024-01-01"), "later --to"),
    (("show", "{}", "funnel", "--from", "0001-01-01"), "Years are 1900 to 2199"),
    (("show", "{}", "funnel", "--now", "0001-01-01T00:00:00+14:00"), "Years are 1900 to 2199"),
    (("show", "{}", "funnel", "--now", "9999-12-31T23:59:59-14:00"), "Years are 1900 to 2199"),
    (("show", "{}", "funnel", "--horizon", "0"), "1 to 36500 days"),
    (("show", "{}", "funnel", "--horizon", "99999999999"), "1 to 36500 days"),
    (("show", "{}", "funnel", "--as-of", "x"), "valid integer"),
    (("show", "{}", "funnel", "--bad"), "No such option"),
    (("show", "{}", "steps"), '--step "kind=click"'),
    (("show", "{}", "steps", "--step", "kind=clik"), "Did you mean 'click'?"),
    (("show", "{}", "steps", "--step", "chanel=search"), "Did you mean 'channel'?"),
    (("show", "{}", "steps", "--step", "click"), "Write it as kind=click"),
    (("show", "{}", "steps", "--step", "kind=click", "--within", "0"), "1 to 36500 days"),
    (("show", "{}", "funnel", "--step", "kind=click"), "Ask 'steps'."),
    (("rows", "{}", "steps", "--step", "kind=click", "--where", "step=2"), "Valid: 1."),
    (("show",), "Missing"),
    (("shew", "{}"), "No such command"),
    (("init", "{}"), "not empty"),
    (("init", "{}/onefunnel.toml"), "is a file"),
    (("init", "{}/onefunnel.toml/x"), "is a file"),
    (("init", "{}/new", "--currency", "EUX"), "Did you mean"),
    (("init", "{}/new", "--timezone", "Europe/Bucarest"), "'Europe/Bucharest'"),
    (("init", "{}/new", "--country", "Romania"), "such as RO"),
    (("show", "{}/ledger", "funnel"), "onefunnel init"),
    (("show", "{}/onefunnel.toml", "funnel"), "onefunnel init"),
    (("unlink", "{}", "P1", "emial", "a@b.c"), "Did you mean 'email'?"),
    (("unlink", "{}", "", "email", "a@b.c"), "empty"),
    (("erase", "{}", "nobody"), "No party 'nobody'"),
    (("backup", "{}", "{}/onefunnel.toml"), "exists already"),
    (("backup", "{}", "{}/no/such/b.zip"), "There is no folder"),
    (("report", "{}", "--output", "{}/no/report.html"), "There is no folder"),
    (("report", "{}", "--output", "{}/report.pdf"), "FILE.html"),
    (("quarantine", "{}", "--export", "{}"), "is a folder"),
    (("quarantine", "{}", "--table", "led"), "Did you mean 'lead'?"),
    (("people", "{}", "invte"), "Did you mean 'invite'?"),
    (("people", "{}", "invite", "--role", "directr"), "Did you mean 'director'?"),
    (("demo", "{}", "--no-serve"), "holds no demonstration"),
    (("demo", "{}/new", "--no-serve", "--language", "de"), "Valid: en, fa, ro, ru, vi."),
    (("demo", "{}/new", "--report", "{}/no/report.html"), "There is no folder"),
    (("serve", "{}", "--host", "0.0.0.0"), "[server] url"),
    (("serve", "{}", "--host", "no.such.host.invalid"), "[server] url"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_wrong_use_is_told(run: Run, firm: Path, arguments: tuple[str, ...], told: str) -> None:
    said = run(*(each.format(firm) for each in arguments))
    assert (said.status, said.out) == (2, "")
    assert told in said.err


def test_names_with_brackets_are_no_markup(run: Run, tmp_path: Path) -> None:
    said = run("init", tmp_path / "a [/b] عربی")
    assert said.status == 0
    assert "[/b] عربی" in said.err


MISTAKES = [
    ('currency = "EUR"', 'curency = "EUR"', "line 3, column 'curency'", "'currency'"),
    ('currency = "EUR"', 'currency = "EUX"', "line 3, column 'currency'", "Did you mean"),
    ('currency = "EUR"', "currency = 5", "line 3, column 'currency'", "a text"),
    ("threads = 0", 'threads = "two"', "line 11, column 'threads'", "whole number"),
    ("threads = 0", "threads = -1", "line 11, column 'threads'", "whole number"),
    ('memory = "2GB"', 'memory = "lots"', "column 'memory'", '"4GB"'),
    ("lock_seconds = 3600", "lock_seconds = true", "column 'lock_seconds'", "whole number"),
    ("[engine]", "[engin]", "column 'engin'", "'engine'"),
    ("[engine]", "[engine", "line 9", "not TOML"),
    ('timezone = "UTC"', 'timezone = "Mars"', "column 'timezone'", "no time zone"),
    ("workspace_id = ", "# ", "column 'workspace_id'", "not there"),
]


@pytest.mark.parametrize(("right", "wrong", "place", "told"), MISTAKES)
def test_a_mistake_in_the_settings_is_told_with_its_line(
    run: Run, firm: Path, right: str, wrong: str, place: str, told: str
) -> None:
    path = firm / "onefunnel.toml"
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    said = run("quarantine", firm)
    assert said.status == 3
    assert place in said.err and told in said.err


def test_a_mistake_in_the_environment_is_told(
    run: Run, firm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEFUNNEL_THREADS", "two")
    assert run("quarantine", firm).status == 2
    monkeypatch.setenv("ONEFUNNEL_THREADS", "2")
    monkeypatch.setenv("ONEFUNNEL_MEMORY", "plenty")
    assert "4GB" in run("quarantine", firm).err


def test_rules_that_are_no_text_are_told(run: Run, firm: Path) -> None:
    (firm / "funnel.toml").write_bytes(b"\xff\xfe")
    said = run("show", firm, "deals")
    assert said.status == 3
    assert "UTF-8" in said.err


def test_a_reader_that_closes_the_pipe_is_no_failure() -> None:
    code = "import sys; from onefunnel.cli import main; main(sys.argv[1:])"
    shown = subprocess.Popen(
        [sys.executable, "-c", code, "quarantine", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert shown.stdout is not None and shown.stderr is not None
    shown.stdout.close()
    message = shown.stderr.read()
    shown.stderr.close()
    assert (shown.wait(), message) == (0, b"")
