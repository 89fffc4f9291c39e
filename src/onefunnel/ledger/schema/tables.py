"""What a fact table is: its columns, its key, and the instant at which its rows happened."""

from dataclasses import dataclass
from functools import cached_property

import ibis
import pyarrow as pa

from onefunnel.ledger.schema.kinds import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a fact table.

    ``choices`` are its only valid values, if it has any. ``references`` names the table whose key
    it holds. ``identifying`` marks what can tell who a person is: erasure overwrites it, and no
    statistics are kept on it. ``holds_party`` marks a party's identifier.
    """

    name: str
    kind: Kind
    about: str
    choices: tuple[str, ...] = ()
    references: str | None = None
    identifying: bool = False

    @property
    def holds_party(self) -> bool:
        """Whether the column holds the identifier of a party."""
        return self.references == "party"


@dataclass(frozen=True)
class Table:
    """A fact table: ``key`` identifies a record, ``instant`` says when it happened (or None)."""

    name: str
    key: str
    about: str
    columns: tuple[Column, ...]
    instant: str | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order; the key comes first."""
        return tuple(column.name for column in self.columns)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The columns as Arrow stores them, without the columns of versions."""
        return pa.schema([pa.field(c.name, c.kind.arrow_type) for c in self.columns])

    @property
    def ibis_schema(self) -> ibis.Schema:
        """The columns as every engine sees them."""
        return ibis.schema({c.name: c.kind.ibis_type for c in self.columns})
