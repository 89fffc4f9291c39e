"""Whose a lead is: the owner of a deal that names it, else who took it first in sales."""

from __future__ import annotations

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Question, Terms
from tests.spec.case import NOW
from tests.spec.engines import Loader, ask, keep, on_duckdb, rows_behind
from tests.spec.tables import assert_answers, instant, records

RANGES = """\
minutes_per_lead = 60
[segments.gates]
win_probability = 0.25
pay_per_win = 60
[segments.parts]
win_probability = 0.5
pay_per_win = 10
"""
JUNE = Question(
    now=NOW, start=instant("2024-06-01"), end=NOW, terms=Terms((("incentives.toml", RANGES),))
)

# a: a deal goes before hand-offs; b: of two deals the first by key that has an owner; c: a step
# of marketing does not count, and of sales the earlier one; d: offered only; e: undated steps
# count where there is no other; f: a deal without an owner.
RECORDS = records(
    lead="""
lead_id | party_id | created_at | segment
a       | a        | 2024-06-01 | gates
b       | b        | 2024-06-02 | gates
c       | c        | 2024-06-03 | gates
d       | d        | 2024-06-04 | parts
e       | e        | 2024-06-05 | parts
f       | f        | 2024-06-06 | parts
""",
    handoff="""
handoff_id | lead_id | occurred_at         | kind      | actor | department
1          | a       | 2024-06-01T01:00:00 | attempted | t     | sales
2          | c       | 2024-06-03T00:10:00 | assigned  | m     | marketing
3          | c       | 2024-06-03T02:00:00 | accepted  | t     | sales
4          | c       | 2024-06-03T01:00:00 | attempted | s     | -
5          | d       | 2024-06-04T01:00:00 | offered   | m     | marketing
6          | e       | -                   | attempted | s     | sales
""",
    deal="""
deal_id | party_id | lead_id | owner
w       | b        | b       | -
x       | a        | a       | s
y       | b        | b       | t
z       | b        | b       | s
v       | f        | f       | -
""",
    order_line="""
order_line_id | party_id | ordered_at | quantity | net_price
1             | e        | 2024-06-20 | 1        | 50
""",
    employee="""
employee_id | department | active_from | weekly_hours
s           | sales      | 2024-01-01  | 7
t           | sales      | 2024-01-01  | 14
m           | marketing  | 2024-01-01  | 35
""",
)


def test_a_lead_is_its_deals_owners_else_whose_step_in_sales_came_first(load: Loader) -> None:
    facts = keep(load(RECORDS), default_rules(), JUNE, ("prepared_standing",))
    found = measure("sellers").queries(facts, default_rules(), JUNE)["handed"]
    assert {tuple(row.values()) for row in rows_behind(found)} == {
        ("s", "gates", 2, 2, 0),
        ("s", "parts", 1, 1, 1),
        ("t", "gates", 1, 1, 0),
        (None, "parts", 2, 1, 0),
    }


def test_everybody_has_a_row_for_each_segment_and_one_with_hours_and_pay() -> None:
    kept = ("prepared_standing", "prepared_lines")
    facts = keep(on_duckdb(RECORDS), default_rules(), JUNE, kept)
    rows, notes = ask(facts, "sellers", JUNE)
    assert_answers(
        rows,
        """
employee_id | segment | leads | worked | won | hours | plan | pay
s           | gates   | 2     | 2      | 0   | -     | -    | -
s           | parts   | 1     | 1      | 1   | -     | -    | -
s           | -       | 3     | 3      | 1   | 30    | -    | 35.0000
t           | gates   | 1     | 1      | 0   | -     | -    | -
t           | -       | 1     | 1      | 0   | 60    | -    | 15.0000
-           | parts   | 2     | 1      | 0   | -     | -    | -
-           | -       | 2     | 1      | 0   | -     | -    | -
""",
    )
    assert "leads_of_nobody" in [each.code for each in notes]
