"""Readers during imports and compaction see whole batches only; two imports at once queue."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from onefunnel import bootstrap
from onefunnel.errors import Damaged
from onefunnel.intake import silent
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.upkeep import compact
from onefunnel.workflows.workspace import Workspace
from tests.workflows.company import write_folder

from . import victim

pytestmark = pytest.mark.xdist_group("crash")

SIZE = 50


def folder(root: Path, number: int) -> Path:
    """One batch: as many touches as leads, and one change of what all batches share."""
    ids = [f"{number}-{n}" for n in range(SIZE)]
    return write_folder(
        root / f"batch{number}",
        touch=[{"touch_id": i, "party_id": i, "channel": "search"} for i in ids],
        lead=[{"lead_id": i, "party_id": i, "channel": "search"} for i in ids],
        product=[{"sku": "shared", "name": f"batch {number}"}],
    )


def seen(workspace: Workspace) -> tuple[int, int, int, int]:
    def work(reader: Any) -> tuple[int, int, int, int]:
        counts = [
            reader.fetch(rows.aggregate(n=rows.count()))["n"][0].as_py()
            for rows in (reader.table(name) for name in ("touch", "lead", "product"))
        ]
        return (reader.head.version, *counts)

    return workspace.reading(work)


def test_readers_see_whole_batches_only(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    folders = [folder(tmp_path, number) for number in range(3)]
    looked = 0
    for each in folders:
        for work in (("import_folder", workspace.path, each), ("fold", workspace.path)):
            process = victim.start(*work)
            while process.is_alive():
                version, touches, leads, products = seen(workspace)
                assert touches == leads == version * SIZE
                assert products == min(version, 1)
                looked += 1
            assert process.exitcode == 0
    assert seen(workspace) == (3, 3 * SIZE, 3 * SIZE, 1)
    assert looked > 3


def test_two_imports_at_once_queue(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    processes = [
        victim.start("import_folder", workspace.path, folder(tmp_path, number))
        for number in range(2)
    ]
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    assert seen(workspace) == (2, 2 * SIZE, 2 * SIZE, 1)


def test_a_reader_whose_tables_are_folded_before_it_opens_them_reads_anew(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    for number in range(2):
        import_paths(workspace, [folder(tmp_path, number)], silent)
    generations: list[int] = []

    def work(reader: Any) -> int:
        generations.append(reader.head.generation)
        if len(generations) == 1:
            compact(workspace)
        rows = reader.table("product")
        return int(reader.fetch(rows.aggregate(n=rows.count()))["n"][0].as_py())

    assert workspace.reading(work) == 1
    assert len(set(generations)) == 2


def test_a_table_that_is_lost_is_said(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    import_paths(workspace, [folder(tmp_path, 0)], silent)
    shutil.rmtree(workspace.ledger / "product-0")
    with pytest.raises(Damaged, match="product-0"):
        workspace.reading(lambda reader: reader.fetch(reader.table("product")))
    (files,) = [finding for finding in examine(workspace) if finding.check == "files"]
    assert not files.well
    assert "product-0" in files.seen
