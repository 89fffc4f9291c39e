"""Take a batch back as a whole: what it brought goes, what it changed stands as it did before.

That is a batch of its own: the versions before it answer as they did.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ibis.util import gen_name

from onefunnel.errors import UsageError
from onefunnel.intake import Progress, silent
from onefunnel.ledger.disk import faults
from onefunnel.ledger.disk.system import BATCH, QUARANTINE, STORED
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema.facts import TABLES
from onefunnel.ledger.store.batch import Batch
from onefunnel.ledger.store.undo import BACK, LATER, fates
from onefunnel.workflows.erasing import finish_erasures
from onefunnel.workflows.sample import GONE
from onefunnel.workflows.taking_in import Taking
from onefunnel.workflows.upkeep import tidy
from onefunnel.workflows.workspace import Workspace

KIND = "undo"
KINDS = frozenset({"import", "journal", "mend", KIND})
"""Batches that can be taken back."""
OUTCOMES = ("new", "changed", "deleted")
_SOURCE = re.compile(r"version (\d+)")
LISTED = "List what can be taken back: onefunnel undo WORKSPACE"


@dataclass(frozen=True)
class Undone:
    """What taking back a batch did; ``version`` is the ledger version afterwards.

    ``counts`` per table: deleted (the batch had brought it), changed (it stands as before), new
    (the batch had closed it). ``left`` per table: records that changed again since, and stay as
    they are. ``released`` and ``waiting`` count rows of the quarantine that left it and came back.
    """

    of: int
    version: int
    counts: Mapping[str, Mapping[str, int]]
    left: Mapping[str, int]
    released: int = 0
    waiting: int = 0
    committed: bool = True

    @property
    def changes(self) -> int:
        """How many records and rows of the quarantine are other than before."""
        records = sum(number for each in self.counts.values() for number in each.values())
        return records + self.released + self.waiting


@dataclass(frozen=True, slots=True)
class Batched:
    """A batch: its row in the table of batches, and what became of it.

    ``undone_by`` is the version that took it back, ``can_be`` whether it can be taken back.
    """

    version: int
    row: Mapping[str, Any]
    undone_by: int | None
    can_be: bool


def undo(
    workspace: Workspace, version: int, progress: Progress = silent, *, dry_run: bool = False
) -> Undone:
    """Take back the batch that made a ledger version; with ``dry_run`` all but the commit.

    Records that changed again since stay as they are, and are counted. Raises UsageError where
    there is no such batch, it can't be taken back, or records would lose their exchange rate.
    """
    finish_erasures(workspace)
    with workspace.writing() as batch:
        touched = _touched(check(batches(batch.reader), version))
        left = {}
        for number, name in enumerate(touched):
            progress.step(name, number, len(touched))
            left[name] = _put_back(batch, name, version)
        _check_rates(batch, workspace.settings.currency)
        undone = _told(batch, version, left)
        if dry_run:
            return replace(undone, committed=False)
        if not undone.changes:
            return replace(undone, version=batch.head.version)
        Taking(workspace, batch).link()
        batch.commit(workspace.clock(), KIND, f"version {version}")
    tidy(workspace, progress)
    return undone


def batches(reader: Reader) -> list[Batched]:
    """Every batch, the latest first, with what became of it."""
    return told(reader.fetch(reader.table(BATCH.name)).to_pylist())


def told(rows: Iterable[Mapping[str, Any]]) -> list[Batched]:
    """Rows of the table of batches, the latest first, with what became of each.

    What took a batch back and was itself taken back does not count.
    """
    found: list[Batched] = []
    undone: dict[int, int] = {}
    emptied = False
    for row in sorted(rows, key=lambda each: -int(each["batch_id"])):
        version = int(row["batch_id"])
        emptied = emptied or row["kind"] == GONE
        by = undone.get(version)
        if by is None and (of := undone_version(row)) is not None:
            undone[of] = version
        able = row["kind"] in KINDS and _brought(row) and by is None and not emptied
        found.append(Batched(version, row, by, able))
    return found


def _brought(row: Mapping[str, Any]) -> bool:
    """Whether a batch did anything but let rows go that a person wanted gone for good."""
    counts: dict[str, dict[str, int]] = json.loads(row["counts"] or "{}")
    refused = counts.pop(QUARANTINE.name, {})
    done = {name: found for name, found in counts.items() if name in TABLES and _any(found)}
    return bool(done or refused.get("new") or (row["kind"] == KIND and _any(refused)))


def _any(found: Mapping[str, int]) -> bool:
    return any(found.get(outcome) for outcome in OUTCOMES)


def undone_version(row: Mapping[str, Any]) -> int | None:
    """The version that a batch took back; None where it is another kind of batch."""
    named = _SOURCE.fullmatch(row["source"] or "") if row["kind"] == KIND else None
    return int(named[1]) if named else None


def check(found: Iterable[Batched], version: int) -> Batched:
    """The batch of a version. Raises UsageError where it can't be taken back."""
    each = next((each for each in found if each.version == version), None)
    if each is None:
        raise UsageError(f"No batch made ledger version {version}.", remedy=f"{LISTED}.")
    if each.undone_by is not None:
        by = each.undone_by
        raise UsageError(
            f"Version {version} is taken back already, by version {by}.",
            remedy=f"To have it again, take version {by} back.",
        )
    if not each.can_be:
        kind = each.row["kind"]
        raise UsageError(f"Version {version} ({kind}) can't be taken back.", remedy=f"{LISTED}.")
    return each


