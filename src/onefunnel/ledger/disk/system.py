"""The ledger's own tables, beside the facts: who is who, what was refused, which batches came."""

import pyarrow as pa

from onefunnel.ledger.schema.facts import TABLES
from onefunnel.ledger.schema.kinds import Kind
from onefunnel.ledger.schema.tables import Column, Table

TEXT, COUNT = Kind.TEXT, Kind.COUNT

ENTITY = Table(
    "entity",
    "party_id",
    "which parties are the same person or company",
    (
        Column("party_id", TEXT, "a party", references="party"),
        Column("entity_code", COUNT, "the entity it is, a dense number"),
    ),
)

QUARANTINE = Table(
    "quarantine",
    "quarantine_id",
    "a row that could not be read, whole, with the reason",
    (
        Column("quarantine_id", TEXT, "identifies the row"),
        Column("fact", TEXT, "the table it was meant for"),
        Column("file", TEXT, "file"),
        Column("line", COUNT, "line in the file, from 1"),
        Column("column", TEXT, "column that can't be read"),
        Column("value", TEXT, "its value", identifying=True),
        Column("code", TEXT, "stable code of the reason"),
        Column("reason", TEXT, "the reason", identifying=True),
        Column("record", Kind.JSON, "the whole row as it was read", identifying=True),
    ),
)

BATCH = Table(
    "batch",
    "batch_id",
    "a batch and what it brought",
    (
        Column("batch_id", TEXT, "the ledger version it made"),
        Column("committed_at", Kind.INSTANT, "when"),
        Column("kind", TEXT, "import, sample, journal, rules, erase, compact, mend, emptied"),
        Column("source", TEXT, "files or origin"),
        Column("rules", TEXT, "content hash of the funnel rules in force"),
        Column("counts", Kind.JSON, "records new, changed, same, deleted, in quarantine"),
    ),
)

SUPERSEDED = Table(
    "superseded",
    "key",
    "supersessions not folded into their tables yet",
    (
        Column("fact", TEXT, "table"),
        Column("key", TEXT, "key of the record", identifying=True),
    ),
)

STORED: dict[str, Table] = {
    **TABLES,
    **{each.name: each for each in (ENTITY, QUARANTINE, BATCH, SUPERSEDED)},
}
"""Every table that stands in the ledger's folder."""

VERSION_FIELDS = (pa.field("since", pa.int64()), pa.field("until", pa.int64()))


def stored_schema(table: Table) -> pa.Schema:
    """The columns of a table on disk: its own, and the batches that brought and closed a row."""
    return pa.schema([*table.arrow_schema, *VERSION_FIELDS])
