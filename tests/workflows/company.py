"""Small companies as canonical folders, for tests that go the whole way."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def write_folder(folder: Path, **tables: Rows) -> Path:
    """A canonical folder: a CSV per table, the columns of its first row."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


# Ana is known by two numbers, tied by her e-mail; Bogdan shares her firm's switchboard.
ANA = {
    "party_id": "P-ana",
    "kind": "person",
    "name": "Ana Ionescu-Vlad",
    "email": "ana.vlad@example.org",
    "phone": "+40 721 555 001",
}
ANA_AGAIN = {**ANA, "party_id": "P-ana-2", "email": "ANA.Vlad@example.org "}
BOGDAN = {
    "party_id": "P-bogdan",
    "kind": "person",
    "name": "Bogdan Marin",
    "email": "bogdan@example.org",
    "phone": "+40 21 555 0100",
}


def company() -> dict[str, list[dict[str, Any]]]:
    """Two people, three leads, deals and orders; Ana's name stands in many places."""
    return {
        "party": [ANA, ANA_AGAIN, BOGDAN],
        "alias": [
            {
                "alias_id": "al1",
                "party_id": "P-ana",
                "kind": "anonymous",
                "value": "cookie-ana-123456",
                "occurred_at": "2024-01-02T10:00:00Z",
            }
        ],
        "touch": [
            {
                "touch_id": "t1",
                "party_id": "cookie-ana-123456",
                "occurred_at": "2024-01-02T10:00:00Z",
                "channel": "search",
                "kind": "visit",
                "intent": "",
                "page": "/gates?email=ana.vlad@example.org",
            },
            {
                "touch_id": "t2",
                "party_id": "P-ana",
                "occurred_at": "2024-01-03T10:00:00Z",
                "channel": "direct",
                "kind": "form",
                "intent": "price",
                "page": "/gates",
            },
            {
                "touch_id": "t3",
                "party_id": "P-bogdan",
                "occurred_at": "2024-01-03T11:00:00Z",
                "channel": "",
                "kind": "visit",
                "intent": "",
                "page": "/parts",
            },
        ],
        "lead": [
            {
                "lead_id": "l1",
                "party_id": "P-ana",
                "created_at": "2024-01-03T10:00:00Z",
                "channel": "search",
                "attributes": '{"note": "Ana Ionescu-Vlad called"}',
            },
            {
                "lead_id": "l2",
                "party_id": "P-ana-2",
                "created_at": "2024-02-03T10:00:00Z",
                "channel": "direct",
                "attributes": "",
            },
            {
                "lead_id": "l3",
                "party_id": "P-bogdan",
                "created_at": "2024-01-04T10:00:00Z",
                "channel": "",
                "attributes": "",
            },
        ],
        "handoff": [
            {
                "handoff_id": "h1",
                "lead_id": "l1",
                "occurred_at": "2024-01-03T10:05:00Z",
                "kind": "offered",
                "actor": "e1",
                "reason": "",
            },
            {
                "handoff_id": "h2",
                "lead_id": "l1",
                "occurred_at": "2024-01-03T11:00:00Z",
                "kind": "accepted",
                "actor": "e2",
                "reason": "Ana Ionescu-Vlad asked for 0721 555 001",
            },
        ],
        "deal": [
            {"deal_id": "d1", "party_id": "P-ana", "lead_id": "l1", "owner": "e2"},
            {"deal_id": "d2", "party_id": "P-bogdan", "lead_id": "l3", "owner": "e2"},
        ],
        "deal_event": [
            {
                "deal_event_id": "de1",
                "deal_id": "d1",
                "occurred_at": "2024-01-05T09:00:00Z",
                "status": "open",
                "amount": "2000",
                "lost_reason": "",
            },
            {
                "deal_event_id": "de2",
                "deal_id": "d1",
                "occurred_at": "2024-01-20T09:00:00Z",
                "status": "won",
                "amount": "2000",
                "lost_reason": "",
            },
            {
                "deal_event_id": "de3",
                "deal_id": "d2",
                "occurred_at": "2024-01-06T09:00:00Z",
                "status": "open",
                "amount": "60",
                "lost_reason": "",
            },
            {
                "deal_event_id": "de4",
                "deal_id": "d2",
                "occurred_at": "2024-01-30T09:00:00Z",
                "status": "lost",
                "amount": "60",
                "lost_reason": "price",
            },
        ],
        "order_line": [
            {
                "order_line_id": "o1",
                "order_id": "O1",
                "party_id": "P-ana",
                "deal_id": "d1",
                "ordered_at": "2024-01-20T09:00:00Z",
                "quantity": "1",
                "net_price": "2000",
                "unit_cost": "1700",
            },
            {
                "order_line_id": "o2",
                "order_id": "O2",
                "party_id": "P-ana-2",
                "deal_id": "",
                "ordered_at": "2024-03-20T09:00:00Z",
                "quantity": "2",
                "net_price": "60",
                "unit_cost": "24",
            },
        ],
    }
