"""Scorecards over records: whose figures, which months, what is refused, what history shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pytest

from onefunnel.errors import UnknownName
from onefunnel.funnel.rows import Where
from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.registry import measure
from onefunnel.measures.scorecard.result import ScorecardRow
from onefunnel.vocabulary import Note, Question, Terms
from tests.spec.engines import ask, keep, on_duckdb, rows_behind
from tests.spec.tables import instant, records
from tests.unit.scorecard.cards import MARKETING, SALES

ANN = SALES.replace('level = "department"\nof = "sales"', 'level = "person"\nof = "ann"')
TEAM = SALES.replace('level = "department"\nof = "sales"', 'level = "team"\nof = "bob"')
NOBODY = SALES.replace('level = "department"\nof = "sales"', 'level = "person"\nof = "zoe"')
NOW = instant("2025-06-03")

TABLES = {
    "lead": """
lead_id | party_id | created_at
a       | p        | 2025-05-02
b       | q        | 2025-05-03
""",
    "handoff": """
handoff_id | lead_id | occurred_at         | kind      | actor
h1         | a       | 2025-05-02T06:00:00 | attempted | ann
h2         | a       | 2025-05-03          | accepted  | ann
""",
    "order_line": """
order_line_id|order_id|party_id|ordered_at|quantity|list_price|net_price|unit_cost|seller
l1 | o1 | p | 2025-05-05 | 1 | 100 | 90  | 60 | ann
l2 | o2 | p | 2025-05-06 | 1 | 100 | 80  | 60 | bob
l3 | o3 | q | 2025-05-07 | 1 | 100 | 100 | 60 | bob
l4 | o4 | r | 2025-04-09 | 1 | 100 | -   | 60 | bob
l5 | o5 | p | 2025-04-09 | 1 | 100 | 90  | 60 | ann
""",
    "spend": """
spend_id | day        | amount
s1       | 2025-05-31 | 30
s2       | 2025-06-01 | 30
""",
    "target": """
target_id | period  | department | measure      | value
t1        | 2025-05 | sales      | customers    | 3
t2        | 2025-05 | sales      | arpu         | 200
t3        | 2025-04 | sales      | customers    | 4
t4        | 2025-05 | marketing  | reach        | 5
""",
    "employee": """
employee_id | manager
ann         | bob
bob         | -
""",
}


def asked(*cards: str, **question: Any) -> Question:
    files = tuple((f"scorecards/{n}.toml", text) for n, text in enumerate(cards))
    return Question(now=NOW, terms=Terms(files), **question)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return keep(on_duckdb(records(**TABLES)), default_rules(), asked())


def codes(notes: tuple[Note, ...]) -> list[str]:
    return [note.code for note in notes]


@pytest.fixture(scope="module")
def four(facts: Facts) -> tuple[tuple[ScorecardRow, ...], tuple[Note, ...]]:
    """Ann's, her team's, marketing's, and one of somebody unknown."""
    return ask(facts, "scorecard", asked(ANN, TEAM, MARKETING, NOBODY))


def test_each_reads_the_figures_that_it_answers_for(four: Any) -> None:
    rows, notes = four
    said = {(row.scorecard, row.measure): (row.whose, row.value) for row in rows}
    assert said["scorecards/0.toml", "customers"] == ("own", 1)
    assert said["scorecards/0.toml", "arpu"] == ("own", 90)
    assert said["scorecards/0.toml", "contribution"] == ("own", 30)
    assert said["scorecards/1.toml", "customers"] == ("own", 2)
    assert said["scorecards/1.toml", "arpu"] == ("own", 135)
    assert said["scorecards/2.toml", "contribution"] == ("company", 90)
    assert said["scorecards/2.toml", "profit"] == ("company", 60)
    assert said["scorecards/2.toml", "repeat_purchase"] == ("company", 0.5)
    assert said["scorecards/2.toml", "cost_per_lead"] == ("company", 15)
    assert {row.period for row in rows} == {"2025-05"}
    named = [note.params for note in notes if note.code == "scorecard_no_such_figure"]
    assert {each["measure"] for each in named} == {"complaints", "churn"}


def test_points_are_weight_by_payout_by_gate_and_what_is_unknown_is_bounded(four: Any) -> None:
    whole, *parts = (row for row in four[0] if row.scorecard == "scorecards/2.toml")
    paid = {row.measure: (row.payout, row.points, row.counter_value) for row in parts}
    assert paid == {
        "contribution": (0, 0, None),
        "profit": (2, 0.5, 1),
        "repeat_purchase": (1.5, 0.3, 0.1),
        "cost_per_lead": (1.5, 0.225, 1),
    }
    # Nobody counts complaints, whose gate would halve the pay.
    assert (whole.payout, whole.gate, whole.points) == (1.025, None, None)
    assert (whole.low, whole.high, whole.reason) == (0.5125, 1.025, "unknown_figures")


def test_somebody_whom_no_record_names_has_no_figures(four: Any) -> None:
    rows = [row for row in four[0] if row.scorecard == "scorecards/3.toml"]
    assert {row.value for row in rows} == {None}
    assert {row.reason for row in rows if row.measure} == {"nobody"}
    (note,) = (note for note in four[1] if note.code == "scorecard_of_nobody")
    assert note.text == "scorecards/3.toml is for the person zoe, whom no record names."


