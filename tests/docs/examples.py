"""Runs the examples in Markdown documents, so that what the manual shows is what happens.

A document's examples run in its order, in one temporary folder. In a block marked ``python``,
code runs, and ``>>>`` examples are compared. In a block marked ``console``, each line that starts
with ``$ `` and a command of ``COMMANDS`` is run as in a shell, and must print what the block shows
(``...`` stands for any text). A command that ends with another status than 0 is an error, unless
``$ echo $?`` follows and shows it. Other commands (``$ make setup``) are for the reader only.

``<!-- skip: next -->`` before a block leaves it out.
"""

from __future__ import annotations

import contextlib
import doctest
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

COMMANDS = ("onefunnel", "cat", "cd", "cp", "echo", "head", "ls", "mkdir", "unzip")
STATUS = "echo $?"
FOLDER = "documentation_folder"
COMPARED = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass
class Command:
    """A command line in a console block, and the output shown under it."""

    line: str
    shown: list[str] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        """Whether it is a command that is run here."""
        return self.line.split()[0] in COMMANDS


def commands_in(block: str) -> list[Command]:
    """The commands of a console block, continued lines joined."""
    found: list[Command] = []
    lines = iter(block.splitlines())
    for line in lines:
        if line.startswith("$ "):
            found.append(Command(_continued(line.removeprefix("$ "), lines)))
        elif found:
            found[-1].shown.append(line)
        else:
            raise ValueError(f"A console block starts with a command, not with: {line}")
    return found


def run_console(example: Example) -> str | None:
    """Run a console block; what differs from the document, or None."""
    folder: Path = example.namespace[FOLDER]
    commands = commands_in(example.parsed)
    for command, following in zip(commands, [*commands[1:], None], strict=True):
        if not command.runs or command.line == STATUS:
            continue
        printed, status = run_command(command.line, folder)
        if problem := difference(command, printed):
            return problem
        status_shown = following is not None and following.line == STATUS
        expected = "\n".join(following.shown).strip() if following and status_shown else "0"
        if str(status) != expected:
            return f"$ {command.line}\nended with status {status}, not {expected}:\n{printed}"
    return None


def run_command(line: str, folder: Path) -> tuple[str, int]:
    """What a command prints (both streams, as a terminal shows them) and its exit status."""
    environment = {
        **os.environ,
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "TERM": "dumb",
        "TZ": "UTC",
    }
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout, done.returncode


def difference(command: Command, printed: str) -> str | None:
    """How the output differs from what is shown, or None."""
    wanted, got = (_comparable(text) for text in ("\n".join(command.shown), printed))
    checker = doctest.OutputChecker()
    if checker.check_output(wanted, got, COMPARED):
        return None
    shown = doctest.Example(command.line, wanted)
    return f"$ {command.line}\n{checker.output_difference(shown, got, COMPARED)}"


def documents(patterns: list[str]) -> Sybil:
    """The examples in the Markdown documents that match, each document in its own folder."""
    return Sybil(
        parsers=[
            PythonCodeBlockParser(doctest_optionflags=COMPARED),
            CodeBlockParser(language="console", evaluator=run_console),
            SkipParser(),
        ],
        patterns=patterns,
        path=str(Path(__file__).parents[2]),
        setup=_enter_folder,
        teardown=_leave_folder,
    )


def _enter_folder(namespace: dict[str, Any]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="onefunnel-docs-"))
    stack = contextlib.ExitStack()
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    stack.enter_context(contextlib.chdir(folder))
    namespace[FOLDER] = folder
    namespace["leave_documentation_folder"] = stack.close


def _leave_folder(namespace: dict[str, Any]) -> None:
    leave: Callable[[], None] = namespace["leave_documentation_folder"]
    leave()


def _continued(line: str, lines: Iterator[str]) -> str:
    while line.endswith("\\"):
        line = line.removesuffix("\\") + next(lines).strip()
    return line


def _comparable(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
