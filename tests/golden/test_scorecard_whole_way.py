"""A scorecard whose curve pays .5, 1 and 1.5 at 80, 100 and 120: files in, `show scorecard` out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onefunnel.cli import main
from tests.workflows.company import write_folder

CARD = """\
level = "company"
of = "Gates and Parts"
from = 2024-01-01
[[measure]]
source = "contribution"
owner = "both"
weight = 1
threshold = 80
target = 100
cap = 120
counter = "discount"
"""
MONTHS = {
    "2024-01": ("79", 0.0, 0.79),
    "2024-02": ("90", 0.75, 0.9),
    "2024-03": ("110", 1.25, 1.1),
    "2024-04": ("130", 1.5, 1.3),
}


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    assert left.value.code == 0


def test_piecewise_linear_payout_month_by_month(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {
            "order_line_id": month,
            "order_id": month,
            "party_id": "p",
            "ordered_at": f"{month}-20T10:00:00Z",
            "quantity": "1",
            "net_price": "200",
            "unit_cost": str(200 - int(contribution)),
        }
        for month, (contribution, _, _) in MONTHS.items()
    ]
    firm = tmp_path / "firm"
    run("init", firm)
    (firm / "scorecards").mkdir()
    (firm / "scorecards" / "company.toml").write_text(CARD, encoding="utf-8")
    run("import", firm, write_folder(tmp_path / "exports", order_line=lines))
    capsys.readouterr()
    period = ("--from", "2024-01-01", "--to", "2024-05-01")
    run("show", firm, "scorecard", *period, "--now", "2024-05-02T00:00:00Z", "--format", "json")
    rows = json.loads(capsys.readouterr().out)["rows"]
    paid = {row["period"]: row for row in rows if row["measure"] == "contribution"}
    assert paid.keys() == MONTHS.keys()
    for month, (contribution, payout, attainment) in MONTHS.items():
        row = paid[month]
        assert row["value"] == f"{contribution}.0000"
        assert (row["payout"], row["attainment"]) == (payout, attainment)
        assert (row["target"], row["gate"], row["points"]) == ("100.0000", 1.0, payout)
        assert row["counter_value"] is None  # no line says what the list does
    wholes = {row["period"]: row["points"] for row in rows if row["measure"] is None}
    assert wholes == {month: payout for month, (_, payout, _) in MONTHS.items()}
