"""Reading ``funnel.toml``: what it may say, and how a mistake in it is named."""

from __future__ import annotations

from datetime import date

import pytest

from onefunnel.errors import InputError
from onefunnel.funnel.rules import Rule, default_rules, load
from onefunnel.vocabulary import STAGES, Department, Stage


def test_the_default_names_every_stage_with_its_default_owner() -> None:
    rules = default_rules()
    assert tuple(each.stage for each in rules.stages) == STAGES
    assert rules.horizon_days == 90
    for each in rules.stages:
        assert each.owner_on(date(2024, 1, 1)) == each.stage.default_owner
        assert any(not rule.fallback for rule in each.rules)


def test_a_file_replaces_only_what_it_names() -> None:
    rules = load('horizon_days = 30\n[[stage.purchase.rule]]\nfact = "order_line"\nnth = 2')
    assert rules.horizon_days == 30
    assert rules.of(Stage.PURCHASE).rules == (Rule("order_line", nth=2),)
    assert rules.of(Stage.PURCHASE).owners == default_rules().of(Stage.PURCHASE).owners
    assert rules.of(Stage.BRAND_CONSIDERATION) == default_rules().of(Stage.BRAND_CONSIDERATION)


def test_an_owner_may_change_at_a_date() -> None:
    text = """
[[stage.brand_preference.owner]]
since = 2024-07-01
department = "both"
[[stage.brand_preference.owner]]
department = "marketing"
"""
    stage = load(text).of(Stage.BRAND_PREFERENCE)
    assert stage.owner_on(date(2024, 6, 30)) is Department.MARKETING
    assert stage.owner_on(date(2024, 7, 1)) is Department.BOTH


def test_the_hash_is_that_of_the_meaning() -> None:
    one = load('[stage.purchase]\nowner = "both"')
    same = load('# who answers for it\n\n[stage]\npurchase = { owner = "both" }')
    other = load('[stage.purchase]\nowner = "sales"')
    assert one.content_hash == same.content_hash
    assert one.content_hash != other.content_hash
    assert other.content_hash == default_rules().content_hash


RULE = "[[stage.purchase.rule]]\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "said"),
    [
        ("horizon_days =", "bad_toml", 1, "not TOML"),
        ("horizont = 3", "unknown_name", 1, "Did you mean 'horizon_days'?"),
        ("horizon_days = 0", "bad_value", 1, "above 0"),
        ("[stage.purchace]", "unknown_name", 1, "Did you mean 'purchase'?"),
        ('[stage.purchase]\nowner = "sale"', "unknown_name", 2, "Did you mean 'sales'?"),
        ('[stage.purchase]\nruels = "x"', "unknown_name", 2, "Did you mean 'rule'?"),
        (RULE + 'fact = "order"', "unknown_name", 2, "Did you mean 'order_line'?"),
        (RULE + 'fact = "party"', "unknown_name", 2, "No rule can read such a table"),
        (RULE + 'fact = "lead"\nwere = 1', "unknown_name", 3, "Did you mean 'where'?"),
        (RULE + 'fact = "touch"\nwhere.chanel = ["a"]', "unknown_column", 3, "'channel'"),
        (RULE + 'fact = "touch"\nwhere.kind = ["vist"]', "unknown_name", 3, "'visit'"),
        (RULE + 'fact = "touch"\nwhere.kind = "visit"', "bad_value", 3, "list"),
        (RULE + 'fact = "touch"\nwhere.occurred_at = ["x"]', "bad_value", 3, "above"),
        (RULE + 'fact = "touch"\nabove.channel = 3', "bad_value", 3, "no numbers"),
        (RULE + 'fact = "order_line"\nabove.quantity = "a"', "bad_value", None, "number"),
        (RULE + 'fact = "touch"\nnth = 0', "bad_value", 3, "above 0"),
        (RULE + 'fact = "touch"\nobserved = "no"', "bad_value", 3, "true or false"),
        (RULE + 'fact = "touch"\nafter = "purchase"', "unknown_name", None, "earlier stage"),
        (RULE + 'fact = "touch"\nfallback = true', "no_rule", 3, "no fallback"),
        ("[[stage.purchase.owner]]\nsince = 3", "bad_value", 2, "day"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    text: str, code: str, line: int | None, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(text, "my.toml")
    assert caught.value.code == code
    assert caught.value.place.file == "my.toml"
    assert said in str(caught.value)
    if line is not None:
        assert caught.value.place.line == line
