"""Measures of pay and verdicts answer from arrays what they answer by their queries.

The measures of the funnel itself are held to their reference in ``test_dense``. Here purchases are
shown by touches too, and by touches alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from onefunnel.funnel.rules import load
from onefunnel.ledger.engines.duckdb import reader
from onefunnel.measures.periods import asked_period
from onefunnel.measures.registry import MEASURES
from onefunnel.settings import Settings
from onefunnel.vocabulary import Department, Terms, flat
from onefunnel.workflows.workspace import Workspace
from tests.generative.funnel.agreement import REFERENCES, assert_same
from tests.generative.funnel.companies import START, Company, company
from tests.generative.funnel.test_dense import answers, asked
from tests.generative.funnel.test_scorecard import TERMS, with_sellers
from tests.generative.incentives.test_paradox import aimed
from tests.generative.incentives.test_records import worked
from tests.generative.test_versions import distinct, put
from tests.spec.engines import complete
from tests.unit.ledger.conftest import Small

NAMES = tuple(
    name
    for name, each in MEASURES.items()
    if each.shares and each.passes and each.streamed is None and name not in REFERENCES
)
BY_TOUCHES = load("""
[stage.purchase]
[[stage.purchase.rule]]
fact = "deal_event"
where.status = ["won"]
[[stage.purchase.rule]]
fact = "order_line"
above.quantity = 0
[[stage.purchase.rule]]
fact = "touch"
where.kind = ["click"]
[stage.customer_advocacy]
[[stage.customer_advocacy.rule]]
fact = "advocacy"
where.kind = ["referral"]
""")


def made(seed: int) -> Company:
    """A company with sellers, work, spend, targets, what other functions brought, and terms.

    Of one buyer nothing is known but touches.
    """
    chance = Random(seed)
    given = aimed(worked(with_sellers(company(seed, 40, 0.05), chance), chance, 365), chance)
    brought = [
        {
            "contribution_id": f"c{number}",
            "day": START.date() + timedelta(days=chance.randint(-20, 60)),
            "department": chance.choice([*Department, "procurement", None]),
            "amount": chance.choice([Decimal(5), Decimal("7.25"), None]),
            "currency": chance.choice(["EUR", None]),
        }
        for number in range(4)
    ]
    staff = [{**row, "department": "sales"} for row in given.records["employee"]]
    seen = {**given.records["touch"][0], "touch_id": "seen", "party_id": "seen", "kind": "click"}
    calendar, start = given.question.calendar, asked_period(given.question).start
    month = calendar.month_of(calendar.local_day(start))
    touches = [*given.records["touch"], {**seen, "occurred_at": month.start + timedelta(days=2)}]
    named = {"party_id": "seen", "entity_code": len(given.records["entity"])}
    records = {
        **given.records,
        "contribution": brought,
        "employee": staff,
        "touch": touches,
        "entity": [*given.records["entity"], named],
    }
    terms = Terms((*given.question.terms.files, *TERMS.files))
    by = chance.choice([(), ("segment",)])  # only the bridge reads it
    return Company(records, replace(given.question, by=by, end=month.end, terms=terms))


def check(root: Path, given: Company, names: tuple[str, ...] = NAMES) -> None:
    small = Small(root)
    records = distinct(complete(given.records))
    put(small, {}, records)
    workspace = Workspace(root, Settings("test"), lambda: datetime(2024, 1, 1, tzinfo=UTC))
    with reader(small.ledger, small.engine, small.scratch) as opened:
        opened.head = replace(opened.head, next_code=len(records["entity"]))
        one = answers(opened, workspace, BY_TOUCHES, given.question, names)
        other = asked(opened, BY_TOUCHES, given.question, names)
    for name in names:
        assert other[name][0], name
        assert_same(one[name][0], [flat(row) for row in other[name][0]])
        assert one[name][1] == other[name][1], name


def test_arrays_and_queries_agree(tmp_path: Path) -> None:
    check(tmp_path, made(4), ("bridge", "scorecard"))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 130))
def test_arrays_and_queries_agree_on_many_companies(tmp_path: Path, seed: int) -> None:
    check(tmp_path, made(seed))
