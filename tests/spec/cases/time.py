"""Months, periods and now."""

from __future__ import annotations

from onefunnel.vocabulary import Calendar, Question
from tests.spec.case import NOW, Case, months
from tests.spec.tables import instant, records

TIME = [
    Case(
        "a month begins at local midnight",
        records(
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-02-29T21:59:59.999999
b       | bob      | 2024-02-29T22:00:00
c       | eve      | 2024-03-31T20:59:59
d       | dan      | 2024-03-31T21:00:00
""",
        ),
        "funnel",
        """
stage               | cohort_month | entered
brand_consideration | 2024-02      | 1
brand_consideration | 2024-03      | 2
brand_consideration | 2024-04      | 1
""",
        months(Calendar("gregorian", "Europe/Bucharest")),
        everywhere=True,
    ),
    Case(
        "a Solar Hijri month is a month",
        records(
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-03-19T20:29:59
b       | bob      | 2024-03-19T20:30:00
""",
        ),
        "funnel",
        """
stage               | cohort_month | entered
brand_consideration | 1402-12      | 1
brand_consideration | 1403-01      | 1
""",
        months(Calendar("solar_hijri", "Asia/Tehran")),
    ),
    Case(
        "the period holds its start and not its end",
        records(
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-02-29T23:59:59.999999
b       | bob      | 2024-03-01T00:00:00
c       | eve      | 2024-03-31T23:59:59.999999
d       | dan      | 2024-04-01T00:00:00
""",
        ),
        "funnel",
        """
stage               | entered
brand_consideration | 2
""",
        Question(now=NOW, start=instant("2024-03-01"), end=instant("2024-04-01")),
    ),
    Case(
        "facts after now are not known yet",
        records(
            deal="deal_id | party_id\nd1 | ann",
            deal_event="""
deal_event_id | deal_id | occurred_at                | status
e1            | d1      | 2024-06-01                 | open
e2            | d1      | 2024-07-01T00:00:00.000001 | won
""",
        ),
        "deals",
        """
won | lost | open | won_of_all
0   | 0    | 1    | 0
""",
    ),
]
