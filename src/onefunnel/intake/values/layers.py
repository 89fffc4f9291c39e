"""Expressions in layers, so that what is used twice is computed once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ibis
import ibis.expr.types as ir


class Layers:
    """A table that grows by a column for each value that is kept.

    A value used in several others would be written out, and computed, for each of them.
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


@contextmanager
def unfused() -> Iterator[None]:
    """Layers stay layers: Ibis writes consecutive selections into one another otherwise.

    The setting is the process's. What other threads compile meanwhile gives the same rows.
    """
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
