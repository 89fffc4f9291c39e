"""The tables of methods, section 7: order lines and plan files in, `onefunnel show payouts` out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from onefunnel.cli import main

Answer = dict[str, Any]

LINE = "order_line_id,ordered_at,quantity,net_price,seller,returns"
CREDIT = "credit_id,order_line_id,employee_id,share"
HEAD = """
name = "{name}"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"
{more}
[[component]]
name = "sales"
base = "revenue"
tiers = [{tiers}]
"""
MARGINAL = "{from = 0, rate = 0.05}, {from = 50000, rate = 0.07}, {from = 100000, rate = 0.10}"
RETROACTIVE = MARGINAL.replace("07}", "07, retroactive = true}").replace(
    "10}", "10, retroactive = true}"
)
AT_40 = MARGINAL.replace("0.05", "0.04")
LATER = HEAD.replace("2024-01-01", "2024-01-16")


def plan(name: str, tiers: str, members: tuple[str, ...], head: str = HEAD, more: str = "") -> str:
    rows = "".join(f'[[member]]\nemployee = "{each}"\n' for each in members)
    return head.format(name=name, tiers=tiers, more=more) + rows


PLANS = (
    plan("marginal", MARGINAL, ("below", "above")),
    plan("retroactive", RETROACTIVE, ("at once", "far")),
    plan("returned", MARGINAL, ("marginal return",), more="clawback_days = 90"),
    plan("returned at once", RETROACTIVE, ("retroactive return",), more="clawback_days = 90"),
    plan("all of it", "{from = 0, rate = 1}", ("left", "right")),
    plan("leap", MARGINAL, ("leaper",)),
    plan("changed", MARGINAL, ("changer",), more="to = 2024-01-15"),
    plan("changed", AT_40, ("changer",), head=LATER),
)
SOLD = [
    ("a1", "2024-01-10", 50_000, "below"),
    ("a2", "2024-01-11", 1, "below"),
    ("b1", "2024-01-10", 120_000, "above"),
    ("c1", "2024-01-10", 50_001, "at once"),
    ("d1", "2024-01-10", 120_000, "far"),
    ("e1", "2024-01-10", 30_000, "marginal return"),
    ("e2", "2024-02-10", 90_000, "marginal return"),
    ("f1", "2024-01-10", 30_000, "retroactive return"),
    ("f2", "2024-02-10", 90_000, "retroactive return"),
    ("g1", "2024-01-10", "0.01", "right"),
    ("h1", "2024-02-29", 1000, "leaper"),
    ("h2", "2024-03-01", 100, "leaper"),
    ("i1", "2024-01-15", 40_000, "changer"),
    ("i2", "2024-01-16", 20_000, "changer"),
]
RETURNS = [("e3", "2024-03-05", 30_000, "e1"), ("f3", "2024-03-05", 30_000, "f1")]


def write(folder: Path, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / f"{table}.csv").open("w", newline="") as file:
        plain = csv.writer(file)
        plain.writerow(columns.split(","))
        plain.writerows(rows)


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    assert left.value.code == 0


def shown(capsys: pytest.CaptureFixture[str], firm: Path, now: str) -> Answer:
    capsys.readouterr()
    run("show", firm, "payouts", "--now", now, "--format", "json")
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def put_plans(firm: Path, *texts: str) -> None:
    (firm / "pay").mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (firm / "pay" / f"{number}.toml").write_text(text, encoding="utf-8")


def total(answer: Answer, **having: str) -> Decimal:
    fits = [r for r in answer["rows"] if all(r[name] == value for name, value in having.items())]
    return sum((Decimal(row["amount"]) for row in fits), Decimal(0))


def check_tiers(answer: Answer) -> None:
    for who, pay in (
        ("below", "2500.07"),
        ("above", "8000"),
        ("at once", "3500.07"),
        ("far", "12000"),
    ):
        assert total(answer, employee_id=who, period="2024-01") == Decimal(pay)
        assert total(answer, employee_id=who) == Decimal(pay)
    why = {(row["employee_id"], row["why"]) for row in answer["rows"]}
    assert ("below", "Tier 2 pays 0.07 from 50000 to 50001.") in why
    assert ("at once", "Tier 2 is reached and pays 0.07 of all from 0 to 50001.") in why


def check_clawback(answer: Answer) -> None:
    """What came back is taken out of the year: 90,000 pay 5,300, or 6,300 at 7 % of all."""
    for who, standing, left in (
        ("marginal return", 8000, 5300),
        ("retroactive return", 12000, 6300),
    ):
        before = [total(answer, employee_id=who, period=f"2024-0{month}") for month in (1, 2)]
        assert sum(before) == standing
        march = [r for r in answer["rows"] if (r["employee_id"], r["period"]) == (who, "2024-03")]
        assert {row["line"] for row in march} == {"restatement"}
        assert total(answer, employee_id=who, period="2024-03", of_period="2024-01") == -1500
        assert total(answer, employee_id=who) == left


def check_cent(answer: Answer) -> None:
    """One of the two has the cent; who has none of it has no line."""
    rows = [row for row in answer["rows"] if row["plan"] == "all of it"]
    assert [(row["employee_id"], row["amount"]) for row in rows] == [("left", "0.0100")]


def check_days(answer: Answer) -> None:
    """A leap day is February's; 5 % until the 15th, then 4 %, and 7 % as the tiers run on."""
    assert total(answer, employee_id="leaper", period="2024-02") == 50
    assert total(answer, employee_id="leaper", period="2024-03") == 5
    assert total(answer, employee_id="changer") == 2000 + 400 + 700
    changed = {row["digest"] for row in answer["rows"] if row["employee_id"] == "changer"}
    assert len(changed) == 2


