"""What was measured, written down at once: a line of JSON each, so that a killed run goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FINISHED = {"finished": True}


@dataclass(frozen=True)
class Key:
    """A measurement: a task of the worker, a size, and the round."""

    task: str
    touches: int
    round: int


class Journal:
    """The measurements of one run, on disk.

    The first line says what they depend on. A file that depends on the same and was not finished
    is gone on with; any other is put aside under the time it was begun.
    """

    def __init__(self, path: Path, depends_on: Mapping[str, Any], anew: bool = False) -> None:
        self._path = path
        self.found: dict[Key, dict[str, Any]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if not anew and _can_go_on(path, depends_on):
            self.found = dict(_measurements(path))
            _cut_off_what_is_not_whole(path)
            return
        if path.exists():
            path.rename(path.with_name(f"{path.stem}-{path.stat().st_mtime_ns}{path.suffix}"))
        self._write(dict(depends_on))

    def add(self, key: Key, measured: Mapping[str, Any]) -> None:
        """Keep a measurement; after this returns it is on disk."""
        self.found[key] = dict(measured)
        self._write({"task": key.task, "touches": key.touches, "round": key.round, **measured})

    def finish(self) -> None:
        """Say that nothing is missing: the next run begins anew."""
        self._write(FINISHED)

    def _write(self, line: Mapping[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _can_go_on(path: Path, depends_on: Mapping[str, Any]) -> bool:
    lines = list(_lines(path))
    return bool(lines) and lines[0] == dict(depends_on) and lines[-1] != FINISHED


def _measurements(path: Path) -> Iterator[tuple[Key, dict[str, Any]]]:
    for line in list(_lines(path))[1:]:
        key = Key(*(line.pop(name) for name in ("task", "touches", "round")))
        yield key, line


def _cut_off_what_is_not_whole(path: Path) -> None:
    """Leave the whole lines only: what is written next would else go on in the middle of one."""
    beside = path.with_suffix(".new")
    text = "".join(json.dumps(line) + "\n" for line in _lines(path))
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a file; the last may have been cut off by a kill."""
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(text)
        except ValueError:
            return
