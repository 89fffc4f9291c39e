"""PostgreSQL: the ledger's tables in a firm's own warehouse. Needs the extra ``postgres``.

The tables are created with collation C, so that text is ordered as everywhere else.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from onefunnel.ledger.disk.head import Head
from onefunnel.ledger.engines.base import LedgerReader

if TYPE_CHECKING:
    from ibis.backends.postgres import Backend


class PostgresReader(LedgerReader):
    """The ledger at one head on PostgreSQL: each table is copied there when it is first asked for.

    The copies are temporary tables of the connection.
    """

    def __init__(self, backend: "Backend", ledger: Path, head: Head) -> None:
        super().__init__(ledger, head)
        self.backend = backend
        # The server compiles a query for as long as it takes to answer it, or longer.
        backend.con.execute("SET jit = off")
        backend.con.commit()

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Run an expression and bring its rows."""
        return self.backend.to_pyarrow(expression)

    def _read(self, name: str, paths: list[str]) -> ir.Table:
        rows = pa.concat_tables([pq.read_table(path) for path in paths], promote_options="default")
        return self.backend.create_table(name, rows, temp=True, overwrite=True)

    def _empty(self, name: str, schema: ibis.Schema) -> ir.Table:
        return self.backend.create_table(name, schema=schema, temp=True, overwrite=True)
