"""Queries that run while the next are written: the same answers, and none outlives its caller."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import ibis
import pyarrow as pa
import pytest

from onefunnel.ledger.engines.ahead import Ahead
from onefunnel.ledger.engines.duckdb import Reader, reader

from .conftest import Small

AT = datetime(2024, 3, 31, 0, 30, 0, 123456, tzinfo=UTC)
ENDLESS = "SELECT sum(a.range * b.range) AS n FROM range(10000000) a, range(10000000) b"


@pytest.fixture
def opened(small: Small) -> Iterator[Reader]:
    small.put(
        touch=[{"touch_id": "Ä", "occurred_at": AT}, {"touch_id": "b", "occurred_at": None}],
        spend=[{"spend_id": "s", "amount": Decimal("-999999999999999.9999"), "day": AT.date()}],
    )
    with reader(small.ledger, small.engine, small.scratch) as found:
        yield found


def test_answers_are_what_fetching_gives(opened: Reader) -> None:
    known = ibis.memtable({"touch_id": ["b"], "n": [1]})
    touches = opened.table("touch")
    asked = {
        "stored": touches.order_by("touch_id"),
        "money": opened.table("spend"),
        "in memory": touches.inner_join(known, "touch_id").select("touch_id", "n"),
        "held": opened.hold(touches).count().as_table(),
        "nothing": opened.table("lead"),
    }
    with opened.ahead() as found:
        for name, expression in asked.items():
            found.ask(name, expression)
        assert [*found] == [*asked]
        for name, expression in asked.items():
            assert found[name].equals(opened.fetch(expression)), name


def test_tables_are_opened_while_a_query_runs(opened: Reader) -> None:
    slow = opened.backend.sql(ENDLESS, schema={"n": "int64"})
    with pytest.raises(ZeroDivisionError), opened.ahead() as found:
        found.ask("slow", slow)
        assert opened.table("touch").columns[0] == "touch_id"
        raise ZeroDivisionError


def test_what_runs_is_stopped_when_the_caller_fails(opened: Reader) -> None:
    slow = opened.backend.sql(ENDLESS, schema={"n": "int64"})
    with pytest.raises(ZeroDivisionError), opened.ahead() as found:
        found.ask("slow", slow)
        found.ask("never", opened.table("touch"))
        raise ZeroDivisionError
    assert opened.fetch(opened.table("touch")).num_rows == 2


def test_what_nobody_waits_for_is_stopped(opened: Reader) -> None:
    with opened.ahead() as found:
        found.ask("slow", opened.backend.sql(ENDLESS, schema={"n": "int64"}))


def test_an_error_is_raised_where_the_answer_is_looked_at(opened: Reader) -> None:
    broken = opened.backend.sql("SELECT error('no such thing') AS n", schema={"n": "string"})
    with opened.ahead() as found:
        found.ask("broken", broken)
        found.ask("touch", opened.table("touch"))
        assert found["touch"].num_rows == 2
        with pytest.raises(duckdb.Error, match="no such thing"):
            _ = found["broken"]


def test_queries_run_in_their_order_one_at_a_time() -> None:
    running, seen = [], []

    def writing(expression: ibis.Table) -> object:
        def run() -> pa.Table:
            running.append(expression.get_name())
            seen.append(len(running))
            running.pop()
            return pa.table({"n": [len(seen)]})

        return run

    tables = {name: ibis.table({"n": "int64"}, name=name) for name in "abc"}
    with Ahead(writing, lambda: None) as found:
        for name, table in tables.items():
            found.ask(name, table)
        assert "a" in found
        assert "d" not in found
        assert len(found) == 3
        assert [found[name]["n"][0].as_py() for name in "abc"] == [1, 2, 3]
    assert seen == [1, 1, 1]
