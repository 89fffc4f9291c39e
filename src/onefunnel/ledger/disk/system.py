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
        Column("file_column", TEXT, "what its file calls that column"),
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
        Column(
            "kind",
            TEXT,
            "import, sample, journal, rules, terms, erase, compact, mend, emptied, close, undo",
        ),
        Column("source", TEXT, "files or origin"),
        Column("rules", TEXT, "content hash of the funnel rules in force"),
        Column("terms", TEXT, "content hash of the terms in force"),
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

PAYOUT = Table(
    "payout",
    "payout_id",
    "a line of pay that was booked when its month was closed",
    (
        Column("payout_id", TEXT, "the month and the number of the line in it"),
        Column("month", TEXT, "the month it was booked in"),
        Column("of_month", TEXT, "the month it is about; an earlier one is restated"),
        Column("employee_id", TEXT, "who is paid", references="employee"),
        Column("plan", TEXT, "the pay plan"),
        Column("kind", TEXT, "earning, pool, holdback, release, draw or guarantee"),
        Column("component", TEXT, "component or pool, empty where there is none"),
        Column("amount", Kind.MONEY, "what is paid"),
        Column("base", Kind.MONEY, "the credited base it pays"),
        Column("why", TEXT, "code of the reason"),
        Column("params", Kind.JSON, "figures of the reason"),
        Column("digest", TEXT, "content of the version of the plan"),
        Column("currency", TEXT, "ISO 4217 code"),
    ),
)

CLOSING = Table(
    "closing",
    "closing_id",
    "a measure of a month as it stood when the month was closed",
    (
        Column("closing_id", TEXT, "the month, the measure and by what it is divided"),
        Column("month", TEXT, "the month"),
        Column("first_day", Kind.DAY, "its first local day"),
        Column("after_day", Kind.DAY, "the local day after its last"),
        Column("closed_at", Kind.INSTANT, "when it was closed"),
        Column("closed_by", TEXT, "who closed it"),
        Column("version", COUNT, "the ledger version it was closed with"),
        Column("measure", TEXT, "the measure"),
        Column("answer", Kind.JSON, "its answer then"),
    ),
)

OWN_FACTS = (PAYOUT, CLOSING)
"""Tables that measures may read like facts, and that only closing a month writes."""

STORED: dict[str, Table] = {
    **TABLES,
    **{each.name: each for each in (ENTITY, QUARANTINE, BATCH, SUPERSEDED, *OWN_FACTS)},
}
"""Every table that stands in the ledger's folder."""

VERSION_FIELDS = (pa.field("since", pa.int64()), pa.field("until", pa.int64()))


def stored_schema(table: Table) -> pa.Schema:
    """The columns of a table on disk: its own, and the batches that brought and closed a row."""
    return pa.schema([*table.arrow_schema, *VERSION_FIELDS])
