"""The files for advertising platforms, letter by letter as their documentation has them.

Google: "Import conversions from ad clicks into Google Ads using files" (answer 7014069) and "How to
adjust your conversions" (answer 7686280). Microsoft: the template "Import offline conversions" and
"Offline Conversion Record - Bulk". Meta: "Conversions API for offline events" and "ClickID and the
fbp and fbc parameters".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.offline_conversions.files import adjustments_file, conversions_file
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.telling import fits, told

AT = datetime(2024, 5, 5, 12, 30, 5, 999_999, tzinfo=UTC)
CLICKED = datetime(2024, 5, 1, 8, 0, 0, 123_456, tzinfo=UTC)
BUY = told("customer", "", "contribution", "EUR")
LEAD = told("lead", "Web lead, new", "none", "EUR")


def row(kind: str, click: str, **other: Any) -> dict[str, Any]:
    return {
        "conversion_id": "o1",
        "at": AT,
        "click_at": CLICKED,
        "kind": kind,
        "click": click,
        "revenue": Decimal("150"),
        "contribution": Decimal("70.005"),
        "taken_at": None,
        "changed_at": None,
        **other,
    }


def text(platform: str, rows: list[dict[str, Any]], how: Any = BUY) -> str:
    return "".join(conversions_file(Platform(platform), rows, how))


def changed(platform: str, rows: list[dict[str, Any]], how: Any = BUY) -> str:
    return "".join(adjustments_file(Platform(platform), rows, how))


def test_google_takes_its_template() -> None:
    rows = [
        row("gclid", "Cj0KCQ"),
        row("gclid", "EAIaIQ", conversion_id="o2", contribution=None),
    ]
    first, second = (BUY.id_of(each) for each in rows)
    assert text("google", rows) == (
        "Parameters:TimeZone=+0000\n"
        "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,"
        "Order ID\n"
        f"Cj0KCQ,Purchase,2024-05-05 12:30:05,70.01,EUR,{first}\n"
        f"EAIaIQ,Purchase,2024-05-05 12:30:05,,,{second}\n"
    )


def test_google_has_a_column_for_each_kind_of_click_that_comes() -> None:
    rows = [row("wbraid", "W"), row("gbraid", "0AAAA"), row("gclid", "Cj0KCQ")]
    ours = LEAD.id_of(rows[0])
    assert text("google", rows, LEAD) == (
        "Parameters:TimeZone=+0000\n"
        "Google Click ID,GBRAID,WBRAID,Conversion Name,Conversion Time,Conversion Value,"
        "Conversion Currency,Order ID\n"
        f',,W,"Web lead, new",2024-05-05 12:30:05,,,{ours}\n'
        f',0AAAA,,"Web lead, new",2024-05-05 12:30:05,,,{ours}\n'
        f'Cj0KCQ,,,"Web lead, new",2024-05-05 12:30:05,,,{ours}\n'
    )


def test_google_is_told_what_changed_by_the_order_id() -> None:
    back = datetime(2024, 5, 9, tzinfo=UTC)
    rows = [
        row("gclid", "Cj0KCQ", taken_at=back),
        row("gclid", "Cj0KCQ", changed_at=back, conversion_id="o2"),
        row("wbraid", "W", changed_at=back),
        row("gclid", "EAIaIQ", taken_at=CLICKED),
    ]
    first, second = BUY.id_of(rows[0]), BUY.id_of(rows[1])
    assert changed("google", rows) == (
        "Parameters:TimeZone=+0000\n"
        "Order ID,Conversion Name,Adjustment Time,Adjustment Type,Adjusted Value,"
        "Adjusted Value Currency\n"
        f"{first},Purchase,2024-05-09 00:00:00,RETRACT,,\n"
        f"{second},Purchase,2024-05-09 00:00:00,RESTATE,70.01,EUR\n"
        f"{first},Purchase,2024-05-05 12:30:06,RETRACT,,\n"
    )


def test_microsoft_takes_its_template() -> None:
    rows = [row("msclkid", "f894f652ea334e739002f7167ab8f8e3", contribution=Decimal("-3"))]
    assert text("microsoft", rows) == (
        "Parameters:TimeZone=+0000\n"
        "Microsoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency\n"
        "f894f652ea334e739002f7167ab8f8e3,Purchase,2024-05-05 12:30:05,-3.00,EUR\n"
    )


def test_microsoft_is_told_what_changed_by_a_bulk_file() -> None:
    back = datetime(2024, 5, 9, tzinfo=UTC)
    rows = [row("msclkid", "ab", taken_at=back), row("msclkid", "cd", changed_at=back)]
    assert changed("microsoft", rows) == (
        "Type,Status,Id,Parent Id,Client Id,Name,Conversion Name,Conversion Time,"
        "Microsoft Click Id,Adjustment Type,Adjustment Time,Adjustment Value,"
        "Adjustment Currency Code\n"
        "Format Version,,,,,6.0,,,,,,,\n"
        "Offline Conversion,,,,,,Purchase,2024-05-05T12:30:05Z,ab,Retract,2024-05-09T00:00:00Z,,\n"
        "Offline Conversion,,,,,,Purchase,2024-05-05T12:30:05Z,cd,Restate,2024-05-09T00:00:00Z,"
        "70.01,EUR\n"
    )


def test_meta_takes_events() -> None:
    rows = [row("fbclid", "IwAR2F4"), row("fbc", "fb.1.1714550400000.IwAR2F4")]
    (line,) = text("meta", rows).splitlines()
    first, second = json.loads(line)["data"]
    assert first == {
        "event_name": "Purchase",
        "event_time": 1714912205,
        "event_id": BUY.id_of(rows[0]),
        "action_source": "physical_store",
        "user_data": {"fbc": "fb.1.1714550400123.IwAR2F4"},
        "custom_data": {"order_id": BUY.id_of(rows[0]), "value": 70.01, "currency": "EUR"},
    }
    assert second["user_data"] == {"fbc": "fb.1.1714550400000.IwAR2F4"}


def test_meta_takes_a_thousand_events_in_a_request_and_no_purchase_without_value() -> None:
    rows = [row("fbclid", f"IwAR{number}") for number in range(1_001)]
    sizes = [len(json.loads(line)["data"]) for line in text("meta", rows, LEAD).splitlines()]
    assert sizes == [1_000, 1]
    worthless = [row("fbclid", "x", contribution=value) for value in (None, Decimal("0.004"))]
    assert [fits(Platform.META, each, BUY) for each in worthless] == [False, False]
    assert text("meta", worthless) == ""
    with pytest.raises(UsageError):
        changed("meta", worthless)


def test_an_id_stays_the_same_and_tells_nothing() -> None:
    ours = BUY.id_of(row("gclid", "a"))
    assert ours == BUY.id_of(row("gclid", "b", at=CLICKED)) != LEAD.id_of(row("gclid", "a"))
    assert "o1" not in ours


@pytest.mark.parametrize("name", [" x", "x" * 101, "a\nb", "=HYPERLINK(1)"])
def test_a_name_that_can_not_stand_in_a_file_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        told("lead", name, "none", "EUR")


@pytest.mark.parametrize(("of", "value"), [("order", "none"), ("lead", "profit")])
def test_what_is_no_kind_or_value_is_told(of: str, value: str) -> None:
    with pytest.raises(UnknownName):
        told(of, "", value, "EUR")
