"""The subject of each fact, the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from onefunnel.identity import all_subjects, identifiers, resolve, subjects
from onefunnel.ledger.schema import TABLES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Rows = Sequence[Mapping[str, Any]]

FACTS: dict[str, Rows] = {
    "party": [
        {"party_id": "p1", "kind": "person", "email": "ana@x.ro"},
        {"party_id": "ș", "kind": "person"},
        {"party_id": "Z", "kind": "person", "email": "ANA@x.ro"},
    ],
    "alias": [
        {"alias_id": "1", "party_id": "p1", "kind": "anonymous", "value": "c1"},
        {"alias_id": "2", "party_id": "p1", "kind": "anonymous", "value": "c1"},
        {"alias_id": "3", "party_id": "p9", "kind": "external", "value": None},
        {"alias_id": "4", "party_id": None, "kind": "external", "value": "v"},
    ],
    "unlink": [{"unlink_id": "1", "party_id": "p1", "kind": "email", "value": "ana@x.ro"}],
    "touch": [
        {"touch_id": "1", "party_id": "c1"},
        {"touch_id": "2", "party_id": "c1"},
        {"touch_id": "3"},
    ],
    "lead": [{"lead_id": "1", "party_id": "p1"}, {"lead_id": "2"}],
    "handoff": [
        {"handoff_id": "1", "lead_id": "1"},
        {"handoff_id": "2", "lead_id": "2"},
        {"handoff_id": "3", "lead_id": "99"},
        {"handoff_id": "4"},
    ],
    "deal": [
        {"deal_id": "1", "party_id": "p2", "lead_id": "1"},
        {"deal_id": "2", "lead_id": "1"},
        {"deal_id": "3", "lead_id": "2"},
        {"deal_id": "4", "lead_id": "99"},
        {"deal_id": "5"},
    ],
    "deal_event": [
        {"deal_event_id": "1", "deal_id": "1"},
        {"deal_event_id": "2", "deal_id": "1"},
        {"deal_event_id": "3", "deal_id": "99"},
        {"deal_event_id": "4"},
    ],
    "commitment": [{"commitment_id": "1", "deal_id": "5"}, {"commitment_id": "2"}],
    "quote": [
        {"quote_id": "1", "party_id": "p3", "deal_id": "1"},
        {"quote_id": "2", "deal_id": "3"},
        {"quote_id": "3"},
    ],
    "order_line": [
        {"order_line_id": "1", "party_id": "p3", "deal_id": "1", "order_id": "1"},
        {"order_line_id": "2", "deal_id": "2", "order_id": "1"},
        {"order_line_id": "3", "order_id": "1"},
        {"order_line_id": "4"},
    ],
    "advocacy": [
        {"advocacy_id": "1", "party_id": "p1", "referred_party_id": "p7"},
        {"advocacy_id": "2", "referred_party_id": "p8"},
    ],
}

SUBJECTS = {
    "touch": {"1": "c1", "2": "c1"},
    "lead": {"1": "p1", "2": "lead:2"},
    "handoff": {"1": "p1", "2": "lead:2", "3": "lead:99"},
    "deal": {"1": "p2", "2": "p1", "3": "lead:2", "4": "lead:99", "5": "deal:5"},
    "deal_event": {"1": "p2", "2": "p2", "3": "deal:99"},
    "commitment": {"1": "deal:5"},
    "quote": {"1": "p3", "2": "lead:2", "3": "quote:3"},
    "order_line": {"1": "p3", "2": "p1", "3": "order:1", "4": "order_line:4"},
    "advocacy": {"1": "p1"},
}

EVERYBODY = sorted(
    {"p1", "p2", "p3", "p7", "p8", "p9", "c1", "Z", "ș"}
    | {"lead:2", "lead:99", "deal:5", "deal:99", "quote:3", "order:1", "order_line:4"}
)


def arrow(name: str) -> pa.Table:
    """A table's rows with the ledger's types; an absent column is NULL."""
    return pa.Table.from_pylist(list(FACTS[name]), TABLES[name].arrow_schema)


def answers_of(facts: Mapping[str, ir.Table]) -> dict[str, dict[str, str]]:
    """The subject of each row that has one, by table and key."""
    built = subjects(facts)
    assert all(rows.columns == (*TABLES[n].column_names, "subject") for n, rows in built.items())
    parts = [
        rows.select(fact=ibis.literal(name), key=rows[TABLES[name].key], subject=rows.subject)
        for name, rows in built.items()
    ]
    answers: dict[str, dict[str, str]] = {name: {} for name in built}
    for row in ibis.union(*parts).to_pyarrow().to_pylist():
        assert row["key"] not in answers[row["fact"]], "a row is repeated"
        answers[row["fact"]][row["key"]] = row["subject"]
    return answers


def check(facts: Mapping[str, ir.Table]) -> None:
    """All that identity asks of an engine."""
    assert answers_of(facts) == SUBJECTS
    collected = {name: rows.to_pyarrow() for name, rows in identifiers(facts).items()}
    assert collected["subjects"]["party_id"].to_pylist() == EVERYBODY
    assert collected["aliases"].to_pylist() == [
        {"party_id": "p1", "kind": "anonymous", "value": "c1"}
    ]
    changes = resolve(**collected, region="RO")
    codes = dict(zip(*changes.to_pydict().values(), strict=True))
    assert sorted(codes) == EVERYBODY
    assert codes["c1"] == codes["p1"] != codes["Z"]
    assert resolve(**collected, previous=changes).num_rows == 0


def test_subjects_on_duckdb() -> None:
    check({name: ibis.memtable(arrow(name)) for name in FACTS})


def test_subjects_on_postgres(postgres_url: str) -> None:
    connection = ibis.connect(postgres_url)
    try:
        for name in FACTS:
            connection.create_table(f"identity_{name}", arrow(name), overwrite=True)
        check({name: connection.table(f"identity_{name}") for name in FACTS})
    finally:
        for name in FACTS:
            connection.drop_table(f"identity_{name}", force=True)
        connection.disconnect()


def test_subjects_on_spark(spark_session: SparkSession) -> None:
    for name in FACTS:
        spark_session.createDataFrame(arrow(name)).createOrReplaceTempView(f"identity_{name}")
    connection = ibis.pyspark.connect(spark_session)
    check({name: connection.table(f"identity_{name}") for name in FACTS})


def test_a_table_that_is_not_there_is_left_out() -> None:
    facts = {name: ibis.memtable(arrow(name)) for name in ("lead", "deal", "touch")}
    assert sorted(subjects(facts)) == ["deal", "lead", "touch"]
    everybody = all_subjects(facts).to_pyarrow()["party_id"].to_pylist()
    assert everybody == ["c1", "deal:5", "lead:2", "lead:99", "p1", "p2"]
