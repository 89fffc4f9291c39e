"""The bridge over records: local days, conversions, what is refused, and what is told."""

from __future__ import annotations

import pytest

from onefunnel.funnel.rows import Where
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Calendar, Question
from tests.spec.case import NOW, Case
from tests.spec.engines import ask, on_duckdb, rows_behind
from tests.spec.tables import assert_answers, instant, records

LEADS = """
lead_id | party_id | created_at          | segment
a       | ann      | 2024-05-02          | gates
b       | bob      | 2024-05-31T21:59:59 | gates
c       | cat      | 2024-06-01          | gates
d       | dan      | 2024-06-30T20:59:59 | gates
e       | eve      | 2024-06-30T21:00:00 | gates
f       | fay      | -                   | gates
"""
LINES = """
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1            | o1       | ann      | 2024-05-03 | 1        | 100       | 60        | -
l2            | o2       | cat      | 2024-06-03 | 2        | 100       | 60        | USD
l3            | o3       | cat      | 2024-06-04 | -1       | 50        | 30        | EUR
"""
RATE = """
rate_id | day        | currency | base | rate
r1      | 2024-01-01 | USD      | EUR  | 0.9
"""
BUCHAREST = Question(now=NOW, calendar=Calendar("gregorian", "Europe/Bucharest"))

