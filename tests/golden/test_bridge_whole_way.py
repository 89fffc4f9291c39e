"""The bridge of the worked example, the whole way: files in, `onefunnel show bridge` out.

Leads 1000 to 1300, conversion .10 to .09, revenue per customer 200 to 210, margin .30 to .28.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from onefunnel.cli import main
from tests.workflows.company import write_folder

MONTHS = (("2024-02", 1000, 100, "200", "140"), ("2024-03", 1300, 117, "210", "151.2"))
AMOUNTS = {
    "shapley": ("1694.15", "-683.18", "315.82", "-447.18"),
    "lmdi": ("1686.94", "-677.44", "313.71", "-443.61"),
}


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    assert left.value.code == 0


def company() -> dict[str, list[dict[str, Any]]]:
    leads, lines = [], []
    for month, came, bought, price, cost in MONTHS:
        for number in range(came):
            party = f"{month}-{number}"
            leads.append(
                {"lead_id": party, "party_id": party, "created_at": f"{month}-05T10:00:00Z"}
            )
            if number < bought:
                lines.append(
                    {
                        "order_line_id": party,
                        "order_id": party,
                        "party_id": party,
                        "ordered_at": f"{month}-20T10:00:00Z",
                        "quantity": "1",
                        "net_price": price,
                        "unit_cost": cost,
                    }
                )
    return {"lead": leads, "order_line": lines}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bridge")
    run("init", root / "firm")
    run("import", root / "firm", write_folder(root / "exports", **company()))
    return root / "firm"


def test_both_methods_to_the_cent(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    run("show", firm, "bridge", "--now", "2024-04-02T00:00:00Z", "--format", "json")
    rows = json.loads(capsys.readouterr().out)["rows"]
    names = ("before", "volume", "mix", "conversion", "arpu", "margin", "change", "after")
    for method, amounts in AMOUNTS.items():
        found = {row["factor"]: row for row in rows if row["method"] == method}
        assert tuple(found) == names
        factors = [found[name] for name in ("volume", "conversion", "arpu", "margin")]
        assert tuple(f"{Decimal(row['amount']):.2f}" for row in factors) == amounts
        assert found["mix"]["amount"] == "0.0000"
        assert [found[name]["amount"] for name in ("before", "change", "after")] == [
            "6000.0000",
            "879.6000",
            "6879.6000",
        ]
        assert sum(Decimal(found[name]["amount"]) for name in names[1:6]) == Decimal("879.6")
        assert Decimal(found["volume"]["low"]) > 0  # 300 leads more are no chance
        assert Decimal(found["conversion"]["low"]) < 0 < Decimal(found["conversion"]["high"])


@pytest.mark.parametrize(("figure", "count"), [("leads", 1000), ("customers", 100), ("lines", 100)])
def test_the_rows_behind_it(
    firm: Path, capsys: pytest.CaptureFixture[str], figure: str, count: int
) -> None:
    capsys.readouterr()
    keys = ("period=before", "segment=unknown", f"figure={figure}")
    where = [word for key in keys for word in ("--where", key)]
    asked = ("--from", "2024-03-01", "--to", "2024-04-01", "--format", "json")
    run("rows", firm, "bridge", *where, *asked)
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert len(rows) == count
