"""The ledger as it stood at a version, and the facts before an instant. Expressions only."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from onefunnel.ledger.schema.facts import TABLES, Facts
from onefunnel.ledger.schema.kinds import Kind
from onefunnel.ledger.schema.lazily import each
from onefunnel.ledger.schema.tables import Table


def as_of(
    rows: ir.Table, superseded: ir.Table | None, fact: str, key: str, version: int
) -> ir.Table:
    """The records of one table that were current at a ledger version.

    ``rows`` has the table's columns and ``since``, ``until`` (NULL while current); ``superseded``
    has ``fact``, ``key``, ``since``, ``until``: supersessions not folded into ``rows`` yet; None
    where there are none at all, for it would make every query longer.
    The result has the table's columns only.
    """
    standing = rows.filter(
        rows.since <= version, ibis.or_(rows.until.isnull(), rows.until > version)
    )
    if superseded is not None:
        gone = superseded.filter(superseded.fact == fact, superseded.until <= version)
        standing = standing.anti_join(gone, [(key, "key"), "since"])
    return standing.drop("since", "until")


def before(facts: Facts, now: datetime) -> Facts:
    """The facts up to and including an instant; rows without an instant stay.

    Rows dated by day stay while their day has begun in UTC.
    """
    return each(facts, lambda name, rows: _until(rows, TABLES.get(name), now))


def _until(rows: ir.Table, table: Table | None, now: datetime) -> ir.Table:
    if table is None or table.instant is None:
        return rows
    column = rows[table.instant]
    if table.by_name[table.instant].kind is Kind.DAY:
        bound: ir.Value = ibis.literal(now.date())
    else:
        bound = ibis.literal(now, type="timestamp('UTC')")
    return rows.filter(ibis.or_(column.isnull(), column <= bound))


def span_of_instants(facts: Facts) -> ir.Table:
    """One row, ``earliest`` and ``latest`` instant of any event; NULL when there is none.

    Tables dated by day do not count: a day is not an instant.
    """
    parts = [
        rows.aggregate(earliest=rows[instant].min(), latest=rows[instant].max())
        for name, rows in facts.items()
        if name in TABLES
        and (instant := TABLES[name].instant)
        and TABLES[name].by_name[instant].kind is Kind.INSTANT
    ]
    every = ibis.union(*parts)
    return every.aggregate(earliest=every.earliest.min(), latest=every.latest.max())
