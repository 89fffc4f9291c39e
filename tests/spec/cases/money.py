"""Money: exact, converted, rounded, counted once."""

from __future__ import annotations

from onefunnel.vocabulary import Question
from tests.spec.case import NOW, Case
from tests.spec.tables import records

MONEY = [
    Case(
        "large amounts in small units neither overflow nor lose a digit",
        records(
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1            | o1       | ann      | 2024-03-01 | 200000   | 100000    | 99999.9999 | VND
l2            | o1       | ann      | 2024-03-01 | 90000000 | 10000000  | 0         | VND
l3            | o1       | ann      | 2024-03-01 | 90000000 | 10000000  | 0         | VND
""",
        ),
        "funnel",
        """
stage    | entered | revenue               | realised_contribution | unknown_contribution_lines
purchase | 1       | 1800020000000000.0000 | 1800000000000020.0000 | 0
""",
        Question(now=NOW, currency="VND"),
        everywhere=True,
    ),
    Case(
        "halves are rounded away from zero, on both sides of it",
        records(
            lead="""
lead_id | party_id | created_at | channel
a       | ann      | 2024-02-01 | more
b       | bob      | 2024-02-01 | less
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-03-01 | 0.5      | 0.0001    | 0
l2            | o2       | bob      | 2024-03-01 | 1        | 0         | 0
l3            | o3       | bob      | 2024-03-02 | -0.5     | 0.0001    | 0
""",
        ),
        "funnel",
        """
stage    | channel | revenue | realised_contribution
purchase | less    | -0.0001 | -0.0001
purchase | more    | 0.0001  | 0.0001
""",
        Question(now=NOW, by=("channel",)),
    ),
    Case(
        "each amount is converted by the latest rate on or before its day in UTC, and rounded",
        records(
            rate="""
rate_id | day        | currency | base | rate
r1      | 2024-02-01 | USD      | EUR  | 0.90
r2      | 2024-03-01 | USD      | EUR  | 0.92
r3      | 2024-03-02 | USD      | EUR  | 0.99
r4      | 2024-02-01 | EUR      | VND  | 27000
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1 | o1 | ann | 2024-03-01T23:59:59.99 | 3 | 0.3333 | 0.1111 | USD
l2 | o1 | ann | 2024-03-02T01:00:00+02:00 | 1 | 1 | 1 | USD
l3 | o1 | ann | 2024-03-01 | 1 | 1000000 | 0 | VND
l4 | o1 | ann | 2024-03-01 | 1 | 7 | - | XXX
l5 | o1 | ann | 2024-03-01 | 1 | 10 | 4 | -
""",
        ),
        "funnel",
        # 0.9999 × 0.92 = 0.919908, 1 × 0.92, 1000000 / 27000 = 37.037037…, 10.
        """
stage    | revenue | realised_contribution | unknown_contribution_lines
purchase | 48.8769 | 43.6503               | 1
""",
        notes=("unconvertible_lines",),
    ),
    Case(
        "a half of the last decimal is seen through a division",
        records(
            rate="""
rate_id | day        | currency | base | rate
r1      | 2024-02-01 | EUR      | USD  | 3
r2      | 2024-02-01 | EUR      | VND  | 8
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1            | o1       | ann      | 2024-03-01 | 1        | 0.0004         | 0              | VND
l2            | o1       | ann      | 2024-03-01 | 1        | 0.0004         | 0              | USD
l3            | o1       | ann      | 2024-03-01 | 1        | 70000000000.01 | 70000000000.01 | USD
""",
        ),
        "funnel",
        # 0.00005 -> 0.0001; 0.000133… -> 0.0001; 23333333333.336666… -> 23333333333.3367.
        """
stage    | revenue           | realised_contribution
purchase | 23333333333.3369  | 0.0002
""",
        everywhere=True,
    ),
    Case(
        "a won deal counts where no line names it; both unlinked may be the same money twice",
        records(
            deal="""
deal_id | party_id
d1      | ann
d2      | bob
d3      | eve
""",
            deal_event="""
deal_event_id | deal_id | occurred_at | status | amount | currency
e1            | d1      | 2024-03-01  | open   | 100    | EUR
e2            | d1      | 2024-03-05  | won    | -      | EUR
e3            | d2      | 2024-03-05  | won    | 70     | EUR
e4            | d3      | 2024-03-05  | won    | 500    | EUR
""",
            order_line="""
order_line_id | order_id | party_id | deal_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | bob      | -       | 2024-03-06 | 1        | 70        | 50
l2            | o2       | eve      | d3      | 2024-03-06 | 2        | 200       | 150
l3            | o2       | eve      | d3      | 2024-03-06 | -        | 200       | 150
""",
        ),
        "funnel",
        """
stage    | entered | revenue  | realised_contribution | unknown_contribution_lines
purchase | 3       | 640.0000 | 120.0000              | 3
""",
        notes=("possible_double_count", "lines_without_amount"),
    ),
]
