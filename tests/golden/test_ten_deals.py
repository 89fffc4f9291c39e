"""Ten deals, and the four rates of winning that they have, from records to rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onefunnel.vocabulary import Question, Stage
from tests.spec.engines import ask, entities, on_duckdb
from tests.spec.tables import instant

NOW = instant("2024-07-01T12:00:00")
ENDS = [
    (1, "lost"),
    (2, "won"),
    (3, None),
    (4, "lost"),
    (5, "won"),
    (6, None),
    (7, "won"),
    (8, "lost"),
    (9, None),
    (10, None),
]
"""Days from the opening to the outcome, or to now where there is none."""


def ten_deals() -> dict[str, list[dict[str, Any]]]:
    deals, events = [], []
    for number, (days, status) in enumerate(ENDS):
        opened = NOW - timedelta(days=days) if status is None else NOW - timedelta(days=20)
        deals.append({"deal_id": f"d{number}", "party_id": f"p{number}"})
        for at, each in ((opened, "open"), (opened + timedelta(days=days), status)):
            if each:
                event = {"deal_event_id": f"{number}-{each}", "deal_id": f"d{number}"}
                events.append({**event, "occurred_at": at, "status": each})
    known = entities(*(f"p{number}" for number in range(10)))
    return {"deal": deals, "deal_event": events, "entity": known}


def test_deals_give_the_four_rates() -> None:
    ((row,), _) = ask(on_duckdb(ten_deals()), "deals", Question(now=NOW, horizon_days=10))
    assert (row.won, row.lost, row.open) == (3, 3, 4)
    assert round(row.win_incidence, 6) == 0.357143
    assert round(row.lost_incidence, 6) == 0.357143
    assert round(row.one_minus_km, 6) == 0.444444
    assert row.won_of_all == 0.3
    assert row.won_of_closed == 0.5
    assert row.maturity == 0.7


def test_the_funnels_purchase_row_gives_the_same_incidence() -> None:
    rows, _ = ask(on_duckdb(ten_deals()), "funnel", Question(now=NOW, horizon_days=10))
    row = next(row for row in rows if row.stage is Stage.PURCHASE)
    assert round(row.conversion, 6) == 0.357143
    assert round(row.lost, 6) == 0.357143
    assert row.maturity == 0.7
    assert (row.entered, row.observed) == (3, 3)
