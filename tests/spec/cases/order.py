"""Ties, and the order of keys."""

from __future__ import annotations

from onefunnel.vocabulary import Question
from tests.spec.case import NOW, Case
from tests.spec.tables import records

ORDER = [
    Case(
        "of two leads at one instant the first is that with the smaller key, by code points",
        records(
            lead="""
lead_id | party_id | created_at | channel
a       | ann      | 2024-03-01 | small
B       | ann      | 2024-03-01 | capital
я       | bob      | 2024-03-01 | small
Я       | bob      | 2024-03-01 | capital
ß       | eve      | 2024-03-01 | sharp
z       | eve      | 2024-03-01 | plain
""",
        ),
        "funnel",
        """
stage               | channel | entered
brand_consideration | capital | 2
brand_consideration | plain   | 1
""",
        Question(now=NOW, by=("channel",)),
        everywhere=True,
    ),
    Case(
        "of two events of a deal at one instant the one with the larger key stands",
        records(
            deal="deal_id | party_id\nd1 | ann\nd2 | bob",
            deal_event="""
deal_event_id | deal_id | occurred_at | status
e1            | d1      | 2024-03-01  | open
b2            | d1      | 2024-03-05  | lost
a2            | d1      | 2024-03-05  | won
e2            | d2      | 2024-03-01  | open
B3            | d2      | 2024-03-05  | lost
a3            | d2      | 2024-03-05  | won
""",
        ),
        "deals",
        """
won | lost | open
1   | 1    | 0
""",
    ),
    Case(
        "three visits within thirty days, and a second one of whatever age",
        records(
            touch="""
touch_id | party_id | occurred_at         | kind
t1       | ann      | 2024-03-01T12:00:00 | visit
t2       | ann      | 2024-03-01T12:00:00 | visit
t3       | ann      | 2024-03-31T12:00:00 | visit
t4       | bob      | 2024-03-01T12:00:00 | visit
t5       | bob      | 2024-03-20T12:00:00 | visit
t6       | bob      | 2024-03-31T12:00:01 | visit
t7       | eve      | 2024-01-01          | visit
t8       | eve      | 2024-05-01          | visit
""",
        ),
        "funnel",
        """
stage              | entered
customer_awareness | 3
brand_awareness    | 3
brand_preference   | 1
""",
    ),
]
