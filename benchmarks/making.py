"""Makes the data of one size, once: simulated companies, and workspaces that hold them.

Each is a task of the worker; what is half made when it is killed is made again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from csv import DictReader, DictWriter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import duck
from benchmarks.data import REFRESHED, STEPS, Data
from benchmarks.watch import Watch

if TYPE_CHECKING:
    from onefunnel.workflows.workspace import Workspace

SEED = 1
NEWEST = 0.01
FEW = 1_000


def csv(data: Data, watch: Watch) -> None:
    """The simulated company as a folder of CSV files, and a few of its touches."""
    _made(data.source, lambda folder: _simulated(folder, data.touches))
    _made(data.few, lambda folder: _few(data.touch_csv, folder))
    # So few would not be answered by compiled passes, and these are what is to be warmed up.
    _made(data.few_workspace, lambda folder: _taken_in(folder, data.few, dense_from=1))


def workspace(data: Data, watch: Watch) -> None:
    """A workspace that holds the folder."""
    csv(data, watch)
    _made(data.workspace, lambda folder: _taken_in(folder, data.source))


def journeys(data: Data, watch: Watch) -> None:
    """The touches of the workspace with the codes of persons and steps, in the order they came."""
    workspace(data, watch)
    _made(data.people, lambda path: _write_people(data, path))
    _made(data.journeys, lambda path: _write_journeys(data, path))
    _made(data.few_journeys, lambda path: _write_few_journeys(data, path))


def refresh(data: Data, watch: Watch) -> None:
    """The company without its newest touches, those touches, and workspaces before and after."""
    csv(data, watch)
    _made(data.base, lambda folder: _split(data, folder))
    _made(data.before, lambda folder: _before(data, folder))
    _made(data.after, lambda folder: _after(data, folder))


def attribution(data: Data, watch: Watch) -> None:
    """The touches and conversions that attribution is compared on."""
    _made(data.attribution, lambda folder: _walked(folder, data))


def _made(path: Path, make: Callable[[Path], object]) -> None:
    """Make a file or folder beside its place, and put it there when it is whole."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}-unfinished")
    if beside.is_dir():
        shutil.rmtree(beside)
    make(beside)
    beside.rename(path)


def _simulated(folder: Path, touches: int) -> None:
    from onefunnel.simulator import SCENARIOS, simulate
    from onefunnel.simulator.writing import truth_file

    simulate(SCENARIOS["healthy"](touches=touches, seed=SEED)).write(folder, format="csv")
    truth_file(folder).unlink()  # it lies beside the folder, under the name that is given up


def _walked(folder: Path, data: Data) -> None:
    from benchmarks import walks

    folder.mkdir()
    places = (
        (FEW, data.attribution_few_touches, data.attribution_few_conversions),
        (data.touches, data.attribution_touches, data.attribution_conversions),
    )
    for count, touches, conversions in places:
        walks.write(count, folder / touches.name, folder / conversions.name)


def _few(touches: Path, folder: Path) -> None:
    """The first few touches; whoever made the last of them buys, so that a path converts."""
    folder.mkdir()
    with touches.open(encoding="utf-8") as file:
        lines = list(islice(file, FEW))
    (folder / "touch.csv").write_text("".join(lines), encoding="utf-8")
    *_, last = DictReader(lines)
    bought = {"party_id": last["party_id"], "ordered_at": last["occurred_at"]}
    line = {"order_line_id": "few", **bought, "quantity": 1, "net_price": 1}
    with (folder / "order_line.csv").open("w", encoding="utf-8", newline="") as file:
        writer = DictWriter(file, line)
        writer.writeheader()
        writer.writerow(line)


def _taken_in(folder: Path, source: Path, dense_from: int | None = None) -> Workspace:
    from onefunnel import bootstrap
    from onefunnel.intake import silent
    from onefunnel.settings import EngineSettings
    from onefunnel.workflows.importing import import_paths

    engine = EngineSettings() if dense_from is None else EngineSettings(dense_from=dense_from)
    made = bootstrap.init_workspace(folder, engine=engine)
    import_paths(made, [source], silent)
    return made


def _write_people(data: Data, path: Path) -> None:
    from benchmarks.ours import table_files

    duck.connect(data).execute(
        "COPY (SELECT party_id AS party, entity_code::UINTEGER AS person"
        f" FROM read_parquet($entity)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)",
        {"entity": table_files(data, "entity")},
    )


def _write_journeys(data: Data, path: Path) -> None:
    from benchmarks.ours import table_files

    steps = " ".join(f"WHEN '{kind}' THEN {k}" for k, kind in enumerate(STEPS, start=1))
    duck.connect(data).execute(
        "COPY (SELECT person AS code, party, occurred_at AS happened,"
        f" (CASE kind {steps} ELSE 0 END)::UTINYINT AS step, kind"
        " FROM read_parquet($touch) AS touch"
        " JOIN read_parquet($people) AS people ON touch.party_id = people.party)"
        f" TO '{path}' (FORMAT parquet, COMPRESSION zstd)",
        {"touch": table_files(data, "touch"), "people": str(data.people)},
    )


def _write_few_journeys(data: Data, path: Path) -> None:
    con = duck.connect(data)
    source = {"source": str(data.journeys)}
    con.execute(
        f"COPY (FROM read_parquet($source) LIMIT {FEW}) TO '{path}' (FORMAT parquet)", source
    )


def _split(data: Data, folder: Path) -> None:
    """Divide the touches by time, as text: what is newest comes later."""
    without = shutil.ignore_patterns("touch.csv")
    shutil.copytree(data.source, folder, ignore=without, copy_function=os.link)
    data.more_csv.parent.mkdir(exist_ok=True)
    con = duck.connect(data)
    source = {"source": str(data.touch_csv)}
    touches = "FROM read_csv($source, header = true, all_varchar = true)"
    found = con.execute(f"SELECT quantile_disc(occurred_at, {1 - NEWEST}) {touches}", source)
    (bound,) = found.fetchone() or ("",)
    for path, later in ((folder / "touch.csv", False), (data.more_csv, True)):
        con.execute(
            f"COPY ({touches} WHERE (occurred_at > $bound) = $later) TO '{path}' (HEADER)",
            {**source, "bound": bound, "later": later},
        )


def _before(data: Data, folder: Path) -> None:
    from onefunnel.api import Opened

    opened = Opened(_taken_in(folder, data.base))
    for measure in REFRESHED:
        opened.measure(measure, by="channel")


def _after(data: Data, folder: Path) -> None:
    from onefunnel import bootstrap
    from onefunnel.intake import silent
    from onefunnel.workflows.importing import import_paths

    shutil.copytree(data.before, folder)
    import_paths(bootstrap.open_workspace(folder), [data.more_csv], silent)
