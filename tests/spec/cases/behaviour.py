"""What was worked in time: when the time begins and ends, and what is left out."""

from __future__ import annotations

from onefunnel.vocabulary import Question, Terms
from tests.spec.case import NOW, Case
from tests.spec.tables import records

RANGES = """\
work_within_hours = 4
[segments.gates]
win_probability = 0.25
pay_per_win = 60
contribution_per_win = 300
minutes_per_lead = 180
"""

BEHAVIOUR = [
    Case(
        "a lead is worked in time from when sales got it, by a step of work or a deal",
        # a: the time begins with the offer; b is worked in the last second, c a second after it;
        # d by a deal; e never. The time of f is not over, g does not say when, h was never handed
        # over, and i is too old.
        records(
            lead="""
lead_id | party_id | created_at          | segment
a       | a        | 2024-06-01          | gates
b       | b        | 2024-06-02          | gates
c       | c        | 2024-06-03          | gates
d       | d        | 2024-06-04          | parts
e       | e        | 2024-06-05          | parts
f       | f        | 2024-06-30T22:00:00 | parts
g       | g        | 2024-06-06          | parts
h       | h        | 2024-06-07          | parts
i       | i        | 2023-06-30          | parts
""",
            handoff="""
handoff_id | lead_id | occurred_at         | kind      | actor
1          | a       | 2024-06-01T02:00:00 | offered   | m
2          | a       | 2024-06-01T03:00:00 | assigned  | s
3          | a       | 2024-06-01T05:59:00 | attempted | s
4          | b       | 2024-06-02          | assigned  | s
5          | b       | 2024-06-02T04:00:00 | connected | s
6          | c       | 2024-06-03          | accepted  | s
7          | c       | 2024-06-03          | assigned  | s
8          | c       | 2024-06-03T04:00:01 | qualified | s
9          | d       | 2024-06-04          | offered   | m
10         | e       | 2024-06-05          | offered   | m
11         | f       | 2024-06-30T22:00:00 | offered   | m
12         | f       | 2024-06-30T22:30:00 | attempted | s
13         | g       | 2024-06-06          | offered   | m
14         | g       | -                   | attempted | s
15         | i       | 2023-06-30          | offered   | m
""",
            deal="""
deal_id | party_id | lead_id | owner
x       | d        | d       | s
""",
            deal_event="""
deal_event_id | deal_id | occurred_at         | status
1             | x       | 2024-06-04T01:00:00 | open
2             | x       | 2024-06-20          | lost
""",
        ),
        "behaviour",
        """
segment | leads | in_time | share_in_time | pay_per_hour | contribution_per_hour | compared
gates   | 3     | 2       | 0.666667      | 5.0000       | 25.0000               | -
parts   | 2     | 1       | 0.5           | -            | -                     | -
-       | 5     | 3       | 0.6           | -            | -                     | 3
""",
        Question(now=NOW, terms=Terms((("incentives.toml", RANGES),))),
        notes=("time_not_over", "work_undated", "rates_unknown", "refused_few_leads"),
        long=True,
    ),
]
