"""What every engine that reads the ledger has in common: the tables at one head, and versions."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from onefunnel.errors import UsageError
from onefunnel.ledger.disk import delta
from onefunnel.ledger.disk.head import Head
from onefunnel.ledger.disk.system import ENTITY, OWN_FACTS, STORED, SUPERSEDED
from onefunnel.ledger.schema.facts import TABLES, Facts
from onefunnel.ledger.schema.lazily import Lazily
from onefunnel.ledger.schema.views import as_of

# Layers stay layers. Ibis would write consecutive selections into one another: that takes it longer
# than the engines, which do the same themselves, and what is used twice would be computed twice.
ibis.options.sql.fuse_selects = False


class LedgerReader(ABC):
    """The ledger at one head, as Ibis tables of one engine.

    A table is opened when it is first asked for; one that holds nothing yet is empty.
    """

    def __init__(self, ledger: Path, head: Head) -> None:
        if later := sorted(set(head.tables) - set(STORED)):
            raise UsageError(
                f"The ledger holds tables that this release does not know: {', '.join(later)}.",
                remedy="Install the release that wrote it.",
            )
        self.ledger = ledger
        self.head = head
        self._rows: dict[str, ir.Table] = {}

    def rows(self, name: str) -> ir.Table:
        """All row versions of a table, with ``since`` and ``until``."""
        if name not in self._rows:
            self._rows[name] = self._open(name)
        return self._rows[name]

    def table(self, name: str, version: int | None = None) -> ir.Table:
        """The records of a table that were current at a ledger version (None: the head's)."""
        at = self.head.version if version is None else version
        table, superseded = STORED[name], None
        if self.stored_rows(SUPERSEDED.name):
            superseded = self.rows(SUPERSEDED.name)
        return as_of(self.rows(name), superseded, name, table.key, at)

    def facts(self, version: int | None = None) -> Facts:
        """Every fact table, ``entity``, and what was closed, at a version (None: the head's)."""

        def maker(name: str) -> Callable[[], ir.Table]:
            return lambda: self.table(name, version)

        names = (*TABLES, ENTITY.name, *(each.name for each in OWN_FACTS))
        return Lazily({name: maker(name) for name in names})

    def stored_rows(self, name: str) -> int:
        """How many row versions of a table are stored, as its log says; nothing is read."""
        stored = self.head.tables.get(name)
        return delta.rows(self.ledger, stored) if stored else 0

    @abstractmethod
    def fetch(self, expression: ir.Table) -> pa.Table:
        """Run an expression and bring its rows."""

    @abstractmethod
    def _read(self, name: str, paths: list[str]) -> ir.Table:
        """The rows of some Parquet files, at least one; columns that a file lacks are NULL."""

    @abstractmethod
    def _empty(self, name: str, schema: ibis.Schema) -> ir.Table:
        """A table without rows."""

    def _open(self, name: str) -> ir.Table:
        table = STORED[name]
        kinds = {column.name: column.kind.ibis_type for column in table.columns}
        wanted = ibis.schema({**kinds, "since": "int64", "until": "int64"})
        stored = self.head.tables.get(name)
        paths = delta.files(self.ledger, stored) if stored else []
        label = f"{name}_{self.head.version}_{abs(self.head.generation)}"
        found = self._read(label, paths) if paths else self._empty(f"{label}_empty", wanted)
        return _shaped(found, wanted)


def _shaped(found: ir.Table, wanted: ibis.Schema) -> ir.Table:
    """The wanted columns in their types; one that the files lack is NULL.

    Where the files have these columns and no other, nothing is put over the table: every query
    would have to be written with it.
    """
    columns = [*found.schema().items()]
    if columns in ([*wanted.items()], [*_to_the_microsecond(wanted).items()]):
        return found.op().copy(schema=wanted).to_expr()
    return found.select(
        **{
            name: (found[name].cast(kind) if name in found.columns else ibis.null(kind))
            for name, kind in wanted.items()
        }
    )


def _to_the_microsecond(wanted: ibis.Schema) -> ibis.Schema:
    """The types as an engine names them that says how fine its instants are."""
    return ibis.schema(
        {name: kind.copy(scale=6) if kind.is_timestamp() else kind for name, kind in wanted.items()}
    )
