"""Acquisition: what was spent, shared out where it says too little, and who came of it."""

from __future__ import annotations

from onefunnel.vocabulary import Calendar, Question
from tests.spec.case import NOW, Case
from tests.spec.tables import instant, records

GREGORIAN, TEHRAN = Calendar(), Calendar("solar_hijri", "Asia/Tehran")


def by(calendar: Calendar, *names: str) -> Question:
    months = tuple(calendar.months(instant("2024-01-01"), NOW))
    return Question(now=NOW, by=names, months=months, calendar=calendar)


ACQUISITION = [
    Case(
        "spend that names no campaign goes to touches of its month, else to leads, else nowhere",
        # May's 30 for search: two touches of a, one of b; the call of sales is nobody's touch.
        # June's 5: b alone. April's 7 for radio: no touch, but a lead of b. March's 2: nothing.
        # The mail's touch says no campaign either. Of c a row is in a currency without a rate.
        records(
            touch="""
touch_id | party_id | occurred_at         | department | channel | campaign
t1       | ann      | 2024-05-02          | marketing  | search  | a
t2       | bob      | 2024-05-31T23:59:59 | marketing  | search  | a
t3       | cat      | 2024-05-03          | -          | search  | b
t4       | dan      | 2024-06-01          | marketing  | search  | b
t5       | dan      | 2024-05-04          | sales      | search  | b
t6       | -        | 2024-05-05          | marketing  | mail    | -
""",
            lead="""
lead_id | party_id | created_at | channel | campaign
a       | gil      | 2024-04-02 | radio   | b
""",
            spend="""
spend_id | day        | channel | campaign | amount | currency
k1       | 2024-05-10 | search  | -        | 30     | EUR
k2       | 2024-05-31 | search  | a        | 100    | USD
k3       | 2024-06-01 | search  | -        | 5      | -
k4       | 2024-04-01 | radio   | -        | 7      | EUR
k5       | 2024-05-20 | mail    | -        | 1      | EUR
k6       | 2024-05-20 | search  | c        | 3      | XXX
k7       | 2024-03-01 | mail    | -        | 2      | EUR
""",
            rate="""
rate_id | day        | currency | base | rate
r1      | 2024-01-01 | USD      | EUR  | 0.9
""",
        ),
        "acquisition",
        """
campaign | spend    | spend_shared | touches | leads | cost_per_lead
a        | 110.0000 | 20.0000      | 2       | 0     | -
b        | 22.0000  | 22.0000      | 2       | 1     | 22.0000
c        | -        | -            | 0       | 0     | -
-        | 3.0000   | 1.0000       | 1       | 0     | -
""",
        by(GREGORIAN, "campaign"),
        notes=(
            "spend_shared_by_touches",
            "spend_not_shared",
            "spend_without_rate",
            "spend_without_leads",
            "touches_of_no_department",
        ),
        everywhere=True,
    ),
    Case(
        "customers stand by the lead they came with; the last answer counts; unknown is a row",
        # Ann's first lead came in the last second of 1402 in Tehran. Eve bought without any touch.
        # The rejection of b says no day: the dated acceptance stands. D was rejected twice.
        records(
            lead="""
lead_id | party_id | created_at          | channel
a       | ann      | 2024-03-19T20:29:59 | search
b       | ann      | 2024-03-25          | mail
c       | bob      | 2024-03-25          | -
d       | cat      | 2024-03-26          | search
""",
            handoff="""
handoff_id | lead_id | occurred_at | kind     | reason    | minutes
h1         | a       | 2024-03-20  | rejected | no budget | -
h2         | a       | 2024-03-21  | accepted | -         | -
h3         | b       | 2024-03-26  | accepted | -         | 30
h4         | b       | -           | rejected | no answer | -
h5         | c       | 2024-03-27  | rejected | -         | -
h6         | d       | 2024-03-27  | rejected | no answer | -
h7         | d       | 2024-03-27  | rejected | no budget | -
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-05-20 | 1        | 100       | 60
l2            | o2       | ann      | 2024-06-01 | 1        | 50        | 30
l3            | o3       | eve      | 2024-06-02 | 1        | 10        | -
""",
            spend="""
spend_id | day        | channel | amount
k1       | 2024-03-19 | search  | 12
k2       | 2024-03-20 | search  | 6
""",
        ),
        "acquisition",
        """
channel|cohort_month|spend|accepted|rejected|customers|revenue|contribution|top_rejection_reason
mail   |1403-01     |0.0000 |1     |0       |0        |0.0000  |0.0000      |-
search |1402-12     |12.0000|1     |0       |1        |150.0000|60.0000     |-
search |1403-01     |6.0000 |0     |1       |0        |0.0000  |0.0000      |no budget
-      |1403-01     |0.0000 |0     |1       |0        |0.0000  |0.0000      |-
-      |1403-03     |0.0000 |0     |0       |1        |10.0000 |-           |-
""",
        by(TEHRAN, "channel", "cohort_month"),
        notes=("leads_without_spend", "unknown_origin"),
        everywhere=True,
    ),
]
