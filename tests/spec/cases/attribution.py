"""Who gets credit: which touches are on a path, in which order, and what each model makes of it."""

from __future__ import annotations

from datetime import timedelta

from onefunnel.vocabulary import Question, Terms
from onefunnel.vocabulary.questions import Crediting
from onefunnel.vocabulary.terms import ATTRIBUTION
from tests.spec.attribution_tables import TWO_CHANNELS
from tests.spec.case import NOW, Case
from tests.spec.tables import instant, records

PEOPLE = records(
    # Ann's two touches are of one instant, bob's first two the same but for the key. Dan has one
    # touch, eve none, fay only one after she bought. Gil buys twice. The first touch of hal is a
    # second too early, the next just within the window. Lou's currency has no rate.
    touch="""
touch_id | party_id | occurred_at         | department | kind  | channel
a1       | ann      | 2024-03-01          | marketing  | click | search
a2       | ann      | 2024-03-01          | marketing  | click | mail
b1       | bob      | 2024-03-01          | marketing  | click | search
b2       | bob      | 2024-03-01          | marketing  | click | search
b3       | bob      | 2024-03-02          | marketing  | click | mail
d1       | dan      | 2024-03-01          | marketing  | click | tv
f1       | fay      | 2024-03-10T00:00:01 | marketing  | click | search
g1       | gil      | 2024-03-01          | marketing  | click | search
g2       | gil      | 2024-03-03          | marketing  | click | mail
h1       | hal      | 2024-03-10T23:59:59 | marketing  | click | tv
h2       | hal      | 2024-03-11          | marketing  | click | social
h3       | hal      | 2024-04-09          | marketing  | click | mail
i1       | ida      | 2024-03-01          | marketing  | click | search
i2       | ida      | 2024-03-02          | marketing  | visit | direct
j1       | jon      | 2024-03-01          | marketing  | visit | direct
k1       | kay      | 2024-03-01          | -          | click | search
k2       | kay      | 2024-03-02          | sales      | call  | -
l1       | lou      | 2024-03-01          | marketing  | click | mail
m1       | mia      | 2024-03-01          | marketing  | click | -
""",
    lead="""
lead_id | party_id | created_at
b       | bob      | 2024-03-01
""",
    order_line="""
order_line_id | party_id | ordered_at | quantity | net_price | currency
1             | ann      | 2024-03-02 | 1        | 10        | EUR
2             | bob      | 2024-03-03 | 3        | 10        | EUR
3             | cat      | 2024-03-03 | 1        | 1200      | -
4             | dan      | 2024-03-10 | 1        | 1         | EUR
5             | eve      | 2024-03-10 | 1        | 100000    | EUR
6             | fay      | 2024-03-10 | 1        | 200000    | EUR
7             | gil      | 2024-03-02 | 1        | 2         | EUR
8             | gil      | 2024-03-04 | 1        | 4         | EUR
9             | hal      | 2024-04-10 | 1        | 40        | EUR
10            | ida      | 2024-03-03 | 1        | 6         | EUR
11            | jon      | 2024-03-03 | 1        | 8         | EUR
12            | kay      | 2024-03-03 | 1        | 40        | USD
13            | lou      | 2024-03-03 | 1        | 7         | XXX
14            | mia      | 2024-03-03 | 1        | 5000      | EUR
""",
    rate="""
rate_id | day        | currency | base | rate
r1      | 2024-01-01 | USD      | EUR  | 0.5
""",
)
PEOPLE["touch"] += [
    {
        "touch_id": f"c{number}",
        "party_id": "cat",
        "occurred_at": instant("2024-03-01") + timedelta(minutes=number),
        "department": "marketing",
        "kind": "click",
        "channel": {0: "tv", 119: "mail"}.get(number, "social"),
    }
    for number in range(120)
]

