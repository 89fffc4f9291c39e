"""The bridge: what belongs to which period and segment, on every engine."""

from __future__ import annotations

from onefunnel.vocabulary import Calendar, Question
from tests.spec.case import NOW, Case
from tests.spec.tables import records

BUCHAREST = Calendar("gregorian", "Europe/Bucharest")
RATE = """
rate_id | day        | currency | base | rate
r1      | 2024-01-01 | USD      | EUR  | 0.9
"""

BRIDGE = [
    Case(
        "segments lose money, appear and disappear, and other functions stand apart",
        # Gates: two leads and a customer at a loss of 10, then gone. Parts: only later, 45 - 15.
        # Bob wrote on 1 June by the clock in Bucharest.
        # All leads go from 2 to 1: the volume of gates falls by half at the old share.
        records(
            party="""
party_id | segment
bob      | parts
""",
            lead="""
lead_id | party_id | created_at          | segment
a       | ann      | 2024-05-02          | gates
b       | amy      | 2024-05-31T20:59:59 | gates
c       | bob      | 2024-05-31T21:00:00 | -
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1            | o1       | ann      | 2024-05-03 | 1        | 100       | 110       | EUR
l2            | o2       | bob      | 2024-06-03 | 1        | 200       | 150       | USD
l3            | o3       | bob      | 2024-06-04 | -1       | 80        | 65        | -
""",
            contribution="""
contribution_id | day        | department  | amount | currency
k1              | 2024-05-31 | support     | 5      | USD
k2              | 2024-06-01 | Support     | 10     | USD
k3              | 2024-06-30 | procurement | 7      | EUR
k4              | 2024-07-01 | procurement | 100    | EUR
k5              | 2024-06-01 | -           | 1      | -
""",
            rate=RATE,
        ),
        "bridge",
        """
segment | factor      | owner     | amount  | method
gates   | volume      | marketing | 2.5000  | shapley
parts   | volume      | marketing | -15.0000 | shapley
gates   | mix         | both      | 7.5000  | shapley
parts   | mix         | both      | 45.0000 | shapley
gates   | conversion  | sales     | 0.0000  | shapley
parts   | conversion  | sales     | 0.0000  | shapley
gates   | arpu        | sales     | 0.0000  | shapley
parts   | arpu        | sales     | 0.0000  | shapley
gates   | margin      | both      | 0.0000  | shapley
parts   | margin      | both      | 0.0000  | shapley
-       | contributed | other     | 7.0000  | shapley
-       | contributed | support   | 4.5000  | shapley
-       | contributed | -         | 1.0000  | shapley
gates   | volume      | marketing | 0.0000  | lmdi
parts   | volume      | marketing | 0.0000  | lmdi
gates   | mix         | both      | 10.0000 | lmdi
parts   | mix         | both      | 30.0000 | lmdi
gates   | conversion  | sales     | 0.0000  | lmdi
parts   | conversion  | sales     | 0.0000  | lmdi
gates   | arpu        | sales     | 0.0000  | lmdi
parts   | arpu        | sales     | 0.0000  | lmdi
gates   | margin      | both      | 0.0000  | lmdi
parts   | margin      | both      | 0.0000  | lmdi
-       | contributed | other     | 7.0000  | lmdi
-       | contributed | support   | 4.5000  | lmdi
-       | contributed | -         | 1.0000  | lmdi
""",
        Question(now=NOW, by=("segment",), calendar=BUCHAREST),
        everywhere=True,
    ),
]