CASES = [
    Case(
        "without a period it goes from the last but one month to the last, in local days",
        # Bob wrote on 1 June by the clock in Bucharest, Eve on 1 July: leads go from 1 to 3.
        records(lead=LEADS, order_line=LINES, rate=RATE),
        "bridge",
        """
factor     | owner     | amount   | low | high | method
before     | both      | 40.0000  | -   | -    | shapley
volume     | marketing | 60.0000  | -   | -    | shapley
mix        | both      | 0.0000   | -   | -    | shapley
conversion | sales     | -62.6667 | -   | -    | shapley
arpu       | sales     | 14.6667  | -   | -    | shapley
margin     | both      | 0.0000   | -   | -    | shapley
change     | both      | 12.0000  | -   | -    | shapley
after      | both      | 52.0000  | -   | -    | shapley
before     | both      | 40.0000  | -   | -    | lmdi
volume     | marketing | 50.2483  | -   | -    | lmdi
mix        | both      | 0.0000   | -   | -    | lmdi
conversion | sales     | -50.2483 | -   | -    | lmdi
arpu       | sales     | 12.0000  | -   | -    | lmdi
margin     | both      | 0.0000   | -   | -    | lmdi
change     | both      | 12.0000  | -   | -    | lmdi
after      | both      | 52.0000  | -   | -    | lmdi
""",
        BUCHAREST,
        ("refused_bands", "rows_without_instant"),
    ),
    Case(
        "a line without a cost refuses all of it, and says how many there are",
        records(
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-05-03 | 1        | 100       | -
l2            | o2       | bob      | 2024-06-03 | 1        | 100       | 70
""",
        ),
        "bridge",
        """
factor     | amount  | method
before     | -       | shapley
volume     | -       | shapley
mix        | -       | shapley
conversion | -       | shapley
arpu       | -       | shapley
margin     | -       | shapley
change     | -       | shapley
after      | 30.0000 | shapley
""",
        notes=("refused_bridge", "lines_without_contribution"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_answers(case: Case) -> None:
    rows, notes = ask(on_duckdb(case.tables), "bridge", case.question)
    assert_answers(rows, case.expected)
    assert [note.code for note in notes] == list(case.notes)


def test_what_is_unknown_is_counted_by_what_is_missing() -> None:
    tables = records(
        order_line="""
order_line_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1            | ann      | 2024-05-03 | 1        | -         | 3         | -
l2            | ann      | 2024-05-03 | 1        | 9         | 3         | USD
l3            | bob      | 2024-06-03 | 1        | 9         | -         | -
l4            | bob      | 2024-04-03 | 1        | 9         | -         | -
""",
        deal="""
deal_id | party_id
d1      | cat
d2      | dan
""",
        deal_event="""
deal_event_id | deal_id | occurred_at | status | amount
v1            | d1      | 2024-06-05  | won    | 70
v2            | d2      | 2024-06-05  | won    | -
""",
    )
    rows, notes = ask(on_duckdb(tables), "bridge", Question(now=NOW))
    assert {row.method for row in rows} == {"shapley"}
    assert [row.amount for row in rows] == [None] * 8
    told = {note.code: note.params for note in notes}
    assert told["lines_without_contribution"] == {
        "lines": 4,
        "without_price": 1,
        "without_rate": 1,
        "without_cost": 1,
        "deals": 1,
    }
    assert told["lines_without_amount"] == {"lines": 1}


def test_an_amount_of_another_function_without_a_rate_refuses_the_bridge_too() -> None:
    tables = records(
        contribution="""
contribution_id | day        | department | amount | currency
k1              | 2024-06-01 | support    | 5      | USD
k2              | 2024-06-01 | legal      | 6      | EUR
k3              | 2024-05-01 | support    | 7      | EUR
""",
        entity="party_id | entity_code",
    )
    rows, notes = ask(on_duckdb(tables), "bridge", Question(now=NOW))
    booked = [(row.owner, row.amount) for row in rows if row.factor == "contributed"]
    assert booked == [("other", 6), ("support", None)]
    assert (rows[0].amount, rows[-1].amount) == (7, None)
    assert notes[0].params == {"reason": "unknown_contributed", "departments": 1}


def test_a_loss_has_no_bridge_by_logarithms_and_says_so() -> None:
    tables = records(
        lead="""
lead_id | party_id | created_at
a       | ann      | 2024-05-02
b       | bob      | 2024-06-02
""",
        order_line="""
order_line_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | ann      | 2024-05-03 | 1        | 100       | 60
l2            | bob      | 2024-06-03 | 1        | 100       | 130
""",
    )
    rows, notes = ask(on_duckdb(tables), "bridge", Question(now=NOW))
    assert {row.method for row in rows} == {"shapley"}
    assert {row.factor: row.amount for row in rows}["margin"] == -70
    assert [note.code for note in notes] == ["refused_bands", "lmdi_undefined"]


def test_nothing_on_record_is_no_error() -> None:
    rows, notes = ask(on_duckdb({}), "bridge", Question(now=NOW))
    assert {row.amount for row in rows} == {0}
    assert [note.code for note in notes] == ["refused_bands"]


def test_a_period_that_is_not_over_is_said_to_be_none() -> None:
    question = Question(now=NOW, start=instant("2024-06-25"), end=instant("2024-07-05"))
    _, notes = ask(on_duckdb({}), "bridge", question)
    assert (
        notes[-1].text
        == "The period ends on 2024-07-05, and records are read up to 2024-07-01 only."
    )


@pytest.mark.parametrize(
    ("figure", "where", "keys"),
    [
        ("leads", {}, ["b", "c", "d"]),
        ("leads", {"period": "before"}, ["a"]),
        ("leads", {"segment": "gates"}, ["b", "c", "d"]),
        ("leads", {"segment": "unknown"}, []),
        ("customers", {"period": "after"}, ["cat"]),
        ("lines", {"segment": "gates"}, ["l2", "l3"]),
    ],
)
def test_rows_behind(figure: str, where: Where, keys: list[str]) -> None:
    facts = on_duckdb(records(lead=LEADS, order_line=LINES, rate=RATE))
    expression = measure("bridge").rows(facts, default_rules(), BUCHAREST, figure, where)
    name = {"leads": "lead_id", "customers": "party_id", "lines": "line_id"}[figure]
    assert [row[name] for row in rows_behind(expression)] == keys


def test_rows_of_other_functions() -> None:
    tables = records(
        contribution="""
contribution_id | day        | department | amount | currency
k1              | 2024-06-01 | support    | 5      | EUR
k2              | 2024-06-02 | legal      | 6      | EUR
k3              | 2024-05-02 | legal      | 7      | EUR
""",
        entity="party_id | entity_code",
    )
    where = {"department": "other"}
    expression = measure("bridge").rows(
        on_duckdb(tables), default_rules(), Question(now=NOW), "contributed", where
    )
    assert [row["contribution_id"] for row in rows_behind(expression)] == ["k2"]
