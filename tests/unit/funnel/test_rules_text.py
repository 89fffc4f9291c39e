"""A file of rules with one stage or the horizon written anew, and all else as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from onefunnel.errors import InputError
from onefunnel.funnel.rules import Ownership, Rule, default_rules, default_text, load
from onefunnel.funnel.rules_text import stage_written, with_horizon, with_stage, written
from onefunnel.vocabulary import Department, Stage

PURCHASE = default_rules().of(Stage.PURCHASE)
BOTH = replace(PURCHASE, owners=(Ownership(None, Department.BOTH),))


@pytest.mark.parametrize("stage", default_rules().stages, ids=lambda each: each.stage.value)
def test_a_stage_that_is_written_is_read_again(stage: object) -> None:
    own = next(each for each in default_rules().stages if each == stage)
    assert load(stage_written(own)).of(own.stage) == own


def test_every_key_of_a_rule_is_written() -> None:
    rule = Rule(
        "advocacy",
        where=(("kind", ("review", "referral")),),
        known=("score",),
        at_least=(("score", 4.5),),
        above=(("score", 1),),
        nth=2,
        distinct="party_id",
        within_days=9,
        after=Stage.PURCHASE,
        observed=False,
    )
    owners = (Ownership(None, Department.SALES), Ownership(date(2025, 3, 1), Department.BOTH))
    wanted = replace(
        default_rules().of(Stage.CUSTOMER_ADVOCACY),
        owners=owners,
        rules=(Rule("touch"), rule, Rule("lead", fallback=True)),
    )
    assert load(stage_written(wanted)).of(Stage.CUSTOMER_ADVOCACY) == wanted


def test_text_with_quotes_and_controls_comes_back() -> None:
    rule = Rule("touch", where=(("channel", ('a "b"', "c\\d", "e\nf", "é")),))
    wanted = replace(PURCHASE, rules=(rule,))
    assert load(stage_written(wanted)).of(Stage.PURCHASE) == wanted


def test_the_rest_of_a_file_stays_as_it_was() -> None:
    before = "# ours\nhorizon_days = 30\n\n[stage.brand_awareness]\nowner = 'both' # why\n"
    after = "\n# agreed in March\n[stage.customer_loyalty]\nowner = 'both'\n"
    mine = "\n[stage.purchase]\nowner = 'sales'\n[[stage.purchase.rule]]\nfact = 'lead'\n"
    made = with_stage(before + mine + after, BOTH)
    assert not made.anew
    assert made.text.startswith(before)
    assert made.text.endswith(after)
    assert made.text.count("[stage.purchase]") == 1
    assert made.rules.of(Stage.PURCHASE) == BOTH
    assert made.rules.horizon_days == 30


def test_a_stage_that_was_not_named_comes_last() -> None:
    made = with_stage("horizon_days = 30", BOTH)
    assert made.text.startswith("horizon_days = 30\n\n[stage.purchase]\n")
    assert load(made.text) == made.rules


def test_a_layout_that_can_not_be_followed_is_written_anew() -> None:
    made = with_stage('stage = { purchase = { owner = "sales" } } # ours', BOTH)
    assert made.anew
    assert load(made.text).content_hash == made.rules.content_hash
    assert made.rules.of(Stage.PURCHASE) == BOTH


def test_the_whole_default_file_can_be_changed_stage_by_stage() -> None:
    for stage in default_rules().stages:
        made = with_stage(default_text(), replace(stage, owners=BOTH.owners))
        assert not made.anew
        assert "# A deal known only by its close" in made.text or stage.stage is (
            Stage.PURCHASE_INTENTION
        )


@pytest.mark.parametrize("text", ["", "horizon_days = 90 # a quarter\n", "[stage.purchase]\n"])
def test_the_horizon(text: str) -> None:
    made = with_horizon(text, 45)
    assert load(made.text).horizon_days == 45
    assert not made.anew
    assert ("# a quarter" in made.text) == ("# a quarter" in text)


def test_the_default_rules_need_no_stage() -> None:
    assert "[stage" not in written(default_rules())


def test_a_file_that_can_not_be_read_is_refused() -> None:
    with pytest.raises(InputError):
        with_stage("[stage", BOTH)
