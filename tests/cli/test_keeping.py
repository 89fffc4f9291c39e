"""Backups and damaged workspaces, through the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Run


def test_restore_names_what_is_not_there(run: Run, firm: Path, tmp_path: Path) -> None:
    assert run("backup", firm, tmp_path / "b.zip").status == 0
    assert run("restore", tmp_path / "none.zip", tmp_path / "r").status == 3
    register = tmp_path / "none.json"
    refused = run("restore", tmp_path / "b.zip", tmp_path / "r", "--erasures", register)
    assert (refused.status, "none.json" in refused.err) == (3, True)
    assert run("restore", tmp_path / "b.zip", tmp_path / "b.zip").status == 2
    assert run("restore", tmp_path / "b.zip", firm).status == 2
    assert not (tmp_path / "r").exists()
    assert run("restore", tmp_path / "b.zip", tmp_path / "r").status == 0


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGE: dict[str, Callable[[Path], object]] = {
    "head": lambda firm: _cut(firm / "ledger/head.json"),
    "rows": lambda firm: next(firm.glob("ledger/product-0/*.parquet")).unlink(),
    "log": lambda firm: shutil.rmtree(firm / "ledger/product-0/_delta_log"),
    "cut": lambda firm: _cut(next(firm.glob("ledger/product-0/*.parquet"))),
    "erasures": lambda firm: (firm / "erasures.json").write_text("{"),
    "journal": lambda firm: (firm / "journal.sqlite").write_bytes(b"garbage" * 1000),
}


@pytest.fixture
def filled(run: Run, firm: Path, tmp_path: Path) -> Path:
    (tmp_path / "product.csv").write_text("sku,name\nA,a\n")
    assert run("import", firm, tmp_path / "product.csv").status == 0
    return firm


def test_doctor_finds_every_damage(run: Run, filled: Path, tmp_path: Path) -> None:
    assert run("doctor", filled).status == 0
    for name, damage in DAMAGE.items():
        shutil.copytree(filled, tmp_path / name)
        damage(tmp_path / name)
        said = run("doctor", tmp_path / name)
        assert (said.status, "BAD" in said.out) == (1, True), (name, said)
