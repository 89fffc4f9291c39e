"""Backup, restore, upgrade, doctor."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from onefunnel.errors import InputError, NotAWorkspace, UsageError
from onefunnel.ledger.disk.head import read_head, write_head
from onefunnel.workflows import keeping
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.journaling import record
from onefunnel.workflows.workspace import Workspace

from .conftest import Ready, fill


@pytest.fixture
def filled(ready: Ready) -> Workspace:
    workspace = ready(fill)
    record(workspace, [{"touch": [{"touch_id": "waiting"}]}])
    return workspace


def test_a_restored_workspace_answers_the_same(
    filled: Workspace, tmp_path: Path, reopen: Callable[[Path], Workspace]
) -> None:
    keeping.back_up(filled, tmp_path / "b.zip")
    keeping.unpack(tmp_path / "b.zip", tmp_path / "again", [])
    again = reopen(tmp_path / "again")
    assert ask(again, "funnel", Asked()).rows == ask(filled, "funnel", Asked()).rows
    findings = {f.check: f for f in examine(again)}
    assert all(f.well for f in findings.values())
    assert findings["journal"].seen == "1 entries wait"


def test_a_backup_with_a_changed_byte_is_refused_and_leaves_nothing(
    filled: Workspace, tmp_path: Path
) -> None:
    keeping.back_up(filled, tmp_path / "b.zip")
    with (
        zipfile.ZipFile(tmp_path / "b.zip") as whole,
        zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad,
    ):
        for name in whole.namelist():
            data = whole.read(name)
            bad.writestr(name, data + b" " if name == "onefunnel.toml" else data)
    with pytest.raises(InputError, match=r"onefunnel\.toml"):
        keeping.unpack(tmp_path / "bad.zip", tmp_path / "again", [])
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_truncated_backup_is_refused(filled: Workspace, tmp_path: Path, cut: float) -> None:
    keeping.back_up(filled, tmp_path / "b.zip")
    data = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: int(len(data) * cut)])
    with pytest.raises(InputError, match="not a whole backup"):
        keeping.unpack(tmp_path / "cut.zip", tmp_path / "again", [])


def test_a_folder_that_is_not_empty_is_not_overwritten(filled: Workspace, tmp_path: Path) -> None:
    keeping.back_up(filled, tmp_path / "b.zip")
    with pytest.raises(NotAWorkspace, match="not empty"):
        keeping.unpack(tmp_path / "b.zip", filled.path, [])


def test_a_backup_inside_the_workspace_is_refused(filled: Workspace) -> None:
    with pytest.raises(UsageError, match="inside the workspace"):
        keeping.back_up(filled, filled.path / "b.zip")


def test_the_doctor_finds_a_missing_file(filled: Workspace) -> None:
    next(filled.ledger.glob("touch-0/*.parquet")).unlink()
    findings = {f.check: f for f in examine(filled)}
    assert not findings["files"].well
    assert "backup" in findings["files"].remedy


def test_an_up_to_date_workspace_needs_no_upgrade(filled: Workspace, tmp_path: Path) -> None:
    assert keeping.upgrade(filled, tmp_path) is None


def test_a_workspace_of_an_earlier_schema_is_backed_up_and_migrated(
    filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    write_head(filled.ledger, replace(read_head(filled.ledger), schema_version=0))
    monkeypatch.setitem(keeping.MIGRATIONS, 0, lambda workspace: seen.append(workspace.name))
    backup = keeping.upgrade(filled, tmp_path)
    assert backup is not None and backup.is_file()
    assert seen == ["firm"]
    assert read_head(filled.ledger).schema_version == 1


def test_a_workspace_of_a_later_release_is_refused(filled: Workspace, tmp_path: Path) -> None:
    write_head(filled.ledger, replace(read_head(filled.ledger), schema_version=99))
    with pytest.raises(UsageError, match="later release"):
        keeping.upgrade(filled, tmp_path)
