"""Three questions on one's own scorecard, and a scorecard that waits for the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.scorecard import reference
from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.measures.scorecard.understanding import (
    Answers,
    Question,
    questions,
    right,
    standing,
)
from tests.unit.scorecard.cards import ON_TARGET, marketing, sales, scorecards

PAY = Decimal(2_000)
START = datetime(2025, 1, 1, tzinfo=UTC)
PEOPLE = {"ana": PAY, "bo": PAY}


def answered(card: Scorecard, person: str, hours: int, wrong: int = 0, attempt: int = 1) -> Answers:
    """The right places, but for the first ``wrong`` of them."""
    asked = questions(card, person, attempt, PEOPLE.get(person, PAY))
    chosen = [(each.answer + (at < wrong)) % len(each.options) for at, each in enumerate(asked)]
    return Answers(person, card.digest, attempt, tuple(chosen), START + timedelta(hours=hours))


def by_code(card: Scorecard, code: str) -> list[Question]:
    asked = [each for n in range(200) for each in questions(card, "ana", n, PAY)]
    found = [each for each in asked if each.code == code]
    assert found
    return found


def option(question: Question) -> str:
    return question.options[question.answer]


@given(scorecards(), st.integers(1, 99), st.decimals(0, 9_999, places=2))
def test_three_different_questions_each_with_one_right_option(
    card: Scorecard, attempt: int, target_pay: Decimal
) -> None:
    asked = questions(card, "ana", attempt, target_pay)
    assert len(asked) == 3
    assert asked == questions(card, "ana", attempt, target_pay)
    assert len({(each.code, tuple(each.params.items())) for each in asked}) == 3
    assert asked[0].code == "money_at"
    for each in asked:
        assert 2 <= len(each.options) <= 4
        assert len(set(each.options)) == len(each.options)


def test_the_right_option_on_money_is_what_the_reference_would_pay() -> None:
    card = marketing()
    bounds = {"complaints": Decimal(20), "margin": Decimal("0.25")}
    for each in by_code(card, "money_at"):
        values = {**ON_TARGET, **bounds, each.params["measure"]: Decimal(each.params["value"])}
        share = reference.whole(card, values)
        assert share is not None
        assert Decimal(option(each)) == pytest.approx(Decimal(float(share * 2_000)), abs=1e-3)


def test_the_right_options_are_those_of_the_scorecard() -> None:
    card = marketing()
    curves = {measure.source: measure.curve for measure in card.measures}
    for each in by_code(card, "starts_at"):
        assert Decimal(option(each)) == curves[each.params["measure"]].threshold
    for each in by_code(card, "stops_at"):
        assert Decimal(option(each)) == curves[each.params["measure"]].cap
    for each in by_code(card, "payout_at"):
        curve = curves[each.params["measure"]]
        assert Decimal(option(each)) == curve.payout(Decimal(each.params["value"]))
    assert {option(each) for each in by_code(card, "weighs_most")} == {"contribution"}
    assert {option(each) for each in by_code(card, "gate_shut")} == {"0.5"}


def test_other_people_attempts_and_versions_have_other_questions() -> None:
    card, changed = marketing(), replace(marketing(), of="growth")
    first = questions(card, "ana", 1, PAY)
    others = [
        questions(card, "bo", 1, PAY),
        questions(card, "ana", 2, PAY),
        questions(changed, "ana", 1, PAY),
    ]
    assert all(first != other for other in others)
    # The right option stands in every place.
    places = {each.answer for n in range(60) for each in questions(card, "ana", n, PAY)}
    assert places == {0, 1, 2, 3}


def test_a_scorecard_takes_effect_once_everybody_has_answered_all_three() -> None:
    card = marketing()
    nobody = standing(card, PEOPLE, [])
    assert (nobody.effective, nobody.since, nobody.waiting) == (False, None, ("ana", "bo"))
    half = standing(card, PEOPLE, [answered(card, "ana", 1)])
    assert (half.effective, half.waiting) == (False, ("bo",))
    given = [answered(card, "bo", 5), answered(card, "ana", 1), answered(card, "bo", 9)]
    both = standing(card, PEOPLE, given)
    assert (both.effective, both.since, both.waiting) == (True, START + timedelta(hours=5), ())


def test_two_of_three_are_not_enough_and_a_second_attempt_is() -> None:
    card = marketing()
    for wrong in (1, 2, 3):
        tried = [answered(card, "ana", 1, wrong), answered(card, "bo", 2)]
        assert standing(card, PEOPLE, tried).waiting == ("ana",)
    again = [*tried, answered(card, "ana", 3, attempt=2)]
    assert standing(card, PEOPLE, again).effective
    early = replace(answered(card, "ana", 1), chosen=answered(card, "ana", 1).chosen[:2])
    assert standing(card, PEOPLE, [early, answered(card, "bo", 2)]).waiting == ("ana",)


def test_answers_to_another_version_or_of_somebody_else_count_for_nothing() -> None:
    card, former = marketing(), replace(marketing(), of="growth")
    given = [answered(former, "ana", 1), answered(card, "bo", 1), answered(card, "eve", 1)]
    assert standing(card, PEOPLE, given).waiting == ("ana",)


def test_a_scorecard_that_breaks_a_rule_waits_for_its_mending() -> None:
    card = replace(sales(), measures=sales().measures[:2])
    given = [answered(card, "ana", 1), answered(card, "bo", 1)]
    said = standing(card, PEOPLE, given)
    assert (said.effective, said.errors, said.waiting) == (
        False,
        ("weights_do_not_sum", "required_missing"),
        (),
    )


def test_a_scorecard_of_nobody_never_takes_effect() -> None:
    assert not standing(marketing(), {}, []).effective


def test_places_are_compared_one_by_one() -> None:
    asked = questions(marketing(), "ana", 1, PAY)
    good = [each.answer for each in asked]
    assert right(asked, good) == (True, True, True)
    assert right(asked, [good[0], -1, good[2]]) == (True, False, True)
