"""Offline conversions, the whole way from an import to the file: nobody erased is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefunnel.intake import silent
from onefunnel.ledger.store.register import PSEUDONYM
from onefunnel.measures.offline_conversions.platforms import ERASED, Platform
from onefunnel.measures.offline_conversions.telling import told
from onefunnel.workflows.asking import Asked
from onefunnel.workflows.erasing import erase_party
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.returning import File, returned
from onefunnel.workflows.workspace import Workspace

from .company import write_folder

TABLES = {
    "party": [
        {"party_id": "17", "name": "Ana Pop", "email": "ana@example.org", "attributes": ""},
        {"party_id": "18", "name": "Bo Ro", "email": "bo@example.org", "attributes": ""},
        {
            "party_id": "19",
            "name": "Cy Ro",
            "email": "cy@example.org",
            "attributes": '{"no_advertising": true}',
        },
    ],
    "touch": [
        {
            "touch_id": f"t{party}",
            "party_id": party,
            "occurred_at": "2024-05-01T08:00:00Z",
            "source": "google",
            "click_id": f"Cj0KCQ{party}",
        }
        for party in ("17", "18", "19")
    ],
    "lead": [
        {"lead_id": f"l{party}", "party_id": party, "created_at": "2024-05-03T09:00:00Z"}
        for party in ("17", "18", "19")
    ],
}
LEADS = File(Platform.GOOGLE, told("lead", "", "none", "EUR"))


@pytest.fixture
def told_of(workspace: Workspace, tmp_path: Path) -> Workspace:
    import_paths(workspace, [write_folder(tmp_path / "exports", **TABLES)], silent)
    return workspace


def test_nothing_is_told_of_who_was_erased_or_objects(told_of: Workspace) -> None:
    erase_party(told_of, "17")
    found = returned(told_of, LEADS, Asked())
    assert [row["click"] for row in found.rows] == ["Cj0KCQ18"]
    assert (found.counts.returned, found.counts.kept_out) == (1, 2)
    text = "".join(LEADS.text(found.rows))
    for name in (ERASED, "Bo Ro", "example.org", "l18", "t18"):
        assert name not in text


def test_the_pseudonyms_of_the_register_are_known() -> None:
    assert ERASED == PSEUDONYM
