"""A whole import is taken back: what it brought goes, what it changed stands as before."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from onefunnel.errors import UsageError
from onefunnel.intake import silent
from onefunnel.workflows import quarantine
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.erasing import erase_party
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.mending import mend
from onefunnel.workflows.undoing import batches, undo
from onefunnel.workflows.upkeep import compact
from onefunnel.workflows.workspace import Workspace

from .company import ANA, BOGDAN, company, write_folder
from .conftest import Ready, answering_by_passes, fill

MEASURES = ("funnel", "deals")


@pytest.fixture
def firm(ready: Ready) -> Workspace:
    return ready(fill)


def bring(workspace: Workspace, root: Path, **tables: Any) -> int:
    """Import tables; the ledger version afterwards."""
    return import_paths(workspace, [write_folder(root, **tables)], silent).version


def rows(workspace: Workspace, name: str, version: int | None = None) -> list[dict[str, Any]]:
    found = workspace.reading(lambda reader: reader.fetch(reader.table(name, version)))
    return sorted(found.to_pylist(), key=str)


def figures(workspace: Workspace) -> list[Any]:
    asked = Asked(by=("channel",))
    return [ask(workspace, name, asked).rows for name in MEASURES]


def changed_company() -> dict[str, Any]:
    """Of the company: one lead changed, one new, one deal deleted, one touch that can't be read."""
    tables = company()
    lead, touch = tables["lead"], tables["touch"]
    return {
        "lead": [{**lead[0], "channel": "fair"}, {**lead[1], "lead_id": "l9"}],
        "deal": [{**row, "deleted": row["deal_id"] == "d2"} for row in tables["deal"]],
        "touch": [{**touch[0], "touch_id": "t9"}, {**touch[1], "occurred_at": "soon"}],
    }


def test_all_is_as_before_and_the_import_can_still_be_asked(
    firm: Workspace, tmp_path: Path
) -> None:
    names = ("lead", "deal", "touch", "quarantine", "party")
    before, said = {name: rows(firm, name) for name in names}, figures(firm)
    version = bring(firm, tmp_path / "b", **changed_company())
    brought = {name: rows(firm, name) for name in names}
    undone = undo(firm, version)
    assert (undone.version, undone.left, undone.released) == (version + 1, {}, 1)
    assert undone.counts == {
        "touch": {"deleted": 1},
        "lead": {"changed": 1, "deleted": 1},
        "deal": {"new": 1},
    }
    assert {name: rows(firm, name) for name in names} == before
    assert figures(firm) == said
    assert {name: rows(firm, name, version) for name in names} == brought


def test_a_dry_run_tells_the_same_and_keeps_nothing(firm: Workspace, tmp_path: Path) -> None:
    version = bring(firm, tmp_path / "b", **changed_company())
    told = undo(firm, version, dry_run=True)
    assert not told.committed and batches_of(firm)[0] == (version, None)
    done = undo(firm, version)
    assert (told.counts, told.left, told.released) == (done.counts, done.left, done.released)


def batches_of(workspace: Workspace) -> list[tuple[int, int | None]]:
    return [(each.version, each.undone_by) for each in workspace.reading(batches)]


def test_what_changed_again_since_is_left_and_counted(firm: Workspace, tmp_path: Path) -> None:
    first = bring(firm, tmp_path / "b", **changed_company())
    later = {**company()["lead"][1], "lead_id": "l9", "channel": "fair"}
    bring(firm, tmp_path / "c", lead=[later])
    undone = undo(firm, first)
    assert (undone.left, undone.counts["lead"]) == ({"lead": 1}, {"changed": 1})
    assert {row["lead_id"]: row["channel"] for row in rows(firm, "lead")}["l9"] == "fair"


def test_imports_are_taken_back_one_after_the_other(firm: Workspace, tmp_path: Path) -> None:
    before = rows(firm, "lead")
    lead = company()["lead"][0]
    versions = [bring(firm, tmp_path / c, lead=[{**lead, "channel": c}]) for c in ("fair", "radio")]
    assert [undo(firm, version).left for version in reversed(versions)] == [{}, {}]
    assert rows(firm, "lead") == before


def test_taking_back_is_taken_back(firm: Workspace, tmp_path: Path) -> None:
    version = bring(firm, tmp_path / "b", **changed_company())
    brought, said = rows(firm, "lead"), figures(firm)
    back = undo(firm, version).version
    with pytest.raises(UsageError, match=f"taken back already, by version {back}"):
        undo(firm, version)
    undo(firm, back)
    assert (rows(firm, "lead"), figures(firm)) == (brought, said)
    assert batches_of(firm)[:3] == [(back + 1, None), (back, back + 1), (version, None)]
    undo(firm, version)


def test_folding_changes_nothing_of_it(firm: Workspace, tmp_path: Path) -> None:
    before = rows(firm, "lead"), rows(firm, "deal")
    version = bring(firm, tmp_path / "b", **changed_company())
    compact(firm)
    undo(firm, version)
    compact(firm)
    assert (rows(firm, "lead"), rows(firm, "deal")) == before