def _touched(each: Batched) -> list[str]:
    """The tables in which a batch did anything."""
    counts = json.loads(each.row["counts"] or "{}")
    done = {name for name, found in counts.items() if _any(found)}
    return [name for name in (*TABLES, QUARANTINE.name) if name in done]


def _put_back(batch: Batch, name: str, version: int) -> int:
    """Put the records of a table as they stood before a batch; how many are left as they are."""
    reader = batch.reader
    found = reader.backend.create_table(gen_name("fates"), fates(reader, name, version), temp=True)
    counted = reader.fetch(found.group_by("fate").aggregate(records=found.count()))
    number = dict(zip(counted["fate"].to_pylist(), counted["records"].to_pylist(), strict=True))
    if number.get(BACK):
        columns = STORED[name].column_names
        rows = found.filter(found.fate == BACK).select(*columns, "deleted")
        batch.put(name, rows, columns)
        faults.reached("rows_put_back")
    return int(number.get(LATER, 0))


def _told(batch: Batch, version: int, left: Mapping[str, int]) -> Undone:
    counts = {name: dict(found) for name, found in batch.counts.items() if name in TABLES}
    refused = batch.counts.get(QUARANTINE.name, Counter())
    return Undone(
        version,
        batch.version,
        counts,
        {name: number for name, number in left.items() if number and name in TABLES},
        refused.get("deleted", 0),
        refused.get("new", 0) + refused.get("changed", 0),
    )


def _check_rates(batch: Batch, base: str) -> None:
    """Refuse to leave records in a currency that has no rate to the workspace's any more."""
    if "rate" not in batch.counts:
        return
    after = batch.seen_after()
    rates = after.table("rate").select("currency", "base").distinct()
    pairs = after.fetch(rates).to_pylist()
    rated = {base, *(each["currency"] for each in pairs if each["base"] == base)}
    rated |= {each["base"] for each in pairs if each["currency"] == base}
    for name, table in TABLES.items():
        if name == "rate" or "currency" not in table.by_name or name not in after.head.tables:
            continue
        rows = after.table(name)
        used = rows.filter(rows.currency.notnull(), ~rows.currency.isin(sorted(rated)))
        for row in after.fetch(used.select("currency").limit(1)).to_pylist():
            raise UsageError(
                f"Records of {name!r} in {row['currency']} would have no exchange rate left.",
                remedy="Take back first what brought them, or import the rates anew.",
            )


__all__ = [
    *("KIND", "KINDS", "Batched", "Undone"),
    *("batches", "check", "told", "undo", "undone_version"),
]
