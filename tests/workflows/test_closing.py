"""Closing a month: what it was closed with stays; what comes later about it is a restatement."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.intake import silent
from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import Answer
from onefunnel.workflows import closing
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.closed import closed_month, closed_months
from onefunnel.workflows.closing import close_month, months_to_close, restated
from onefunnel.workflows.computed import compute_answer
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace

from .company import write_folder
from .conftest import Ready

APRIL = Asked(since=date(2024, 4, 1), until=date(2024, 5, 1))


def lines(*prices: float) -> list[dict[str, object]]:
    """An order line of quantity 1 and cost 60 on the third of each month from January on."""
    return [
        {
            "order_line_id": f"o{month}",
            "order_id": f"o{month}",
            "party_id": f"P{month}",
            "ordered_at": f"2024-{month:02d}-03T10:00:00Z",
            "quantity": 1,
            "net_price": price,
            "unit_cost": 60,
        }
        for month, price in enumerate(prices, 1)
    ]


def leads(months: int) -> list[dict[str, object]]:
    return [
        {"lead_id": f"l{m}", "party_id": f"P{m}", "created_at": f"2024-{m:02d}-02T10:00:00Z"}
        for m in range(1, months + 1)
    ]


@pytest.fixture(autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Months are closed with one measure, to be quick; but for one test, with all."""
    if "every_measure" not in request.node.name:
        monkeypatch.setattr(closing, "measures_that_close", lambda: ["bridge"])


def five_months(workspace: Workspace, files: Path) -> None:
    folder = write_folder(files, lead=leads(5), order_line=lines(100, 100, 100, 140, 90))
    import_paths(workspace, [folder], silent)


@pytest.fixture
def filled(ready: Ready) -> Workspace:
    return ready(five_months)


def correct(workspace: Workspace, tmp_path: Path, *prices: float) -> None:
    folder = write_folder(tmp_path / f"later{len(prices)}", order_line=lines(*prices))
    import_paths(workspace, [folder], silent)


def change(answer: Answer[object]) -> list[object]:
    return [(row["factor"], row["method"], row["amount"]) for row in answer.to_dicts()]


def test_a_closed_month_keeps_its_figures(filled: Workspace, tmp_path: Path) -> None:
    before = ask(filled, "bridge", APRIL)
    closed = close_month(filled, "2024-04", "Ana", silent)
    assert (closed.month, closed.closed_by, closed.version) == ("2024-04", "Ana", 1)
    assert (closed.first_day, closed.after_day) == (date(2024, 4, 1), date(2024, 5, 1))
    correct(filled, tmp_path, 100, 100, 100, 120, 90)
    after = ask(filled, "bridge", APRIL)
    assert change(after) == change(before)
    assert compute_answer(filled, "bridge", APRIL).answer.rows == after.rows
    (note,) = [each for each in after.notes if each.code == "closed_month"]
    assert note.params == {"month": "2024-04", "version": 1}


def test_what_comes_later_about_it_is_restated(filled: Workspace, tmp_path: Path) -> None:
    close_month(filled, "2024-04", "Ana", silent)
    event = [{"lead_id": "l9", "party_id": "P9", "created_at": "2024-05-30T10:00:00Z"}]
    import_paths(filled, [write_folder(tmp_path / "event", lead=event)], silent)
    assert restated(filled, "2024-04") == (), "a later event changes nothing"
    correct(filled, tmp_path, 100, 100, 100, 120, 70)
    found = [each for each in restated(filled, "2024-04") if each.measure == "bridge"]
    moved = [each for each in found if each.row.get("factor") == "arpu"]
    assert moved and all(each.was != each.now for each in moved)
    fresh = ask(filled, "bridge", APRIL, under=4)
    amounts = {(r["factor"], r["method"]): r["amount"] for r in fresh.to_dicts()}
    for each in found:
        if each.figure == "amount":
            assert each.now == amounts[str(each.row["factor"]), str(each.row["method"])]


def test_a_month_is_closed_with_the_terms_that_stood(filled: Workspace) -> None:
    (filled.path / "incentives.toml").write_text("hour_cost = 20\n", "utf-8")
    close_month(filled, "2024-04", "Ana", silent)
    found = closed_month(filled, "2024-04")
    assert found.version == 2
    assert found.terms_since == datetime(2024, 6, 1, 12, tzinfo=UTC)
    with pytest.raises(UnknownName):
        closed_month(filled, "2024-03")


