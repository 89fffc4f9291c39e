"""The planner of experiments on the command line, from numbers and from the records."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.workflows.importing import import_paths

from .conftest import Run

DAYS = {1: 30, 2: 28, 3: 30}
BUYING = (1, 10, 28)
"""Days of each month on which who came bought at noon."""


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody new comes by search on each day of three months, three a month buy."""
    root = tmp_path_factory.mktemp("sold")
    touches = ["touch_id,party_id,occurred_at,kind,channel"]
    lines = ["order_line_id,party_id,ordered_at,quantity,net_price,unit_cost"]
    for month, days in DAYS.items():
        for day in range(1, days + 1):
            who, at = f"p{month}-{day}", f"2024-{month:02}-{day:02}"
            touches.append(f"t{who},{who},{at}T08:00:00Z,visit,search")
            if day in BUYING:
                lines.append(f"o{who},{who},{at}T12:00:00Z,1,10,4")
    lines.append("late,p3-1,2024-03-30T12:00:00Z,1,10,4")
    for name, rows in (("touch", touches), ("order_line", lines)):
        (root / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    firm = bootstrap.init_workspace(root / "firm")
    import_paths(firm, [root / "touch.csv", root / "order_line.csv"], silent)
    return firm.path


def test_people_and_rate_are_taken_from_the_records(run: Run, sold: Path) -> None:
    said = run("experiment", "--workspace", sold, "--of", "search", "--change", 0.05)
    assert said.status == 1, "88 people in three months are too few"
    assert said.out.startswith("months\tno\npeople with it\t88\n")
    assert (
        "On record of 2024-01-01 to 2024-03-31: 88 met the channel search, 29 a month" in said.err
    )
    assert "and 9 of them (0.1023, 0.0547 to 0.1831) became customers" in said.err
    assert "more than the 6 there are" in said.err


def test_what_is_given_counts(run: Run, sold: Path) -> None:
    given = ("--people", 20_000, "--rate", 0.02, "--change", 0.003)
    plain = run("experiment", *given)
    assert (plain.status, plain.err) == (0, "")
    assert plain.out.startswith("months\t4\n")
    both = run("experiment", *given, "--workspace", sold, "--of", "search")
    assert both == plain
    known = ("--workspace", sold, "--of", "search", "--people", 20_000, "--change", 0.05)
    one = run("experiment", *known)
    assert one.status == 0 and "people with it\t10000" in one.out


def test_without_numbers_and_records_it_is_said_what_to_give(run: Run, sold: Path) -> None:
    bare = run("experiment", "--change", 0.003)
    assert bare.status == 2 and "Give --people and --rate, or --workspace and --of." in bare.err
    unmet = run("experiment", "--workspace", sold, "--of", "nothing", "--change", 0.003)
    assert unmet.status == 1 and "nobody on record met the channel 'nothing'" in unmet.err
    leads = ("--of", "search", "--value", "leads", "--change", 0.003)
    no_lead = run("experiment", "--workspace", sold, *leads)
    assert no_lead.status == 1 and "on record of no full month" in no_lead.err
