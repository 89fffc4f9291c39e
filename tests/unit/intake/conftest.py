"""Reading a file that a test writes: one call gives its rows and what was rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import pytest

from onefunnel.intake import Options, Staged, parse_mapping, read, silent


@dataclass
class Outcome:
    staged: list[Staged]
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        return [note.code for note in self.staged[0].notes]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    def codes(self) -> list[tuple[int, str]]:
        return [(row["line"], row["code"]) for row in self.rejected]


Reader = Callable[..., Outcome]


@pytest.fixture
def con() -> Iterator[ibis.backends.duckdb.Backend]:
    backend = ibis.duckdb.connect()
    yield backend
    backend.disconnect()


@pytest.fixture
def load(con: ibis.backends.duckdb.Backend, tmp_path: Path) -> Reader:
    """Write ``content`` under ``name`` and read it: ``load("touch.csv", "touch_id\\n1\\n")``."""

    def reader(name: str, content: str | bytes, mapping: str | None = None, **options: Any) -> Any:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_path(path, con, mapping, **options)

    return reader


def load_path(
    path: Path, con: ibis.backends.duckdb.Backend, mapping: str | None = None, **options: Any
) -> Outcome:
    parsed = parse_mapping(mapping, "map.toml") if mapping else None
    staged = read([path], con, Options(mapping=parsed, **options), silent)
    outcome = Outcome(staged)
    for part in staged:
        order = part.rows.order_by("file", "line")
        outcome.rows += con.to_pyarrow(order).to_pylist()
        outcome.rejected += con.to_pyarrow(part.rejected.order_by("file", "line")).to_pylist()
    return outcome
