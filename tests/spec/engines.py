"""Small tables on three engines, and a measure's answer from each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from onefunnel.funnel.base import KNOWN, PREPARED, Base, prepare
from onefunnel.funnel.rules import Rules, default_rules
from onefunnel.funnel.subjects import USED
from onefunnel.ledger.disk.system import OWN_FACTS
from onefunnel.ledger.schema import TABLES, Facts, Lazily, over
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Note, Question

Records = Mapping[str, list[dict[str, Any]]]
Loader = Callable[[Records], Facts]

ENTITY = pa.schema([("party_id", pa.string()), ("entity_code", pa.int64())])
NAMES = (
    "party",
    "touch",
    "lead",
    "handoff",
    "deal",
    "deal_event",
    "order_line",
    "credit",
    "product",
    "advocacy",
    "indicator",
    "rate",
    "contribution",
    "spend",
    "target",
    "employee",
    "activity",
    "entity",
    "payout",
    "closing",
)
"""The tables that the measures read."""


def complete(records: Records) -> dict[str, list[dict[str, Any]]]:
    """Every table, every column: what a case leaves out is empty, or None."""
    return {
        name: [{c: row.get(c) for c in schema_of(name).names} for row in records.get(name, [])]
        for name in NAMES
    }


def schema_of(name: str) -> pa.Schema:
    """The Arrow schema of a table."""
    own = {each.name: each for each in OWN_FACTS}
    return ENTITY if name == "entity" else (own.get(name) or TABLES[name]).arrow_schema


def on_duckdb(records: Records) -> Facts:
    """The tables in a new DuckDB in memory."""
    connection = ibis.duckdb.connect()
    return {
        name: connection.create_table(name, pa.Table.from_pylist(rows, schema=schema_of(name)))
        for name, rows in complete(records).items()
    }


@contextmanager
def on_postgres(url: str) -> Iterator[Loader]:
    """Tables in a schema of their own on a PostgreSQL server, as long as it is connected."""
    connection = ibis.connect(url)

    def load(records: Records) -> Facts:
        schema = f"case_{uuid.uuid4().hex}"
        connection.create_database(schema)
        facts = {}
        for name, rows in complete(records).items():
            columns = ibis.schema(schema_of(name))
            facts[name] = connection.create_table(name, schema=columns, database=schema)
            marks = ", ".join(["%s"] * len(columns))
            with connection.con.cursor() as cursor:
                cursor.executemany(
                    f'INSERT INTO "{schema}"."{name}" VALUES ({marks})',
                    [tuple(row.values()) for row in rows],
                )
            connection.con.commit()
        return facts

    try:
        yield load
    finally:
        connection.disconnect()


def on_spark(session: Any) -> Loader:
    """Temporary views in a Spark session."""
    connection = ibis.pyspark.connect(session)

    def put(name: str, rows: list[dict[str, Any]]) -> ir.Table:
        view = f"{name}_{uuid.uuid4().hex}"
        # An Arrow table goes straight to Spark; rows would be read by Python at every scan.
        frame = session.createDataFrame(pa.Table.from_pylist(rows, schema=schema_of(name)))
        frame.createOrReplaceTempView(view)
        return connection.table(view)

    def load(records: Records) -> Facts:
        tables = complete(records)
        return Lazily({name: partial(put, name, rows) for name, rows in tables.items()})

    return load


MARKS = {
    "duckdb": [],
    "postgres": [pytest.mark.postgres, pytest.mark.xdist_group("postgres")],
    "spark": [pytest.mark.spark, pytest.mark.xdist_group("spark")],
}
"""The engines, and what marks a test on each."""


@pytest.fixture(params=[pytest.param(name, marks=marks) for name, marks in MARKS.items()])
def load(request: pytest.FixtureRequest) -> Iterator[Loader]:
    """Puts tables on an engine; one test body runs on all three."""
    if request.param == "duckdb":
        yield on_duckdb
    elif request.param == "postgres":
        with on_postgres(request.getfixturevalue("postgres_url")) as loader:
            yield loader
    else:
        yield on_spark(request.getfixturevalue("spark_session"))


def keep(facts: Facts, rules: Rules, question: Question, names: Sequence[str] = PREPARED) -> Facts:
    """The facts with what the measures share, each worked out on the engine when first asked for.

    So are whose records are: an engine that plans a query with all that led to it plans them once.
    """
    known = Base(facts, rules, question).known
    whose = {f"{KNOWN}{name}": partial(known.__getitem__, name) for name in USED}
    kept = _over(facts, whose)
    for name in names:
        kept = _over(kept, {name: partial(prepare, name, kept, rules, question)})
    return kept


def _over(facts: Facts, makers: Mapping[str, Callable[[], ir.Table]]) -> Facts:
    """The facts with more tables, worked out once."""
    return over(facts, Lazily({name: partial(_stored, make) for name, make in makers.items()}))


def _stored(make: Callable[[], ir.Table]) -> ir.Table:
    expression = make()
    backend, name = expression._find_backend(), f"kept_{uuid.uuid4().hex}"
    if backend.name != "pyspark":
        return backend.create_table(name, expression, temp=True)
    # Spark would plan a kept expression anew, with all that led to it, in every query.
    frame = backend._session.createDataFrame(expression.to_pyarrow())
    frame.createOrReplaceTempView(name)
    return backend.table(name)


def ask(
    facts: Facts, name: str, question: Question, rules: Rules | None = None
) -> tuple[tuple[Any, ...], tuple[Note, ...]]:
    """A measure's rows and notes."""
    rules = rules or default_rules()
    asked = measure(name)
    collected = {
        query: expression.to_pyarrow()
        for query, expression in asked.queries(facts, rules, question).items()
    }
    return asked.assemble(collected, rules, question)


def rows_behind(expression: ir.Table) -> list[dict[str, Any]]:
    """The rows of an expression as dictionaries."""
    rows: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    return rows


def entities(*parties: str, **same_as: str) -> list[dict[str, Any]]:
    """The table ``entity``: each party for itself, or the same as another one."""
    codes = {party: code for code, party in enumerate(parties)}
    own = [{"party_id": party, "entity_code": code} for party, code in codes.items()]
    return own + [{"party_id": p, "entity_code": codes[other]} for p, other in same_as.items()]
