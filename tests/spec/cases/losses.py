"""What is lost, and what is not."""

from __future__ import annotations

from onefunnel.vocabulary import Question
from tests.spec.case import NOW, Case
from tests.spec.tables import records

LOSSES = [
    Case(
        "a loss stands until the entity comes back",
        records(
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-01-01
b       | bob      | 2024-01-01
b2      | bob      | 2024-04-01
e       | eve      | 2024-01-01
d       | dan      | 2024-01-01
""",
            handoff="""
handoff_id | lead_id | occurred_at | kind         | reason | reason_source
h1         | a       | 2024-02-01  | disqualified | price  | customer
h2         | b       | 2024-02-01  | disqualified | price  | customer
h3         | e       | 2024-02-01  | disqualified | budget | salesperson
h4         | e       | 2024-02-01  | accepted     | -      | -
h5         | e       | 2024-03-01  | disqualified | -      | -
h6         | d       | 2024-02-01  | disqualified | price  | customer
""",
            deal="deal_id | party_id\nd1 | dan",
            deal_event="""
deal_event_id | deal_id | occurred_at | status | lost_reason
e1            | d1      | 2024-01-15  | open   | -
e2            | d1      | 2024-01-20  | lost   | rival
e3            | d1      | 2024-01-25  | lost   | later
e4            | d1      | 2024-05-01  | open   | -
""",
        ),
        # Eve's acceptance at the very instant of the first disqualification did not follow it.
        "lost_reasons",
        """
stage               | reason | source      | lost | share
brand_consideration | budget | salesperson | 1    | 0.5
brand_consideration | price  | customer    | 1    | 0.5
""",
        everywhere=True,
    ),
    Case(
        "a lost deal that a purchase followed is no leak; a loss at a stage and a stall are",
        records(
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-01-01
b       | bob      | 2024-01-01
c       | eve      | 2024-01-01
d       | dan      | 2024-06-30
""",
            deal="deal_id | party_id\nd1 | ann\nd2 | bob",
            deal_event="""
deal_event_id | deal_id | occurred_at | status
e1            | d1      | 2024-01-15  | open
e2            | d1      | 2024-01-20  | lost
e3            | d2      | 2024-01-15  | open
e4            | d2      | 2024-01-20  | lost
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | bob      | 2024-02-01 | 1        | 10        | 4
""",
        ),
        "leaks",
        """
stage               | left | lost | stalled
brand_consideration | 1    | 0    | 1
purchase_intention  | 1    | 1    | 0
purchase            | 1    | 0    | 1
""",
        Question(now=NOW, horizon_days=30),
    ),
    Case(
        "after a purchase nothing competes: a later lost deal leaves a second order possible",
        records(
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-03-01 | 1        | 10        | 4
l2            | o2       | bob      | 2024-03-01 | 1        | 10        | 4
l3            | o3       | dan      | 2024-03-01 | 1        | 10        | 4
l4            | o4       | eve      | 2024-03-01 | 1        | 10        | 4
l5            | o5       | fay      | 2024-03-01 | 1        | 10        | 4
l6            | o6       | fay      | 2024-03-11 | 1        | 10        | 4
""",
            deal="deal_id | party_id\nd1 | ann",
            deal_event="""
deal_event_id | deal_id | occurred_at | status
e1            | d1      | 2024-03-03  | open
e2            | d1      | 2024-03-05  | lost
""",
        ),
        "funnel",
        """
stage            | entered | conversion | lost | median_days | maturity
purchase         | 5       | -          | -    | -           | -
customer_loyalty | 1       | 0.2        | 0    | -           | 1
""",
        Question(now=NOW, horizon_days=30),
    ),
]
