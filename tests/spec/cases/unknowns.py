"""What is unknown is shown as such; nothing is dropped, nothing becomes zero."""

from __future__ import annotations

from onefunnel.vocabulary import Question
from tests.spec.case import NOW, Case
from tests.spec.tables import records

UNKNOWNS = [
    Case(
        "what is unknown has a row of its own, apart from the word unknown",
        records(
            lead="""
lead_id | party_id | created_at | channel
a       | ann      | 2024-03-01 | unknown
b       | bob      | 2024-03-01 | -
c       | eve      | 2024-03-02 | -
""",
        ),
        "funnel",
        """
stage               | channel | entered
brand_consideration | unknown | 1
brand_consideration | -       | 2
""",
        Question(now=NOW, by=("channel",)),
    ),
    Case(
        "what somebody says of how they came is no origin, whenever they say it",
        # Bob only answered. Of eve's touch nobody knows the kind.
        records(
            touch="""
touch_id | party_id | occurred_at | kind        | channel
t1       | ann      | 2024-03-01  | self_report | fair
t2       | ann      | 2024-03-01  | self_report | radio
t3       | ann      | 2024-03-02  | click       | mail
t4       | bob      | 2024-03-01  | self_report | fair
t5       | eve      | 2024-02-01  | self_report | fair
t6       | eve      | 2024-03-01  | -           | web
""",
        ),
        "funnel",
        """
stage              | channel | entered
customer_awareness | mail    | 1
customer_awareness | web     | 1
customer_awareness | -       | 1
""",
        Question(now=NOW, by=("channel",)),
    ),
    Case(
        "a row that does not say when enters no stage, and is said",
        records(
            touch="""
touch_id | party_id | occurred_at | kind
t1       | ann      | -           | visit
t2       | bob      | 2024-03-01  | visit
t3       | -        | 2024-03-01  | visit
""",
            lead="""
lead_id | party_id | created_at
a       | ann      | -
""",
        ),
        "funnel",
        """
stage               | entered | observed
customer_awareness  | 1       | 1
brand_consideration | 0       | 0
""",
        notes=("rows_without_instant", "unknown_visitors"),
    ),
    Case(
        "an empty ledger has eight rows of nothing",
        records(entity="party_id | entity_code"),
        "funnel",
        """
stage               | entered | conversion | revenue | realised_contribution
customer_awareness  | 0       | -          | 0.0000  | 0.0000
brand_awareness     | 0       | -          | 0.0000  | 0.0000
brand_consideration | 0       | -          | 0.0000  | 0.0000
brand_preference    | 0       | -          | 0.0000  | 0.0000
purchase_intention  | 0       | -          | 0.0000  | 0.0000
purchase            | 0       | -          | 0.0000  | 0.0000
customer_loyalty    | 0       | -          | 0.0000  | 0.0000
customer_advocacy   | 0       | -          | 0.0000  | 0.0000
""",
        notes=("refused_conversion", "refused_expected_contribution"),
        everywhere=True,
    ),
]
