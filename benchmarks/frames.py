"""Polars: the chain of running maxima of :mod:`benchmarks.duck`, over a data frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.clickhouse import WINDOW_MICROSECONDS, reached
from benchmarks.data import STEPS, Data, read_through
from benchmarks.watch import Watch

if TYPE_CHECKING:
    import polars as pl


def steps(data: Data, watch: Watch) -> list[int]:
    """From person codes."""
    _counted(data.few_journeys)
    read_through([data.journeys])
    with watch.measured():
        people = _counted(data.journeys)
    return reached(people)


def _counted(path: Path) -> dict[int, int]:
    """How many people there are at each level."""
    import polars as pl

    touches = pl.scan_parquet(path).filter(pl.col("step") > 0)
    dated = touches.select("code", "step", happened=pl.col("happened").to_physical())
    levels = _levels(dated.sort("code", "happened", "step"))
    return dict(levels.group_by("level").agg(people=pl.len()).collect().iter_rows())


def _levels(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The furthest level of each person."""
    import polars as pl

    start = pl.when(pl.col("step") == 1).then(pl.col("happened"))
    rows = rows.with_columns(start_1=start)
    for step in range(2, len(STEPS) + 1):
        latest = pl.col(f"start_{step - 1}").cum_max().forward_fill().over("code")
        near = (pl.col("step") == step) & (pl.col("happened") - latest <= WINDOW_MICROSECONDS)
        rows = rows.with_columns(pl.when(near).then(latest).alias(f"start_{step}"))
    levels = [
        pl.when(pl.col(f"start_{step}").is_not_null().any()).then(step).otherwise(0)
        for step in range(1, len(STEPS) + 1)
    ]
    return rows.group_by("code").agg(level=pl.max_horizontal(levels))
