"""Settings of the firm are changed in their file; the rest of it stays as it was written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from onefunnel import settings
from onefunnel.errors import UsageError

TEXT = """# ours
workspace_id = "w"
currency = "EUR" # since 2019
name = "A"

[engine]
memory = "1GB" # small machine
"""


def file(folder: Path, text: str = TEXT) -> Path:
    path = folder / settings.FILE_NAME
    path.write_text(text, "utf-8")
    return path


def test_comments_and_tables_stay(tmp_path: Path) -> None:
    path = file(tmp_path)
    changed = settings.change(tmp_path, name='B "and" C', currency="EUR", country="RO")
    text = path.read_text("utf-8")
    assert (changed.name, changed.country) == ('B "and" C', "RO")
    assert "# ours" in text
    assert 'currency = "EUR" # since 2019' in text
    assert text.endswith('[engine]\nmemory = "1GB" # small machine\n')
    assert settings.read(tmp_path).name == 'B "and" C'


def test_what_can_not_be_changes_nothing(tmp_path: Path) -> None:
    path = file(tmp_path)
    with pytest.raises(UsageError):
        settings.change(tmp_path, currency="XXQ")
    assert path.read_text("utf-8") == TEXT


def test_a_layout_that_can_not_be_followed_keeps_what_it_says(tmp_path: Path) -> None:
    path = file(tmp_path, 'workspace_id = "w"\nname = """\nname = "x"\n"""\nserver.url = ""\n')
    settings.change(tmp_path, name="B")
    found = tomllib.loads(path.read_text("utf-8"))
    assert found == {"workspace_id": "w", "name": "B", "server": {"url": ""}}


def test_the_environment_stays_out_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path)
    monkeypatch.setenv("ONEFUNNEL_THREADS", "7")
    assert settings.change(tmp_path, name="B").engine.threads == 7
    assert "threads" not in path.read_text("utf-8")


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    file(tmp_path)
    settings.change(tmp_path, name="B")
    assert [each.name for each in tmp_path.iterdir()] == [settings.FILE_NAME]
