"""The journal killed at any point: what was acknowledged is in the ledger, once."""

from pathlib import Path
from typing import Any

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.ledger.disk.faults import JOURNAL_POINTS
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.journaling import drain, record
from onefunnel.workflows.workspace import Workspace

from . import victim

pytestmark = pytest.mark.xdist_group("crash")

REQUESTS = [
    {"touch": [{"touch_id": f"t{n}", "party_id": f"p{n}", "channel": "search"}]} for n in range(6)
]


def touches(workspace: Workspace) -> list[str]:
    def work(reader: Any) -> list[str]:
        rows = reader.fetch(reader.table("touch").select("touch_id").order_by("touch_id"))
        return rows["touch_id"].to_pylist()  # type: ignore[no-any-return]

    return workspace.reading(work)


@pytest.mark.parametrize("point", [p for p in JOURNAL_POINTS if p.startswith("entry")])
def test_recording_killed_at_a_named_point_loses_nothing_acknowledged(
    point: str, tmp_path: Path
) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    acknowledged = tmp_path / "acknowledged"
    acknowledged.mkdir()
    assert victim.killed_at(point, "record", workspace.path, REQUESTS, acknowledged)
    drain(workspace, silent)
    drained = touches(workspace)
    assert len(drained) >= len(list(acknowledged.iterdir()))
    assert drained == (["t0"] if point == "entry_committed" else [])


@pytest.mark.parametrize("point", [p for p in JOURNAL_POINTS if p.startswith("drain")])
def test_a_drain_killed_at_a_named_point_is_done_once(point: str, tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    for request in REQUESTS:
        record(workspace, [request])
    assert victim.killed_at(point, "drain", workspace.path)
    drain(workspace, silent)
    assert touches(workspace) == [f"t{n}" for n in range(6)]
    assert workspace.reading(lambda reader: reader.head.version) == 1
    assert drain(workspace, silent) is None
    assert [finding for finding in examine(workspace) if not finding.well] == []


def test_a_request_recorded_while_a_drain_dies_is_drained_by_the_next(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    record(workspace, [REQUESTS[0]])
    assert victim.killed_at("drain_committed", "drain", workspace.path)
    record(workspace, [REQUESTS[1], REQUESTS[0]])
    drain(workspace, silent)
    assert touches(workspace) == ["t0", "t1"]


def test_a_drain_and_an_import_meet_in_the_ledger(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "firm")
    record(workspace, [REQUESTS[0]])
    (tmp_path / "touch.csv").write_text("touch_id,party_id,channel\nt0,p0,search\nt9,p9,fair\n")
    import_paths(workspace, [tmp_path / "touch.csv"], silent)
    drain(workspace, silent)
    assert touches(workspace) == ["t0", "t9"]
