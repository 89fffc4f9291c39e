"""A ledger in a folder of its own, and a way to put rows into it without files."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ibis.util import gen_name

from onefunnel.ledger.disk.head import Head
from onefunnel.ledger.engines.duckdb import reader
from onefunnel.ledger.schema import table
from onefunnel.ledger.store.batch import Batch, writing
from onefunnel.ledger.store.incoming import Part, gather
from onefunnel.settings import EngineSettings

NOW = datetime(2024, 1, 1, tzinfo=UTC)
Rows = Sequence[Mapping[str, Any]]


class Small:
    """A ledger with helpers: each ``put`` is a batch of its own."""

    def __init__(self, root: Path) -> None:
        self.ledger, self.scratch = root / "ledger", root / "scratch"
        self.ledger.mkdir()
        self.engine = EngineSettings(memory="512MB", threads=1)

    def writing(self) -> Any:
        return writing(self.ledger, self.scratch, self.engine, 5)

    def part(self, batch: Batch, name: str, rows: Rows) -> Part:
        fact = table(name)
        columns = [c for c in fact.column_names if c in rows[0]]
        fields = [pa.field(c, fact.by_name[c].kind.arrow_type) for c in columns]
        fields += [pa.field("deleted", pa.bool_()), pa.field("file", pa.string())]
        schema = pa.schema([*fields, pa.field("line", pa.int64())])
        full = [
            {"deleted": False, "file": "f.csv", "line": n, **row} for n, row in enumerate(rows, 2)
        ]
        loaded = batch.reader.backend.create_table(
            gen_name("part"), pa.Table.from_pylist(full, schema=schema), temp=True
        )
        return Part(fact, loaded, tuple(columns))

    def put(self, **facts: Rows) -> dict[str, dict[str, int]]:
        with self.writing() as batch:
            self.fill(batch, **facts)
            batch.commit(NOW, "import", "test")
        return {name: dict(counts) for name, counts in batch.counts.items()}

    def fill(self, batch: Batch, **facts: Rows) -> None:
        parts = [self.part(batch, name, rows) for name, rows in facts.items()]
        for incoming in gather(batch.reader.backend, parts):
            batch.put(incoming.table.name, incoming.rows, incoming.present)
            if incoming.refused is not None:
                refused = incoming.refused.mutate(deleted=ibis.literal(False))
                batch.put("quarantine", refused, incoming.refused.columns)

    def rows(self, name: str, version: int | None = None, *columns: str) -> list[dict[str, Any]]:
        with reader(self.ledger, self.engine, self.scratch) as r:
            rows = r.table(name, version)
            key = rows.columns[0]
            wanted = rows.select(*columns) if columns else rows
            return r.fetch(wanted.order_by(key)).to_pylist()

    def head(self) -> Head:
        with reader(self.ledger, self.engine, self.scratch) as r:
            return r.head


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


@pytest.fixture
def make_small(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Small]:
    return lambda: Small(tmp_path_factory.mktemp("ledger"))
