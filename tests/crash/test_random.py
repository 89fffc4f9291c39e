"""A hundred kills at random moments: `make crash`."""

import random
import shutil
from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.journaling import drain
from tests.workflows.company import company, write_folder

from . import victim
from .test_import_killed import check_whole, contents, second_company
from .test_journal_killed import touches

pytestmark = pytest.mark.crash


def test_imports_killed_at_a_hundred_random_moments(tmp_path: Path) -> None:
    chance = random.Random(20240101)
    folders = [
        write_folder(tmp_path / "a", **company()),
        write_folder(tmp_path / "b", **second_company()),
    ]
    first, plain = tmp_path / "first", bootstrap.init_workspace(tmp_path / "plain", country="RO")
    import_paths(plain, [folders[0]], silent)
    shutil.copytree(plain.path, first)
    import_paths(plain, [folders[1]], silent)
    undisturbed = [contents(plain, 1), contents(plain, 2)]
    killed = 0
    for number in range(100):
        shutil.copytree(first, tmp_path / f"firm{number}")
        workspace = bootstrap.open_workspace(tmp_path / f"firm{number}")
        killed += victim.killed_after(
            chance.uniform(0.05, 2.5), "import_folder", workspace.path, folders[1]
        )
        version = workspace.reading(lambda reader: reader.head.version)
        assert version in (1, 2)
        check_whole(workspace, undisturbed, version)
        import_paths(workspace, [folders[1]], silent)
        check_whole(workspace, undisturbed, 2)
        shutil.rmtree(workspace.path)
    assert killed > 30


def test_recording_killed_at_a_hundred_random_moments(tmp_path: Path) -> None:
    chance = random.Random(20240102)
    requests = [{"touch": [{"touch_id": f"t{n}", "party_id": "p"}]} for n in range(2000)]
    killed = 0
    for number in range(100):
        workspace = bootstrap.init_workspace(tmp_path / f"firm{number}")
        acknowledged = tmp_path / f"acknowledged{number}"
        acknowledged.mkdir()
        wait = chance.uniform(0.05, 1.0)
        killed += victim.killed_after(wait, "record", workspace.path, requests, acknowledged)
        drain(workspace, silent)
        known = set(touches(workspace))
        assert {f"t{int(path.name) - 1}" for path in acknowledged.iterdir()} <= known
        assert known == {f"t{n}" for n in range(len(known))}
    assert killed > 30
