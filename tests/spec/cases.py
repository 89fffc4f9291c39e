"""The cases: tables, a question, and what is answered. They run on every engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onefunnel.vocabulary import Calendar, Question
from tests.spec.tables import instant, records

NOW = instant("2024-07-01")


@dataclass(frozen=True)
class Case:
    """What is on record, what is asked, the expected table, and codes of notes that must stand."""

    name: str
    tables: dict[str, list[dict[str, Any]]]
    measure: str
    expected: str
    question: Question = field(default_factory=lambda: Question(now=NOW))
    notes: tuple[str, ...] = ()


def months(calendar: Calendar) -> Question:
    """A question by cohort month, over half a year."""
    spanned = tuple(calendar.months(instant("2024-01-01"), NOW))
    return Question(now=NOW, by=("cohort_month",), months=spanned)


MONEY = [
    Case(
        "large amounts in small units neither overflow nor lose a digit",
        records(
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1            | o1       | ann      | 2024-03-01 | 200000   | 100000    | 99999.9999 | VND
l2            | o1       | ann      | 2024-03-01 | 90000000 | 10000000  | 0         | VND
l3            | o1       | ann      | 2024-03-01 | 90000000 | 10000000  | 0         | VND
""",
        ),
        "funnel",
        """
stage    | entered | revenue               | realised_contribution | unknown_contribution_lines
purchase | 1       | 1800020000000000.0000 | 1800000000000020.0000 | 0
""",
        Question(now=NOW, currency="VND"),
    ),
    Case(
        "halves are rounded away from zero, on both sides of it",
        records(
            lead="""
lead_id | party_id | created_at | channel
a       | ann      | 2024-02-01 | more
b       | bob      | 2024-02-01 | less
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-03-01 | 0.5      | 0.0001    | 0
l2            | o2       | bob      | 2024-03-01 | 1        | 0         | 0
l3            | o3       | bob      | 2024-03-02 | -0.5     | 0.0001    | 0
""",
        ),
        "funnel",
        """
stage    | channel | revenue | realised_contribution
purchase | less    | -0.0001 | -0.0001
purchase | more    | 0.0001  | 0.0001
""",
        Question(now=NOW, by=("channel",)),
    ),
    Case(
        "each amount is converted by the latest rate on or before its day in UTC, and rounded",
        records(
            rate="""
rate_id | day        | currency | base | rate
r1      | 2024-02-01 | USD      | EUR  | 0.90
r2      | 2024-03-01 | USD      | EUR  | 0.92
r3      | 2024-03-02 | USD      | EUR  | 0.99
r4      | 2024-02-01 | EUR      | VND  | 27000
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1 | o1 | ann | 2024-03-01T23:59:59.99 | 3 | 0.3333 | 0.1111 | USD
l2 | o1 | ann | 2024-03-02T01:00:00+02:00 | 1 | 1 | 1 | USD
l3 | o1 | ann | 2024-03-01 | 1 | 1000000 | 0 | VND
l4 | o1 | ann | 2024-03-01 | 1 | 7 | - | XXX
l5 | o1 | ann | 2024-03-01 | 1 | 10 | 4 | -
""",
        ),
        "funnel",
        # 0.9999 × 0.92 = 0.919908, 1 × 0.92, 1000000 / 27000 = 37.037037…, 10.
        """
stage    | revenue | realised_contribution | unknown_contribution_lines
purchase | 48.8769 | 43.6503               | 1
""",
        notes=("unconvertible_lines",),
    ),
    Case(
        "a half of the last decimal is seen through a division",
        records(
            rate="""
rate_id | day        | currency | base | rate
r1      | 2024-02-01 | EUR      | USD  | 3
r2      | 2024-02-01 | EUR      | VND  | 8
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost | currency
l1            | o1       | ann      | 2024-03-01 | 1        | 0.0004         | 0              | VND
l2            | o1       | ann      | 2024-03-01 | 1        | 0.0004         | 0              | USD
l3            | o1       | ann      | 2024-03-01 | 1        | 70000000000.01 | 70000000000.01 | USD
""",
        ),
        "funnel",
        # 0.00005 -> 0.0001; 0.000133… -> 0.0001; 23333333333.336666… -> 23333333333.3367.
        """
stage    | revenue           | realised_contribution
purchase | 23333333333.3369  | 0.0002
""",
    ),
    Case(
        "a won deal counts where no line names it; both unlinked may be the same money twice",
        records(
            deal="""
deal_id | party_id
d1      | ann
d2      | bob
d3      | eve
""",
            deal_event="""
deal_event_id | deal_id | occurred_at | status | amount | currency
e1            | d1      | 2024-03-01  | open   | 100    | EUR
e2            | d1      | 2024-03-05  | won    | -      | EUR
e3            | d2      | 2024-03-05  | won    | 70     | EUR
e4            | d3      | 2024-03-05  | won    | 500    | EUR
""",
            order_line="""
order_line_id | order_id | party_id | deal_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | bob      | -       | 2024-03-06 | 1        | 70        | 50
l2            | o2       | eve      | d3      | 2024-03-06 | 2        | 200       | 150
l3            | o2       | eve      | d3      | 2024-03-06 | -        | 200       | 150
""",
        ),
        "funnel",
        """
stage    | entered | revenue  | realised_contribution | unknown_contribution_lines
purchase | 3       | 640.0000 | 120.0000              | 3
""",
        notes=("possible_double_count", "lines_without_amount"),
    ),
]

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
    ),
]

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