def test_a_scorecard_holds_in_the_months_whose_first_day_it_is_in(facts: Facts) -> None:
    late = MARKETING.replace("from = 2025-01-01", "from = 2025-05-02")
    early = MARKETING.replace("to = 2025-07-01", "to = 2025-05-02")
    period = {"start": instant("2025-03-01"), "end": instant("2025-07-01")}
    rows, notes = ask(facts, "scorecard", asked(late, early, **period))
    held = [(row.scorecard, row.period) for row in rows if row.measure is None]
    assert held == [
        ("scorecards/0.toml", "2025-06"),
        ("scorecards/1.toml", "2025-03"),
        ("scorecards/1.toml", "2025-04"),
        ("scorecards/1.toml", "2025-05"),
    ]
    assert codes(notes)[-1] == "scorecard_month_not_over"


def test_what_lacks_something_refuses_what_rests_on_it(facts: Facts) -> None:
    without_spend = {**facts, "spend": facts["spend"].filter(ibis.literal(False))}
    april = {"start": instant("2025-04-01"), "end": instant("2025-05-01")}
    rows, notes = ask(without_spend, "scorecard", asked(MARKETING, ANN, **april))
    why = {row.measure: row.reason for row in rows if row.measure and row.value is None}
    assert why == {
        "contribution": "unknown_parts",
        "profit": "no_records",
        "cost_per_lead": "no_records",
    }
    told = {
        note.params["measure"]: note.params for note in notes if note.code == "scorecard_unknown"
    }
    assert told.keys() == {"contribution", "profit", "cost_per_lead", "margin", "discount"}
    assert told["margin"]["lines"] == 1
    # Ann's own lines lack nothing.
    assert {each["scorecard"] for each in told.values()} == {"scorecards/0.toml"}


def test_what_is_wrong_with_files_and_targets_is_told(facts: Facts) -> None:
    broken = SALES.replace("weight = 0.5", "weight = 0.4")
    rows, notes = ask(facts, "scorecard", asked("level = 1", broken))
    assert {row.scorecard for row in rows} == {"scorecards/1.toml"}
    assert codes(notes)[:2] == ["scorecard_unreadable", "scorecard_weights_do_not_sum"]
    assert notes[1].params["severity"] == "error"
    (note,) = (note for note in notes if note.code == "scorecard_target_differs")
    assert (note.params["own"], note.params["other"]) == (120, 3)


def test_without_scorecards_nothing_is_asked() -> None:
    rows, notes = ask({}, "scorecard", asked())
    assert (rows, codes(notes)) == ((), ["scorecard_none"])
    assert measure("scorecard").queries({}, default_rules(), asked()) == {}


@pytest.mark.parametrize(
    ("figure", "where", "keys"),
    [
        ("lines", {}, ["l1", "l2", "l3"]),
        ("lines", {"scorecard": "scorecards/0.toml"}, ["l1"]),
        ("lines", {"scorecard": "scorecards/1.toml"}, ["l1", "l2", "l3"]),
        ("leads", {"period": "2025-05"}, ["a", "b"]),
        ("accepted_leads", {}, ["h2"]),
        ("spend", {}, ["s1"]),
    ],
)
def test_rows_behind(facts: Facts, figure: str, where: Where, keys: list[str]) -> None:
    found = measure("scorecard").rows(facts, default_rules(), asked(ANN, MARKETING), figure, where)
    names = {"lines": "line_id", "leads": "lead_id", "spend": "spend_id"}
    assert [row[names.get(figure, "handoff_id")] for row in rows_behind(found)] == keys


def test_rows_of_another_month_are_not_among_the_asked(facts: Facts) -> None:
    scorecard = measure("scorecard")
    with pytest.raises(UnknownName, match="2025-04"):
        scorecard.rows(facts, default_rules(), asked(ANN), "lines", {"period": "2025-04"})


def orders(crowded: int) -> dict[str, list[dict[str, Any]]]:
    """Ten months of four weeks' orders: one a day, and ``crowded`` more on each month's last."""
    first, lines = datetime(2024, 8, 1, 9, tzinfo=UTC), []
    for day in range(300):
        at = first + timedelta(days=day)
        last = (at + timedelta(days=1)).month != at.month
        for number in range(1 + crowded * last):
            key = f"{day}-{number}"
            lines.append(
                {
                    "order_line_id": key,
                    "order_id": key,
                    "party_id": "p",
                    "ordered_at": at,
                    "quantity": Decimal(1),
                    "net_price": Decimal(10),
                    "unit_cost": Decimal(6),
                    "seller": "ann",
                }
            )
    return {"order_line": lines, "entity": [{"party_id": "p", "entity_code": 0}]}


def test_orders_that_crowd_at_the_ends_of_months_are_a_sign() -> None:
    _, notes = ask(on_duckdb(orders(7)), "scorecard", asked(ANN))
    (note,) = (note for note in notes if note.code == "scorecard_spike")
    # 14 orders a week at the end of each month and 21 in three weeks before: 14 / (35 / 4).
    assert note.params["ratio"] == 1.6
