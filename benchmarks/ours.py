"""What onefunnel is measured at: one small function per task, through what a person calls."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

import onefunnel
from benchmarks import duck
from benchmarks.data import (
    CHANNELS,
    DIRECT,
    HALF_LIFE_DAYS,
    LOOKBACK_DAYS,
    STEPS,
    WINDOW_DAYS,
    Credits,
    Data,
    header,
    read_through,
)
from benchmarks.watch import Watch
from onefunnel import bootstrap
from onefunnel.funnel.dense.packed import furthest_steps
from onefunnel.funnel.rules import default_rules
from onefunnel.funnel.subjects import USED
from onefunnel.intake import silent
from onefunnel.ledger.disk import delta
from onefunnel.ledger.disk.head import read_head
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.assemble import attributed
from onefunnel.measures.attribution.dense.counting import by_bucket, ends_of
from onefunnel.measures.attribution.dense.players import players_of
from onefunnel.measures.attribution.dense.streamed import from_batches
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.rules import Settings
from onefunnel.measures.attribution.touches import shown
from onefunnel.vocabulary import Question
from onefunnel.workflows import asking, history, importing, put, upkeep
from onefunnel.workflows.dense import Dense
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.put import Put
from onefunnel.workflows.taking_in import Taking
from onefunnel.workflows.upkeep import put_in_order
from onefunnel.workflows.workspace import Workspace

BY = "channel"
BATCH = 200_000
WINDOW = WINDOW_DAYS * 86_400 * 1_000_000
ENDS = """
SELECT person::BIGINT AS entity_code, "at", 1::BIGINT AS conversions, 0::BIGINT AS units,
    NULL::TIMESTAMP AS lead_at
FROM read_parquet($path)
"""
"""The conversions, as the measure has them."""
FACTS = ("journal.sqlite", "ledger", "onefunnel.toml", "rules", "scratch")
"""What is in a workspace that was filled."""
HISTORY = "history"
"""What an import leaves besides: touches in order and whose records are, by identity's codes."""
ANSWERS = "rest-*"
"""What answers leave there."""


def import_touches(data: Data, watch: Watch) -> list[Any]:
    """The touches from CSV into an empty ledger; who is the same party is left out."""
    _warm_up_import(data)
    with _new_workspace(data) as workspace:
        read_through([data.touch_csv])
        with watch.measured(), _importing_in_parts(watch, identity=watch.left_out):
            import_paths(workspace, [data.touch_csv], silent)
        return duck.contents(duck.connect(data), _files(workspace, "touch"), header(data.touch_csv))


def take_in(data: Data, watch: Watch) -> int:
    """The whole folder, all tables, with who is the same party: what a first import is."""
    _warm_up_import(data)
    with _new_workspace(data) as workspace:
        read_through(data.source.glob("*.csv"))
        with watch.measured(), _importing_in_parts(watch, identity=watch.part):
            taken = import_paths(workspace, [data.source], silent)
        return taken.changes


def funnel(data: Data, watch: Watch) -> Any:
    """The joint funnel of a workspace as an import leaves it, never asked."""
    warm_up(data)
    workspace = bootstrap.open_workspace(data.workspace)
    put_in_order(workspace)
    _forget_answers(workspace)
    return answered(workspace, watch)


def funnel_from_facts(data: Data, watch: Watch) -> Any:
    """The joint funnel from nothing but facts and who is who: touches are put in order too."""
    warm_up(data)
    workspace = bootstrap.open_workspace(data.workspace)
    forget_all(workspace)
    return answered(workspace, watch)


def steps(data: Data, watch: Watch) -> list[int]:
    """Four ordered steps from person codes."""
    con = duck.connect(data)
    query = (
        "SELECT code, happened, (1 << (step - 1))::UTINYINT AS mask"
        " FROM read_parquet($journeys) WHERE step > 0"
    )

    def levels(journeys: Path) -> list[int]:
        rows = con.sql(query, params={"journeys": str(journeys)}).to_arrow_reader(BATCH)
        found = furthest_steps(rows, len(STEPS), WINDOW, threads=data.threads)
        return found.reached(len(STEPS))

    levels(data.few_journeys)
    read_through([data.journeys])
    with watch.measured():
        return levels(data.journeys)


def steps_asked(data: Data, watch: Watch) -> list[int]:
    """The measure, asked of a workspace that was never asked: kinds and parties as text."""
    asked = [f"kind={kind}" for kind in STEPS]
    onefunnel.open(data.few_workspace).steps(asked, within_days=WINDOW_DAYS)
    workspace = bootstrap.open_workspace(data.workspace)
    _forget_answers(workspace)
    read_through(workspace.ledger.rglob("*.parquet"))
    opened = onefunnel.open(workspace.path)
    with watch.measured():
        answer = opened.steps(asked, within_days=WINDOW_DAYS)
    return [row.reached for row in answer.rows]


def attribution(data: Data, watch: Watch) -> Credits:
    """All rules, Markov models of order 1 and 2 and both games, with their intervals."""
    return _attribution(data, watch, (1, 2))


def attribution_3_4(data: Data, watch: Watch) -> Credits:
    """The same with Markov models of order 3 and 4."""
    return _attribution(data, watch, (1, 2, 3, 4))


def _attribution(data: Data, watch: Watch, orders: tuple[int, ...]) -> Credits:
    con = duck.connect(data)
    direct = frozenset({CHANNELS[DIRECT]})
    settings = Settings(LOOKBACK_DAYS, HALF_LIFE_DAYS, direct)
    asked = Asked(Value.CUSTOMERS, settings=settings, orders=orders)
    few = (data.attribution_few_touches, data.attribution_few_conversions)
    every = (data.attribution_touches, data.attribution_conversions)
    _credited(con, few, asked, data.threads, Watch())
    read_through(every)
    with watch.measured():
        return _credited(con, every, asked, data.threads, watch)


