"""Whom an experiment could take in: which months are full, and who met a channel in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from onefunnel.measures.attribution.recorded import Counted, Of
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.vocabulary import Answer, Calendar
from onefunnel.workflows.freshness import Freshness, Held
from onefunnel.workflows.reachable import (
    FullMonths,
    Tried,
    full_months,
    names,
    question,
    reachable,
)

SEARCH = Tried(Of.CHANNEL, "search", Counted.CUSTOMERS)
LATER = datetime(2024, 9, 1, tzinfo=UTC)
PERIOD = FullMonths(date(2024, 3, 1), date(2024, 6, 1), 3, datetime(2024, 5, 31, 23, tzinfo=UTC))


def held(first: str, last: str) -> Held:
    return Held(9, f"{first}T10:00:00+00:00", f"{last}T10:00:00+00:00")


def months(
    now: datetime = LATER, counts: Counted = Counted.CUSTOMERS, **tables: Held
) -> FullMonths | None:
    return full_months(Freshness(1, None, tables, 0, 0, ()), counts, now, Calendar(), 3)


def test_the_last_three_months_that_records_cover_are_full() -> None:
    found = months(
        touch=held("2023-01-05", "2024-06-12"), order_line=held("2023-02-01", "2024-06-20")
    )
    assert found is not None
    assert (found.since, found.until, found.months) == (date(2024, 3, 1), date(2024, 6, 1), 3)
    assert found.last_instant == datetime(2024, 6, 1, tzinfo=UTC) - timedelta(microseconds=1)


MAY_31 = datetime(2024, 5, 31, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("touch", "orders", "now", "since", "until"),
    [
        (("01-01", "05-29"), ("05-02", "07-01"), LATER, "05-01", "06-01"),
        (("03-02", "07-30"), ("03-02", "04-30"), LATER, "03-01", "05-01"),
        (("04-01", "05-31"), ("04-01", "05-31"), MAY_31, "04-01", "05-01"),
    ],
    ids=["within_grace", "orders_lag_behind", "not_over_yet"],
)
def test_a_month_is_full_when_both_tables_reach_over_it(
    touch: tuple[str, str], orders: tuple[str, str], now: datetime, since: str, until: str
) -> None:
    spans = ([f"2024-{day}" for day in each] for each in (touch, orders))
    touches, lines = (held(*each) for each in spans)
    found = months(now, touch=touches, order_line=lines)
    assert found is not None
    assert (f"{found.since:%m-%d}", f"{found.until:%m-%d}") == (since, until)


def test_without_a_full_month_there_is_nothing_to_say() -> None:
    whole = held("2023-01-01", "2024-06-12")
    assert months(touch=held("2024-06-02", "2024-06-29"), order_line=whole) is None
    assert months(touch=whole) is None, "nothing on record says who bought"
    assert months(order_line=whole) is None
    assert months(touch=whole, lead=whole) is None
    assert months(touch=whole, deal_event=whole) is not None
    assert months(counts=Counted.LEADS, touch=whole, lead=whole) is not None
    assert months(touch=Held(4), order_line=whole) is None, "touches without a date"


def test_months_are_those_of_the_calendar() -> None:
    whole = held("2023-01-01", "2024-06-12")
    fresh = Freshness(1, None, {"touch": whole, "lead": whole}, 0, 0, ())
    solar = Calendar("solar_hijri", "Asia/Tehran")
    found = full_months(fresh, Counted.LEADS, LATER, solar, 3)
    assert found is not None
    assert (found.since, found.until) == (date(2024, 2, 20), date(2024, 5, 21))


def row(name: str | None, paths: int | None, converted: int, **more: str) -> AttributionRow:
    whole = {"model": "linear", "department": "marketing", **more}
    return AttributionRow(
        **whole,  # type: ignore[arg-type]
        credit=Decimal(converted),
        share=Decimal("0.5"),
        share_low=None,
        share_high=None,
        removal_effect=None,
        grade="E",
        dimensions={"channel": name},
        paths=paths,
        paths_converted=converted,
    )


ROWS = (
    row("social", 40, 2),
    row("search", 600, 12),
    row("search", 600, 12, model="calibrated"),
    row("never", 0, 0),
    row("sales:call", 900, 30, department="sales"),
)


def test_people_and_rate_are_those_of_the_paths_through_it() -> None:
    found = reachable(Answer("attribution", ROWS), SEARCH, PERIOD)
    assert found is not None
    assert (found.people, found.rate) == (200, 0.02)
    assert found.rate_interval == pytest.approx((0.01148, 0.03463), abs=1e-5)
    for name in ("never", "sales:call", "nothing"):
        tried = Tried(Of.CHANNEL, name, Counted.CUSTOMERS)
        assert reachable(Answer("attribution", ROWS), tried, PERIOD) is None
    assert names(Answer("attribution", ROWS)) == ("search", "social")


def test_answers_that_do_not_tell_paths_give_nothing() -> None:
    old = Answer("attribution", (row("search", None, 0),))
    assert reachable(old, SEARCH, PERIOD) is None
    assert names(old) == ()


def test_the_question_is_of_the_period_as_it_stood_at_its_end() -> None:
    asked = question(SEARCH, PERIOD)
    assert (asked.by, asked.since, asked.until) == (("channel",), PERIOD.since, PERIOD.until)
    assert asked.now == PERIOD.last_instant
    assert (asked.crediting.value, asked.crediting.models) == ("customers", ("linear",))
