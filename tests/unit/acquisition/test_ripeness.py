"""What a row says of those who came, and what it can't say yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Note, Question
from tests.spec.case import NOW
from tests.spec.engines import ask, keep, on_duckdb, rows_behind
from tests.spec.tables import records

# Ann buys on the ninth day, fay had bought before her lead, eve's lead is eleven days old.
TABLES = records(
    lead="""
lead_id | party_id | created_at | channel
a       | ann      | 2024-05-01 | search
b       | bob      | 2024-05-01 | search
c       | cat      | 2024-05-01 | search
d       | dan      | 2024-05-01 | search
e       | eve      | 2024-06-20 | search
f       | fay      | 2024-05-01 | mail
""",
    order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-05-10 | 1        | 100       | 60
l2            | o2       | fay      | 2024-04-01 | 1        | 10        | 6
l3            | o3       | ann      | 2024-06-10 | 2        | 10        | 6
l4            | o3       | ann      | 2024-06-11 | -1       | 10        | 6
""",
    spend="""
spend_id | day        | channel | amount
k1       | 2024-05-10 | search  | 10
k2       | 2024-05-11 | mail    | -
""",
)
ASKED = Question(now=NOW, horizon_days=30)
Answered = tuple[tuple[AcquisitionRow, ...], tuple[Note, ...]]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return keep(on_duckdb(TABLES), default_rules(), ASKED)


@pytest.fixture(scope="module")
def whole(facts: Facts) -> Answered:
    return ask(facts, "acquisition", ASKED)


def test_open_leads_count_for_as_long_as_they_were_watched(whole: Answered) -> None:
    (row,), notes = whole
    assert row.win_rate == pytest.approx(0.2)
    assert row.maturity == pytest.approx(0.8)
    assert (row.leads, row.customers) == (6, 2)
    said = {note.code: note.params for note in notes}
    assert said["not_ripe"] == {"share": 0.8, "horizon_days": 30, "rows": 1}
    assert said["buyers_before_their_lead"] == {"entities": 1}
    assert "refused_win_rate" not in said


def test_what_came_with_the_second_order_is_repeated_returns_included(whole: Answered) -> None:
    ((row,), _) = whole
    assert (row.contribution, row.repeat_contribution) == (Decimal("48.0000"), Decimal("4.0000"))


def test_an_unknown_amount_is_not_zero(facts: Facts, whole: Answered) -> None:
    (row,), notes = whole
    assert (row.spend, row.cost_per_lead, row.return_on_spend) == (None, None, None)
    assert {note.code: note.params for note in notes}["spend_without_amount"] == {"rows": 1}
    rows, notes = ask(facts, "acquisition", replace(ASKED, by=("channel",)))
    found = {row.dimensions["channel"]: (row.spend, row.win_rate) for row in rows}
    assert found == {"search": (Decimal("10.0000"), pytest.approx(0.2)), "mail": (None, None)}
    assert "refused_win_rate" not in {note.code for note in notes}  # nobody is left to follow


def test_a_rate_of_a_few_is_refused(facts: Facts) -> None:
    later = replace(ASKED, start=NOW - timedelta(days=30))
    ((row,), notes) = ask(facts, "acquisition", later)
    assert (row.leads, row.win_rate, row.maturity) == (1, None, 0.0)
    (refused,) = (note for note in notes if note.code == "refused_win_rate")
    assert (refused.params["reason"], refused.params["n"]) == ("too_few", 1)


def test_all_spend_is_behind_the_spend_of_the_whole(facts: Facts) -> None:
    expression = measure("acquisition").rows(facts, default_rules(), ASKED, "spend", {})
    found = [(row["spend_id"], row["amount"], row["recorded"]) for row in rows_behind(expression)]
    assert found == [("k1", Decimal(10), True), ("k2", None, True)]
