"""What other terms would have paid last month, for everybody, before they are put into force."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onefunnel import bootstrap
from onefunnel.cli.app import app
from onefunnel.errors import InputError, UsageError
from onefunnel.intake import silent
from onefunnel.ledger.disk.head import read_head
from onefunnel.workflows import closing
from onefunnel.workflows.closing import close_month
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.pay_preview import PayDifference, pay_difference
from onefunnel.workflows.terms_files import put_terms
from onefunnel.workflows.workspace import Workspace

from .company import write_folder
from .conftest import still

HEAD = """
name = "{name}"
currency = "EUR"
from = {first}
crediting = "invoice"
period = "month"
[[component]]
name = "price"
base = "revenue"
tiers = [{{ from = 0, rate = {rate} }}]
"""
SALES = {"ann": 1000, "bob": 500}


def plan(
    rate: str, *members: str, first: str = "2024-01-01", name: str = "sales", more: str = ""
) -> str:
    rows = "".join(f'[[member]]\nemployee = "{who}"\n{more}\n' for who in members)
    return HEAD.format(name=name, rate=rate, first=first) + rows


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Ann sells 1000 and Bob 500 each month from January to May; the last month over is April.

    A record of May says that it has begun, and not that it is over.
    """
    lines = [
        {
            "order_line_id": f"{who}{month}",
            "ordered_at": f"2024-0{month}-03T10:00:00Z",
            "quantity": 1,
            "net_price": price,
            "unit_cost": 60,
            "seller": who,
        }
        for month in range(1, 6)
        for who, price in SALES.items()
    ]
    folder = tmp_path_factory.mktemp("sold")
    workspace = still(bootstrap.init_workspace(folder / "firm", country="RO"))
    import_paths(workspace, [write_folder(folder / "files", order_line=lines)], silent)
    put_terms(workspace, {"pay/sales.toml": plan("0.1", "ann", "bob")})
    return workspace


def paid(found: PayDifference) -> dict[str, tuple[Decimal | None, Decimal | None, str]]:
    return {each.employee_id: (each.before, each.after, each.state) for each in found.people}


def test_everybodys_pay_is_told_under_both_and_nothing_changes(sold: Workspace) -> None:
    before = read_head(sold.ledger)
    found = pay_difference(sold, {"pay/sales.toml": plan("0.2", "ann", "cid")}, silent)
    assert (found.month, found.first, found.after) == (
        "2024-04",
        date(2024, 4, 1),
        date(2024, 5, 1),
    )
    assert paid(found) == {
        "ann": (Decimal(100), Decimal(200), "paid"),
        "bob": (Decimal(50), None, "gone"),
        "cid": (None, Decimal(0), "new"),
    }
    assert found.begins is None
    assert read_head(sold.ledger) == before


@pytest.mark.long
def test_a_closed_month_is_compared_as_if_it_were_open(
    sold: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "measures_that_close", lambda: ["bridge"])
    shutil.copytree(sold.path, tmp_path / "shut")
    shut = still(bootstrap.open_workspace(tmp_path / "shut"))
    close_month(shut, "2024-04", "Ana", silent)
    found = pay_difference(shut, {"pay/sales.toml": plan("0.2", "ann", "bob")}, silent)
    assert paid(found)["ann"] == (Decimal(100), Decimal(200), "paid")


def test_a_plan_that_begins_later_is_held_as_if_it_had_begun(sold: Workspace) -> None:
    later = plan("0.3", "ann", first="2024-09-01")
    found = pay_difference(sold, {"pay/next.toml": later}, silent)
    assert found.begins == date(2024, 9, 1)
    assert paid(found) == {
        "ann": (Decimal(100), Decimal(300), "paid"),
        "bob": (Decimal(50), None, "gone"),
    }


def test_the_removal_of_a_plan_pays_nobody(sold: Workspace) -> None:
    found = pay_difference(sold, {"pay/sales.toml": None}, silent)
    assert {state for _, _, state in paid(found).values()} == {"gone"}
    assert {after for _, after, _ in paid(found).values()} == {None}


def test_who_lacks_a_quota_is_named_and_not_paid_nothing(sold: Workspace) -> None:
    text = plan("0.1", "ann", more="quota = 10\ntarget = 5") + '[[member]]\nemployee = "bob"\n'
    text = text.replace("tiers =", 'tiers_on = "attainment"\npays = "target"\ntiers =')
    found = pay_difference(sold, {"pay/sales.toml": text}, silent)
    assert paid(found)["bob"] == (Decimal(50), None, "refused")
    assert "refused_no_quota" in {note.code for note in found.notes}


def test_what_can_not_be_read_or_stand_together_is_said(sold: Workspace) -> None:
    with pytest.raises(InputError):
        pay_difference(sold, {"pay/sales.toml": "name = 1"}, silent)
    with pytest.raises(UsageError, match="Two versions"):
        pay_difference(sold, {"pay/again.toml": plan("0.2", "ann")}, silent)


def test_the_command_prints_it_and_changes_nothing(sold: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "sales.toml"
    file.write_text(plan("0.2", "ann"), "utf-8")
    before = read_head(sold.ledger)
    said = CliRunner().invoke(app, ["terms", str(sold.path), str(file), "--preview"])
    assert said.exit_code == 0, said.output
    assert "100.0000" in said.output and "200.0000" in said.output
    assert "no longer" in said.output
    assert read_head(sold.ledger) == before
    assert CliRunner().invoke(app, ["terms", str(sold.path), "--preview"]).exit_code != 0
