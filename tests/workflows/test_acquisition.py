"""What customers cost, asked of a workspace: the same with and without touches kept in order."""

from pathlib import Path

import pytest

from onefunnel.intake import silent
from onefunnel.workflows.asking import Asked, ask, rows_behind
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.kept import forget
from onefunnel.workflows.workspace import Workspace

from .company import company, write_folder
from .conftest import answering_by_passes

SPEND = [
    {"spend_id": "k1", "day": "2024-01-05", "channel": "search", "amount": "30"},
    {"spend_id": "k2", "day": "2023-05-05", "channel": "search", "amount": "5"},
]
ASKED = Asked(by=("campaign", "channel"))


@pytest.mark.long
def test_touches_count_and_share_out_spend_however_they_are_kept(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "exports", **company(), spend=SPEND)
    by_passes = answering_by_passes(workspace)
    import_paths(by_passes, [folder], silent)
    found = []
    for each in (by_passes, answering_by_passes(workspace, 1 << 60)):
        forget(each.path)
        answer = ask(each, "acquisition", ASKED)
        found.append((answer.rows, answer.notes))
    assert found[0] == found[1]
    rows, notes = found[0]
    assert sum(row.touches for row in rows) == len(company()["touch"])
    # January's spend goes to touches of January; of last May nothing is on record.
    codes = [note.code for note in notes]
    assert {"spend_shared_by_touches", "spend_not_shared"} <= {*codes}
    behind = rows_behind(by_passes, "acquisition", Asked(), "touches", {"channel": "search"})
    assert behind.rows.num_rows == sum(
        row.touches for row in rows if row.dimensions["channel"] == "search"
    )
