"""The measure over Company X's records: plans with steps, what is typed, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import TABLES
from onefunnel.measures.incentives.assemble import assemble, sheet_of
from onefunnel.measures.incentives.query import queries
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.vocabulary import Note, Question, Terms
from tests import company_x
from tests.spec.engines import on_duckdb
from tests.spec.tables import READERS

ONE_RATE = company_x.PLAN
SIX_RANGES = """\
margin = { low = 0.1, best = 0.15, high = 0.6 }
minutes_per_lead = { low = 20, best = 60, high = 200 }
sellers = 2
weekly_hours = { low = 30, best = 35, high = 40 }
share_of_time = { low = 0.8, best = 1.0, high = 1.0 }
pay = { rate = 0.03, on = "revenue" }
"""

Collected = Mapping[str, pa.Table]
Answered = tuple[tuple[IncentivesRow, ...], tuple[Note, ...]]


def with_step(start: int, rate: str, plan: str = ONE_RATE) -> str:
    step = f"[[component.tiers]]\nfrom = {start}\nrate = {rate}\n\n[[member]]"
    return plan.replace("[[member]]", step, 1)


def june(plan: str | None = ONE_RATE, ranges: str = company_x.RANGES) -> Question:
    files = [("incentives.toml", ranges), *([("pay/sales.toml", plan)] if plan else [])]
    start, end, now = (datetime(2024, month, 1, tzinfo=UTC) for month in (6, 7, 11))
    return Question(now=now, start=start, end=end, terms=Terms(tuple(files)))


def collect(tables: company_x.Tables, question: Question) -> Collected:
    records: dict[str, list[dict[str, Any]]] = {
        name: [
            {key: READERS[TABLES[name].by_name[key].kind](str(v)) for key, v in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    }
    parties = sorted(
        {row["party_id"] for rows in records.values() for row in rows if "party_id" in row}
    )
    records["entity"] = [
        {"party_id": party, "entity_code": code} for code, party in enumerate(parties)
    ]
    expressions = queries(on_duckdb(records), default_rules(), question)
    return {name: each.to_pyarrow() for name, each in expressions.items()}


@pytest.fixture(scope="module")
def collected() -> Collected:
    """Asked under a plan with steps, so that it serves one without as well."""
    return collect(company_x.tables(), june(with_step(25_200, "0.10")))


@pytest.fixture(scope="module")
def lists() -> Collected:
    return collect(company_x.lists_only(), june(None, SIX_RANGES))


def answer(collected: Collected, question: Question) -> Answered:
    return assemble(collected, default_rules(), question)


def codes(answered: Answered) -> list[str]:
    return [note.code for note in answered[1]]


def test_steps_that_nobody_reaches_change_nothing(collected: Collected) -> None:
    (gates, parts, whole), _ = answer(collected, june(with_step(1_000_000, "0.05")))
    assert (gates.pay_per_win, parts.pay_per_win) == (60, Decimal("1.8"))
    assert float(whole.v_plan or 0) == pytest.approx(7_500, abs=1e-3)
    assert float(whole.payroll_best or 0) == pytest.approx(988, abs=1e-3)


def test_a_step_counts_what_sellers_have_sold_before(collected: Collected) -> None:
    """By June both had sold 20 parts for 60, e1 the regular's order of 90 too.

    In June e1 sells 13 gates and e2 12; both pass the step of the year, where a win pays 10 %. If
    each were to work half of all, e1 would sell 12.5 gates more beyond 1290, of 25,000 in all.
    """
    (gates, _, whole), _ = answer(collected, june(with_step(25_200, "0.10")))
    assert gates.pay_per_win == 200
    beyond = [before + 25_000 - 25_200 for before in (1_290, 1_200)]
    paid = sum(25_000 * 0.03 + max(each, 0) * 0.07 for each in beyond)
    assert float(whole.payroll_plan or 0) == pytest.approx(paid, abs=1e-3)


def test_a_plan_that_pays_parts_only_sends_all_to_parts(collected: Collected) -> None:
    plan = ONE_RATE.replace('base = "revenue"', 'base = "revenue"\nsegments = ["parts"]')
    (gates, parts, whole), _ = answer(collected, june(plan))
    assert (gates.pay_per_win, parts.pay_per_win) == (0, Decimal("1.8"))
    assert parts.worked_plan == 400
    assert whole.v_plan == 9_260


def test_a_rate_on_margin_aligns_both(collected: Collected) -> None:
    plan = ONE_RATE.replace('base = "revenue"', 'base = "margin"')
    (gates, parts, whole), _ = answer(collected, june(plan))
    assert (gates.pay_per_win, parts.pay_per_win) == (9, Decimal("1.08"))
    assert (whole.v_plan, whole.incentive_cost) == (9_260, 0)


def test_sales_that_are_counted_pay_alike(collected: Collected) -> None:
    plan = ONE_RATE.replace('base = "revenue"', 'base = "sales"').replace("0.03", "4")
    (gates, parts, _), _ = answer(collected, june(plan))
    assert (gates.pay_per_win, parts.pay_per_win) == (4, 4)


def test_two_plans_are_averaged_by_the_hours_of_their_members(collected: Collected) -> None:
    half = ONE_RATE.replace('[[member]]\nemployee = "e2"\n', "")
    other = half.replace('"e1"', '"e2"').replace("0.03", "0.05").replace('"sales"', '"senior"')
    terms = Terms((("pay/a.toml", half), ("pay/b.toml", other)))
    start, end, now = (datetime(2024, month, 1, tzinfo=UTC) for month in (6, 7, 11))
    (gates, _, _), _ = answer(collected, Question(now=now, start=start, end=end, terms=terms))
    assert gates.pay_per_win == 80


def test_attainment_without_a_quota_is_refused(collected: Collected) -> None:
    plan = with_step(2, "0.05").replace(
        'base = "revenue"', 'base = "revenue"\ntiers_on = "attainment"'
    )
    answered = answer(collected, june(plan))
    assert "refused_plan_quota" in codes(answered)
    assert answered[0][0].pay_per_win is None
    assert answered[0][-1].v_best == 9_260


def test_a_plan_in_another_currency_pays_nothing_here(collected: Collected) -> None:
    answered = answer(collected, june(ONE_RATE.replace("EUR", "USD")))
    assert "refused_other_currency" in codes(answered)
    assert (answered[0][-1].v_plan, answered[0][-1].v_best) == (None, 9_260)
    (missing,) = [note for note in answered[1] if note.code == "refused_missing_input"]
    assert missing.params["input"] == "pay_per_win"


def test_a_plan_that_has_ended_pays_nothing(collected: Collected) -> None:
    ended = ONE_RATE.replace("from = 2024-01-01", "from = 2024-01-01\nto = 2024-06-29")
    assert answer(collected, june(ended))[0][-1].v_plan is None
    still = ONE_RATE.replace("from = 2024-01-01", "from = 2024-01-01\nto = 2024-06-30")
    assert answer(collected, june(still))[0][-1].v_plan == 7_500


def test_what_is_typed_for_a_segment_goes_before_the_records(collected: Collected) -> None:
    ranges = "[segments.parts]\nwin_probability = 0.2\n[segments.gatez]\nmargin = 0.1\n"
    (_, parts, _), notes = answer(collected, june(ranges=ranges))
    assert (parts.win_probability, parts.win_probability_low) == (0.2, 0.2)
    assert parts.contribution_per_hour == 18
    (lost,) = [note for note in notes if note.code == "lost_segment"]
    assert lost.params == {"segments": "gatez"}
    (typed,) = [note for note in notes if note.code == "typed_inputs"]
    assert "win_probability (parts)" in str(typed.params["inputs"])


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("hours = 250", 250),
        ('hours = { low = 50, best = 70, high = 70, per = "week" }', 300),
        ('hours = { low = 280, best = 290, high = 310, per = "month" }', 290),
        ("share_of_time = { low = 0.4, best = 0.5, high = 0.6 }", 150),
    ],
)
def test_hours_are_typed_or_of_employees(collected: Collected, text: str, hours: float) -> None:
    assert answer(collected, june(ranges=text))[0][-1].hours == pytest.approx(hours)


def test_an_hour_that_costs_more_than_gates_bring_is_told(collected: Collected) -> None:
    whole = answer(collected, june(ranges="hour_cost = 30"))[0][-1]
    assert whole.hours_worth_adding == 0
    whole = answer(collected, june(ranges="hour_cost = 20"))[0][-1]
    assert whole.hours_worth_adding == pytest.approx(160)
    assert whole.worth_of_hours == 800


def test_a_lead_list_an_order_list_and_six_ranges_give_a_first_range(lists: Collected) -> None:
    answered = answer(lists, june(None, SIX_RANGES))
    assert "worked_unknown" in codes(answered)
    assert "refused_missing_input" not in codes(answered)
    gates, parts, whole = answered[0]
    # 25 of 100 gates bring 15 % of 2000, 40 of 500 parts 15 % of 60.
    assert float(whole.v_actual or 0) == pytest.approx(25 * 300 + 400 * 40 / 500 * 9, abs=1e-3)
    assert (gates.worked_actual, parts.worked_actual) == pytest.approx((62.5, 216))
    assert gates.win_probability == pytest.approx(25 / 62.5)
    assert (whole.v_actual_low or 0) < 7_500 * 0.9
    assert whole.v_unlimited_high is not None


@pytest.mark.parametrize(
    ("left_out", "wanted"),
    [
        ("margin", "contribution_per_win"),
        ("minutes_per_lead", "hours_per_lead"),
        ("sellers", "hours"),
        ("pay", "pay_per_win"),
    ],
)
def test_each_range_that_is_not_typed_is_asked_for(
    lists: Collected, left_out: str, wanted: str
) -> None:
    lines = [line for line in SIX_RANGES.splitlines() if not line.startswith(f"{left_out} ")]
    _, notes = answer(lists, june(None, "\n".join(lines)))
    (missing,) = [note for note in notes if note.code == "refused_missing_input"]
    assert missing.params["input"] == wanted


def test_the_inputs_are_there_for_other_pages(collected: Collected) -> None:
    filled = sheet_of(collected, june())
    assert filled is not None
    assert [each.name for each in filled.sheet.segments] == ["gates", "parts"]
    assert filled.staff == ()


def test_nothing_on_record_is_no_error() -> None:
    empty = {name: rows[:0] for name, rows in company_x.tables().items()}
    collected = collect(empty, june())
    (whole,), notes = answer(collected, june())
    assert (whole.segment, whole.leads, whole.v_best) == (None, 0, None)
    assert [note.code for note in notes] == ["refused_no_leads"]
    assert sheet_of(collected, june()) is None