STAGES = [
    Case(
        "a later stage implies the earlier ones; an earlier stage recorded later is out of order",
        records(
            touch="""
touch_id | party_id | occurred_at | kind
t1       | ann      | 2024-03-09  | click
""",
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-03-05
b       | bob      | 2024-03-05
""",
            deal="deal_id | party_id\nd1 | ann\nd2 | bob",
            deal_event="""
deal_event_id | deal_id | occurred_at | status
e1            | d1      | 2024-03-01  | won
e2            | d2      | 2024-03-06  | open
""",
        ),
        "funnel",
        """
stage               | entered | observed | implied
customer_awareness  | 2       | 0        | 2
brand_awareness     | 2       | 0        | 2
brand_consideration | 2       | 1        | 1
brand_preference    | 2       | 0        | 2
purchase_intention  | 2       | 1        | 1
purchase            | 1       | 1        | 0
""",
        notes=("out_of_order",),
    ),
    Case(
        "loyalty is a second order, not a second line; advocacy before a purchase implies nothing",
        records(
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | ann      | 2024-03-01 | 1        | 10        | 5
l2            | o1       | ann      | 2024-03-02 | 1        | 10        | 5
l3            | o1       | bob      | 2024-03-01 | 1        | 10        | 5
l4            | o2       | bob      | 2024-03-02 | 1        | 10        | 5
l5            | o3       | dan      | 2024-03-01 | -1       | 10        | 5
""",
            advocacy="""
advocacy_id | party_id | occurred_at | kind   | score
v1          | ann      | 2024-02-01  | review | 5
v2          | bob      | 2024-03-01  | review | 4
v3          | eve      | 2024-03-01  | review | 5
v4          | ann      | 2024-03-05  | review | 3.9
""",
        ),
        "funnel",
        """
stage             | entered | observed | revenue
purchase          | 2       | 2        | 40.0000
customer_loyalty  | 1       | 0        | 20.0000
customer_advocacy | 1       | 1        | 20.0000
""",
        notes=("advocacy_without_purchase",),
    ),
    Case(
        "where the records hold no acts of buyers, preference is read from the offer to sales",
        records(
            lead="lead_id | party_id | created_at\na | ann | 2024-03-01\nb | bob | 2024-03-01",
            handoff="""
handoff_id | lead_id | occurred_at | kind
h1         | a       | 2024-03-02  | offered
h2         | b       | 2024-03-02  | assigned
h3         | gone    | 2024-03-04  | offered
""",
            entity="""
party_id  | entity_code
ann       | 0
bob       | 1
lead:gone | 2
""",
        ),
        "funnel",
        """
stage               | entered | observed
brand_consideration | 3       | 2
brand_preference    | 2       | 2
""",
        notes=("fallback_used",),
    ),
    Case(
        "a stage that only a survey measures shows the survey, and no conversion across it",
        records(
            lead="lead_id | party_id | created_at\na | ann | 2024-03-01",
            indicator="""
indicator_id | day        | stage              | measure | segment | value | respondents
i1           | 2024-01-01 | customer_awareness | survey  | -       | 0.9   | 100
i2           | 2024-02-01 | customer_awareness | survey  | -       | 0.75  | 12
i3           | 2024-03-01 | customer_awareness | visits  | -       | 900   | -
i4           | 2024-09-01 | customer_awareness | survey  | -       | 0.1   | 12
""",
        ),
        "funnel",
        """
stage | measured_by | entered | implied | population_value | population_low | population_high
customer_awareness | population | - | 1 | 0.75 | 0.467695 | 0.911058
brand_awareness | records | 1 | 1 | - | - | -
""",
        notes=("population_measure",),
    ),
]

