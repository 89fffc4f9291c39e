"""The bundled files of Company X as rows of text, and the quarrel they hold, counted by hand."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from tools.make_demo_company.company import FOLDER, UNREADABLE

Row = dict[str, str]


def tables() -> list[str]:
    """The tables there is a file for."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


@cache
def rows(table: str) -> tuple[Row, ...]:
    """The rows of a table that can be read, as text."""
    left_out = set(UNREADABLE) if table == "advocacy" else set()
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return tuple(row for row in reader if reader.line_num not in left_out)


@dataclass(frozen=True)
class Quarrel:
    """A segment's leads that are old enough to be judged."""

    leads: int
    worked: int
    won: int
    hours: float
    price: float
    contribution_share: float

    @property
    def contribution_an_hour(self) -> float:
        """What an hour of a salesperson brings the company."""
        return self.won * self.price * self.contribution_share / self.hours

    @property
    def commission_an_hour(self) -> float:
        """What it brings the salesperson, at 3 % of the contract."""
        return self.won * self.price * 0.03 / self.hours


def quarrel(segment: str, before: str = "2025-08") -> Quarrel:
    """The leads of a segment that came before a month, worked for all that is known of them."""
    leads = {
        row["lead_id"]
        for row in rows("lead")
        if row["segment"] == segment and row["created_at"] < before
    }
    worked = {row["lead_id"] for row in rows("handoff") if row["kind"] == "attempted"} & leads
    of_lead = {row["deal_id"]: row["lead_id"] for row in rows("deal")}
    won = {of_lead[row["deal_id"]] for row in rows("deal_event") if row["status"] == "won"}
    minutes = sum(
        float(row["minutes"] or 0) for row in rows("handoff") if row["lead_id"] in worked
    ) + sum(float(row["minutes"]) for row in rows("activity") if row["subject_id"] in worked)
    price, share = _prices(segment)
    return Quarrel(len(leads), len(worked), len(won & worked), minutes / 60, price, share)


def _prices(segment: str) -> tuple[float, float]:
    """What an order of a segment comes to, and the share that is contribution, in any currency."""
    of_sku = {row["sku"]: row["segment"] for row in rows("product")}
    known = [
        (row["order_id"], float(row["quantity"]), float(row["net_price"]), float(row["unit_cost"]))
        for row in rows("order_line")
        if of_sku[row["sku"]] == segment and row["unit_cost"] and row["currency"] == "EUR"
    ]
    revenue = sum(quantity * price for _, quantity, price, _ in known)
    cost = sum(quantity * cost for _, quantity, _, cost in known)
    orders = len({order for order, *_ in known})
    return revenue / orders, 1 - cost / revenue
