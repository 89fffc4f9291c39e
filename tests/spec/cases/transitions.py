"""How paths go on: which steps count, how often, and which share of those before went so."""

from __future__ import annotations

from onefunnel.vocabulary import Question, Terms
from onefunnel.vocabulary.questions import Crediting
from onefunnel.vocabulary.terms import ATTRIBUTION
from tests.spec.case import NOW, Case
from tests.spec.tables import instant, records

TRANSITIONS = [
    Case(
        "a path starts, goes on from touch to touch, and ends",
        # Ann: mail, search (a tie, by name), bought. Bob: search, search, mail at the instant he
        # bought; once he is a customer he is on no path. Cat: social, bought; her first touch is
        # too old. Dan: search, a call of sales, nothing. Eve: unknown, mail, bought two things at
        # one instant. Fay only said how she heard of us.
        records(
            touch="""
touch_id | party_id | occurred_at | department | kind        | channel
a1       | ann      | 2024-03-01  | marketing  | click       | search
a2       | ann      | 2024-03-01  | marketing  | click       | mail
b1       | bob      | 2024-03-01  | marketing  | click       | search
b2       | bob      | 2024-03-02  | marketing  | click       | search
b3       | bob      | 2024-03-03  | marketing  | click       | mail
b4       | bob      | 2024-03-05  | marketing  | click       | social
c1       | cat      | 2024-01-01  | marketing  | click       | tv
c2       | cat      | 2024-03-01  | marketing  | click       | social
d1       | dan      | 2024-03-01  | -          | click       | search
d2       | dan      | 2024-03-02  | sales      | call        | -
e1       | eve      | 2024-03-01  | marketing  | click       | -
e2       | eve      | 2024-03-02  | marketing  | click       | mail
f1       | fay      | 2024-03-01  | marketing  | self_report | search
""",
            order_line="""
order_line_id | party_id | ordered_at | quantity
1             | ann      | 2024-03-02 | 1
2             | bob      | 2024-03-03 | 1
3             | cat      | 2024-03-10 | 1
4             | eve      | 2024-03-03 | 1
5             | eve      | 2024-03-03 | 2
6             | fay      | 2024-03-03 | 1
""",
        ),
        "transitions",
        # Of equals first those from the start, then by the touches of who is before and after:
        # unknown, search 4, mail 3, social 2, tv 1 and the call 1.
        """
kind          | before     | after      | before_department | after_department | paths | share
start         | -          | search     | -                 | marketing        | 2     | 0.4
conversion    | mail       | -          | marketing         | -                | 2     | 0.666667
start         | -          | -          | -                 | -                | 1     | 0.2
start         | -          | mail       | -                 | marketing        | 1     | 0.2
start         | -          | social     | -                 | marketing        | 1     | 0.2
move          | -          | mail       | -                 | marketing        | 1     | 1
move          | search     | search     | marketing         | marketing        | 1     | 0.25
move          | search     | mail       | marketing         | marketing        | 1     | 0.25
move          | search     | sales:call | marketing         | sales            | 1     | 0.25
conversion    | search     | -          | marketing         | -                | 1     | 0.25
move          | mail       | search     | marketing         | marketing        | 1     | 0.333333
conversion    | social     | -          | marketing         | -                | 1     | 1
no_conversion | sales:call | -          | sales             | -                | 1     | 1
""",
        Question(now=NOW, by=("channel",), crediting=Crediting(window_days=30)),
        notes=("credited_without_agreement", "credited_otherwise", "refused_chances"),
        everywhere=True,
    ),
    Case(
        "of a period are the paths that end in it, as often as conversions share them",
        # Ann: spring, fair, and two leads at one instant. Bob's first path ended before the period,
        # his next one (fair) in it. Cat's ended after it. Dan: unknown, fair, a lead. Eve: fair, a
        # lead; her first touch is a minute too early.
        records(
            touch="""
touch_id | party_id | occurred_at         | campaign
a1       | ann      | 2024-03-05          | spring
a2       | ann      | 2024-03-12          | fair
b1       | bob      | 2024-03-05          | spring
b2       | bob      | 2024-03-11          | fair
c1       | cat      | 2024-03-28          | spring
c2       | cat      | 2024-04-02          | fair
d1       | dan      | 2024-03-15          | -
d2       | dan      | 2024-03-16          | fair
e1       | eve      | 2024-02-29T11:59:00 | spring
e2       | eve      | 2024-03-10          | fair
""",
            lead="""
lead_id | party_id | created_at
1       | ann      | 2024-03-12
2       | ann      | 2024-03-12
3       | bob      | 2024-03-08
4       | dan      | 2024-03-20
5       | eve      | 2024-03-10T12:00:00
""",
        ),
        "transitions",
        # Fair and spring have four touches each; the one of April is of no path of the period.
        """
kind          | before | after  | paths | share | share_low | share_high
conversion    | fair   | -      | 4     | 0.8   | -         | -
start         | -      | fair   | 2     | 0.4   | -         | -
start         | -      | spring | 2     | 0.4   | -         | -
move          | spring | fair   | 2     | 1     | -         | -
start         | -      | -      | 1     | 0.2   | -         | -
move          | -      | fair   | 1     | 1     | -         | -
no_conversion | fair   | -      | 1     | 0.2   | -         | -
""",
        Question(
            now=NOW,
            start=instant("2024-03-10"),
            end=instant("2024-04-01"),
            by=("campaign",),
            crediting=Crediting("leads", window_days=10),
        ),
        everywhere=True,
    ),
    Case(
        "as agreed repeats count once, touches are used again, and the small are one",
        # Ned: search twice, mail, bought. Ona bought after search, and again after search and mail.
        # Pia: radio and tv, which are one by the name of other, then search, and bought nothing.
        records(
            touch="""
touch_id | party_id | occurred_at | channel
n1       | ned      | 2024-03-01  | search
n2       | ned      | 2024-03-02  | search
n3       | ned      | 2024-03-03  | mail
o1       | ona      | 2024-03-01  | search
o2       | ona      | 2024-03-03  | mail
p1       | pia      | 2024-03-01  | radio
p2       | pia      | 2024-03-02  | tv
p3       | pia      | 2024-03-03  | search
""",
            order_line="""
order_line_id | party_id | ordered_at | quantity | net_price
1             | ned      | 2024-03-04 | 1        | 30
2             | ona      | 2024-03-02 | 1        | 100
3             | ona      | 2024-03-04 | 1        | 1000
""",
        ),
        "transitions",
        """
kind          | before | after  | before_department | after_department | paths | share
start         | -      | search | -                 | marketing        | 3     | 0.75
move          | search | mail   | marketing         | marketing        | 2     | 0.5
conversion    | mail   | -      | marketing         | -                | 2     | 1
start         | -      | other  | -                 | -                | 1     | 0.25
no_conversion | search | -      | marketing         | -                | 1     | 0.25
conversion    | search | -      | marketing         | -                | 1     | 0.25
move          | other  | search | -                 | marketing        | 1     | 1
""",
        Question(
            now=NOW,
            by=("channel",),
            terms=Terms(
                (
                    (
                        ATTRIBUTION,
                        '[attribution]\nmodel = "markov_1"\nvalue = "revenue"\n'
                        "collapse = true\nreuse = true\nleast_touches = 2\n",
                    ),
                )
            ),
        ),
        notes=("credited_as_agreed", "players_merged"),
        everywhere=True,
    ),
]
