"""DuckDB, PostgreSQL and Spark read the same ledger and see the same records at every version."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import ibis
import pytest

from onefunnel.ledger.disk.head import read_head
from onefunnel.ledger.engines.base import LedgerReader
from onefunnel.ledger.engines.duckdb import reader
from onefunnel.ledger.engines.postgres import PostgresReader
from onefunnel.ledger.engines.spark import SparkReader
from onefunnel.ledger.store.rewrite import fold

from .conftest import Small

Open = Callable[[Small], LedgerReader]


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Open]:
    backend = ibis.connect(postgres_url)
    yield lambda small: PostgresReader(backend, small.ledger, read_head(small.ledger))
    backend.disconnect()


@pytest.fixture
def on_spark(spark_session: Any) -> Open:
    return lambda small: SparkReader(spark_session, small.ledger, read_head(small.ledger))


def written(small: Small) -> None:
    """Three versions: new rows, a change and a deletion, and a fold of the first two."""
    at = datetime(2024, 3, 31, 0, 30, 0, 123456, tzinfo=UTC)
    amount = Decimal("-999999999999999.9999")
    small.put(
        touch=[
            {"touch_id": "Ä", "occurred_at": at, "channel": None},
            {"touch_id": "b", "occurred_at": None, "channel": "x"},
        ],
        spend=[{"spend_id": "s", "amount": amount, "day": at.date()}],
    )
    small.put(touch=[{"touch_id": "b", "channel": "y"}])
    with small.writing() as batch:
        fold(batch)
    small.put(touch=[{"touch_id": "Ä", "deleted": True}])


def check(small: Small, opened: LedgerReader) -> None:
    for version in range(4):
        for name in ("touch", "spend", "lead"):
            with reader(small.ledger, small.engine, small.scratch) as duck:
                expected = duck.fetch(duck.table(name, version)).to_pylist()
            found = opened.fetch(opened.table(name, version)).to_pylist()
            assert sorted(found, key=str) == sorted(expected, key=str)


def test_postgres_sees_what_duckdb_sees(small: Small, on_postgres: Open) -> None:
    written(small)
    check(small, on_postgres(small))


def test_spark_sees_what_duckdb_sees(small: Small, on_spark: Open) -> None:
    written(small)
    check(small, on_spark(small))
