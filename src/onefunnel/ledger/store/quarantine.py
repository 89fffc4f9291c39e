"""The quarantine: rows that could not be read, kept whole, with the reason and a stable code."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from onefunnel.ledger.disk.system import QUARANTINE
from onefunnel.ledger.schema.tables import Table

CONFLICTING = "conflicting_duplicate"
REPEATED_REASON = "Rows that differ came under one key; say which one is right."


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def to_json(value) -> str:  # type: ignore[no-untyped-def,empty-body]  # of any type
    """DuckDB's to_json."""


def entries(rejected: ir.Table) -> ir.Table:
    """Quarantine rows of what intake rejected.

    ``rejected`` has table, file, line, column, file_column, value, code, reason, record. The same
    row of the same file has the same identifier, so that a second import adds nothing.
    """
    named = rejected.rename(fact="table") if "table" in rejected.columns else rejected
    words = [named.fact, named.file, named.line.cast("string"), named.code, named.record]
    joined = ibis.literal("\\x1f").join([word.fill_null("") for word in words])
    return named.mutate(quarantine_id=joined.hexdigest("md5")).select(*QUARANTINE.column_names)


def contradictions(rows: ir.Table, table: Table, present: Sequence[str]) -> ir.Table:
    """Quarantine rows of what came twice under one key and differs."""
    record = to_json(ibis.struct({name: rows[name].cast("string") for name in present}))
    return entries(
        rows.select(
            fact=ibis.literal(table.name),
            file=rows.file,
            line=rows.line,
            column=ibis.literal(table.key),
            file_column=ibis.null("string"),
            value=rows[table.key],
            code=ibis.literal(CONFLICTING),
            reason=ibis.literal(REPEATED_REASON),
            record=record,
        )
    )
