"""What a batch did to the records of a table, and how they stood before. Expressions only."""

import ibis
import ibis.expr.types as ir

from onefunnel.ledger.disk.system import STORED, SUPERSEDED
from onefunnel.ledger.engines.base import LedgerReader
from onefunnel.ledger.schema.tables import Table

BACK, LATER, BEFORE = "back", "later", "before"
"""Fates of a record: it can be taken back, was changed later, stands as before already."""


def fates(reader: LedgerReader, name: str, version: int) -> ir.Table:
    """A row for each record of a table that a batch brought, changed or closed.

    It has the table's columns as they stood before that batch (only the key where the batch
    brought the record), ``deleted`` (whether there was no such record) and ``fate``. A record can
    be taken back where it stands just as the batch left it, column by column; so one that a later
    batch changed, and an undo of that batch changed again, can be.
    """
    table = STORED[name]
    states = {
        "after": reader.rows(name).filter(reader.rows(name).since == version),
        "before": _closed(reader, table, version),
        "now": reader.table(name),
    }
    touched = [states[each].select(table.key) for each in ("after", "before")]
    joined = ibis.union(*touched, distinct=True)
    for state, rows in states.items():
        named = rows.select(**{f"{state}_{c}": rows[c] for c in table.column_names})
        joined = joined.left_join(named, [(table.key, f"{state}_{table.key}")])
    values = {c: joined[f"before_{c}"] for c in table.column_names if c != table.key}
    fate = ibis.cases(
        (_same(joined, table, "before"), BEFORE), (_same(joined, table, "after"), BACK), else_=LATER
    )
    deleted = joined[f"before_{table.key}"].isnull()
    return joined.select(table.key, **values, deleted=deleted, fate=fate)


def _closed(reader: LedgerReader, table: Table, version: int) -> ir.Table:
    """The versions of records that a batch closed, folded into the table or not."""
    rows, gone = reader.rows(table.name), reader.rows(SUPERSEDED.name)
    gone = gone.filter(gone.fact == table.name, gone.until == version)
    waiting = rows.filter(rows.until.isnull()).semi_join(gone, [(table.key, "key"), "since"])
    return rows.filter(rows.until == version).union(waiting)


def _same(joined: ir.Table, table: Table, state: str) -> ir.BooleanValue:
    """Whether a record stands as it did; one that is not there, as one that was not."""
    names = table.column_names
    return ibis.and_(*[joined[f"now_{c}"].identical_to(joined[f"{state}_{c}"]) for c in names])
