"""However many salespeople there are, together they have all the hours, and rounding adds none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from onefunnel.measures.incentives.paying import payroll_of
from onefunnel.measures.incentives.plans import in_force
from onefunnel.measures.incentives.quantities import Quantity
from onefunnel.measures.incentives.records import Employee, Recorded, Records
from onefunnel.vocabulary import Question, Terms

HEAD = (
    'name = "sales"\ncurrency = "EUR"\nfrom = 2000-01-01\ncrediting = "invoice"\nperiod = "month"\n'
    '[[component]]\nname = "all"\nbase = "revenue"\ntiers = [{ from = 0, rate = 0.03 }]\n'
)


@pytest.mark.parametrize("people", [1, 6, 22, 49, 107])
def test_sellers_who_are_paid_alike(people: int) -> None:
    ids = [f"e{number}" for number in range(people)]
    members = "".join(f'[[member]]\nemployee = "{each}"\n' for each in ids)
    start, end = datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)
    terms = Terms((("pay/sales.toml", HEAD + members),))
    question = Question(now=end, start=start, end=end, currency="EUR", terms=terms)
    staff = tuple(Employee(each, date(2020, 1, 1), None, 30.7) for each in ids)
    records = Records((Recorded("parts", leads=9),), True, start, staff, 0.0, {}, 0)
    found = payroll_of(in_force(question), records, lambda part, name: Quantity.exact(60.0))
    assert found.per_win["parts"].best == pytest.approx(1.8)  # type: ignore[union-attr]
