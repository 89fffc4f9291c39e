"""Offline conversions: which click each lead and customer goes back by, and why others do not."""

from __future__ import annotations

from onefunnel.vocabulary import Question
from tests.spec.case import NOW, Case
from tests.spec.tables import instant, records

HEX = "f894f652ea334e739002f7167ab8f8e3"
PERIOD = Question(now=NOW, start=instant("2024-05-01"), end=NOW)

# ann: of two clicks of Google the later one; a bing click of a known shape; a lead, accepted, and
# a purchase of which a part came back. bob: all of the purchase was returned, and the acceptance
# taken back. cat: Google's click is 91 days old; a Facebook click by its source. dan: a click whose
# platform nothing tells, and one whose shape contradicts its source. eve: yclid only. fay: nothing.
# gil was erased, hal objects. ivy: the click came after the lead, and at the instant of the order.
# jon: a lead of 29 April: not of the period; but what he bought in May counts for him.
CLICKS = records(
    touch=f"""
touch_id | party_id  | occurred_at         | source     | channel  | medium | click_id
a1       | ann       | 2024-04-01          | newsletter | -        | cpc    | gclid:Old_1
a2       | ann       | 2024-05-01          | -          | -        | -      | EAIaIQann
a3       | ann       | 2024-05-01          | bing       | -        | -      | {HEX}
a4       | ann       | 2024-05-20          | -          | -        | -      | gclid:After
b1       | bob       | 2024-05-02          | Google_Ads | -        | -      | bob-1
c1       | cat       | 2024-03-03          | -          | -        | -      | GCLID=Cat
c2       | cat       | 2024-05-30          | -          | Facebook | -      | cat.2
d1       | dan       | 2024-05-01          | letter     | mail     | -      | dan-1
d2       | dan       | 2024-05-02          | google     | -        | -      | IwARdan
e1       | eve       | 2024-05-01          | google     | -        | -      | yclid:17
f1       | fay       | 2024-05-01          | google     | -        | -      | -
g1       | erased-01 | 2024-05-01          | google     | -        | -      | erased-02
h1       | hal       | 2024-05-01          | -          | -        | -      | gclid:hal
i1       | ivy       | 2024-05-10          | -          | -        | google | wbraid:ivy
j1       | jon       | 2024-04-28          | -          | -        | -      | gbraid:jon
""",
    party="""
party_id | attributes
hal      | {"no_advertising": true}
fay      | {"no_advertising": false}
""",
    lead="""
lead_id | party_id  | created_at
a       | ann       | 2024-05-05
b       | bob       | 2024-05-05
c       | cat       | 2024-06-02
d       | dan       | 2024-05-05
e       | eve       | 2024-05-05
f       | fay       | 2024-05-05
g       | erased-01 | 2024-05-05
h       | hal       | 2024-05-05
i       | ivy       | 2024-05-05
j       | jon       | 2024-04-29
""",
    handoff="""
handoff_id | lead_id | occurred_at | kind
1          | a       | 2024-05-06  | accepted
2          | a       | 2024-05-08  | accepted
3          | b       | 2024-05-06  | accepted
4          | b       | 2024-05-07  | returned
5          | c       | 2024-06-03  | rejected
""",
    order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | returns
1             | o1       | ann      | 2024-05-10 | 2        | 100       | 60        | -
2             | o1       | ann      | 2024-05-10 | 1        | 50        | 20        | -
3             | r1       | ann      | 2024-05-15 | -1       | 100       | 60        | 1
4             | o2       | ann      | 2024-06-15 | 1        | 9         | 1         | -
5             | o3       | bob      | 2024-05-11 | 3        | 10        | 5         | -
6             | r2       | bob      | 2024-05-12 | -3       | 10        | 5         | 5
7             | o4       | ivy      | 2024-05-10 | 1        | 30        | -         | -
8             | o5       | jon      | 2024-05-20 | 1        | 70        | 30        | -
9             | r3       | jon      | 2024-06-20 | -1       | 5         | 1         | -
""",
)

OFFLINE_CONVERSIONS = [
    Case(
        "the last click of each platform before it takes a conversion back, and all are told",
        CLICKS,
        "offline_conversions",
        """
platform  | of       | conversions | returned | taken_back | expired | too_old | not_assigned
google    | lead     | 9           | 2        | 0          | 0       | 1       | 1
google    | accepted | 2           | 1        | 1          | 0       | 0       | 0
google    | customer | 4           | 3        | 1          | 0       | 0       | 0
meta      | lead     | 9           | 1        | 0          | 0       | 0       | 1
meta      | accepted | 2           | 0        | 0          | 0       | 0       | 0
meta      | customer | 4           | 0        | 0          | 0       | 0       | 0
microsoft | lead     | 9           | 1        | 0          | 0       | 0       | 1
microsoft | accepted | 2           | 1        | 0          | 0       | 0       | 0
microsoft | customer | 4           | 1        | 0          | 0       | 0       | 0
""",
        PERIOD,
        ("clicks_by_source", "clicks_not_assigned", "clicks_of_others"),
        long=True,
    ),
    Case(
        "what is told with it: the first purchase less what came back, unknown where a cost is",
        CLICKS,
        "offline_conversions",
        """
platform  | of | other_platform | without_click | kept_out | to_adjust | revenue  | contribution
google    | lead | 1              | 2             | 2        | 2         | 150.0000 | 70.0000
google    | accepted | 0              | 0             | 0        | 2         | 150.0000 | 70.0000
google    | customer | 0              | 0             | 0        | 2         | 250.0000 | 110.0000
meta      | lead | 3              | 2             | 2        | 0         | -        | -
meta      | accepted | 2              | 0             | 0        | 0         | 0.0000   | 0.0000
meta      | customer | 4              | 0             | 0        | 0         | 0.0000   | 0.0000
microsoft | lead | 3              | 2             | 2        | 1         | 150.0000 | 70.0000
microsoft | accepted | 1              | 0             | 0        | 1         | 150.0000 | 70.0000
microsoft | customer | 3              | 0             | 0        | 1         | 150.0000 | 70.0000
""",
        PERIOD,
        long=True,
    ),
]