ATTRIBUTION_CASES = [
    Case(
        "each touch is on the path of the next purchase within its window, ties by name",
        PEOPLE,
        "attribution",
        # By person, first to last: ann 10 of mail and search (a tie, by name), bob 30, cat 1200 of
        # 120 touches, dan 1, gil 2 and 4, hal 40, ida 6, jon 8, kay 20. Nobody brought eve, fay
        # and mia.
        """
model           | channel    | department | credit      | grade
first_touch     | social     | marketing  | 40.0000     | E
first_touch     | search     | marketing  | 58.0000     | E
first_touch     | mail       | marketing  | 14.0000     | E
first_touch     | tv         | marketing  | 1201.0000   | E
first_touch     | direct     | marketing  | 8.0000      | E
first_touch     | sales:call | sales      | 0.0000      | E
first_touch     | -          | -          | 305000.0000 | E
last_touch      | social     | marketing  | 0.0000      | E
last_touch      | search     | marketing  | 12.0000     | E
last_touch      | mail       | marketing  | 1274.0000   | E
last_touch      | tv         | marketing  | 1.0000      | E
last_touch      | direct     | marketing  | 14.0000     | E
last_touch      | sales:call | sales      | 20.0000     | E
last_touch      | -          | -          | 305000.0000 | E
last_non_direct | social     | marketing  | 0.0000      | E
last_non_direct | search     | marketing  | 18.0000     | E
last_non_direct | mail       | marketing  | 1274.0000   | E
last_non_direct | tv         | marketing  | 1.0000      | E
last_non_direct | direct     | marketing  | 8.0000      | E
last_non_direct | sales:call | sales      | 20.0000     | E
last_non_direct | -          | -          | 305000.0000 | E
linear          | social     | marketing  | 1200.0000   | E
linear          | search     | marketing  | 40.0000     | E
linear          | mail       | marketing  | 49.0000     | E
linear          | tv         | marketing  | 11.0000     | E
linear          | direct     | marketing  | 11.0000     | E
linear          | sales:call | sales      | 10.0000     | E
linear          | -          | -          | 305000.0000 | E
position_u      | social     | marketing  | 260.0000    | E
position_u      | search     | marketing  | 38.0000     | E
position_u      | mail       | marketing  | 521.0000    | E
position_u      | tv         | marketing  | 481.0000    | E
position_u      | direct     | marketing  | 11.0000     | E
position_u      | sales:call | sales      | 10.0000     | E
position_u      | -          | -          | 305000.0000 | E
position_w      | social     | marketing  | 260.0000    | E
position_w      | search     | marketing  | 40.0000     | E
position_w      | mail       | marketing  | 519.0000    | E
position_w      | tv         | marketing  | 481.0000    | E
position_w      | direct     | marketing  | 11.0000     | E
position_w      | sales:call | sales      | 10.0000     | E
position_w      | -          | -          | 305000.0000 | E
shapley         | social     | marketing  | 420.0000    | C
shapley         | search     | marketing  | 35.0000     | C
shapley         | mail       | marketing  | 444.0000    | C
shapley         | tv         | marketing  | 401.0000    | C
shapley         | direct     | marketing  | 11.0000     | C
shapley         | sales:call | sales      | 10.0000     | C
shapley         | -          | -          | 305000.0000 | C
""",
        Question(
            now=NOW,
            by=("channel",),
            crediting=Crediting(
                value="revenue",
                models=(
                    "first_touch",
                    "last_touch",
                    "last_non_direct",
                    "linear",
                    "position_u",
                    "position_w",
                    "shapley",
                ),
                window_days=30,
            ),
        ),
        notes=(
            "conversions_without_touch",
            "models_differ",
            "worth_unknown",
            "no_model_is_causal",
        ),
        everywhere=True,
    ),
    Case(
        "chains and games of the worked example",
        TWO_CHANNELS,
        "attribution",
        """
model        | channel | credit | removal_effect
markov_1     | g       | 2.4000 | 0.75
markov_1     | m       | 1.6000 | 0.5
markov_1     | -       | 0.0000 | -
markov_2     | g       | 2.4000 | 0.75
markov_2     | m       | 1.6000 | 0.5
markov_2     | -       | 0.0000 | -
shapley      | g       | 2.5000 | -
shapley      | m       | 1.5000 | -
shapley      | -       | 0.0000 | -
shapley_rate | g       | 1.1667 | -
shapley_rate | m       | 2.8333 | -
shapley_rate | -       | 0.0000 | -
""",
        Question(
            now=NOW,
            by=("channel",),
            crediting=Crediting(models=("markov_1", "markov_2", "shapley", "shapley_rate")),
        ),
        notes=("refused_intervals",),
        everywhere=True,
    ),
    Case(
        "as agreed repeats count once, and touches lead to later purchases too",
        # Ned's two clicks count once. What brought ona's first purchase leads to her second too.
        records(
            touch="""
touch_id | party_id | occurred_at | channel
n1       | ned      | 2024-03-01  | search
n2       | ned      | 2024-03-02  | search
n3       | ned      | 2024-03-03  | mail
o1       | ona      | 2024-03-01  | search
o2       | ona      | 2024-03-03  | mail
""",
            order_line="""
order_line_id | party_id | ordered_at | quantity | net_price
1             | ned      | 2024-03-04 | 1        | 30
2             | ona      | 2024-03-02 | 1        | 100
3             | ona      | 2024-03-04 | 1        | 1000
""",
        ),
        "attribution",
        """
model       | channel | credit
first_touch | search  | 1130.0000
first_touch | mail    | 0.0000
first_touch | -       | 0.0000
linear      | search  | 615.0000
linear      | mail    | 515.0000
linear      | -       | 0.0000
time_decay  | search  | 443.3333
time_decay  | mail    | 686.6667
time_decay  | -       | 0.0000
""",
        Question(
            now=NOW,
            by=("channel",),
            terms=Terms(
                (
                    (
                        ATTRIBUTION,
                        '[attribution]\nvalue = "revenue"\nhalf_life_days = 2\n'
                        "collapse = true\nreuse = true\n",
                    ),
                )
            ),
            crediting=Crediting(models=("first_touch", "linear", "time_decay")),
        ),
        everywhere=True,
    ),
]
