"""The fact tables: their columns, kinds and keys. Pure: nothing here opens a file."""

from onefunnel.ledger.schema.facts import SCHEMA_VERSION, TABLES, Facts, table
from onefunnel.ledger.schema.kinds import Kind
from onefunnel.ledger.schema.lazily import Lazily, over
from onefunnel.ledger.schema.tables import Column, Table
from onefunnel.ledger.schema.views import as_of, before, span_of_instants

__all__ = [
    "SCHEMA_VERSION",
    "TABLES",
    "Column",
    "Facts",
    "Kind",
    "Lazily",
    "Table",
    "as_of",
    "before",
    "over",
    "span_of_instants",
    "table",
]
