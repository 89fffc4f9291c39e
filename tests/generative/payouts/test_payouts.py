"""What is paid is what the plain reference pays, on every engine; closing changes no line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from onefunnel.errors import UsageError
from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.disk.system import PAYOUT
from onefunnel.measures.payouts.assemble import assemble, to_book
from onefunnel.measures.payouts.plans import purses
from onefunnel.measures.payouts.query import queries
from onefunnel.measures.payouts.reference import payouts
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.periods import months
from tests.generative.funnel.companies import Company
from tests.generative.payouts.firms import firm, firms
from tests.spec.engines import Loader, ask, complete, on_duckdb, on_postgres, on_spark

RULES = default_rules()


def check(load: Loader, company: Company) -> None:
    found, notes = ask(load(company.records), "payouts", company.question)
    assert found == payouts(complete(company.records), RULES, company.question)
    assert not [note for note in notes if note.code.startswith("refused_")]


@settings(max_examples=4)
@given(firms())
def test_duckdb_pays_what_the_reference_pays(company: Company) -> None:
    check(on_duckdb, company)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=400)
@given(firms())
def test_duckdb_pays_what_the_reference_pays_in_many_firms(company: Company) -> None:
    check(on_duckdb, company)


FEW = settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_postgres_pays_what_the_reference_pays(postgres_url: str) -> None:
    @FEW
    @given(firms())
    def agrees(company: Company) -> None:
        check(load, company)

    with on_postgres(postgres_url) as load:
        agrees()


@pytest.mark.timeout(900)
def test_spark_pays_what_the_reference_pays(spark_session: Any) -> None:
    @FEW
    @given(firms())
    def agrees(company: Company) -> None:
        check(on_spark(spark_session), company)

    agrees()


def collected(company: Company) -> dict[str, Any]:
    facts = on_duckdb(company.records)
    asked = queries(facts, RULES, company.question)
    return {name: each.to_pyarrow() for name, each in asked.items()}


def closed(answers: dict[str, Any], rows: list[dict[str, Any]], last: str) -> dict[str, Any]:
    """What the engine answers once these rows are booked and the months up to one are closed."""
    booked = pa.Table.from_pylist(rows, schema=PAYOUT.arrow_schema)
    return {**answers, "booked": booked, "closed": pa.table({"month": [last]})}


def lines(answers: dict[str, Any], company: Company) -> tuple[PayoutRow, ...]:
    return assemble(answers, RULES, company.question)[0]


def months_over(company: Company) -> list[str]:
    """The months of the plans that are over by now."""
    question, calendar = company.question, company.question.calendar
    first = min(purse.first for purse in purses(question))
    spread = months(calendar, first, calendar.local_day(question.now))
    return [each.label for each in spread if calendar.start_of_day(each.after) <= question.now]


@settings(max_examples=3)
@given(firms())
def test_months_that_are_closed_say_what_they_said_open(company: Company) -> None:
    """Each month is closed in its turn, or all at once; either way the lines stay the same."""
    answers = collected(company)
    before, labels = lines(answers, company), months_over(company)
    records: list[dict[str, Any]] = []
    shut = answers
    for label in labels:
        booking = to_book(shut, company.question, label)
        assert {each["month"] for each in booking.records} <= {label}
        records += booking.records
        shut = closed(answers, records, label)
        assert lines(shut, company) == before
    if labels:
        at_once = to_book(answers, company.question, labels[-1])
        assert list(at_once.records) == records
        with pytest.raises(UsageError, match="closed"):
            to_book(shut, company.question, labels[-1])


@settings(max_examples=3)
@given(firms())
def test_a_closed_month_never_changes(company: Company) -> None:
    """Every other order line goes after all was booked: only open months say so."""
    labels = months_over(company)
    if not labels:
        return
    booking = to_book(collected(company), company.question, labels[-1])
    records = {**company.records, "order_line": company.records["order_line"][::2]}
    changed = replace(company, records=records)
    now = collected(changed)
    found = lines(closed(now, list(booking.records), labels[-1]), changed)
    kept = [row for row in found if row.period <= labels[-1]]
    wanted = sorted((r["employee_id"], r["of_month"], r["amount"]) for r in booking.records)
    assert sorted((r.employee_id, r.of_period, r.amount) for r in kept) == wanted
    assert all((row.line == "restatement") == (row.period != row.of_period) for row in found)
    assert by_key(found) == by_key(lines(now, changed))


def by_key(rows: tuple[PayoutRow, ...]) -> dict[tuple[str, ...], Decimal]:
    """What is paid in all, nothing for what comes to 0."""
    found: dict[tuple[str, ...], Decimal] = {}
    for row in rows:
        key = (row.employee_id, row.plan, row.kind, row.component, row.of_period)
        found[key] = found.get(key, Decimal(0)) + row.amount
    return {key: amount for key, amount in found.items() if amount}


def test_generated_firms_pay_restate_and_share() -> None:
    """The comparisons above compare something: over some seeds there is all that they look at."""
    seen: set[str] = set()
    for seed in range(40):
        company = firm(seed, 20, 0.0)
        seen |= {row.line for row in payouts(complete(company.records), RULES, company.question)}
    assert {"earning", "restatement", "pool", "draw", "holdback"} <= seen
