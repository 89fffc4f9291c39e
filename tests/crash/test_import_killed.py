"""An import killed at any point: no partial batch, no lost batch, no lock left."""

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.ledger.disk.faults import IMPORT_POINTS
from onefunnel.ledger.disk.system import STORED
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.undoing import undo
from onefunnel.workflows.workspace import Workspace
from tests.workflows.company import company, write_folder

from . import victim

pytestmark = pytest.mark.xdist_group("crash")

OF_MAKE_CRASH = (
    "files_seen",
    "swept",
    "staged",
    "first_rows_appended",
    "superseded_appended",
    "quarantine_appended",
    "entities_appended",
    "batch_appended",
    "scratch_removed",
)
"""Points beside which another is looked at in every run; these are killed at by make crash."""
AFTER_COMMIT = IMPORT_POINTS.index("head_replaced")


def second_company() -> dict[str, list[dict[str, Any]]]:
    """The same records with a change, a new one, a deletion and one that can't be read."""
    tables = company()
    tables["lead"][0]["channel"] = "fair"
    tables["lead"].append({**tables["lead"][1], "lead_id": "l4"})
    tables["touch"].append({**tables["touch"][2], "touch_id": "t9", "kind": "no such kind"})
    tables["deal"] = [{**row, "deleted": row["deal_id"] == "d2"} for row in tables["deal"]]
    return tables


def contents(workspace: Workspace, version: int) -> dict[str, list[dict[str, Any]]]:
    """Everything that the ledger holds at a version, but when batches were committed."""

    def work(reader: Any) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for name in STORED:
            if name in reader.head.tables and name not in ("batch", "superseded"):
                rows: pa.Table = reader.fetch(reader.table(name, version))
                found[name] = sorted(rows.to_pylist(), key=str)
        return found

    return workspace.reading(work)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("folders")
    return write_folder(root / "a", **company()), write_folder(root / "b", **second_company())


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, folders: tuple[Path, Path]
) -> list[dict[str, list[dict[str, Any]]]]:
    """The ledger at versions 1 and 2 when nothing is killed."""
    root = tmp_path_factory.mktemp("undisturbed") / "firm"
    workspace = bootstrap.init_workspace(root, country="RO")
    for folder in folders:
        import_paths(workspace, [folder], silent)
    return [contents(workspace, 1), contents(workspace, 2)]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, folders: tuple[Path, Path]) -> Path:
    """A workspace with the first company, to be copied."""
    path = tmp_path_factory.mktemp("first") / "firm"
    import_paths(bootstrap.init_workspace(path, country="RO"), [folders[0]], silent)
    return path


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(each, marks=pytest.mark.crash if each in OF_MAKE_CRASH else ())
        for each in IMPORT_POINTS
    ],
)
def test_an_import_killed_at_a_named_point(
    point: str,
    tmp_path: Path,
    first: Path,
    folders: tuple[Path, Path],
    undisturbed: list[dict[str, list[dict[str, Any]]]],
) -> None:
    workspace = bootstrap.open_workspace(Path(shutil.copytree(first, tmp_path / "firm")))
    assert victim.killed_at(point, "import_folder", workspace.path, folders[1])
    committed = IMPORT_POINTS.index(point) >= AFTER_COMMIT
    check_whole(workspace, undisturbed, 2 if committed else 1)
    taken = import_paths(workspace, [folders[1]], silent)
    assert (taken.changes == 0) == committed
    check_whole(workspace, undisturbed, 2)


UNDO_POINTS = ("rows_put_back", "batch_appended", "head_replaced")


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(each, marks=pytest.mark.crash if each != "head_replaced" else ())
        for each in UNDO_POINTS
    ],
)
def test_an_undo_killed_at_a_named_point(
    point: str,
    tmp_path: Path,
    folders: tuple[Path, Path],
    undisturbed: list[dict[str, list[dict[str, Any]]]],
) -> None:
    """It is whole or not there; done again it ends as if nothing had happened."""
    workspace = bootstrap.init_workspace(tmp_path / "firm", country="RO")
    for folder in folders:
        import_paths(workspace, [folder], silent)
    assert victim.killed_at(point, "undo_batch", workspace.path, 2)
    states = [*undisturbed, {**undisturbed[0], "entity": undisturbed[1]["entity"]}]
    committed = point == "head_replaced"
    check_whole(workspace, states, 3 if committed else 2)
    if not committed:
        undo(workspace, 2)
    check_whole(workspace, states, 3)


def check_whole(
    workspace: Workspace, undisturbed: list[dict[str, list[dict[str, Any]]]], version: int
) -> None:
    """The ledger is at a version, holds just that, and the doctor finds nothing."""
    assert workspace.reading(lambda reader: reader.head.version) == version
    for number in range(1, version + 1):
        expected = {n: r for n, r in undisturbed[number - 1].items() if r}
        found = {n: r for n, r in contents(workspace, number).items() if r}
        assert found == expected
    assert [finding for finding in examine(workspace) if not finding.well] == []
