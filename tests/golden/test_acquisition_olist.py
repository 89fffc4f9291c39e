"""Olist by channel: 8,000 leads, 842 customers, 676,851.48 of revenue, and nothing dropped."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from onefunnel.ledger.schema import Facts
from onefunnel.vocabulary import Question
from tests.golden.test_olist import instant, read
from tests.spec.engines import ask, on_duckdb

NOW = datetime(2018, 11, 14, 18, 4, 19, tzinfo=UTC)
LEADS, WINS = "olist_marketing_qualified_leads_dataset.csv", "olist_closed_deals_dataset.csv"
ITEMS = "olist_order_items_of_closed_sellers.csv"


@pytest.fixture(scope="module")
def facts() -> Facts:
    leads, wins, items = read(LEADS), read(WINS), read(ITEMS)
    codes = {row["mql_id"]: code for code, row in enumerate(leads)}
    records: dict[str, list[dict[str, Any]]] = {
        "lead": [
            {
                "lead_id": row["mql_id"],
                "party_id": row["mql_id"],
                "created_at": instant(row["first_contact_date"]),
                "channel": row["origin"] or None,
            }
            for row in leads
        ],
        "deal": [
            {"deal_id": row["mql_id"], "party_id": row["mql_id"], "lead_id": row["mql_id"]}
            for row in wins
        ],
        "deal_event": [
            {
                "deal_event_id": row["mql_id"],
                "deal_id": row["mql_id"],
                "occurred_at": instant(row["won_date"]),
                "status": "won",
            }
            for row in wins
        ],
        "order_line": [
            {
                "order_line_id": f"{row['order_id']}-{row['order_item_id']}",
                "order_id": row["order_id"],
                "party_id": row["seller_id"],
                "ordered_at": instant(row["shipping_limit_date"]),
                "quantity": Decimal(1),
                "net_price": Decimal(row["price"]),
                "currency": "BRL",
            }
            for row in items
        ],
        "entity": [
            *({"party_id": party, "entity_code": code} for party, code in codes.items()),
            *({"party_id": row["seller_id"], "entity_code": codes[row["mql_id"]]} for row in wins),
        ],
    }
    return on_duckdb(records)


def test_olist_has_8000_leads_842_customers_and_its_revenue_by_channel(facts: Facts) -> None:
    rows, notes = ask(facts, "acquisition", Question(now=NOW, by=("channel",), currency="BRL"))
    origin = {row["mql_id"]: row["origin"] or None for row in read(LEADS)}
    leads = Counter(origin.values())
    customers = Counter(origin[row["mql_id"]] for row in read(WINS))
    sellers = {row["seller_id"]: origin[row["mql_id"]] for row in read(WINS)}
    revenue: Counter[str | None] = Counter()
    for item in read(ITEMS):
        revenue[sellers[item["seller_id"]]] += Decimal(item["price"])  # type: ignore[assignment]
    found = {row.dimensions["channel"]: row for row in rows}
    assert {name: row.leads for name, row in found.items()} == dict(leads)
    assert {name: row.customers for name, row in found.items() if row.customers} == dict(customers)
    sold = {name: row.revenue for name, row in found.items() if row.revenue}
    assert sold == {name: amount for name, amount in revenue.items() if amount}
    assert sum(row.leads for row in rows) == 8000
    assert sum(row.customers for row in rows) == 842
    assert sum((row.revenue or Decimal(0) for row in rows), Decimal(0)) == Decimal("676851.4800")
    assert {(row.spend, row.cost_per_lead) for row in rows} == {(None, None)}
    said = {note.code: note.params for note in notes}
    assert "no_spend" in said
    unknown = said["unknown_origin"]
    assert (unknown["leads"], unknown["of_leads"]) == (60, 8000)
    assert (unknown["customers"], unknown["of_customers"]) == (customers[None], 842)
    # 14 deals say nothing of their origin, and 179 say that it is unknown: 193 of 842.
    word = said["unknown_as_a_word"]
    assert (word["leads"], word["customers"]) == (1099, customers["unknown"])
    assert (customers[None], customers["unknown"]) == (14, 179)
    (text,) = (each.text for each in notes if each.code == "unknown_as_a_word")
    assert "179 of 842 customers (21.3%)" in text
    assert "22.9% of the customers are of unknown origin" in text
