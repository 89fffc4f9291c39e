"""Expressions in layers, so that what is used twice is computed once."""

from typing import Any

import ibis.expr.types as ir


class Layers:
    """A table that grows by a column for each value that is kept.

    A value used in several others would be written out, and computed, for each of them. The engines
    keep layers apart; see :mod:`onefunnel.ledger.engines.base`.
    """

    def __init__(self, table: ir.Table) -> None:
        self.table = table
        self._count = 0

    def keep(self, value: ir.Value) -> Any:
        """The value as a column of the next layer."""
        name = f"_kept_{self._count}"
        self._count += 1
        self.table = self.table.mutate(**{name: value})
        return self.table[name]
