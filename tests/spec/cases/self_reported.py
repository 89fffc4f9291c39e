"""Who counts as having answered, what was tracked of them, and what they said."""

from __future__ import annotations

from onefunnel.vocabulary import Question
from tests.spec.case import NOW, Case
from tests.spec.tables import instant, records

SELF_REPORTED = [
    Case(
        "the first usable answer stands beside the first lead's channel, else the first touch's",
        # The lead of a stands in the first instant of the period, that of h in the first after it.
        # The lead of b names no channel, whatever his touch did. C came directly and bought. D only
        # came by. Of e's answers the first names nothing, and two stand at one instant. G only
        # answered, i only bought, and j's answer says no day. K names nothing. L and m are one.
        records(
            touch="""
touch_id | party_id | occurred_at | kind        | channel
t1       | a        | 2024-02-01  | self_report | search
t2       | b        | 2024-02-20  | click       | search
t3       | b        | 2024-03-01  | self_report | podcast
t4       | c        | 2024-03-01  | visit       | direct
t5       | c        | 2024-03-02  | click       | mail
t6       | c        | 2024-03-06  | self_report | podcast
t7       | d        | 2024-03-01  | click       | mail
t8       | e        | 2024-03-01  | self_report | -
u2       | e        | 2024-03-02  | self_report | radio
u1       | e        | 2024-03-02  | self_report | tv
t9       | g        | 2024-03-01  | self_report | fair
v1       | h        | 2024-06-01  | self_report | search
v2       | j        | -           | self_report | search
v3       | k        | 2024-03-01  | self_report | -
v4       | m        | 2024-03-01  | self_report | mail
""",
            lead="""
lead_id | party_id | created_at | channel
a       | a        | 2024-02-01 | search
b       | b        | 2024-03-01 | -
e       | e        | 2024-03-01 | mail
f       | f        | 2024-03-01 | search
h       | h        | 2024-06-01 | search
j       | j        | 2024-03-01 | mail
k       | k        | 2024-03-01 | mail
l       | l        | 2024-03-03 | search
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
o1            | o1       | c        | 2024-03-05 | 1        | 100       | 60
o2            | o2       | i        | 2024-03-01 | 1        | 10        | -
""",
            entity="""
party_id | entity_code
a        | 1
b        | 2
c        | 3
d        | 4
e        | 5
f        | 6
g        | 7
h        | 8
i        | 9
j        | 10
k        | 11
l        | 12
m        | 12
""",
        ),
        "self_reported",
        """
kind    | tracked | said    | entities | customers | contribution | answers | grade
pair    | direct  | podcast | 1        | 1         | 40.0000      | -       | D
pair    | mail    | tv      | 1        | 0         | 0.0000       | -       | D
pair    | mail    | -       | 1        | 0         | 0.0000       | -       | D
pair    | search  | mail    | 1        | 0         | 0.0000       | -       | D
pair    | search  | search  | 1        | 0         | 0.0000       | -       | D
pair    | -       | fair    | 1        | 0         | 0.0000       | -       | D
pair    | -       | podcast | 1        | 0         | 0.0000       | -       | D
silent  | mail    | -       | 1        | 0         | 0.0000       | -       | D
silent  | search  | -       | 1        | 0         | 0.0000       | -       | D
silent  | -       | -       | 1        | 1         | -            | -       | D
channel | direct  | direct  | 1        | 1         | 40.0000      | 0       | D
channel | fair    | fair    | 0        | 0         | 0.0000       | 1       | D
channel | mail    | mail    | 3        | 0         | 0.0000       | 1       | D
channel | podcast | podcast | 0        | 0         | 0.0000       | 2       | D
channel | search  | search  | 3        | 0         | 0.0000       | 1       | D
channel | tv      | tv      | 0        | 0         | 0.0000       | 1       | D
channel | -       | -       | 3        | 1         | 0.0000       | 1       | D
all     | -       | -       | 10       | 2         | 40.0000      | 7       | D
""",
        Question(now=NOW, start=instant("2024-02-01"), end=instant("2024-06-01")),
        notes=(
            "rows_without_instant",
            "answers_few_of_all",
            "answers_unusable",
            "answers_changed",
            "answers_never_tracked",
            "tracked_nowhere",
            "refused_share_said",
            "answers_are_memories",
        ),
        everywhere=True,
    ),
]
