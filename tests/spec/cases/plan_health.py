"""Plan health: who reaches the quota, when sales close, how discounts go, on every engine."""

from __future__ import annotations

from onefunnel.vocabulary import Question, Terms
from tests.spec.case import NOW, Case
from tests.spec.tables import records

MEMBERS = "".join(
    f'[[member]]\nemployee = "{who}"\nquota = 100\n' for who in ("ann", "bea", "cid", "dan", "eve")
)
PLAN = f"""
name = "sales"
currency = "EUR"
from = 2024-01-01
to = 2024-03-31
crediting = "invoice"
period = "month"
accumulate = "reset"
[[component]]
name = "price"
base = "revenue"
threshold = 50
tiers = [{{ from = 0, rate = 0.1 }}, {{ from = 100, rate = 0.2 }}]
{MEMBERS}
"""
HEADING = (
    "order_line_id|order_id|party_id|ordered_at|quantity|list_price|net_price|unit_cost|seller"
)
REVENUE = {"ann": 150, "bea": 120, "cid": 100, "dan": 60, "eve": 40}


def _lines() -> str:
    """Everybody sells alike each month; eve also on its last day, and that comes back."""
    lines = [HEADING]
    for month in (1, 2, 3):
        last = {1: 31, 2: 29, 3: 31}[month]
        for who, amount in REVENUE.items():
            key = f"{who}{month}"
            lines.append(f"{key}|o{key}|p|2024-0{month}-03|1|{amount}|{amount}|{amount // 2}|{who}")
        lines.append(f"more{month}|-|p|2024-0{month}-{last}T20:00|1|100|50|40|eve")
        lines.append(f"back{month}|-|p|2024-0{month}-{last}T21:00|-1|100|50|40|eve")
    return "\n".join(lines)


PLAN_HEALTH = [
    Case(
        "quotas, the last week and discounts, with what can't be told",
        # Three of five reach 100 in each of three months, and eve stays below the threshold of 50.
        # Leads that the owners of their deals got: ann two, the others one each.
        # The last four weeks hold the 3rd of February only, five sales, and one of each last day.
        # Eve has six orders below 100, too few for a statement on discounts.
        records(
            order_line=_lines(),
            lead="""
lead_id | party_id | created_at
l1      | p        | 2024-01-05
l2      | p        | 2024-01-05
l3      | p        | 2024-01-05
l4      | p        | 2024-01-05
l5      | p        | 2024-01-05
l6      | p        | 2024-01-05
""",
            deal="""
deal_id | lead_id | owner
d1      | l1      | ann
d2      | l2      | ann
d3      | l3      | bea
d4      | l4      | cid
d5      | l5      | dan
d6      | l6      | eve
""",
        ),
        "plan_health",
        """
component | test            | value | range_high | verdict | n  | code
          | pay_performance | 1     | 1          | fine    | 5  | pay_performance
          | pay_mix         | -     | -          | refused | 0  | no_fixed_pay
          | leverage        | -     | -          | refused | 0  | no_target
          | spike           | -     | -          | refused | 8  | few_sales
          | closing_day     | 3     | -          | told    | 3  | closing_day
          | closing_day     | 5     | -          | told    | 3  | closing_day
price     | at_quota        | 0.6   | 0.7        | fine    | 15 | at_quota
price     | under_threshold | 0.2   | 0.1        | unsure  | 15 | under_threshold
price     | spread          | 0.6   | -          | told    | 15 | spread
price     | attained        | 3     | -          | told    | 15 | attained
price     | attained        | 3     | -          | told    | 15 | attained
price     | attained        | 3     | -          | told    | 15 | attained
price     | attained        | 3     | -          | told    | 15 | attained
price     | attained        | 3     | -          | told    | 15 | attained
price     | unfair_quota    | 0.707107 | 0       | unsure  | 5  | unfair_quota
price     | accelerator     | -     | -          | refused | 6  | few_sales
""",
        Question(now=NOW, terms=Terms((("pay/sales.toml", PLAN),))),
        long=True,
    ),
]
