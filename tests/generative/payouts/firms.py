"""Generated companies that pay their salespeople: who sold what, what came back, under which plan.

They are the companies of the funnel with sellers, products, returns and credits put to their
records, and one or two plans whose members are among the owners and sellers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from onefunnel.vocabulary import Terms
from tests.generative.funnel.companies import CALENDARS, START, Company, company

Row = dict[str, Any]
SELLERS = ("web", "Web", "eve", "ярмарка")
SKUS = ("gate", "part", "unlisted", None)
SHARES = ("0.5", "0.5", "0.3", "0.7", "1", None)

TIERS = (
    "{ from = 0, rate = 0.05 }, { from = 20, rate = 0.1 }",
    "{ from = 0, rate = 0.03 }, { from = 100, rate = 0.07, retroactive = true }",
    "{ from = 0, rate = 0.01 }",
)
NARROWED = (
    "",
    "",
    'products = ["gate"]',
    'segments = ["web", "ярмарка"]',
    "from = 2024-03-10\nto = 2024-04-05",
    "threshold = 10",
    'gate = { measure = "margin_rate", at_least = 0.2, otherwise = 0.5 }',
)
WHOLE = (
    "",
    "[draw]\namount = 20\nrecoverable = true",
    "[holdback]\nshare = 0.25\nafter_days = 20",
    '[[pool]]\nname = "all"\nshare = 0.1\nhurdle = 5\nparts = { web = 1, eve = 2 }',
)


def plan_text(random: Random, name: str) -> str:
    """A plan file of one or two components."""
    parts = [
        f'name = "{name}"',
        f'currency = "{random.choice(["EUR", "EUR", "USD", "VND"])}"',
        "from = 2024-03-05",
        f'crediting = "{random.choice(["invoice", "invoice", "booking"])}"',
        f'period = "{random.choice(["month", "quarter"])}"',
        random.choice(["", "clawback_days = 60", "clawback_days = 10", 'accumulate = "reset"']),
        random.choice(WHOLE),
    ]
    for number in range(random.randint(1, 2)):
        base = random.choice(["revenue", "revenue", "margin", "units", "sales"])
        parts += [
            f'[[component]]\nname = "c{number}"\nbase = "{base}"',
            f"tiers = [{random.choice(TIERS)}]",
            random.choice(['whose = "own"', 'whose = "own"', 'whose = "team"']),
            random.choice(NARROWED),
        ]
    for seller in random.sample(SELLERS, random.randint(1, 3)):
        manager = "" if seller == "eve" else random.choice(["", 'manager = "eve"'])
        parts.append(f'[[member]]\nemployee = "{seller}"\n{manager}')
    return "\n".join(parts)


def firm(seed: int, people: int, damage: float) -> Company:
    """The company of a seed with pay plans."""
    made = company(seed, people, damage)
    random = Random(seed)
    records: dict[str, list[Row]] = {**made.records, "credit": [], "payout": [], "closing": []}
    lines = [row["order_line_id"] for row in records["order_line"]]
    records["order_line"] = [
        {
            **row,
            # Larger amounts in a small currency would be beyond what engines convert.
            "quantity": None if row["quantity"] is None else min(row["quantity"], Decimal(3)),
            "seller": random.choice([None, *SELLERS]),
            "sku": random.choice(SKUS),
            "returns": random.choice([None] * 6 + [*random.sample(lines, 1)] * 2 + ["lost"]),
        }
        for row in records["order_line"]
    ]
    records["product"] = [{"sku": sku, "segment": sku and "web"} for sku in ("gate", "part")]
    deals = [row["deal_id"] for row in records["deal"]]
    for number in range(random.randint(0, 12)):
        records["credit"].append(
            {
                "credit_id": f"k{number:02}",
                "order_line_id": random.choice([None, *lines]),
                "deal_id": random.choice([None, *deals]),
                "employee_id": random.choice([*SELLERS, None]),
                "share": _share(random),
                "overlay": random.choice([None, False, False, True]),
            }
        )
    plans = [plan_text(random, f"p{number}") for number in range(random.randint(1, 2))]
    calendar = random.choice(CALENDARS)
    terms = Terms(tuple((f"pay/{at}.toml", text) for at, text in enumerate(plans)))
    now = START + timedelta(days=random.randint(20, 90))
    question = replace(
        made.question, by=(), months=(), start=None, end=None, terms=terms, calendar=calendar
    )
    return Company(records, replace(question, now=now))


def _share(random: Random) -> Decimal | None:
    share = random.choice(SHARES)
    return None if share is None else Decimal(share)


def firms() -> st.SearchStrategy[Company]:
    """Companies of up to twenty-five people."""
    return st.builds(
        firm, st.integers(0, 2**32), st.integers(0, 25), st.sampled_from([0.0, 0.0, 0.1])
    )
