"""Files for advertising platforms on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

TOUCHES = """touch_id,party_id,occurred_at,source,click_id
t1,ann,2024-03-01T08:00:00Z,google,gclid:Cj0KCQ1
t2,bob,2024-03-01T08:00:00Z,facebook,IwAR2
t3,cat,2024-03-01T08:00:00Z,,plain
"""
LEADS = """lead_id,party_id,created_at
1,ann,2024-03-02T08:00:00Z
2,bob,2024-03-02T08:00:00Z
3,cat,2024-03-02T08:00:00Z
"""


@pytest.fixture
def clicked(run: Run, firm: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "touch.csv").write_text(TOUCHES, encoding="utf-8")
    (folder / "lead.csv").write_text(LEADS, encoding="utf-8")
    assert run("import", firm, folder).status == 0
    return firm


@pytest.mark.long
def test_a_file_goes_where_it_is_wanted_and_counts_beside_it(
    run: Run, clicked: Path, tmp_path: Path
) -> None:
    of_leads = ("--of", "lead", "--value", "none", "--name", "Web lead")
    said = run("export", "conversions", clicked, "--platform", "google", *of_leads)
    head, names, row = said.out.splitlines()
    assert (said.status, head) == (0, "Parameters:TimeZone=+0000")
    assert row.split(",")[:3] == ["Cj0KCQ1", "Web lead", "2024-03-02 08:00:00"]
    assert names.startswith("Google Click ID,Conversion Name")
    assert "1 rows of 3 conversions." in said.err and "1 not assigned" in said.err
    assert "Click identifiers whose platform nothing tells" in said.err
    of_leads = (*of_leads[:4], "--output", tmp_path / "meta.jsonl")
    assert run("export", "conversions", clicked, "--platform", "meta", *of_leads).out == ""
    (event,) = json.loads((tmp_path / "meta.jsonl").read_text(encoding="utf-8"))["data"]
    assert event["user_data"]["fbc"] == "fb.1.1709280000000.IwAR2"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (("export", "rows", "{firm}", "--platform", "google"), "conversions"),
        (("export", "conversions", "{firm}", "--platform", "yahoo"), "microsoft"),
        (("export", "conversions", "{firm}", "--platform", "google", "--of", "deal"), "customer"),
        (("export", "conversions", "{firm}", "--platform", "meta", "--adjustments"), "takes no"),
    ],
)
def test_what_can_not_be_is_told(run: Run, firm: Path, given: tuple[str, ...], names: str) -> None:
    said = run(*(each.format(firm=firm) for each in given))
    assert said.status == 2 and names in said.err
