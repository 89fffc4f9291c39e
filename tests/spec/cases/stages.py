"""Which stages an entity is in, and why."""

from __future__ import annotations

from tests.spec.case import Case
from tests.spec.tables import records

STAGES = [
    Case(
        "a later stage implies the earlier ones; an earlier stage recorded later is out of order",
        records(
            touch="""
touch_id | party_id | occurred_at | kind
t1       | ann      | 2024-03-09  | click
""",
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-03-05
b       | bob      | 2024-03-05
""",
            deal="deal_id | party_id\nd1 | ann\nd2 | bob",
            deal_event="""
deal_event_id | deal_id | occurred_at | status
e1            | d1      | 2024-03-01  | won
e2            | d2      | 2024-03-06  | open
""",
        ),
        "funnel",
        """
stage               | entered | observed | implied
customer_awareness  | 2       | 0        | 2
brand_awareness     | 2       | 0        | 2
brand_consideration | 2       | 1        | 1
brand_preference    | 2       | 0        | 2
purchase_intention  | 2       | 1        | 1
purchase            | 1       | 1        | 0
""",
        notes=("out_of_order",),
    ),
    Case(
        "loyalty is a second order, not a second line; advocacy before a purchase implies nothing",
        records(
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-03-01 | 1        | 10        | 5
l2            | o1       | ann      | 2024-03-02 | 1        | 10        | 5
l3            | o1       | bob      | 2024-03-01 | 1        | 10        | 5
l4            | o2       | bob      | 2024-03-02 | 1        | 10        | 5
l5            | o3       | dan      | 2024-03-01 | -1       | 10        | 5
""",
            advocacy="""
advocacy_id | party_id | occurred_at | kind   | score
v1          | ann      | 2024-02-01  | review | 5
v2          | bob      | 2024-03-01  | review | 4
v3          | eve      | 2024-03-01  | review | 5
v4          | ann      | 2024-03-05  | review | 3.9
""",
        ),
        "funnel",
        """
stage             | entered | observed | revenue
purchase          | 2       | 2        | 40.0000
customer_loyalty  | 1       | 0        | 20.0000
customer_advocacy | 1       | 1        | 20.0000
""",
        notes=("advocacy_without_purchase",),
    ),
    Case(
        "where the records hold no acts of buyers, preference is read from the offer to sales",
        records(
            lead="lead_id | party_id | created_at\na | ann | 2024-03-01\nb | bob | 2024-03-01",
            handoff="""
handoff_id | lead_id | occurred_at | kind
h1         | a       | 2024-03-02  | offered
h2         | b       | 2024-03-02  | assigned
h3         | gone    | 2024-03-04  | offered
""",
            entity="""
party_id  | entity_code
ann       | 0
bob       | 1
lead:gone | 2
""",
        ),
        "funnel",
        """
stage               | entered | observed
brand_consideration | 3       | 2
brand_preference    | 2       | 2
""",
        notes=("fallback_used",),
    ),
    Case(
        "a stage that only a survey measures shows the survey, and no conversion across it",
        records(
            lead="lead_id | party_id | created_at\na | ann | 2024-03-01",
            indicator="""
indicator_id | day        | stage              | measure | segment | value | respondents
i1           | 2024-01-01 | customer_awareness | survey  | -       | 0.9   | 100
i2           | 2024-02-01 | customer_awareness | survey  | -       | 0.75  | 12
i3           | 2024-03-01 | customer_awareness | visits  | -       | 900   | -
i4           | 2024-09-01 | customer_awareness | survey  | -       | 0.1   | 12
""",
        ),
        "funnel",
        """
stage | measured_by | entered | implied | population_value | population_low | population_high
customer_awareness | population | - | 1 | 0.75 | 0.467695 | 0.911058
brand_awareness | records | 1 | 1 | - | - | -
""",
        notes=("population_measure",),
    ),
]
