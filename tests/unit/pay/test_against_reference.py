"""What holds for every firm: the reference, the order of sales, the sum, the closed month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from onefunnel.pay.engine import earned, payouts
from onefunnel.pay.lines import PayoutLine, Payouts
from onefunnel.pay.periods import DAY, month_of
from onefunnel.pay.reference.due import due, new_amounts
from onefunnel.pay.reference.firm import Firm
from tests.unit.pay.cases import by_key, total
from tests.unit.pay.strategies import firms


def all_earned(firm: Firm) -> Payouts:
    return earned(
        firm.plans,
        firm.members,
        firm.sales,
        firm.until,
        calendar=firm.calendar,
        minor=firm.minor,
    )


def booked_on(firm: Firm, until: date, paid: list[PayoutLine]) -> tuple[PayoutLine, ...]:
    return payouts(
        firm.plans,
        firm.members,
        firm.sales,
        until,
        paid,
        calendar=firm.calendar,
        minor=firm.minor,
    ).lines


def month_by_month(firm: Firm) -> list[PayoutLine]:
    """The lines of a firm that books each month on its last day, knowing the sales until then."""
    paid: list[PayoutLine] = []
    day = firm.plans[0].first
    while day <= firm.until:
        last = min(month_of(firm.calendar, day).after - DAY, firm.until)
        paid += booked_on(firm, last, paid)
        day = last + DAY
    return paid


@given(firms())
def test_what_is_due_is_what_the_reference_gives(firm: Firm) -> None:
    found = all_earned(firm)
    assert by_key(found.lines) == due(firm)
    assert not [note for note in found.notes if note.code.startswith("refused_")]


@given(firms())
def test_the_order_of_sales_does_not_matter(firm: Firm) -> None:
    turned = replace(firm, sales=tuple(reversed(firm.sales)))
    assert all_earned(turned).lines == all_earned(firm).lines
    assert all_earned(turned).unknown == all_earned(firm).unknown


@given(firms())
def test_all_lines_ever_booked_sum_to_what_is_due(firm: Firm) -> None:
    paid = month_by_month(firm)
    assert by_key(paid) == due(firm)
    assert total(paid) == total(all_earned(firm).lines)


@given(firms())
def test_recomputing_changes_nothing(firm: Firm) -> None:
    paid = month_by_month(firm)
    assert booked_on(firm, firm.until, paid) == ()
    assert new_amounts(firm, paid) == {}


@given(firms(), st.data())
def test_a_closed_month_never_changes(firm: Firm, data: st.DataObject) -> None:
    """Sales are forgotten after all was booked: new lines stand in the open month only."""
    paid = month_by_month(firm)
    kept = tuple(each for each in firm.sales if data.draw(st.booleans(), label=each.sale_id))
    changed = replace(firm, sales=kept)
    lines = booked_on(changed, firm.until, paid)
    open_month = month_of(firm.calendar, firm.until).label
    assert {line.month for line in lines} <= {open_month}
    assert all((line.line == "restatement") == (line.of_month != open_month) for line in lines)
    assert by_key([*paid, *lines]) == due(changed)


@given(firms())
def test_amounts_are_in_the_minor_unit_and_say_why(firm: Firm) -> None:
    for line in all_earned(firm).lines:
        assert line.amount % firm.minor == Decimal(0)
        assert line.amount or line.base
        assert line.why.code
        assert None not in line.why.params.values() or line.why.code.startswith("gate")
