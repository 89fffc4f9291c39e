"""Tables for attribution written by hand, and what is answered on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.spec.tables import instant, records

DAY = instant("2024-03-01")


def walked(paths: Sequence[tuple[str, bool]]) -> dict[str, list[dict[str, Any]]]:
    """A person for each path: a touch a day, and a purchase the day after where it converted."""
    touches, lines = [], []
    for person, (path, converted) in enumerate(paths):
        channels = path.split()
        touches += [
            {
                "touch_id": f"{person}-{day}",
                "party_id": f"p{person}",
                "occurred_at": DAY + timedelta(days=day),
                "channel": channel,
            }
            for day, channel in enumerate(channels)
        ]
        bought = DAY + timedelta(days=len(channels))
        line = {
            "order_line_id": f"l{person}",
            "party_id": f"p{person}",
            "ordered_at": bought,
            "quantity": Decimal(1),
        }
        lines += [line] * converted
    entity = [{"party_id": f"p{n}", "entity_code": n} for n in range(len(paths))]
    return {"touch": touches, "order_line": lines, "entity": entity}


TWO_CHANNELS = walked([("g", True), ("g", True), ("m", True), ("g m", True), ("g", False)])
"""Section 5 of the methods: P = .8, removal .75 and .5, shares .6 and .4, Shapley 2.5 and 1.5."""
THREE_CHANNELS = walked([("c1 c2 c3", True), ("c1", False), ("c2 c3", False)])
"""The same: P = 1/3, removal .5, 1 and 1, shares .2, .4 and .4."""

# a: a touch out of the window, a tie ended by name, a call of sales, a direct visit, and one at
# the instant of the purchase; a second purchase with a fresh touch of no known channel.
# b: two lines of one instant are one purchase; the touch after it is on no path that converts.
# c: a purchase that no touch came before. d: bought nothing; its first touch is too old.
# e: only said how it heard of us. f: a touch that does not say when, and one of nobody.
TRADE = records(
    touch="""
touch_id | party_id | occurred_at         | department | kind        | channel
1        | a        | 2024-01-01          | marketing  | click       | search
3        | a        | 2024-03-02          | marketing  | click       | social
2        | a        | 2024-03-02          | -          | visit       | search
4        | a        | 2024-03-05          | sales      | call        | -
5        | a        | 2024-03-08          | marketing  | visit       | direct
6        | a        | 2024-03-10          | sales      | meeting     | search
7        | a        | 2024-03-12          | marketing  | click       | -
8        | b        | 2024-03-03          | marketing  | click       | search
9        | b        | 2024-03-20          | marketing  | click       | social
10       | d        | 2024-01-10          | marketing  | click       | social
11       | d        | 2024-03-11          | marketing  | click       | search
12       | e        | 2024-03-01          | marketing  | self_report | search
13       | f        | -                   | marketing  | click       | search
14       | -        | 2024-03-01          | marketing  | click       | search
""",
    lead="""
lead_id | party_id | created_at
l       | a        | 2024-03-06
k       | a        | 2024-03-07
""",
    order_line="""
order_line_id | party_id | ordered_at | quantity | net_price | unit_cost
1             | a        | 2024-03-10 | 1        | 100       | 40
2             | a        | 2024-03-15 | 2        | 5         | -
3             | b        | 2024-03-04 | 1        | 30        | 10
4             | b        | 2024-03-04 | 1        | 10        | 5
5             | c        | 2024-03-04 | 1        | 50        | 20
""",
)
