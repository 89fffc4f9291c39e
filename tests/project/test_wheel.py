"""What a firm installs: the built wheel with the locked dependencies, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.project.files import ROOT, shown

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.xdist_group("wheel")
def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    package = ROOT / "src" / "onefunnel"
    wanted = {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        licence = [name for name in archive.namelist() if name.endswith("/LICENSE")]
    assert held == wanted
    assert len(licence) == 1


@pytest.mark.xdist_group("wheel")
def test_the_wheel_runs_on_the_locked_dependencies_alone(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    environment = {**os.environ, "VENV": str(venv), "PYTHON": sys.executable}
    _run("bash", ROOT / "tools" / "setup.sh", "runtime", wheel, env=environment)
    said = _run(venv / "bin" / "onefunnel", "--version", cwd=tmp_path)
    assert PROJECT["version"] in said
    assert _run(venv / "bin" / "uv", "pip", "check", "--python", venv / "bin" / "python")
    # Tests and their tools are no part of what a firm installs.
    assert not list(venv.glob("lib/python3*/site-packages/pytest"))


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=shown)
def test_every_locked_package_has_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 0
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_runs_is_tested_at_the_same_versions() -> None:
    runtime, dev = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert runtime <= dev


def test_the_lock_has_every_dependency_of_the_project() -> None:
    locked = {name for name, _ in _pins("requirements.lock")}
    named = {re.split(r"[\[<>=~!;]", needed)[0] for needed in PROJECT["dependencies"]}
    assert named <= locked


def _pins(lock: str) -> set[tuple[str, str]]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE))


def _run(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
