"""How long attribution takes on PostgreSQL and Spark, and how it grows with the touches.

``python -m benchmarks.engines`` imports the walks of three sizes into ledgers, has each engine read
them as a firm's own would, and asks all counts that the models are computed from: those of the
rules, of Markov models of order 1 and 2, and of Shapley. DuckDB answers beside them, and every
engine must give what it gives. The servers are those of the tests. It writes
``attribution-engines.json`` and ``attribution-engines.md`` to ``build/benchmarks``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.data import CHANNELS, DIRECT, HALF_LIFE_DAYS, LOOKBACK_DAYS, Data
from benchmarks.options import ROOT

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from onefunnel.ledger.engines.base import LedgerReader
    from onefunnel.ledger.schema import Facts
    from onefunnel.workflows.workspace import Workspace

    Opened = Callable[[Workspace], LedgerReader]

FOLDER = ROOT / "build" / "benchmarks" / "attribution-engines"
SIZES = (20_000, 80_000, 320_000)
FEW = 1_000
"""Touches to warm up with."""
REPEAT = 3
NOW = datetime(2027, 1, 1, tzinfo=UTC)
COLUMNS = {
    "touch": ("touch_id", "party_id", "occurred_at", "channel"),
    "order_line": ("order_line_id", "party_id", "ordered_at", "quantity", "net_price"),
}


def main() -> int:
    """Measure; 1 where an engine's answer is not DuckDB's."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.engines")
    parser.add_argument("--touches", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--repeat", type=int, default=REPEAT)
    parser.add_argument("--engine", choices=list(ENGINES), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        print(json.dumps(measured(asked.engine, asked.touches, asked.repeat)))
        return 0
    for touches in (FEW, *asked.touches):
        made(touches)
    found = [each for engine in ENGINES for each in _apart(engine, asked.touches, asked.repeat)]
    write(found)
    digests = {
        touches: {e["digest"] for e in found if e["touches"] == touches}
        for touches in asked.touches
    }
    return int(any(len(each) > 1 for each in digests.values()))


def _apart(engine: str, sizes: list[int], repeat: int) -> list[dict[str, Any]]:
    """The figures of an engine, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.engines", "--engine", engine]
    command += ["--repeat", str(repeat), "--touches", *map(str, sizes)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(engine: str, sizes: list[int], repeat: int) -> list[dict[str, Any]]:
    """Medians of an engine at each size, in seconds, and the digest of what it answered."""
    with ENGINES[engine]() as opened:
        asked(opened(made(FEW)))
        return [
            {"engine": engine, "touches": touches, **_medians(opened, made(touches), repeat)}
            for touches in sizes
        ]


def _medians(opened: Opened, workspace: Workspace, repeat: int) -> dict[str, Any]:
    reader = opened(workspace)
    begun = time.perf_counter()
    for name in ("touch", "entity", "order_line"):
        reader.fetch(reader.table(name).count().as_table())
    reading = time.perf_counter() - begun
    rounds = [asked(reader) for _ in range(repeat)]
    parts = {part: statistics.median(times[part] for times, _ in rounds) for part in rounds[0][0]}
    (found,) = {digest for _, digest in rounds}
    seconds = statistics.median(sum(times.values()) for times, _ in rounds)
    return {"seconds": seconds, "parts": parts, "reading": reading, "digest": found}


def asked(reader: LedgerReader) -> tuple[dict[str, float], str]:
    """The seconds of each query, and a digest of all answers."""
    from onefunnel.funnel.rules import default_rules
    from onefunnel.measures.attribution.asked import Asked
    from onefunnel.measures.attribution.query import queries
    from onefunnel.measures.attribution.rules import Settings
    from onefunnel.vocabulary import Question

    settings = Settings(LOOKBACK_DAYS, HALF_LIFE_DAYS, frozenset({CHANNELS[DIRECT]}))
    question = Question(now=NOW)
    parts: dict[str, float] = {}
    answers: dict[str, pa.Table] = {}
    facts = _timed(parts, "entries", lambda: _with_entries(reader, question))
    for name, query in queries(facts, default_rules(), question, Asked(settings=settings)).items():
        answers[name] = _timed(parts, name, partial(reader.fetch, query))
    return parts, digest(answers)


def _with_entries(reader: LedgerReader, question: Any) -> Facts:
    """The facts with the entries into the stages, worked out once for all queries."""
    from onefunnel.funnel.base import prepare
    from onefunnel.funnel.rules import default_rules

    facts = reader.facts()
    for name in ("prepared_standing", "prepared_entries"):
        found = reader.fetch(prepare(name, facts, default_rules(), question))
        facts = {**facts, name: _held(reader, name, found)}
    return facts


def _held(reader: Any, name: str, rows: pa.Table) -> ir.Table:
    if reader.backend.name != "pyspark":
        return reader.backend.create_table(name, rows, temp=True, overwrite=True)
    reader.backend._session.createDataFrame(rows).createOrReplaceTempView(name)
    return reader.backend.table(name)


def _timed(parts: dict[str, float], part: str, work: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    found = work()
    parts[part] = time.perf_counter() - begun
    return found


def digest(answers: dict[str, pa.Table]) -> str:
    """The same for equal rows in any order and of any width of numbers.

    >>> import pyarrow as pa
    >>> one, other = pa.table({"a": [1, 2]}), pa.table({"a": pa.array([2, 1], pa.int32())})
    >>> digest({"t": one}) == digest({"t": other})
    True
    """
    rows = {
        name: sorted(repr(sorted(row.items())) for row in table.to_pylist())
        for name, table in answers.items()
    }
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]


@contextmanager
def _duckdb() -> Iterator[Opened]:
    from onefunnel.ledger.disk.head import read_head
    from onefunnel.ledger.engines.duckdb import Reader, connect
    from onefunnel.settings import EngineSettings

    with tempfile.TemporaryDirectory() as scratch:
        backend = connect(EngineSettings(threads=2), Path(scratch))
        yield lambda made: Reader(backend, made.ledger, read_head(made.ledger))


@contextmanager
def _postgres() -> Iterator[Opened]:
    import ibis

    from onefunnel.ledger.disk.head import read_head
    from onefunnel.ledger.engines.postgres import PostgresReader
    from tests.services.postgres import throwaway_cluster

    with throwaway_cluster() as url:
        backend = ibis.connect(url)
        yield lambda made: PostgresReader(backend, made.ledger, read_head(made.ledger))
        backend.disconnect()


@contextmanager
def _spark() -> Iterator[Opened]:
    from onefunnel.ledger.disk.head import read_head
    from onefunnel.ledger.engines.spark import SparkReader
    from tests.services.spark import local_session

    with tempfile.TemporaryDirectory() as home, local_session(Path(home)) as session:
        yield lambda made: SparkReader(session, made.ledger, read_head(made.ledger))


ENGINES = {"DuckDB": _duckdb, "PostgreSQL": _postgres, "Spark": _spark}


def made(touches: int) -> Workspace:
    """A workspace with so many touches, and an order line for each conversion."""
    from benchmarks import making
    from benchmarks.watch import Watch
    from onefunnel import bootstrap
    from onefunnel.intake import silent
    from onefunnel.workflows.importing import import_paths

    data = Data(FOLDER / str(touches), touches, 2, "1GB")
    if data.workspace.is_dir():
        return bootstrap.open_workspace(data.workspace)
    shutil.rmtree(data.folder, ignore_errors=True)
    making.attribution(data, Watch())
    data.source.mkdir()
    _write_csv(data)
    half_made = bootstrap.init_workspace(data.folder / "half-made")
    import_paths(half_made, [data.source], silent)
    half_made.path.rename(data.workspace)
    return bootstrap.open_workspace(data.workspace)


def _write_csv(data: Data) -> None:
    import pyarrow.parquet as pq

    touches = pq.read_table(data.attribution_touches).to_pydict()
    bought = pq.read_table(data.attribution_conversions).to_pydict()
    parties = ([f"p{person}" for person in each["person"]] for each in (touches, bought))
    rows = {
        "touch": zip(
            (f"t{n}" for n in range(len(touches["at"]))),
            next(parties),
            (at.isoformat() for at in touches["at"]),
            (CHANNELS[channel] for channel in touches["channel"]),
            strict=True,
        ),
        "order_line": zip(
            (f"o{n}" for n in range(len(bought["at"]))),
            next(parties),
            (at.isoformat() for at in bought["at"]),
            ("1" for _ in bought["at"]),
            (f"{value:.2f}" for value in bought["value"]),
            strict=True,
        ),
    }
    for name, columns in COLUMNS.items():
        with (data.source / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([columns, *rows[name]])


def write(found: list[dict[str, Any]]) -> None:
    """The figures as JSON and as a table, with the growth from each size to the next."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = FOLDER.name
    (FOLDER.parent / f"{name}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    text = (
        "| engine | touches | seconds | times the size before | of it | read or copied before |\n"
    )
    text += "|---|---:|---:|---:|---|---:|\n"
    before: dict[str, Any] = {}
    for each in found:
        growth = ""
        if before.get("engine") == each["engine"]:
            growth = f"{each['seconds'] / before['seconds']:.1f}"
        parts = ", ".join(f"{part} {seconds:.2f}" for part, seconds in each["parts"].items())
        text += f"| {each['engine']} | {each['touches']:,} | {each['seconds']:.2f} | {growth} | "
        text += f"{parts} | {each['reading']:.2f} |\n"
        before = each
    (FOLDER.parent / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    sys.exit(main())
