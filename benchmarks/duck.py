"""DuckDB, the release that onefunnel runs on: what the same work costs it at least."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.clickhouse import reached
from benchmarks.data import STEPS, WINDOW_DAYS, Data, header, read_through
from benchmarks.watch import Watch

if TYPE_CHECKING:
    import duckdb

TYPES = {"text": "VARCHAR", "instant": "TIMESTAMPTZ", "json": "VARCHAR"}


def csv_to_parquet(data: Data, watch: Watch) -> list[Any]:
    """The touches from CSV to Parquet: the columns of the file in the ledger's types and coding."""
    from onefunnel.ledger.schema import TABLES

    con = connect(data)
    kinds = TABLES["touch"].by_name
    columns = {name: TYPES[kinds[name].kind.title] for name in header(data.touch_csv)}
    target = data.folder / "touch-by-duckdb.parquet"
    read_through([data.touch_csv])
    with watch.measured():
        con.execute(
            "COPY (FROM read_csv($source, header = true, columns = $columns))"
            f" TO '{target}' (FORMAT parquet, COMPRESSION zstd)",
            {"source": str(data.touch_csv), "columns": columns},
        )
    answer = contents(con, [str(target)], list(columns))
    target.unlink()
    return answer


def contents(con: duckdb.DuckDBPyConnection, files: list[str], columns: list[str]) -> list[Any]:
    """How many rows Parquet files hold, and one number that all values of the columns make."""
    query = f"SELECT count(*), bit_xor(hash({', '.join(columns)})) FROM read_parquet($files)"
    return list(con.execute(query, {"files": files}).fetchone() or ())


def scan(data: Data, watch: Watch) -> int:
    """Look at every value of the columns that the funnel reads, in the files it reads."""
    from benchmarks.ours import funnel_reads

    con = connect(data)
    reads = funnel_reads(data)
    read_through(Path(path) for files, _ in reads.values() for path in files)
    rows = 0
    with watch.measured():
        for files, columns in reads.values():
            # Statistics of the files would answer min and max; nothing but the values answers this.
            looked = ", ".join(f"bit_xor(hash({name}))" for name in columns)
            query = f"SELECT count(*), {looked} FROM read_parquet($files, union_by_name = true)"
            found = con.execute(query, {"files": files}).fetchone()
            rows += found[0] if found else 0
    return rows


def attribution_scan(data: Data, watch: Watch) -> int:
    """Look at every value of the columns that attribution reads."""
    con = connect(data)
    # Statistics of the files would answer min and max; nothing but the values answers this.
    looked = ", ".join(f'bit_xor(hash("{name}"))' for name in ("person", "at", "channel"))
    query = f"SELECT count(*), {looked} FROM read_parquet($path)"
    con.execute(query, {"path": str(data.attribution_few_touches)}).fetchall()
    read_through([data.attribution_touches])
    with watch.measured():
        found = con.execute(query, {"path": str(data.attribution_touches)}).fetchone()
    return int(found[0]) if found else 0


def steps(data: Data, watch: Watch) -> list[int]:
    """Four steps by running maxima: a chain's start is passed on while the window lasts.

    The latest start is the best one for all that comes later, so that the largest start known so
    far decides: the same answer as windowFunnel's default mode.
    """
    con = connect(data)
    query = _chain("SELECT code, step, happened FROM read_parquet($path) WHERE step > 0")
    con.execute(query, {"path": str(data.few_journeys)}).fetchall()
    read_through([data.journeys])
    with watch.measured():
        found = con.execute(query, {"path": str(data.journeys)}).fetchall()
    return reached(dict(found))


def _chain(touches: str) -> str:
    """SQL for how many people there are at each level."""
    names = ["touches", "passed_1"]
    steps = [f"touches AS ({touches})", f"passed_1 AS ({_start()})"]
    for step in range(2, len(STEPS) + 1):
        steps.append(f"passed_{step} AS ({_pass_on(step, names[-1])})")
        names.append(f"passed_{step}")
    level = (
        f"SELECT max(CASE WHEN start IS NOT NULL THEN step ELSE 0 END) AS level FROM {names[-1]}"
    )
    return (
        f"WITH {', '.join(steps)}, levels AS ({level} GROUP BY code)"
        " SELECT level, count(*) FROM levels GROUP BY level"
    )


def _start() -> str:
    return "SELECT *, CASE WHEN step = 1 THEN happened END AS start FROM touches"


def _pass_on(step: int, before: str) -> str:
    """A touch of this step takes over the latest start that the step before it has reached."""
    latest = (
        f"max(start) FILTER (WHERE step = {step - 1}) OVER"
        " (PARTITION BY code ORDER BY happened, step ROWS UNBOUNDED PRECEDING)"
    )
    near = f"happened <= latest + INTERVAL {WINDOW_DAYS * 24} HOUR"
    return (
        f"SELECT * EXCLUDE (latest) REPLACE (CASE WHEN step <> {step} THEN start"
        f" WHEN {near} THEN latest END AS start)"
        f" FROM (SELECT *, {latest} AS latest FROM {before})"
    )


def connect(data: Data) -> duckdb.DuckDBPyConnection:
    """A connection within the bounds that onefunnel has too."""
    import duckdb

    spilled = data.folder / "spilled"
    shutil.rmtree(spilled, ignore_errors=True)
    options: dict[str, str | bool | int | float | list[str]] = {
        "threads": data.threads,
        "memory_limit": data.memory,
        "temp_directory": str(spilled),
    }
    con = duckdb.connect(config=options)
    con.execute("SET TimeZone = 'UTC'")
    return con