def test_a_closed_month_keeps_every_measure_that_closes(filled: Workspace) -> None:
    close_month(filled, "2024-04", "Ana", silent)
    wanted = {name for name, each in MEASURES.items() if each.closes} - {"payouts"}
    assert set(closed_month(filled, "2024-04").measures) == wanted
    for name in wanted:
        for by in MEASURES[name].closed_by:
            answer = ask(filled, name, replace(APRIL, by=by))
            assert "closed_month" in {note.code for note in answer.notes}, (name, by)


def spend(amount: float) -> list[dict[str, object]]:
    return [{"spend_id": "k4", "day": "2024-04-10", "channel": "search", "amount": amount}]


@pytest.mark.long
def test_a_closed_month_keeps_what_customers_cost_undivided_and_by_channel(
    filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "measures_that_close", lambda: ["acquisition"])
    import_paths(filled, [write_folder(tmp_path / "spent", spend=spend(50))], silent)
    close_month(filled, "2024-04", "Ana", silent)
    assert closed_month(filled, "2024-04").measures == ("acquisition",)
    import_paths(filled, [write_folder(tmp_path / "corrected", spend=spend(80))], silent)
    by_channel = replace(APRIL, by=("channel",))
    for asked, spent in ((APRIL, 50), (by_channel, 50), (replace(APRIL, by=("campaign",)), 80)):
        answer = ask(filled, "acquisition", asked)
        assert sum(row.spend for row in answer.rows) == spent
        assert ("closed_month" in {note.code for note in answer.notes}) == (spent == 50)
    found = restated(filled, "2024-04")
    spent = [each for each in found if each.figure == "spend"]
    assert [(dict(each.row), each.was, each.now) for each in spent] == [
        ({}, 50, 80),
        ({"channel": "search"}, 50, 80),
    ]


def test_months_are_closed_in_order_and_once(filled: Workspace) -> None:
    first = datetime(2024, 3, 5, tzinfo=UTC)
    assert [m.label for m in months_to_close(filled, first)] == ["2024-03", "2024-04", "2024-05"]
    close_month(filled, "2024-04", "Ana", silent)
    assert [m.label for m in months_to_close(filled, first)] == ["2024-05"]
    for label in ("2024-04", "2024-03"):
        with pytest.raises(UsageError, match="The months up to 2024-04 are closed"):
            close_month(filled, label, "Ana", silent)
    close_month(filled, "2024-05", "Radu", silent)
    assert [each.month for each in closed_months(filled)] == ["2024-05", "2024-04"]


@pytest.mark.parametrize("label", ["2024-13", "2024-00", "April", "2024", "1403-01", ""])
def test_what_is_no_month_is_said(filled: Workspace, label: str) -> None:
    with pytest.raises(UsageError, match="There is no month"):
        close_month(filled, label, "Ana", silent)


def test_a_month_that_is_not_over_stays_open(filled: Workspace) -> None:
    with pytest.raises(UsageError, match="is not over"):
        close_month(filled, "2024-06", "Ana", silent)


PLAN = """\
name = "sales"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"
[[component]]
name = "revenue"
base = "revenue"
tiers = [{ from = 0, rate = 0.03 }]
[[member]]
employee = "e1"
"""


def paid(workspace: Workspace) -> list[tuple[str, str, str, str]]:
    return [
        (row.period, row.of_period, row.line, f"{row.amount:.2f}")
        for row in ask(workspace, "payouts", Asked()).rows
    ]


def test_pay_that_was_booked_stays_and_what_changed_is_restated(
    workspace: Workspace, tmp_path: Path
) -> None:
    sold = [{**row, "seller": "e1"} for row in lines(100, 100, 100, 140, 90)]
    import_paths(workspace, [write_folder(tmp_path / "sold", order_line=sold)], silent)
    (workspace.path / "pay").mkdir()
    (workspace.path / "pay" / "sales.toml").write_text(PLAN, "utf-8")
    close_month(workspace, "2024-04", "Ana", silent)
    booked = paid(workspace)[:4]
    assert booked == [
        ("2024-01", "2024-01", "earning", "3.00"),
        ("2024-02", "2024-02", "earning", "3.00"),
        ("2024-03", "2024-03", "earning", "3.00"),
        ("2024-04", "2024-04", "earning", "4.20"),
    ]
    sold[3]["net_price"] = 120
    import_paths(workspace, [write_folder(tmp_path / "mended", order_line=sold)], silent)
    now = paid(workspace)
    assert now[:4] == booked
    assert sorted(now[4:]) == [
        ("2024-05", "2024-04", "restatement", "-0.60"),
        ("2024-05", "2024-05", "earning", "2.70"),
    ]
    close_month(workspace, "2024-05", "Ana", silent)
    assert paid(workspace) == now
    import_paths(workspace, [write_folder(tmp_path / "again", order_line=sold)], silent)
    assert paid(workspace) == now