def test_an_import_of_rows_that_could_not_be_read_is_taken_back(
    firm: Workspace, tmp_path: Path
) -> None:
    version = bring(firm, tmp_path / "b", lead=[{"lead_id": "l8", "created_at": "soon"}])
    assert len(rows(firm, "quarantine")) == 1
    assert undo(firm, version).version == version + 1
    assert rows(firm, "quarantine") == []
    assert undo(firm, version + 1).waiting == 1
    assert len(rows(firm, "quarantine")) == 1


def test_rows_that_were_mended_since_stay_until_the_mending_is_taken_back(
    firm: Workspace, tmp_path: Path
) -> None:
    version = bring(firm, tmp_path / "b", lead=[{"lead_id": "l8", "created_at": "soon"}])
    [row] = rows(firm, "quarantine")
    typed = {row["quarantine_id"]: {"lead_id": "l8", "created_at": "2024-03-01"}}
    mending = mend(firm, typed, lambda file, columns: None).taken.version
    assert undo(firm, version).changes == 0
    assert "l8" in {each["lead_id"] for each in rows(firm, "lead")}
    undone = undo(firm, mending)
    assert (undone.counts, undone.waiting) == ({"lead": {"deleted": 1}}, 1)


def test_who_is_who_is_as_before(firm: Workspace, tmp_path: Path) -> None:
    """An import that makes two people one is taken back: they are two again."""
    groups = entities(firm)
    assert groups[ANA["party_id"]] != groups[BOGDAN["party_id"]]
    tie = {"alias_id": "x", "party_id": BOGDAN["party_id"], "kind": "email", "value": ANA["email"]}
    version = bring(firm, tmp_path / "b", alias=[{**tie, "occurred_at": "2024-01-05T10:00:00Z"}])
    together = entities(firm)
    assert together[ANA["party_id"]] == together[BOGDAN["party_id"]]
    undo(firm, version)
    apart = entities(firm)
    assert apart[ANA["party_id"]] != apart[BOGDAN["party_id"]]
    assert apart[ANA["party_id"]] == apart["P-ana-2"]


def entities(workspace: Workspace) -> dict[str, int]:
    return {row["party_id"]: row["entity_code"] for row in rows(workspace, "entity")}


def test_an_erased_person_stays_erased(firm: Workspace, tmp_path: Path) -> None:
    """Neither the record as it was before the import comes back with the name, nor the import's."""
    version = bring(firm, tmp_path / "b", party=[{**ANA, "name": "Ana Vlad"}])
    erase_party(firm, ANA["party_id"])
    back = undo(firm, version).version
    undo(firm, back)
    for at in range(back + 2):
        told = str([rows(firm, name, at) for name in ("party", "alias", "touch", "quarantine")])
        for word in ("Ana Ionescu-Vlad", "Ana Vlad", "ana.vlad", "721 555 001", "P-ana"):
            assert word.lower() not in told.lower()


def test_records_never_lose_their_exchange_rate(firm: Workspace, tmp_path: Path) -> None:
    rate = {"rate_id": "r", "day": "2024-01-01", "currency": "USD", "base": "EUR", "rate": "0.9"}
    rates = bring(firm, tmp_path / "b", rate=[rate])
    line = {**company()["order_line"][0], "order_line_id": "o9", "currency": "USD"}
    lines = bring(firm, tmp_path / "c", order_line=[line])
    with pytest.raises(UsageError, match="in USD would have no exchange rate left"):
        undo(firm, rates)
    assert batches_of(firm)[0] == (lines, None)
    undo(firm, lines)
    assert undo(firm, rates).counts == {"rate": {"deleted": 1}}
    assert Decimal("0.9") not in {row["rate"] for row in rows(firm, "rate")}


@pytest.mark.parametrize("version", [0, 9])
def test_what_is_no_batch_is_refused(firm: Workspace, version: int) -> None:
    with pytest.raises(UsageError, match=f"No batch made ledger version {version}"):
        undo(firm, version)


def test_a_batch_of_rules_is_refused(firm: Workspace) -> None:
    with firm.writing() as batch:
        batch.commit(firm.clock(), "rules", "funnel.toml")
    with pytest.raises(UsageError, match=r"Version 2 \(rules\) can't be taken back"):
        undo(firm, 2)


def test_rows_that_were_let_go_stay_gone(firm: Workspace, tmp_path: Path) -> None:
    version = bring(firm, tmp_path / "b", lead=[{"lead_id": "l8", "created_at": "soon"}])
    quarantine.discard(firm, [row["quarantine_id"] for row in rows(firm, "quarantine")])
    with pytest.raises(UsageError, match=f"Version {version + 1} "):
        undo(firm, version + 1)


@pytest.mark.long
def test_passes_over_touches_answer_as_the_engine_does(firm: Workspace, tmp_path: Path) -> None:
    quick = answering_by_passes(firm)
    undo(firm, 1)
    undo(firm, 2)
    said = figures(quick)
    version = bring(quick, tmp_path / "b", **changed_company())
    assert figures(quick) != said
    undo(quick, version)
    assert figures(quick) == said == figures(answering_by_passes(firm, 1 << 60))
