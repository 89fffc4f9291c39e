"""Company X as files: the quarrel of a firm whose pay follows the price and not the contribution.

In June 2024 there are 100 leads for gates, all worked, of which 25 are won at a price of 2000 and a
cost of 1700, three hours each; and 400 leads for spare parts, which nobody works. In the months
before, 100 leads for parts were worked, .4 hours each, and 40 won at 60 and 24. Two people sell, 35
hours a week each, which is 300 hours in June, for 3 % of the price. Spring's and autumn's orders of
a customer who was never a lead tell until when there are records.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.workflows.importing import import_paths

PLAN = """\
name = "sales"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"

[[component]]
name = "price"
base = "revenue"
[[component.tiers]]
from = 0
rate = 0.03

[[member]]
employee = "e1"
[[member]]
employee = "e2"
"""

RANGES = """\
# What an hour of a salesperson costs, everything counted in.
hour_cost = 20
"""

JUNE, APRIL = datetime(2024, 6, 1, 8, tzinfo=UTC), datetime(2024, 4, 1, 8, tzinfo=UTC)
MOMENT = timedelta(minutes=7)

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def tables() -> Tables:
    """The rows of every table of the folder."""
    found: Tables = {name: [] for name in ("party", "lead", "handoff", "order_line", "employee")}
    for number in range(100):
        _lead(found, "gates", number, JUNE + number * MOMENT, minutes=180)
        if number < 25:
            _order(found, "gates", number, JUNE + timedelta(days=20), "2000", "1700")
        _lead(found, "old-parts", number, APRIL + number * MOMENT, minutes=24)
        if number < 40:
            _order(found, "old-parts", number, APRIL + timedelta(days=10), "60", "24")
    for number in range(400):
        _lead(found, "parts", number, JUNE + number * MOMENT)
    for place, day in enumerate((APRIL, datetime(2024, 10, 15, 9, tzinfo=UTC))):
        _order(found, "regular", 0, day, "90", "50", line=place)
    found["employee"] = [
        {
            "employee_id": f"e{number}",
            "name": name,
            "department": "sales",
            "active_from": "2024-01-01",
            "weekly_hours": 35,
        }
        for number, name in ((1, "Ilinca Petrescu"), (2, "Matei Dobre"))
    ]
    return found


def lists_only() -> Tables:
    """The same firm where nobody writes down who was worked: a lead list and an order list."""
    whole = tables()
    orders = [
        {key: v for key, v in row.items() if key != "unit_cost"} for row in whole["order_line"]
    ]
    return {"party": whole["party"], "lead": whole["lead"], "order_line": orders}


def write(folder: Path, given: Mapping[str, Sequence[Row]] | None = None) -> Path:
    """The folder with a CSV per table, to be imported as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (tables() if given is None else given).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def workspace(path: Path, folder: Path) -> Path:
    """A new workspace with the folder taken in."""
    import_paths(bootstrap.init_workspace(path), [folder], silent)
    return path


def write_terms(path: Path, ranges: str = RANGES, plan: str | None = PLAN) -> None:
    """The pay plan (None: none) and the ranges, as files of a workspace."""
    (path / "incentives.toml").write_text(ranges, encoding="utf-8")
    if plan is not None:
        (path / "pay").mkdir(exist_ok=True)
        (path / "pay" / "sales.toml").write_text(plan, encoding="utf-8")


def _lead(found: Tables, kind: str, number: int, at: datetime, minutes: int | None = None) -> None:
    key = f"{kind}-{number:03d}"
    found["party"].append({"party_id": key, "kind": "organisation"})
    segment = kind.removeprefix("old-")
    found["lead"].append(
        {"lead_id": key, "party_id": key, "created_at": at.isoformat(), "segment": segment}
    )
    if minutes is not None:
        found["handoff"].append(
            {
                "handoff_id": f"h-{key}",
                "lead_id": key,
                "occurred_at": (at + timedelta(hours=2)).isoformat(),
                "kind": "connected",
                "actor": f"e{1 + number % 2}",
                "department": "sales",
                "minutes": minutes,
            }
        )


def _order(
    found: Tables, kind: str, number: int, at: datetime, price: str, cost: str, line: int = 0
) -> None:
    party = f"{kind}-{number:03d}"
    found["order_line"].append(
        {
            "order_line_id": f"o-{party}-{line}",
            "order_id": f"o-{party}-{line}",
            "party_id": party,
            "ordered_at": at.isoformat(),
            "sku": kind.removeprefix("old-"),
            "quantity": 1,
            "net_price": price,
            "unit_cost": cost,
            "seller": f"e{1 + number % 2}",
        }
    )
