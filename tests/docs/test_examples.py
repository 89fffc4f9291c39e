"""The runner of the manual's examples finds what is wrong, and lets pass what is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from sybil import Document, Example
from sybil.document import PythonDocument

from tests.docs import examples

ECHO = "```console\n$ echo one two\n{shown}\n```\n"


@pytest.mark.parametrize("shown", ["one two", "one ...", "...two", "one\ntwo"])
def test_what_is_shown_matches(tmp_path: Path, shown: str) -> None:
    assert run(tmp_path, ECHO.format(shown=shown)) is None


@pytest.mark.parametrize("shown", ["", "one", "two one", "one two three"])
def test_what_is_shown_differs(tmp_path: Path, shown: str) -> None:
    problem = run(tmp_path, ECHO.format(shown=shown))
    assert problem is not None
    assert problem.startswith("$ echo one two\n")


def test_a_command_that_fails_is_an_error(tmp_path: Path) -> None:
    problem = run(tmp_path, "```console\n$ cat nothing.csv\ncat: ...\n```\n")
    assert problem is not None
    assert "ended with status 1, not 0" in problem


def test_a_status_that_is_shown_is_compared(tmp_path: Path) -> None:
    shown = "```console\n$ cat nothing.csv\ncat: ...\n$ echo $?\n{status}\n```\n"
    assert run(tmp_path, shown.format(status=1)) is None
    assert run(tmp_path, shown.format(status=3)) is not None


def test_lines_are_joined_and_other_commands_are_for_the_reader(tmp_path: Path) -> None:
    block = "```console\n$ make setup\nmuch text\n$ echo a \\\n    b\na b\n$ mkdir made\n```\n"
    assert run(tmp_path, block) is None
    assert (tmp_path / "made").is_dir()


def test_output_without_a_command_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="starts with a command"):
        run(tmp_path, "```console\nonefunnel show\n```\n")


def run(folder: Path, text: str) -> str | None:
    """Run the one console block in a document."""
    (example,) = console_blocks(folder, text)
    example.namespace[examples.FOLDER] = folder
    return examples.run_console(example)


def console_blocks(folder: Path, text: str) -> list[Example]:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    parser = examples.CodeBlockParser(language="console", evaluator=examples.run_console)
    document: Document = PythonDocument.parse(str(path), parser)
    return list(document.examples())