def _credited(
    con: Any, files: tuple[Path, Path], asked: Asked, threads: int, watch: Watch
) -> Credits:
    """Conversions by model and channel; those that no touch came before are nobody's."""
    touches, bought = ({"path": str(path)} for path in files)
    marked = f"channel::USMALLINT * 2 + (channel = {DIRECT})::USMALLINT"
    query = f'SELECT person, "at", {marked} FROM read_parquet($path)'
    numbers = pa.array(range(len(CHANNELS)))
    names = [f"marketing:{name}" for name in CHANNELS]
    players = pa.table({"number": numbers, "player": names, "merged": [1] * len(names)})
    question = Question(now=datetime(2100, 1, 1, tzinfo=UTC))
    with watch.part("conversions"):
        ends = ends_of(con.sql(ENDS, params=bought).to_arrow_table())
    with watch.part("paths"):
        batches = con.sql(query, params=touches).to_arrow_reader(BATCH)
        who = players_of(players)
        counted = from_batches(batches, ends, who, question, asked, threads)
    totals = pa.table({"worth": [len(ends.at)], "lines": [0], "unknown": [0]})
    by = by_bucket(ends, question)
    with watch.part("models"):
        found = attributed(
            {**counted, "players": players, "conversions": by, "totals": totals}, asked
        )
    return {
        rows[0].model: {
            shown(row.player)[1] or "": float(row.credit)
            for row in rows
            if row.player and row.credit
        }
        for rows in found.players
    }


def warm_up(data: Data, measure: str = "funnel") -> None:
    """Ask a measure about a few touches, so that everything is loaded and compiled."""
    forget_all(bootstrap.open_workspace(data.few_workspace))
    onefunnel.open(data.few_workspace).measure(measure, by=BY)


def answered(workspace: Workspace, watch: Watch, measure: str = "funnel") -> Any:
    """The answer of a measure by channel, the asking measured."""
    read_through(workspace.ledger.rglob("*.parquet"))
    opened = onefunnel.open(workspace.path)
    with watch.measured(), _asking_in_parts(watch):
        answer = opened.measure(measure, by=BY)
    return answer.to_dicts()


def forget_all(workspace: Workspace) -> None:
    """Throw away all but the facts and who is who."""
    _forget(workspace, FACTS)


def funnel_reads(data: Data) -> dict[str, tuple[list[str], list[str]]]:
    """The files and columns that the funnel by channel reads, by table."""
    workspace = bootstrap.open_workspace(data.workspace)
    columns = {name: set(used) for name, used in USED.items()}
    for rule in (rule for stage in default_rules().stages for rule in stage.rules):
        columns[rule.fact] |= set(rule.columns)
    columns["entity"] = {"party_id", "entity_code"}
    stored = read_head(workspace.ledger).tables
    return {
        name: (_files(workspace, name), sorted({*used, "since", "until"}))
        for name, used in columns.items()
        if name in stored
    }


def table_files(data: Data, table: str) -> list[str]:
    """The Parquet files of a table of the workspace."""
    return _files(bootstrap.open_workspace(data.workspace), table)


def _warm_up_import(data: Data) -> None:
    """Import a few touches, so that everything is loaded and compiled."""
    with _new_workspace(data) as workspace:
        import_paths(workspace, [data.few], silent)


def _forget_answers(workspace: Workspace) -> None:
    """Throw away all that earlier questions left: whatever an import does not leave."""
    _forget(workspace, (*FACTS, HISTORY))
    for path in (workspace.path / HISTORY).glob(ANSWERS):
        shutil.rmtree(path)


def _forget(workspace: Workspace, but: tuple[str, ...]) -> None:
    for path in workspace.path.iterdir():
        if path.name not in but:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _files(workspace: Workspace, table: str) -> list[str]:
    return delta.files(workspace.ledger, read_head(workspace.ledger).tables[table])


@contextmanager
def _new_workspace(data: Data) -> Iterator[Workspace]:
    """An empty workspace beside the data, gone afterwards."""
    folder = data.folder / "workspace-new"
    shutil.rmtree(folder, ignore_errors=True)
    yield bootstrap.init_workspace(folder)
    shutil.rmtree(folder)


Section = Callable[[str], AbstractContextManager[None]]


@contextmanager
def _importing_in_parts(watch: Watch, identity: Section) -> Iterator[None]:
    """See how long the parts of an import take; ``identity`` is the section of that part."""
    with (
        _timed(importing, "read", "read and check", watch.part),
        _timed(Taking, "take", "merge and write", watch.part),
        _timed(Taking, "link", "identity", identity),
        _timed(upkeep, "put_in_order", "touches in order", identity),
    ):
        yield


@contextmanager
def _asking_in_parts(watch: Watch) -> Iterator[None]:
    """See how long the parts of an answer take."""
    with (
        _timed(Put, "_prepare", "stage entries", watch.part),
        _timed(history, "history", "touches in order", watch.part),
        _timed(put, "known", "whose records", watch.part),
        _timed(Dense, "fill", "stage entries", watch.part),
        _timed(Dense, "collect", "counts and durations", watch.part),
        _timed(asking, "_in_order", "paths", watch.part),
    ):
        yield


@contextmanager
def _timed(owner: Any, name: str, part: str, section: Section) -> Iterator[None]:
    """Let every call of a function be a section of that name."""
    original = getattr(owner, name)

    def within(*arguments: Any, **named: Any) -> Any:
        with section(part):
            return original(*arguments, **named)

    setattr(owner, name, within)
    try:
        yield
    finally:
        setattr(owner, name, original)
