"""The sample company: brought into an empty ledger to be looked at, and taken out again whole."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from onefunnel.errors import UsageError
from onefunnel.intake import Progress
from onefunnel.ledger.disk.head import read_head, replace_file
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.disk.system import BATCH
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.batch import Batch
from onefunnel.simulator import SCENARIOS, Company, SelfReports, simulate
from onefunnel.simulator.names import EURO
from onefunnel.workflows.cast import Member, cast
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.kept import forget, forget_history
from onefunnel.workflows.sample_terms import bring_terms, take_terms_away
from onefunnel.workflows.terms import name_terms
from onefunnel.workflows.workspace import Workspace

FILE_NAME = "sample.json"
KIND, GONE = "sample", "emptied"
BESIDE = frozenset({KIND, "rules", "terms", "close", "compact", "erase"})
"""Batches that bring no records but the sample's."""
TOUCHES, SEED = 60_000, 7
PARTS = {"records": 1, "files": 3, "tables": 3, "people": 3, "answers": 10}
"""What is done one after the other, and about how long each takes; answers by who is shown them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample company is in the ledger: ``alone``, or with records that came since.

    ``demonstration`` says that the whole workspace was made to be looked at, cast and all.
    """

    alone: bool
    demonstration: bool


def holds_nothing(workspace: Workspace) -> bool:
    """Whether the ledger has no records: none ever came, or the sample was taken out again."""
    return not set(read_head(workspace.ledger).tables) - {BATCH.name}


def shown(workspace: Workspace) -> Sample | None:
    """The sample company if it is in the ledger, else None; costs nothing where it never was."""
    if not is_marked(workspace):
        return None
    kinds = _kinds(workspace, read_head(workspace.ledger).version)
    if KIND not in kinds:
        return None
    return Sample(kinds <= BESIDE, is_marked(workspace, demonstration=True))


def is_marked(workspace: Workspace, *, demonstration: bool = False) -> bool:
    """Whether the sample company was brought once, or a demonstration; without asking the ledger.

    A process that is going to fork may ask this, and not what :func:`shown` tells.
    """
    marked = _marked(workspace)
    return bool(marked) and (bool(marked.get("demonstration")) or not demonstration)


def _marked(workspace: Workspace) -> dict[str, Any]:
    """What the marker says; empty where there is none."""
    try:
        found: dict[str, Any] = json.loads((workspace.path / FILE_NAME).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def bring(
    workspace: Workspace,
    progress: Progress,
    *,
    demonstration: bool = False,
    touches: int = TOUCHES,
) -> int:
    """Make the sample company in the workspace's language and currency, and import it.

    Returns the ledger version; UsageError where the ledger holds something already.
    """
    if not holds_nothing(workspace):
        raise UsageError(
            "The ledger holds records already: the sample company would mix with them.",
            remedy="Serve a new folder to look at it.",
        )
    marker = json.dumps({"demonstration": demonstration})
    replace_file(workspace.path / FILE_NAME, marker)
    progress.step("records", 0, None)
    with scratch_folder(workspace.scratch) as scratch:
        folder = scratch / "company-x"
        company = _write(workspace, folder, touches)
        terms = bring_terms(workspace, company)
        marker = json.dumps({"demonstration": demonstration, "terms": terms})
        replace_file(workspace.path / FILE_NAME, marker)
        taken = import_paths(workspace, [folder], progress, kind=KIND)
    return taken.version


def take_away(workspace: Workspace) -> None:
    """Let go of the sample company: the ledger holds no records, under the next version.

    UsageError where anything else came into the ledger since: that would be lost.
    """
    with workspace.writing() as batch:
        kinds = _since_emptied(batch.reader)
        if KIND in kinds and not kinds <= BESIDE:
            raise UsageError(
                "Other records came in since: they can't be told from the sample's any more.",
                remedy="Serve a new folder for your own files.",
            )
        if KIND in kinds:
            take_terms_away(workspace, _marked(workspace).get("terms", {}))
            name_terms(workspace, batch)
            _empty(workspace, batch)
    (workspace.path / FILE_NAME).unlink(missing_ok=True)
    forget(workspace.path)
    forget_history(workspace.path)


def _empty(workspace: Workspace, batch: Batch) -> None:
    """Commit a head that names no table but the batches; the next version was never another's."""
    head = batch.head
    only = {BATCH.name: head.tables[BATCH.name]}
    # Another generation: folders that are named no more go with the lock.
    batch.next_head = replace(batch.next_head, tables=only, generation=head.generation + 1)
    batch.commit(workspace.clock(), GONE, KIND)


_known: dict[tuple[Path, str, int], frozenset[str]] = {}


def _kinds(workspace: Workspace, version: int) -> frozenset[str]:
    key = (workspace.path, workspace.settings.workspace_id, version)
    if key not in _known:
        _known.clear()
        _known[key] = workspace.reading(_since_emptied)
    return _known[key]


def _since_emptied(reader: Reader) -> frozenset[str]:
    """The kinds of batches since the ledger was empty."""
    rows = reader.rows(BATCH.name)
    found = reader.fetch(rows.select("since", "kind").order_by("since"))["kind"].to_pylist()
    last = max((at for at, kind in enumerate(found) if kind == GONE), default=-1)
    return frozenset(found[last + 1 :])


def _write(workspace: Workspace, folder: Path, touches: int) -> Company:
    """The company's files, in the workspace's currency, with the cast by their names."""
    kept = workspace.settings
    money = kept.currency if kept.currency in EURO else ""
    company = simulate(
        SCENARIOS["company-x"](
            touches=touches,
            seed=SEED,
            language=kept.language,
            currency=money,
            click_ids=True,
            self_reports=SelfReports(),
        )
    )
    company.write(folder)
    if not money:
        _renamed(folder, company.scenario.money, kept.currency)
    _named(folder / "employee.parquet", cast(kept.language))
    return company


def _renamed(folder: Path, made_in: str, currency: str) -> None:
    """Call the money by another name, where the simulator has no prices in it."""
    (folder / "rate.parquet").unlink()
    for path in folder.glob("*.parquet"):
        rows = parquet.read_table(path)
        if "currency" in rows.column_names:
            spelled = pc.cast(rows["currency"], pa.string())
            spelled = pc.replace_substring(spelled, made_in, currency)
            position = rows.column_names.index("currency")
            parquet.write_table(rows.set_column(position, "currency", spelled), path)


def _named(path: Path, members: tuple[Member, ...]) -> None:
    rows = parquet.read_table(path)
    names = {each.employee_id: each.name for each in members}
    both = zip(rows["employee_id"].to_pylist(), rows["name"].to_pylist(), strict=True)
    named = pa.array([names.get(key, name) for key, name in both], pa.string())
    position = rows.column_names.index("name")
    parquet.write_table(rows.set_column(position, "name", named), path)
