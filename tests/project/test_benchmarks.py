"""The benchmarks measure what they say: the harness, the sides' agreement, the documentation."""

from __future__ import annotations

import ast
import doctest
import inspect
import json
import random
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import (
    agreement,
    attribution_peers,
    clickhouse,
    duck,
    engines,
    making,
    options,
    ours,
    refreshing,
    running,
    summary,
    table,
    worker,
)
from benchmarks.comparisons import COMPARISONS, GROWTH, Bounds, Comparison, Further, Side
from benchmarks.data import (
    CHANNELS,
    DIRECT,
    HALF_LIFE_DAYS,
    LOOKBACK_DAYS,
    REFRESHED,
    STEPS,
    WINDOW_DAYS,
    Data,
    header,
)
from benchmarks.journal import Journal, Key
from benchmarks.options import MILLION, Options, known, read
from benchmarks.running import Job
from benchmarks.watch import Watch
from onefunnel import bootstrap
from onefunnel.ledger.schema import TABLES
from onefunnel.measures.attribution.models import Shares, shares
from onefunnel.measures.attribution.reference import Conversion, counts, paths
from onefunnel.measures.attribution.rules import Path as Walk
from onefunnel.measures.attribution.rules import Settings, Touch
from tests.project import tasks
from tests.project.files import ROOT

FOLDER = ROOT / "benchmarks"
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
WITHOUT_ONEFUNNEL = sorted({p.name for p in FOLDER.glob("*.py")} - {"ours.py"})
ATTRIBUTING = {
    "channelattribution",
    "do-attribution",
    "marketing-attribution-models",
    "mta",
    "shapley-attribution",
}
SIDES = [*GROWTH, *(side for comparison in COMPARISONS for side in comparison.sides)]
WINDOW = timedelta(days=WINDOW_DAYS)


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.task)
def test_a_side_is_a_task_of_data_and_a_watch(side: Side) -> None:
    assert list(inspect.signature(worker.task(side.task)).parameters) == ["data", "watch"]


@pytest.mark.parametrize("need", sorted({n for c in COMPARISONS for n in c.needs}))
def test_what_a_comparison_needs_can_be_made(need: str) -> None:
    task = worker.task(f"benchmarks.making:{need}")
    assert list(inspect.signature(task).parameters) == ["data", "watch"]


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.name)
def test_a_comparison_is_with_sides_that_it_has(comparison: Comparison) -> None:
    others = {side.name for side in comparison.sides[1:]}
    assert set(comparison.against) <= others


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.name)
def test_what_a_target_rests_on_runs_in_every_round(comparison: Comparison) -> None:
    judged = {comparison.ours.name}
    for each in (comparison, *comparison.further):
        large = each.large if isinstance(each, Further) else None
        if each.target is not None or large is not None:
            judged.update(each.against)
    assert judged.isdisjoint(side.name for side in comparison.sides if side.once)


@pytest.mark.parametrize("name", WITHOUT_ONEFUNNEL)
def test_only_our_side_loads_what_the_peers_lack(name: str) -> None:
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    loaded = {module.partition(".")[0] for module in _imported(tree)}
    assert loaded <= {"benchmarks", "__future__", *sys.stdlib_module_names}


