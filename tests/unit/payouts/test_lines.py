"""Which lines are shown and booked, whose sales they are, and what the reader is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.payouts.query import rows as rows_of
from onefunnel.vocabulary import Question, Terms
from tests.spec.engines import ask, on_duckdb, rows_behind

PLAN = """
name = "gates"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"
[[component]]
name = "sales"
base = "revenue"
tiers = [{ from = 0, rate = 0.1 }]
[[member]]
employee = "ann"
[[member]]
employee = "bob"
"""
NOW = datetime(2024, 3, 31, 20, tzinfo=UTC)
QUESTION = Question(now=NOW, terms=Terms((("pay/gates.toml", PLAN),)))


def line(key: str, day: str, price: str | int, **more: Any) -> dict[str, Any]:
    at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    usual = {"quantity": Decimal(1), "seller": "ann", "net_price": Decimal(price)}
    return {"order_line_id": key, "ordered_at": at, **usual, **more}


def credit(key: str, employee: str | None, share: str | None = None, **more: Any) -> dict[str, Any]:
    known = None if share is None else Decimal(share)
    return {"credit_id": key, "employee_id": employee, "share": known, **more}


def booked(month: str, amount: int, **more: Any) -> dict[str, Any]:
    figures = {"amount": Decimal(amount), "base": Decimal(10 * amount), "currency": "EUR"}
    about = {"employee_id": "ann", "plan": "gates", "kind": "earning", "component": "sales"}
    line = {"payout_id": f"{month} 1", "month": month, "of_month": month, "why": "tier"}
    return {**line, **about, **figures, "params": "{}", "digest": "", **more}


LINES = [
    line("l1", "2024-01-10", 1000),
    line("l2", "2024-02-10", 500),
    line("l3", "2024-03-10", 70),
]


def paid(question: Question = QUESTION, **tables: Any) -> tuple[dict[tuple[str, str], int], Any]:
    """What each employee is paid in each month, and the notes."""
    facts = on_duckdb({"order_line": LINES, **tables})
    found: dict[tuple[str, str], int] = {}
    rows, notes = ask(facts, "payouts", question)
    for row in rows:
        key = (row.period, row.employee_id)
        found[key] = found.get(key, 0) + row.amount
    return found, {note.code: note for note in notes}


def test_only_months_that_lie_in_the_period_are_shown() -> None:
    question = replace(
        QUESTION,
        start=datetime(2024, 1, 15, tzinfo=UTC),
        end=datetime(2024, 3, 20, tzinfo=UTC),
    )
    assert paid(question)[0] == {("2024-02", "ann"): 50}


def test_what_was_booked_stays_and_the_next_month_restates_it() -> None:
    found, notes = paid(payout=[booked("2024-01", 80)], closing=[{"month": "2024-01"}])
    assert found == {("2024-01", "ann"): 80, ("2024-02", "ann"): 20 + 50, ("2024-03", "ann"): 7}
    assert notes == {}
    closed_later, _ = paid(payout=[booked("2024-01", 80)], closing=[{"month": "2024-03"}])
    assert closed_later == {("2024-01", "ann"): 80}


def test_what_is_booked_later_than_now_is_not_there_yet() -> None:
    question = replace(QUESTION, now=datetime(2024, 1, 20, tzinfo=UTC))
    later = [booked("2024-01", 80), booked("2024-02", 90)]
    assert paid(question, payout=later)[0] == {("2024-01", "ann"): 80}


def test_a_plan_that_is_gone_stays_as_it_was_booked() -> None:
    found, notes = paid(payout=[booked("2024-01", 80, plan="old")])
    assert found[("2024-01", "ann")] == 80
    assert notes["plan_gone"].params == {"plan": "old"}


def test_a_plan_that_was_booked_in_another_currency_is_refused() -> None:
    found, notes = paid(payout=[booked("2024-01", 80, currency="USD")])
    assert found == {("2024-01", "ann"): 80}
    assert notes["refused_plan_currency"].params["booked"] == "USD"


def test_without_a_plan_nothing_is_paid_and_it_is_said() -> None:
    found, notes = paid(replace(QUESTION, terms=Terms()))
    assert (found, list(notes)) == ({}, ["no_pay_plan"])


def test_lines_without_day_or_rate_are_said() -> None:
    odd = [
        line("l4", "2024-01-10", 1, ordered_at=None),
        line("l5", "2024-01-10", 1, currency="XXX"),
        line("l6", "2024-01-10", 1, currency="EUR", quantity=None),
    ]
    _, notes = paid(order_line=[*LINES, *odd])
    assert notes["rows_without_instant"].params["rows"] == 1
    assert notes["unconvertible_lines"].params["lines"] == 1
    assert notes["unknown_revenue"].params["count"] == 2


CREDITED = (
    ([], 100, 0),
    ([credit("c", "bob", order_line_id="l")], 0, 100),
    ([credit("c", "bob", "1", deal_id="d")], 0, 100),
    ([credit("c", "bob", deal_id="d"), credit("d", "ann", order_line_id="l")], 100, 0),
    ([credit("c", "bob", "0.3", deal_id="d"), credit("d", "ann", "0.7", deal_id="d")], 70, 30),
    ([credit("c", "bob", "0.5", order_line_id="l", overlay=True)], 100, 50),
    ([credit("c", "bob", "0.5", deal_id="d", overlay=True)], 100, 50),
    ([credit("c", None, "0.5", order_line_id="l")], 100, 0),
)
"""Credits of a line of a deal that ann owns, and what ann and bob are paid for it."""


def test_who_is_credited() -> None:
    """A line's credits, else its deal's, else its seller; overlays come on top."""
    records: dict[str, list[dict[str, Any]]] = {"order_line": [], "deal": [], "credit": []}
    wanted, members = {}, ""
    for at, (credits, ann, bob) in enumerate(CREDITED):
        sold = line(f"l{at}", "2024-03-10", 1000, deal_id=f"d{at}", seller=None)
        records["order_line"].append(sold)
        records["deal"].append({"deal_id": f"d{at}", "owner": f"ann{at}"})
        records["credit"] += [{k: _numbered(v, at) for k, v in each.items()} for each in credits]
        wanted |= {("2024-03", f"ann{at}"): ann, ("2024-03", f"bob{at}"): bob}
        members += f'[[member]]\nemployee = "ann{at}"\n[[member]]\nemployee = "bob{at}"\n'
    question = replace(QUESTION, terms=Terms((("pay/gates.toml", PLAN + members),)))
    found, notes = paid(question, **records)
    assert found == {key: amount for key, amount in wanted.items() if amount}
    assert notes == {}


def _numbered(value: Any, at: int) -> Any:
    return f"{value}{at}" if isinstance(value, str) else value


def test_shares_that_are_not_the_whole_credit_nobody() -> None:
    credits = [credit("c", "bob", "0.3", order_line_id="l1")]
    found, notes = paid(credit=credits)
    assert ("2024-01", "ann") not in found and ("2024-01", "bob") not in found
    assert notes["shares_not_whole"].params == {"count": 1, "sales": "order_line:l1"}


def test_a_return_is_whose_the_sale_was_and_the_rows_say_so() -> None:
    back = line("r1", "2024-03-12", 1000, quantity=Decimal(-1), seller="bob", returns="l1")
    found, _ = paid(order_line=[*LINES, back])
    assert found[("2024-03", "ann")] == 7 - 100
    facts = on_duckdb({"order_line": [*LINES, back]})

    def behind(**where: str) -> list[str]:
        rows = rows_of(facts, default_rules(), QUESTION, "amount", where)
        return [row["sale_id"].removeprefix("order_line:") for row in rows_behind(rows)]

    assert behind(employee_id="ann", period="2024-01") == ["l1", "r1"]
    assert behind(employee_id="ann", period="2024-03", plan="gates") == ["l3", "r1"]
    assert behind(employee_id="bob") == []
    assert behind(component="sales") == ["l1", "l2", "l3", "r1"]
    for wrong in ({"plan": "x"}, {"component": "x"}, {"period": "2023-01"}, {"seller": "ann"}):
        with pytest.raises(UnknownName):
            behind(**wrong)


def test_rows_of_two_currencies_are_not_mixed() -> None:
    other = PLAN.replace('"EUR"', '"USD"').replace('"gates"', '"abroad"')
    question = replace(QUESTION, terms=Terms((("pay/a.toml", PLAN), ("pay/b.toml", other))))
    with pytest.raises(UsageError, match="Name a plan"):
        rows_of(on_duckdb({"order_line": LINES}), default_rules(), question, "amount", {})


def test_a_won_deal_counts_once_it_is_won_and_no_more_once_it_is_lost() -> None:
    booking = PLAN.replace('"invoice"', '"booking"')
    question = replace(QUESTION, terms=Terms((("pay/gates.toml", booking),)))
    deals = [{"deal_id": each, "owner": "ann"} for each in ("d1", "d2")]
    events = [
        ("d1", date(2024, 1, 5), "open", 900),
        ("d1", date(2024, 2, 5), "won", None),
        ("d1", date(2024, 3, 5), None, 800),
        ("d2", date(2024, 1, 5), "won", 500),
        ("d2", date(2024, 3, 5), "lost", None),
    ]
    rows = [
        {
            "deal_event_id": str(number),
            "deal_id": deal,
            "occurred_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            "status": status,
            "amount": None if amount is None else Decimal(amount),
        }
        for number, (deal, day, status, amount) in enumerate(events)
    ]
    assert paid(question, deal=deals, deal_event=rows)[0] == {("2024-02", "ann"): 80}