LOSSES = [
    Case(
        "a loss stands until the entity comes back",
        records(
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-01-01
b       | bob      | 2024-01-01
b2      | bob      | 2024-04-01
e       | eve      | 2024-01-01
d       | dan      | 2024-01-01
""",
            handoff="""
handoff_id | lead_id | occurred_at | kind         | reason | reason_source
h1         | a       | 2024-02-01  | disqualified | price  | customer
h2         | b       | 2024-02-01  | disqualified | price  | customer
h3         | e       | 2024-02-01  | disqualified | budget | salesperson
h4         | e       | 2024-02-01  | accepted     | -      | -
h5         | e       | 2024-03-01  | disqualified | -      | -
h6         | d       | 2024-02-01  | disqualified | price  | customer
""",
            deal="deal_id | party_id\nd1 | dan",
            deal_event="""
deal_event_id | deal_id | occurred_at | status | lost_reason
e1            | d1      | 2024-01-15  | open   | -
e2            | d1      | 2024-01-20  | lost   | rival
e3            | d1      | 2024-01-25  | lost   | later
e4            | d1      | 2024-05-01  | open   | -
""",
        ),
        # Eve's acceptance at the very instant of the first disqualification did not follow it.
        "lost_reasons",
        """
stage               | reason | source      | lost | share
brand_consideration | budget | salesperson | 1    | 0.5
brand_consideration | price  | customer    | 1    | 0.5
""",
    ),
    Case(
        "a lost deal that a purchase followed is no leak; a loss at a stage and a stall are",
        records(
            lead="""
lead_id | party_id | created_at
a       | ann      | 2024-01-01
b       | bob      | 2024-01-01
c       | eve      | 2024-01-01
d       | dan      | 2024-06-30
""",
            deal="deal_id | party_id\nd1 | ann\nd2 | bob",
            deal_event="""
deal_event_id | deal_id | occurred_at | status
e1            | d1      | 2024-01-15  | open
e2            | d1      | 2024-01-20  | lost
e3            | d2      | 2024-01-15  | open
e4            | d2      | 2024-01-20  | lost
""",
            order_line="""
order_line_id | order_id | party_id | ordered_at | quantity | net_price | unit_cost
l1            | o1       | bob      | 2024-02-01 | 1        | 10        | 4
""",
        ),
        "leaks",
        """
stage               | left | lost | stalled
brand_consideration | 1    | 0    | 1
purchase_intention  | 1    | 1    | 0
purchase            | 1    | 0    | 1
""",
        Question(now=NOW, horizon_days=30),
    ),
]

CASES = [*MONEY, *UNKNOWNS, *TIME, *ORDER, *STAGES, *LOSSES]