CHECKS: tuple[Callable[[Answer], None], ...] = (check_tiers, check_clawback, check_cent, check_days)


def test_section_7_through_plan_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    firm, exports = tmp_path / "firm", tmp_path / "exports"
    run("init", firm)
    put_plans(firm, *PLANS)
    sold = [(key, f"{day}T12:00:00", 1, price, who, "") for key, day, price, who in SOLD]
    back = [(key, f"{day}T12:00:00", -1, price, "", of) for key, day, price, of in RETURNS]
    write(exports, "order_line", LINE, [*sold, *back])
    write(exports, "credit", CREDIT, [("k1", "g1", "left", 0.5), ("k2", "g1", "right", 0.5)])
    run("import", firm, exports)
    answer = shown(capsys, firm, "2024-03-31T20:00:00Z")
    order = ["period", "employee_id", "plan", "line", "amount", "why"]
    assert list(answer["rows"][0])[:6] == order
    for check in CHECKS:
        check(answer)
    behind = ("period=2024-01", "employee_id=marginal return", "plan=returned")
    run("rows", firm, "payouts", *[f"--where={each}" for each in behind], "--format", "json")
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["sale_id"], row["revenue"]) for row in rows] == [
        ("order_line:e1", "30000.0000"),
        ("order_line:e3", "-30000.0000"),
    ]
    run("show", firm, "payouts", "--format", "csv")
    assert "Tier 2 pays 0.07 from 50000 to 50001." in capsys.readouterr().out


def test_a_solar_month_is_local(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1403 begins on 20 March 2024 in Tehran, three and a half hours before it does in UTC."""
    firm = tmp_path / "firm"
    run("init", firm, "--calendar", "solar_hijri", "--timezone", "Asia/Tehran")
    put_plans(firm, plan("gates", MARGINAL, ("e1",)))
    lines = [
        ("l1", "2024-03-19T20:29:00Z", 1, 1000, "e1", ""),
        ("l2", "2024-03-19T20:31:00Z", 1, 100, "e1", ""),
    ]
    write(tmp_path / "exports", "order_line", LINE, lines)
    run("import", firm, tmp_path / "exports")
    answer = shown(capsys, firm, "2024-04-01T00:00:00Z")
    assert total(answer, period="1402-12") == 50
    assert total(answer, period="1403-01") == 5
    assert total(answer) == 55
