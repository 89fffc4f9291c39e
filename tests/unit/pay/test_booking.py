"""Append-only: what was booked stays, corrections stand in the open month and say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.pay.engine import earned, payouts
from onefunnel.pay.plan import Event, TiersOn
from tests.unit.pay.cases import component, member, plan, sale, total

TERMS = plan(component((0, "0.05"), (1000, "0.10")))
JANUARY, FEBRUARY = date(2024, 1, 31), date(2024, 2, 29)
SOLD = sale("a", date(2024, 1, 10), 800)


def test_a_late_sale_restates_its_closed_month_in_the_open_one() -> None:
    paid = payouts([TERMS], [member()], [SOLD], JANUARY).lines
    late = sale("late", date(2024, 1, 20), 400)
    (line,) = payouts([TERMS], [member()], [SOLD, late], FEBRUARY, paid).lines
    assert (line.line, line.month, line.of_month) == ("restatement", "2024-02", "2024-01")
    # 1,000 at 5 % and 200 at 10 % instead of 800 at 5 %.
    assert (line.amount, line.base) == (30, 400)
    figures = {"was": 40, "now": 70, "base_was": 800, "base_now": 1200}
    assert (line.why.code, dict(line.why.params)) == ("restated", figures)


def test_what_is_added_to_the_open_month_is_no_restatement() -> None:
    paid = payouts([TERMS], [member()], [SOLD], date(2024, 1, 15)).lines
    more = sale("more", date(2024, 1, 20), 100)
    (line,) = payouts([TERMS], [member()], [SOLD, more], JANUARY, paid).lines
    assert (line.line, line.why.code, line.amount) == ("earning", "continued", 5)


def test_a_month_without_pay_is_booked_with_its_base_and_not_twice() -> None:
    terms = plan(component((0, "0.1"), threshold=Decimal(5000)))
    lines = payouts([terms], [member()], [SOLD], JANUARY).lines
    assert (total(lines), sum(line.base for line in lines)) == (0, 800)
    assert payouts([terms], [member()], [SOLD], JANUARY, lines).lines == ()


def test_a_base_that_changes_without_its_pay_is_booked() -> None:
    terms = plan(component((0, "0.1"), threshold=Decimal(5000)))
    paid = payouts([terms], [member()], [SOLD], JANUARY).lines
    late = sale("late", date(2024, 1, 20), 400)
    (line,) = payouts([terms], [member()], [SOLD, late], FEBRUARY, paid).lines
    assert (line.line, line.amount, line.base) == ("restatement", 0, 400)


def test_lines_of_a_plan_that_is_not_given_are_no_reason_to_take_pay_back() -> None:
    paid = payouts([TERMS], [member()], [SOLD], JANUARY).lines
    with pytest.raises(UnknownName, match="sales"):
        payouts([replace(TERMS, name="other")], [], [SOLD], FEBRUARY, paid)


def test_a_closed_month_can_not_be_booked_again() -> None:
    paid = payouts([TERMS], [member()], [SOLD], FEBRUARY).lines
    with pytest.raises(UsageError, match="booked in 2024-02, after the open month 2024-01"):
        payouts([TERMS], [member()], [SOLD], JANUARY, paid)


def test_a_member_without_a_quota_is_refused_and_loses_nothing_that_was_paid() -> None:
    paid = payouts([TERMS], [member()], [SOLD], JANUARY).lines
    attained = plan(component((0, "0.05"), tiers_on=TiersOn.ATTAINMENT))
    other = replace(SOLD, sale_id="b", sellers=(replace(SOLD.sellers[0], employee="e2"),))
    rows = [member(), member("e2", quota=100)]
    found = payouts([attained], rows, [SOLD, other], FEBRUARY, paid)
    assert {line.employee for line in found.lines} == {"e2"}
    (note,) = found.notes
    assert (note.code, note.params["employee"]) == ("refused_no_quota", "e1")


def test_a_plan_on_cash_is_refused_where_the_records_know_no_cash() -> None:
    cash = replace(TERMS, crediting=Event.CASH)
    found = earned([cash], [member()], [SOLD], JANUARY)
    assert (found.lines, found.notes[0].code) == ((), "refused_no_cash")
    arrived = replace(SOLD, event=Event.CASH)
    assert total(earned([cash], [member()], [arrived], JANUARY).lines) == 40


def test_a_plan_counts_only_its_own_event() -> None:
    won = replace(SOLD, event=Event.BOOKING)
    assert earned([TERMS], [member()], [won], JANUARY).lines == ()
    booking = replace(TERMS, crediting=Event.BOOKING)
    assert total(earned([booking], [member()], [won], JANUARY).lines) == 40


def test_sales_that_nobody_is_paid_for_are_said() -> None:
    alone = replace(SOLD, sellers=())
    stranger = replace(SOLD, sale_id="b", sellers=(replace(SOLD.sellers[0], employee="e9"),))
    notes = earned([TERMS], [member()], [alone, stranger], JANUARY).notes
    assert [(note.code, note.params["count"]) for note in notes] == [
        ("no_seller", 1),
        ("not_in_a_plan", 1),
    ]


def test_a_sale_twice_and_days_twice_are_refused() -> None:
    with pytest.raises(UsageError, match="Two sales have the id 'a'"):
        earned([TERMS], [member()], [SOLD, replace(SOLD)], JANUARY)
    with pytest.raises(UsageError, match="Two rows of 'e1' in the plan 'sales' share days"):
        earned([TERMS], [member(), member(first=FEBRUARY)], [SOLD], JANUARY)


def test_a_plan_that_can_not_be_is_refused_however_it_was_made() -> None:
    with pytest.raises(UsageError, match="The first tier begins at 0"):
        earned([plan(component((5, "0.1")))], [member()], [], JANUARY)
