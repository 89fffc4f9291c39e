"""Apache Spark: reads the same files, for ledgers past one machine. Needs the extra ``spark``."""

from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from onefunnel.ledger.disk.head import Head
from onefunnel.ledger.engines.base import LedgerReader

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class SparkReader(LedgerReader):
    """The ledger at one head on a Spark session, whose zone must be UTC."""

    def __init__(self, session: "SparkSession", ledger: Path, head: Head) -> None:
        super().__init__(ledger, head)
        self._session = session
        self.backend = ibis.pyspark.connect(session)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Run an expression and bring its rows."""
        return self.backend.to_pyarrow(expression)

    def _read(self, name: str, paths: list[str]) -> ir.Table:
        frame = self._session.read.option("mergeSchema", "true").parquet(*paths)
        frame.createOrReplaceTempView(name)
        return self.backend.table(name)

    def _empty(self, name: str, schema: ibis.Schema) -> ir.Table:
        nothing = self._session.createDataFrame(schema.to_pyarrow().empty_table())
        nothing.createOrReplaceTempView(name)
        return self.backend.table(name)