def _imported(tree: ast.Module) -> Iterator[str]:
    """What a module imports when it is loaded; within functions it may be more."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


@pytest.mark.parametrize(
    "module", [agreement, clickhouse, engines, options, running, table, worker]
)
def test_the_examples_of_a_module_are_right(module: ModuleType) -> None:
    done = doctest.testmod(module)
    assert done.attempted > 0 and done.failed == 0


def test_the_peers_are_locked_with_hashes() -> None:
    lock = (FOLDER / "peers.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    wanted = re.findall(r"^([a-z0-9-]+)>=", (FOLDER / "peers.in").read_text(), re.MULTILINE)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert {"chdb", "duckdb", "matplotlib", "polars", *ATTRIBUTING} == set(wanted)
    ours = re.findall(r"^duckdb==.*$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert [line for line in lock.splitlines() if line.startswith("duckdb==")] == ours
    assert set(wanted) <= {entry.partition("==")[0] for entry in entries}
    assert "://" not in lock


def test_the_page_names_every_comparison_and_its_target() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in known() if f"| `{name}` |" not in page] == []
    for comparison in COMPARISONS:
        (row,) = re.findall(rf"^\| `{comparison.name}` \|.*$", page, re.MULTILINE)
        target = comparison.target
        assert row.endswith("| none |" if target is None else "|")
        assert target is None or f"at most {target:g}" in row


def test_the_page_names_every_option() -> None:
    page = PAGE.read_text(encoding="utf-8")
    names = [name.replace("_", "-") for name in Options.__dataclass_fields__]
    assert [name for name in names if f"| `--{name}` |" not in page] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--touches", "0"],
        ["--only", "speed"],
        ["--repeat", "0"],
        ["--threads", "two"],
        ["--memory", "lots"],
    ],
)
def test_an_option_that_can_not_be_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        read(arguments)


def test_sides_run_by_turns() -> None:
    asked = Options(touches=(MILLION,), growth=(), repeat=2, only=("import",))
    ((touches, needs, turns),) = running.jobs(asked)
    assert (touches, needs) == (MILLION, ("csv",))
    names = [(job.round, job.side.name) for job in turns]
    ours_, other = (side.name for side in COMPARISONS[0].sides)
    assert names == [(0, ours_), (0, other), (1, ours_), (1, other)]


# The journal


def measured(seconds: float, digest: str = "same", **more: Any) -> dict[str, Any]:
    """What a worker writes."""
    watched = {"seconds": seconds, "cpu_seconds": 2 * seconds, "prepared": 0.5, "peak_bytes": 10**9}
    return {**watched, "parts": {}, "apart": {}, "digest": digest, "answer": "[]", **more}


def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    path, key = tmp_path / "m.jsonl", Key("a:b", 5, 0)
    Journal(path, {"code": "x"}).add(key, measured(1.5))
    with path.open("a") as file:
        file.write('{"task": "a:b", "tou')  # killed while it wrote
    again = Journal(path, {"code": "x"})
    assert again.found == {key: measured(1.5)}
    again.add(Key("a:b", 5, 1), measured(2))
    assert set(Journal(path, {"code": "x"}).found) == {key, Key("a:b", 5, 1)}


@pytest.mark.parametrize(
    ("depends_on", "finished"), [({"code": "y"}, False), ({"code": "x"}, True)]
)
def test_a_run_begins_anew_and_keeps_the_old(
    tmp_path: Path, depends_on: dict[str, str], finished: bool
) -> None:
    path = tmp_path / "m.jsonl"
    journal = Journal(path, {"code": "x"})
    journal.add(Key("a:b", 5, 0), measured(1))
    if finished:
        journal.finish()
    assert Journal(path, depends_on).found == {}
    assert len(list(tmp_path.glob("m*.jsonl"))) == 2


def test_a_round_in_which_something_is_missing_is_measured_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "m.jsonl", {})
    sides = [Side("a", "m:a"), Side("b", "m:b")]
    jobs = [Job(side, 1, number) for number in range(2) for side in sides]
    for job in jobs[:3]:
        journal.add(job.key, measured(1))
    assert running.unmeasured(jobs, journal) == jobs[2:]
    journal.add(jobs[3].key, measured(1))
    assert running.unmeasured(jobs, journal) == []


# The data


def test_workspaces_of_other_code_are_removed_and_companies_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def left_after(
        companies: str, workspaces: str, keep: bool = False, walks: str = "w"
    ) -> set[str]:
        makers = {"companies": companies, "workspaces": workspaces, "walks": walks}
        monkeypatch.setattr(running, "makers", lambda: makers)
        running.remove_outdated(tmp_path, keep)
        return {path.name for path in tmp_path.iterdir()} - {"made-by.json"}

    assert left_after("a", "1") == set()
    for name in ("csv", "workspace", "attribution"):
        (tmp_path / name).mkdir()
    assert left_after("a", "1") == {"csv", "workspace", "attribution"}
    assert left_after("a", "2", keep=True) == {"csv", "workspace", "attribution"}
    assert left_after("a", "2") == {"csv", "attribution"}
    assert left_after("b", "2", keep=True) == {"attribution"}
    assert left_after("b", "2", keep=True, walks="v") == set()


# The figures


COMPARED = Comparison(
    "steps",
    "Steps",
    (Side("ours", "m:ours"), Side("slow", "m:slow"), Side("quick", "m:quick")),
    against=("slow", "quick"),
    target=0.8,
    most_bytes=2 * 10**9,
)


def found(**sides: list[dict[str, Any]]) -> dict[Key, Mapping[str, Any]]:
    """Measurements of ``COMPARED`` at five million touches."""
    return {
        Key(f"m:{name}", 5 * MILLION, number): each
        for name, rounds in sides.items()
        for number, each in enumerate(rounds)
    }


def test_the_ratio_is_of_medians_to_the_quickest_peer() -> None:
    rounds = {"ours": (1.0, 3.0, 2.0), "slow": (9.0, 9.0, 9.0), "quick": (4.0, 4.0, 5.0)}
    every = found(**{name: [measured(s) for s in times] for name, times in rounds.items()})
    figures = summary.compare(COMPARED, 5 * MILLION, every)
    assert figures["reference"] == "quick"
    assert figures["ratio"] == pytest.approx(2 / 4)
    assert figures["ratios"] == pytest.approx([1 / 4, 3 / 4])
    assert figures["same_answer"] is True
    assert figures["memory"] == {"peak_bytes": 10**9, "most_bytes": 2 * 10**9, "met": True}


def test_the_ratio_is_of_rounds_in_which_both_ran() -> None:
    """The machine was slower in the later rounds, and the peer was not there."""
    every = found(ours=[measured(1), measured(3), measured(3)], quick=[measured(4)])
    figures = summary.compare(COMPARED, 5 * MILLION, every)
    assert (figures["ratio"], figures["ratios"]) == (1 / 4, [1 / 4, 1 / 4])
    apart = {
        replace(key, round=key.round + 3 * ("quick" in key.task)): e for key, e in every.items()
    }
    figures = summary.compare(COMPARED, 5 * MILLION, apart)
    assert (figures["ratio"], figures["ratios"]) == (None, None)


def test_answers_that_differ_are_a_worry() -> None:
    every = found(ours=[measured(1)], slow=[measured(2)], quick=[measured(2, digest="other")])
    figures = {"comparisons": [summary.compare(COMPARED, 5 * MILLION, every)]}
    assert summary.worries(figures) == ["steps at 5,000,000 touches: the answers differ"]


def test_a_side_that_failed_is_a_worry_and_no_reference() -> None:
    every = found(
        ours=[measured(1)],
        slow=[measured(2)],
        quick=[{"failed": "Traceback …\nMemoryError: no more\n ^^"}],
    )
    figures = summary.compare(COMPARED, 5 * MILLION, every)
    assert (figures["reference"], figures["ratio"]) == ("slow", pytest.approx(0.5))
    assert figures["further"] == []
    said = summary.worries({"comparisons": [figures]})
    assert said == ["steps at 5,000,000 touches: quick failed: MemoryError: no more"]


def test_what_is_beyond_its_bounds_is_a_result_and_no_worry() -> None:
    beyond = {"failed": "It took longer than 600 s.", "beyond": True, "after": 600.0}
    every = found(ours=[measured(1)], slow=[measured(2)], quick=[beyond])
    figures = summary.compare(COMPARED, 5 * MILLION, every)
    assert summary.worries({"comparisons": [figures]}) == []
    assert figures["sides"]["quick"]["failed"] == "It took longer than 600 s."


def test_a_further_ratio_is_to_others_and_has_a_target_of_its_own() -> None:
    further = Further("beside slow", "Beside", ("slow",), target=1 / 12, large=1 / 30)
    compared = replace(COMPARED, further=(further,))
    every = found(ours=[measured(1)], slow=[measured(20)], quick=[measured(2)])
    (figures,) = summary.compare(compared, 5 * MILLION, every)["further"]
    assert (figures["reference"], figures["ratio"]) == ("slow", 1 / 20)
    assert figures["target"] == 1 / 12
    large = {replace(key, touches=50 * MILLION): each for key, each in every.items()}
    (figures,) = summary.compare(compared, 50 * MILLION, large)["further"]
    assert figures["target"] == 1 / 30


def test_credits_that_differ_are_a_worry() -> None:
    compared = replace(COMPARED, same_answer=False, agree=1e-6)

    def asked(other: float) -> dict[str, Any]:
        ours = {"linear": {"a": 3.0, "b": 1.0}, "markov_1": {"a": 2.0, "b": 2.0}}
        simulated = {"markov_1: simulated": {"a": 2.5, "b": 1.5}}
        sides = {"ours": ours, "slow": {"linear": {"a": other, "b": 1.0}, **simulated}}
        every = {name: [measured(1, credits=given)] for name, given in sides.items()}
        return summary.compare(compared, 5 * MILLION, found(**every))

    figures = asked(other=3.0009)
    assert figures["same_answer"] is True
    assert figures["agreement"]["others"] == {"markov_1: simulated": {"slow": 0.25}}
    figures = asked(other=3.002)
    assert summary.worries({"comparisons": [figures]}) == [
        "steps at 5,000,000 touches: the answers differ"
    ]


def test_growth_is_from_five_to_fifty_million() -> None:
    sides = replace(COMPARED, growth=12.0)
    every = {Key("m:ours", n * MILLION, 0): measured(s) for n, s in [(5, 1.0), (50, 13.0)]}
    times = summary.times_of(sides, every)
    assert times == {"name": "steps", "times": 13.0, "target": 12.0, "met": False}
    assert summary.times_of(COMPARED, every) is None


def test_growth_shows_identity_for_itself_and_what_no_part_holds() -> None:
    take_in, *_ = GROWTH
    parts = {"read and check": 3.0, "identity": 2.0}
    every = {Key(take_in.task, MILLION, 0): measured(10.0, parts=parts)}
    works = {w["name"]: w["sizes"] for w in summary.growth(every, Options(growth=(MILLION,)))}
    rest = {"read and check": 3.0, "rest": 5.0}
    assert works["import"] == [{"touches": MILLION, "seconds": 8.0, "parts": rest}]
    assert works["identity"] == [{"touches": MILLION, "seconds": 2.0, "parts": {"identity": 2.0}}]


def test_the_table_shows_what_was_missed_and_what_failed() -> None:
    every = found(ours=[measured(2)], slow=[measured(1)], quick=[{"failed": "KeyError: 'x'"}])
    run = {
        "machine": {"processor": "P", "cores": 4, "memory_bytes": 2**34, "system": "Linux"},
        "versions": {"Python": "3.11"},
        "threads": 2,
        "memory": "3GB",
        "rounds": 1,
        "comparisons": [summary.compare(COMPARED, 5 * MILLION, every)],
        "times": [],
        "growth": [],
    }
    written = table.markdown(json.loads(json.dumps(run)))
    row = "| Steps | 5 M | ours | slow | 2.00 | 2.00 to 2.00 | at most 0.8: **missed** | the same |"
    assert row in written
    assert "| steps | 5 M | quick | failed | – | – | – | KeyError: 'x' |" in written


# The stopwatch


def test_what_is_left_out_is_no_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    instants = iter([0.0, 2.0, 2.5, 3.5, 7.5, 8.0, 10.0, 10.5])
    monkeypatch.setattr("benchmarks.watch.time.perf_counter", lambda: next(instants))
    watch = Watch()
    with watch.measured():
        with watch.part("read"):
            pass
        with watch.left_out("identity"):
            pass
    assert (watch.prepared, watch.seconds) == (2.0, 6.0)
    assert (watch.parts, watch.apart) == ({"read": 4.0}, {"identity": 2.0})


# The worker


def test_a_task_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    asked = Options(folder=tmp_path)
    done = running.work(f"{tasks.__name__}:sleeps", 7, asked, Path(sys.executable))
    assert done["seconds"] >= 0.05
    assert done["prepared"] >= 0
    assert done["peak_bytes"] > 5_000_000
    assert (done["digest"], done["answer"]) == (worker.digest([7]), "[7]")


def test_a_task_that_fails_says_why(tmp_path: Path) -> None:
    done = running.work(
        f"{tasks.__name__}:breaks", 7, Options(folder=tmp_path), Path(sys.executable)
    )
    assert running.reason(done["failed"]) == "ValueError: no 7"


@pytest.mark.parametrize(
    ("task", "bounds", "said"),
    [
        ("hoards", Bounds(seconds=30, memory=10**8), "It took more than 0.1 GB."),
        ("hoards", Bounds(seconds=1), "It took longer than 1 s."),
        ("runs_out", Bounds(), "MemoryError: no more"),
    ],
)
def test_a_task_that_takes_too_much_is_ended(
    tmp_path: Path, task: str, bounds: Bounds, said: str
) -> None:
    asked = Options(folder=tmp_path)
    done = running.work(f"{tasks.__name__}:{task}", 7, asked, Path(sys.executable), bounds)
    assert done["beyond"] is True
    assert running.reason(done["failed"]) == said


def test_what_was_beyond_its_bounds_is_not_tried_at_larger_sizes(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "m.jsonl", {})
    side = Side("a", "m:a", bounds=Bounds())
    journal.add(Key("m:a", 5, 0), {"failed": "It took longer than 600 s.", "beyond": True})
    assert running.beyond_before(Job(side, 4, 0), journal) is None
    again, larger = (running.beyond_before(Job(side, n, 1), journal) for n in (5, 50))
    assert again == {"failed": "It took longer than 600 s.", "beyond": True}
    assert larger == {"failed": "At 5 touches: It took longer than 600 s.", "beyond": True}


# The walks that attribution is compared on


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """The touches and conversions of some eight hundred people."""
    made = Data(tmp_path_factory.mktemp("walks"), 4_000, 2, "1GB")
    making.attribution(made, Watch())
    return made


def test_walks_are_the_same_each_time_and_in_order_of_time(walks: Data, tmp_path: Path) -> None:
    again = Data(tmp_path, 4_000, 2, "1GB")
    making.attribution(again, Watch())
    touches = pq.read_table(walks.attribution_touches)
    assert touches == pq.read_table(again.attribution_touches)
    assert touches.num_rows == 4_000
    assert touches.schema.names == ["person", "at", "channel"]
    instants = touches["at"].to_pylist()
    assert instants == sorted(instants)
    bought = pq.read_table(walks.attribution_conversions)
    assert bought == pq.read_table(again.attribution_conversions)
    assert 0.01 < bought.num_rows / len(set(touches["person"].to_pylist())) < 0.06


def walked(data: Data) -> list[Walk]:
    """The paths of the walks by the reference, those without a touch left out."""
    by_person: dict[int, list[Touch]] = {}
    for row in pq.read_table(data.attribution_touches).to_pylist():
        touch = Touch("", row["at"], CHANNELS[row["channel"]])
        by_person.setdefault(row["person"], []).append(touch)
    conversions = pq.read_table(data.attribution_conversions).to_pylist()
    bought = {row["person"]: Conversion(row["at"], row["value"]) for row in conversions}
    settings = Settings(window_days=LOOKBACK_DAYS)
    found = []
    for person, touches in by_person.items():
        these = [bought[person]] if person in bought else []
        before = [touch for touch in touches if not these or touch.at <= these[0].at]
        found += [path for path in paths(before, these, settings) if path.touches]
    return found


def test_the_peers_are_given_the_paths_of_the_reference(walks: Data) -> None:
    files = {"touches": walks.attribution_touches, "conversions": walks.attribution_conversions}
    named = {name: str(path) for name, path in files.items()}
    con = duck.connect(walks)
    peers = attribution_peers
    given = sorted(con.execute(peers.paths_of(), named).fetchall())
    wanted = [
        (">".join(chr(97 + CHANNELS.index(str(name))) for name in path.players), path.nulls == 0)
        for path in walked(walks)
    ]
    assert given == sorted(wanted)
    assert {done for _, done in given} == {True, False}
    assert sorted(con.execute(peers.paths_of(peers.PLAINLY), named).fetchall()) == given
    converted = con.execute(peers.paths_of(whose=peers.CONVERTED), named).fetchall()
    assert sorted(converted) == [row for row in given if row[1]]


@pytest.mark.long
def test_our_side_credits_the_paths_of_the_reference(walks: Data) -> None:
    settings = Settings(LOOKBACK_DAYS, HALF_LIFE_DAYS, frozenset({CHANNELS[DIRECT]}))
    found = counts([(0, path) for path in walked(walks)], CHANNELS, settings, (1, 2), 1)
    total = found.sets.conversions.total.sum()
    given = ours.attribution(walks, Watch())
    assert {"first_touch", "time_decay", "markov_1", "markov_2", "shapley"} <= set(given)
    for model, by_channel in given.items():
        said = shares(found, model)
        assert isinstance(said, Shares)
        parts = zip(said.players, said.parts, strict=True)
        wanted = {player: part * total for player, part in parts if player}
        assert agreement.difference(by_channel, wanted) == 0, model


# The sides


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """A few hundred people with short journeys, full of ties and repeated steps."""
    made = Data(tmp_path_factory.mktemp("data"), 0, 2, "1GB")
    pq.write_table(_journeys(random.Random(5)), made.journeys)
    pq.write_table(_journeys(random.Random(6)).slice(0, 10), made.few_journeys)
    people = {"party": [f"p{code}" for code in range(PEOPLE)], "person": range(PEOPLE)}
    pq.write_table(pa.table(people), made.people)
    return made


PEOPLE = 400
MORNING = datetime(2024, 1, 1, tzinfo=UTC)


def _journeys(rng: random.Random) -> pa.Table:
    touches = [
        (code, MORNING + timedelta(days=rng.choice([0, 1, 15, 30, 31, 45, 60])), step)
        for code in range(PEOPLE)
        for step in rng.choices(range(len(STEPS) + 1), k=rng.randint(1, 9))
    ]
    rng.shuffle(touches)
    codes, happened, steps = zip(*touches, strict=True)
    return pa.table(
        {
            "code": pa.array(codes, pa.uint32()),
            "party": [f"p{code}" for code in codes],
            "happened": pa.array(happened, pa.timestamp("us", "UTC")),
            "step": pa.array(steps, pa.uint8()),
            "kind": [("other", *STEPS)[step] for step in steps],
        }
    )


def _reached_by_search(data: Data) -> list[int]:
    """How many people came to each level, by trying every chain."""
    journeys: dict[int, list[tuple[datetime, int]]] = {}
    for row in pq.read_table(data.journeys).to_pylist():
        journeys.setdefault(row["code"], []).append((row["happened"], row["step"]))
    levels = [_level(journey, 0, None, None) for journey in journeys.values()]
    return [sum(level >= k for level in levels) for k in range(1, len(STEPS) + 1)]


def _level(
    journey: list[tuple[datetime, int]], level: int, first: datetime | None, last: datetime | None
) -> int:
    further = [
        _level(journey, level + 1, first or happened, happened)
        for happened, step in journey
        if step == level + 1
        and (first is None or happened <= first + WINDOW)
        and (last is None or happened >= last)
    ]
    return max(further, default=level)


@pytest.mark.parametrize("task", [ours.steps, duck.steps])
def test_steps_are_counted_by_the_same_definition(data: Data, task: Any) -> None:
    wanted = _reached_by_search(data)
    assert min(wanted) > 0 and wanted[0] > wanted[1] > wanted[2] > wanted[3]
    assert task(data, Watch()) == wanted


def test_touches_are_the_same_in_the_ledger_and_in_the_peers_parquet(tmp_path: Path) -> None:
    made = Data(tmp_path, 0, 2, "1GB")
    for folder in (made.source, made.few):
        folder.mkdir()
        (folder / "touch.csv").write_text(
            '"touch_id","party_id","occurred_at","channel","intent"\n'
            '"t1","p1","2024-01-01T10:00:00Z","search",\n'
            '"t2","p1","2024-01-02T10:00:00.5Z",,"quote"\n'
        )
    answers = [task(made, Watch()) for task in (ours.import_touches, duck.csv_to_parquet)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 2


def test_a_workspace_is_as_if_never_asked(tmp_path: Path) -> None:
    made = Data(tmp_path, 0, 2, "1GB")
    made.few.mkdir()
    (made.few / "touch.csv").write_text("touch_id,party_id,occurred_at\nt1,p1,2024-01-01\n")
    making._made(made.workspace, lambda folder: making._taken_in(folder, made.few, dense_from=1))
    making._made(made.few_workspace, lambda folder: shutil.copytree(made.workspace, folder))
    before = names_in(made.workspace)
    watch = Watch()
    assert ours.funnel(made, watch)
    assert [name[:5] for name in names_in(made.workspace) - before] == ["rest-"]
    assert set(watch.parts) == {
        "touches in order",
        "whose records",
        "stage entries",
        "counts and durations",
    }
    ours._forget_answers(bootstrap.open_workspace(made.workspace))
    assert names_in(made.workspace) == before - {"cache"}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """A small company before and after its newest touches, answered by passes however small."""
    made = Data(tmp_path_factory.mktemp("refreshed"), 4_000, 2, "1GB")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "_taken_in", partial(making._taken_in, dense_from=1))
        making.refresh(made, Watch())
    return made


@pytest.mark.long
@pytest.mark.parametrize("measure", REFRESHED)
def test_what_is_brought_up_to_date_is_as_from_nothing(refreshed: Data, measure: str) -> None:
    updated, from_nothing = Watch(), Watch()
    answer = getattr(refreshing, measure)(refreshed, updated)
    assert answer == getattr(refreshing, f"{measure}_from_nothing")(refreshed, from_nothing)
    assert len(answer) > 1
    # Of records that did not change nobody is asked again, and touches are put in order by both.
    assert "stage entries" in from_nothing.parts and "stage entries" not in updated.parts
    assert "touches in order" in updated.parts


def names_in(folder: Path) -> set[str]:
    """What a folder holds and its history, but for what is gone with its owner."""
    found = [*folder.iterdir(), *(folder / "history").iterdir()]
    return {path.name for path in found} - {"scratch"}


def test_columns_of_the_funnel_are_columns_of_the_ledger(tmp_path: Path) -> None:
    made = Data(tmp_path, 0, 2, "1GB")
    made.few.mkdir()
    (made.few / "touch.csv").write_text("touch_id,party_id,occurred_at\nt1,p1,2024-01-01\n")
    making._made(made.workspace, lambda folder: making._taken_in(folder, made.few))
    reads = ours.funnel_reads(made)
    assert set(reads) == {"touch", "entity"}
    _, columns = reads["touch"]
    assert {"party_id", "occurred_at", "channel", "kind", "intent"} <= set(columns)
    assert set(columns) <= {*TABLES["touch"].column_names, "since", "until"}
    assert header(made.few / "touch.csv") == ["touch_id", "party_id", "occurred_at"]
    assert duck.scan(made, Watch()) == 2
