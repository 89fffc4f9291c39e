"""The ledger being written: rows per table, in order of time, as CSV."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from tools.make_demo_company.calendar import END, START

Value = str | int | float | Decimal | date | datetime | bool | None

COLUMNS: dict[str, str] = {
    "party": "party_id kind organisation_id name email phone domain country segment created_at",
    "alias": "alias_id party_id kind value occurred_at",
    "touch": "touch_id party_id occurred_at department channel kind intent source medium campaign "
    "page",
    "spend": "spend_id day channel campaign segment page amount currency impressions clicks",
    "lead": "lead_id party_id created_at channel source medium campaign page segment",
    "handoff": "handoff_id lead_id occurred_at kind actor department reason reason_source minutes",
    "deal": "deal_id party_id lead_id owner segment",
    "deal_event": "deal_event_id deal_id occurred_at stage status amount currency probability "
    "expected_close lost_reason lost_reason_source",
    "quote": "quote_id deal_id party_id quoted_at sku quantity list_price offered_price unit_cost "
    "currency outcome",
    "commitment": "commitment_id deal_id made_at promise due_at kept_at off_message",
    "order_line": "order_line_id order_id party_id deal_id ordered_at sku quantity list_price "
    "net_price unit_cost currency seller",
    "product": "sku name segment list_price unit_cost",
    "advocacy": "advocacy_id party_id occurred_at kind score referred_party_id",
    "promotion": "promotion_id partner name starts_on ends_on campaign segment cost currency",
    "indicator": "indicator_id day stage measure segment value respondents",
    "employee": "employee_id name department role manager active_from active_to weekly_hours",
    "activity": "activity_id occurred_at actor department task subject_kind subject_id minutes",
    "meeting": "meeting_id occurred_at kind departments heads_present participants minutes",
    "message_flow": "message_flow_id period from_department to_department via_manager messages",
    "approval": "decision_id opened_at closed_at kind requested_by_department approvals refused "
    "participants amount",
    "contribution": "contribution_id day department kind amount currency evidence",
    "target": "target_id period department measure value",
    "rate": "rate_id day currency base rate",
}
PREFIXES = {"activity": "act", "advocacy": "adv", "alias": "al", "approval": "dec"} | {
    "commitment": "com",
    "contribution": "con",
    "deal_event": "e",
    "handoff": "h",
    "indicator": "ind",
    "meeting": "m",
    "message_flow": "mf",
    "order_line": "ol",
    "promotion": "promo",
    "quote": "q",
    "rate": "r",
    "spend": "s",
    "target": "tg",
    "touch": "t",
}
"""What the keys that nothing refers to begin with; they are numbered in order of time."""


class Book:
    """Rows per table. What happens before the year or after it is not written down."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[datetime | date | None, dict[str, Value]]]] = defaultdict(
            list
        )
        self._numbers: dict[str, int] = defaultdict(int)

    def add(self, table: str, at: datetime | date | None = None, **values: Value) -> bool:
        """Write a row that happened at an instant or on a day; whether it lies in the year."""
        if isinstance(at, datetime) and not START <= at <= END:
            return False
        self._rows[table].append((at, values))
        return True

    def new(self, prefix: str) -> str:
        """A key that others may refer to, such as ``d17``."""
        self._numbers[prefix] += 1
        return f"{prefix}{self._numbers[prefix]}"

    def rows(self, table: str) -> list[dict[str, Value]]:
        """The rows of a table in order of time, those without time in the order of writing."""
        found = self._rows[table]
        if any(at is None for at, _ in found):
            return [values for _, values in found]
        return [values for _, values in sorted(found, key=lambda row: str(row[0]))]

    def text(self, table: str) -> str:
        """The CSV file of a table."""
        columns = COLUMNS[table].split()
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for number, row in enumerate(self.rows(table), start=1):
            key = row.get(columns[0]) or f"{PREFIXES[table]}{number}"
            unknown = set(row) - set(columns)
            if unknown:
                raise ValueError(f"{table} has no column {unknown}.")
            writer.writerow([key, *(shown(row.get(column)) for column in columns[1:])])
        return stream.getvalue()


def shown(value: Value) -> str:
    """A value as the canonical import writes it.

    >>> shown(True), shown(None), shown(date(2025, 1, 2))
    ('true', '', '2025-01-02')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
