"""Rules of a company's own: every kind of rule, on the engine as in the reference."""

from __future__ import annotations

import pytest

from onefunnel.errors import UnknownName
from onefunnel.funnel.base import prepare
from onefunnel.funnel.notes import NOTES, REASONS, note
from onefunnel.funnel.rules import default_rules, load
from onefunnel.measures.registry import MEASURES, measure
from onefunnel.vocabulary import Question
from tests.generative.funnel.agreement import assert_same, reference
from tests.generative.funnel.companies import company
from tests.spec.engines import ask, keep, on_duckdb

OWN_RULES = """
[[stage.brand_awareness.rule]]
fact = "touch"
distinct = "channel"
nth = 2
within_days = 10
[[stage.brand_preference.rule]]
fact = "handoff"
where.kind = ["accepted", "connected"]
known = ["actor"]
after = "brand_consideration"
[[stage.purchase_intention.rule]]
fact = "deal_event"
at_least.amount = 12.3456
[[stage.purchase_intention.rule]]
fact = "lead"
observed = false
nth = 2
[[stage.customer_loyalty.rule]]
fact = "advocacy"
above.score = 4
[[stage.customer_loyalty.rule]]
fact = "order_line"
fallback = true
after = "purchase"
nth = 2
"""


@pytest.mark.parametrize("seed", [3, 17])
def test_every_kind_of_rule_agrees_with_the_reference(seed: int) -> None:
    made = company(seed, 30, 0.05)
    rules = load(OWN_RULES)
    facts = keep(on_duckdb(made.records), rules, made.question)
    rows, _ = ask(facts, "funnel", made.question, rules)
    assert_same(rows, reference("funnel", made.records, made.question, rules))


def test_an_unknown_measure_or_table_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'funnel'"):
        measure("funel")
    question = Question(now=company(0, 0, 0).question.now)
    with pytest.raises(UnknownName, match="prepared_lines"):
        prepare("prepared_line", {}, default_rules(), question)


def test_an_unknown_figure_or_stage_or_key_is_named() -> None:
    made = company(1, 2, 0)
    facts = on_duckdb(made.records)
    for name, each in MEASURES.items():
        with pytest.raises(UnknownName, match="figure"):
            each.rows(facts, default_rules(), made.question, f"no {name}", {})
    rows = measure("funnel").rows
    with pytest.raises(UnknownName, match="Did you mean 'purchase'"):
        rows(facts, default_rules(), made.question, "entered", {"stage": "purchse"})
    with pytest.raises(UnknownName, match="Did you mean 'channel'"):
        where = {"stage": "purchase", "chanel": "web"}
        rows(facts, default_rules(), made.question, "entered", where)


def test_every_note_has_a_meaning_and_a_sentence() -> None:
    for code, kind in NOTES.items():
        assert kind.about and kind.text.endswith("."), code
    for reason in REASONS:
        params = {"reason": reason, "n": 3, "needed": 5, "horizon_days": 90, "longest_days": 2.5}
        text = note("refused_conversion", stage="a", from_stage="b", rows=1, **params).text
        assert "{" not in text
