"""Who answers for what they can't move, and measures that pull against each other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.influence import Influence, contradictions, unfair
from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.vocabulary import Department
from tests.unit.scorecard.cards import marketing, sales


def with_counter(source: str, counter: str) -> Scorecard:
    card = marketing()
    measures = (
        replace(each, counter=counter) if each.source == source else each for each in card.measures
    )
    return replace(card, measures=tuple(measures))


def test_what_nobody_can_move_is_flagged_gates_included() -> None:
    influence = {
        "contribution": Influence(0.4, 0.2, 0.6),
        "profit": Influence(0.01, -0.02, 0.04),
        "repeat_purchase": Influence(0.3, -0.1, 0.7),
        "cost_per_lead": Influence(-0.8),
        "complaints": Influence(0.0),
    }
    found = [(each.code, each.source, each.weight) for each in unfair(marketing(), influence)]
    assert found == [
        ("no_influence", "profit", Decimal("0.25")),
        ("influence_uncertain", "repeat_purchase", Decimal("0.20")),
        ("no_influence", "complaints", None),
        ("influence_unknown", "margin", None),
    ]


def test_an_interval_beyond_the_least_influence_of_either_sign_is_influence() -> None:
    card = sales()
    for influence in (Influence(-0.5, -0.9, -0.1), Influence(0.5, 0.1, 0.9), Influence(0.05)):
        known = {measure.source: influence for measure in card.measures}
        assert unfair(card, known) == ()
    unsure = {measure.source: Influence(-0.5, -0.9, -0.04) for measure in card.measures}
    assert {each.code for each in unfair(card, unsure)} == {"influence_uncertain"}


def test_a_counter_metric_that_is_paid_too_is_a_contradictory_role() -> None:
    card = with_counter("cost_per_lead", "profit")
    (found,) = contradictions([card], Department.MARKETING, {})
    assert (found.code, found.one, found.other) == (
        "opposed_by_declaration",
        "cost_per_lead",
        "profit",
    )
    # Of another department's scorecard nothing is said.
    assert contradictions([card], Department.SALES, {}) == ()


def test_one_figure_that_is_to_rise_here_and_to_fall_there() -> None:
    card = marketing()
    curve = card.measures[1].curve
    turned = replace(curve, threshold=curve.cap, cap=curve.threshold)
    other = replace(card, measures=(replace(card.measures[1], curve=turned),))
    (found,) = contradictions([card, other, other], Department.MARKETING, {})
    assert (found.code, found.one, found.other) == ("opposed_directions", "profit", "profit")


@pytest.mark.parametrize(("sign", "opposed"), [(1, True), (-1, False)])
def test_measures_that_pull_against_each_other_in_history(sign: int, opposed: bool) -> None:
    # Cheaper leads are better: where profit rises with their cost, the two are opposed.
    random = np.random.default_rng(3)
    profit = random.normal(10, 1, 24)
    cost = 50 + sign * 5 * (profit - 10) + random.normal(0, 0.5, 24)
    history = {"profit": profit.tolist(), "cost_per_lead": [*cost[:-1].tolist(), None]}
    found = contradictions([marketing()], Department.MARKETING, history)
    assert [(each.code, each.one, each.other, each.changes) for each in found] == (
        [("opposed_in_history", "cost_per_lead", "profit", 22)] if opposed else []
    )
    if opposed:
        assert found[0].tau is not None
        assert found[0].tau < -0.5


def test_short_or_flat_histories_say_nothing() -> None:
    rising = [float(n) for n in range(8)]
    history: dict[str, list[float | None]] = {"profit": [*rising], "cost_per_lead": [*rising]}
    assert contradictions([marketing()], Department.MARKETING, history) == ()
    flat: dict[str, list[float | None]] = {"profit": [1.0] * 20, "cost_per_lead": [2.0] * 20}
    assert contradictions([marketing()], Department.MARKETING, flat) == ()
    with pytest.raises(UsageError, match="differ in length"):
        contradictions([marketing()], Department.MARKETING, {**flat, "profit": [1.0]})


def test_without_a_contradiction_one_is_rarely_seen() -> None:
    random = np.random.default_rng(4)
    seen = 0
    for _ in range(200):
        history = {
            measure.source: random.normal(size=20).tolist() for measure in marketing().measures
        }
        seen += bool(contradictions([marketing()], Department.MARKETING, history))
    assert seen / 200 <= 0.08
