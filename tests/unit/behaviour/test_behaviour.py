"""The measure over leads that were chosen with known strengths, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.behaviour import reference
from onefunnel.measures.behaviour.asked import looked_at
from onefunnel.measures.behaviour.assemble import assemble
from onefunnel.measures.behaviour.query import queries
from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.incentives.assemble import assemble as incentives
from onefunnel.measures.incentives.behaviour import Choices
from onefunnel.measures.incentives.behaviour import behaviour as modelled
from onefunnel.measures.incentives.records_reference import Firm
from onefunnel.vocabulary import Note, Question, Terms
from tests.spec.engines import complete, on_duckdb
from tests.unit.behaviour.ledger import RATES, SEGMENTS, leads, question, ranges

Collected = Mapping[str, pa.Table]
Answered = tuple[tuple[BehaviourRow, ...], tuple[Note, ...]]
PEOPLE, EACH = 8, 60
ALL = PEOPLE * EACH
PULLED = leads(1.5, 0.0, PEOPLE, EACH)


@pytest.fixture(scope="module")
def collected() -> Collected:
    asked = queries(on_duckdb(PULLED), default_rules(), question())
    return {name: each.to_pyarrow() for name, each in asked.items()}


def answer(collected: Collected, text: str | None = None) -> Answered:
    return assemble(collected, default_rules(), question(text))


def codes(answered: Answered) -> list[str]:
    return [note.code for note in answered[1]]


def changed(
    collected: Collected, change: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> Collected:
    """The same with other choices; None leaves one out."""
    table = collected["choices"]
    rows = [change(row) for row in table.to_pylist()]
    kept = [row for row in rows if row is not None]
    return {**collected, "choices": pa.Table.from_pylist(kept, table.schema)}


def test_pay_that_is_followed_is_told(collected: Collected) -> None:
    answered = answer(collected)
    *segments, whole = answered[0]
    assert whole.sentence == "plan_explains"
    assert whole.by_pay_low <= 1.5 <= whole.by_pay_high
    assert whole.by_contribution_low <= 0.0 <= whole.by_contribution_high
    assert (whole.leads, whole.compared, whole.salespeople) == (ALL, ALL, PEOPLE)
    assert whole.pull > 0.8 and whole.within_hours == 8
    assert [each.segment for each in segments] == SEGMENTS
    assert sum(each.in_time for each in segments) == whole.in_time
    by_pay = [segments[place].share_in_time for place in np.argsort(RATES[:, 0])]
    assert by_pay[0] < by_pay[-1]
    assert codes(answered) == ["typed_inputs"]


def test_leads_counted_together_say_nearly_what_each_says(collected: Collected) -> None:
    asked = question()
    look = looked_at(asked)
    every = reference.offers(Firm(complete(PULLED), default_rules(), asked), look)
    places = [SEGMENTS.index(each.segment) for each in every]
    found = modelled(
        Choices(
            np.array([each.in_time for each in every]),
            *RATES[places].T,
            np.array([each.age_seconds / 3600 for each in every]),
            np.array([float(reference.workload(each, every)) for each in every]),
            [str(each.salesperson) for each in every],
        )
    )
    whole = answer(collected)[0][-1]
    for stem in ("by_pay", "by_contribution"):
        one = getattr(found, stem)
        for end, value in (("", one.value), ("_low", one.low), ("_high", one.high)):
            assert getattr(whole, stem + end) == pytest.approx(value, abs=0.05)


def test_rates_and_misplaced_effort_are_those_of_the_incentives(collected: Collected) -> None:
    *segments, whole = answer(collected)[0]
    *others, other = incentives(collected, default_rules(), question())[0]
    for row, same in zip(segments, others, strict=True):
        for stem in ("pay_per_hour", "contribution_per_hour"):
            for end in ("", "_low", "_high"):
                assert getattr(row, stem + end) == getattr(same, stem + end)
    assert whole.misplaced == other.misplaced
    assert sum(each.effort_share for each in segments) == pytest.approx(1.0)
    apart = [abs(each.effort_share - each.potential_share) for each in segments]
    assert whole.misplaced == pytest.approx(sum(apart) / 2)
    assert whole.misplaced > 0.05


def test_names_that_only_worked_leads_have_are_not_used(collected: Collected) -> None:
    answered = answer(
        changed(collected, lambda row: row | ({} if row["in_time"] else {"salesperson": None}))
    )
    whole = answered[0][-1]
    assert (whole.salespeople, whole.sentence) == (None, "plan_explains")
    (said,) = [note for note in answered[1] if note.code == "salespeople_unknown"]
    assert said.params == {"leads": ALL, "named": whole.in_time}
    assert "few_salespeople" not in codes(answered)


def test_few_salespeople_are_said_to_be_few(collected: Collected) -> None:
    answered = answer(changed(collected, lambda row: row | {"salesperson": "e1"}))
    assert answered[0][-1].salespeople == 1
    assert "few_salespeople" in codes(answered)


def test_the_answer_names_no_salesperson(collected: Collected) -> None:
    names = {row["salesperson"] for row in collected["choices"].to_pylist()}
    assert len(names) == PEOPLE
    assert not [name for name in names if f"'{name}'" in repr(answer(collected))]


def test_a_time_that_is_not_agreed_is_stated(collected: Collected) -> None:
    answered = answer(collected, ranges(more=""))
    (said,) = [note for note in answered[1] if note.code == "time_not_agreed"]
    assert said.params == {"hours": 24.0} and " 24 hours" in said.text
    assert answered[0][-1].within_hours == 24


PLAN = """\
name = "sales"
currency = "EUR"
from = 2024-04-01
crediting = "invoice"
period = "month"
[[component]]
name = "all"
base = "revenue"
tiers = [{ from = 0, rate = 0.03 }]
"""


def test_leads_before_the_plan_are_left_out(collected: Collected) -> None:
    terms = Terms((*question().terms.files, ("pay/sales.toml", PLAN)))
    asked = question(terms=terms)
    assert looked_at(asked).since == datetime(2024, 4, 1, tzinfo=UTC)
    notes = assemble(collected, default_rules(), asked)[1]
    (said,) = [note for note in notes if note.code == "leads_before_plan"]
    assert said.params == {"day": "2024-04-01", "plan": "sales"}
    earlier = Terms((("incentives.toml", "history_days = 30"), *terms.files[1:]))
    assert looked_at(question(terms=earlier)).since == datetime(2024, 6, 1, tzinfo=UTC)
    assert looked_at(question(terms=earlier)).plan is None


def test_few_segments_are_said_to_be_few(collected: Collected) -> None:
    answered = answer(changed(collected, lambda row: row if row["segment"] < "s4" else None))
    assert "few_segments" in codes(answered)
    assert answered[0][-1].sentence is not None


def test_segments_without_rates_are_counted_and_not_compared(collected: Collected) -> None:
    unpaid = RATES.copy()
    unpaid[0, 0] = 0.0
    answered = answer(collected, ranges(unpaid))
    first, whole = answered[0][0], answered[0][-1]
    assert first.pay_per_hour == 0 and first.share_in_time is not None
    assert whole.compared == ALL - first.leads
    (said,) = [note for note in answered[1] if note.code == "rates_unknown"]
    assert said.params == {"segments": "s0", "leads": first.leads}


def test_counts_of_what_is_left_out_are_told(collected: Collected) -> None:
    counts = pa.table({"not_over": [3], "undated": [2]})
    said = answer({**collected, "left_out": counts})[1]
    assert {"time_not_over": 3, "work_undated": 2}.items() <= {
        note.code: note.params.get("leads") for note in said
    }.items()


@pytest.mark.parametrize(
    ("change", "text", "code"),
    [
        (lambda row: None, None, "refused_no_choices"),
        (lambda row: row if row["in_time"] else None, None, "refused_few_leads"),
        (lambda row: row, "work_within_hours = 8", "refused_rates"),
        (lambda row: row, ranges(RATES[:, [0, 0]]), "refused_collinear"),
        (lambda row: row, ranges(RATES[[0, 1, 0, 1, 0, 1]]), "refused_few_segments"),
    ],
)
def test_what_the_records_can_not_support_is_refused(
    collected: Collected, change: Any, text: str | None, code: str
) -> None:
    answered = answer(changed(collected, change), text)
    assert code in codes(answered)
    whole = answered[0][-1]
    assert (whole.sentence, whole.by_pay, whole.by_contribution, whole.pull) == (None,) * 4


def test_without_hand_offs_and_deals_nothing_is_said_of_work(collected: Collected) -> None:
    answered = answer({**collected, "traces": pa.table({"traces": [0]})})
    assert "refused_work_unknown" in codes(answered)
    assert {(row.share_in_time, row.sentence) for row in answered[0]} == {(None, None)}


def test_every_field_is_of_some_row() -> None:
    every = {each.name for each in fields(BehaviourRow)}
    of_segments, of_whole = BehaviourRow("s").not_of_row, BehaviourRow(None).not_of_row
    assert of_segments <= every and of_whole <= every and not of_segments & of_whole


def test_without_a_period_the_history_ends_now() -> None:
    now = question().now
    look = looked_at(Question(now=now))
    assert (look.until, look.seconds, look.agreed) == (None, 86_400, False)
    assert (now - look.since).days == 365
