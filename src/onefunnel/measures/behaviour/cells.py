"""The small table of choices that the engine hands back, as numbers of equal leads."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

NAMED_ENOUGH = 0.9
"""The share of leads, of those worked in time and of those not, that must name a salesperson."""


@dataclass(frozen=True, slots=True)
class Cell:
    """So many ``leads`` of one segment and salesperson, of about one age and workload.

    ``salesperson`` None: the records name nobody. ``age_seconds`` and ``workloads`` are sums.
    """

    segment: str
    salesperson: str | None
    in_time: bool
    leads: int
    age_seconds: float
    workloads: float


def cells_of(table: pa.Table) -> tuple[Cell, ...]:
    """The rows of the query ``choices``, in an order that does not depend on the engine's."""
    keys = ("segment", "salesperson", "age", "load", "in_time")
    rows = sorted(table.to_pylist(), key=lambda row: tuple(str(row[name]) for name in keys))
    return tuple(
        Cell(
            row["segment"],
            row["salesperson"],
            bool(row["in_time"]),
            int(row["leads"]),
            float(row["age_seconds"]),
            float(row["workloads"]),
        )
        for row in rows
    )


def named_enough(cells: Sequence[Cell]) -> bool:
    """Whether the records say who could have worked the leads, whatever became of them.

    Where only worked leads name a salesperson, the name would say that they were worked.
    """
    for worked in (True, False):
        own = [each for each in cells if each.in_time is worked]
        named = sum(each.leads for each in own if each.salesperson is not None)
        if named < NAMED_ENOUGH * sum(each.leads for each in own):
            return False
    return True
