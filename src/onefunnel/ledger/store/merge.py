"""How incoming rows meet the stored ones. Expressions only; the batch runs them.

A record is identified by its key. What is the same changes nothing; what differs supersedes; an
absent column keeps the stored value; a row that says ``deleted`` closes the record.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from onefunnel.ledger.schema.tables import Table

STORED_PREFIX = "stored_"


GIVEN_PREFIX = "given_"


def given(incoming: ir.Table, name: str) -> ir.BooleanValue:
    """Whether a row brings a column: always, unless ``given_<name>`` says so row by row."""
    flag = f"{GIVEN_PREFIX}{name}"
    return incoming[flag] if flag in incoming.columns else ibis.literal(True)


def matched(
    incoming: ir.Table, current: ir.Table, table: Table, present: Sequence[str]
) -> ir.Table:
    """Incoming rows beside the stored ones: columns of the table, ``outcome``, ``stored_since``.

    ``outcome`` is new, changed, same, deleted or absent (a deletion of what is not stored);
    ``stored_since`` is NULL for a record that is not stored.
    """
    stored = current.rename({f"{STORED_PREFIX}{name}": name for name in current.columns})
    joined = incoming.left_join(stored, [(table.key, f"stored_{table.key}")])
    known = joined[f"stored_{table.key}"].notnull()
    differs = ibis.or_(
        ibis.literal(False),
        *[
            given(joined, name) & ~joined[name].identical_to(joined[f"stored_{name}"])
            for name in present
        ],
    )
    outcome = ibis.cases(
        (joined.deleted & known, "deleted"),
        (joined.deleted, "absent"),
        (~known, "new"),
        (differs, "changed"),
        else_="same",
    )
    merged = {name: _value(joined, table, name, present) for name in table.column_names}
    return joined.select(**merged, outcome=outcome, stored_since=joined.stored_since)


def _value(joined: ir.Table, table: Table, name: str, present: Sequence[str]) -> ir.Value:
    stored = joined[f"stored_{name}"].cast(table.by_name[name].kind.ibis_type)
    if name not in present:
        return stored
    return given(joined, name).ifelse(joined[name], stored)


def outcomes(rows: ir.Table) -> ir.Table:
    """How many rows there are of each outcome."""
    return rows.group_by("outcome").aggregate(records=rows.count())


def to_append(rows: ir.Table, table: Table, version: int) -> ir.Table:
    """New and changed rows, with the batch that brings them."""
    coming = rows.filter(rows.outcome.isin(["new", "changed"]))
    return _versioned(coming, table, version)


def all_new(incoming: ir.Table, table: Table, present: Sequence[str], version: int) -> ir.Table:
    """Every incoming row as a new record: for a table that holds nothing yet."""
    kept = incoming.filter(~incoming.deleted)
    full = {
        name: kept[name] if name in present else ibis.null(column.kind.ibis_type)
        for name, column in table.by_name.items()
    }
    return _versioned(kept.select(**full), table, version)


def to_supersede(rows: ir.Table, table: Table, version: int) -> ir.Table:
    """Changed and deleted records: which stored version of theirs this batch closes."""
    closed = rows.filter(rows.outcome.isin(["changed", "deleted"]))
    return closed.select(
        fact=ibis.literal(table.name),
        key=closed[table.key],
        since=closed.stored_since,
        until=ibis.literal(version, type="int64"),
    )


def _versioned(rows: ir.Table, table: Table, version: int) -> ir.Table:
    return rows.select(
        *table.column_names,
        since=ibis.literal(version, type="int64"),
        until=ibis.null("int64"),
    )
