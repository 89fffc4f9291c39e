"""What is worked in time, on the page: each sentence, what is drawn, and the response it gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.behaviour.notes import note
from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.incentives.notes import note as of_incentives
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Answer, Calendar, Note
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel import behind
from onefunnel.web.pages.incentives import design, plan
from onefunnel.web.pages.incentives.behaviour import SENTENCES, View, behaviour_view, measured
from onefunnel.web.pages.months.offered import offered
from onefunnel.workflows.freshness import Freshness, Held

WORDS = Words("en")
HELD = Held(5, "2024-06-03T10:00:00+00:00", "2024-06-30T10:00:00+00:00")
(JUNE,) = offered(
    Freshness(1, "2024-07-01T10:00:00+00:00", {"lead": HELD}, 0, 0, ()),
    datetime.fromisoformat("2024-07-01T10:00:00+00:00"),
    Calendar(),
    3,
)
WHOLE = BehaviourRow(
    None,
    500,
    200,
    0.4,
    0.358,
    0.443,
    sentence="plan_explains",
    by_pay=1.5,
    by_pay_low=1.0,
    by_pay_high=2.0,
    by_contribution=-0.2,
    by_contribution_low=-0.5,
    by_contribution_high=0.1,
    pull=1.0,
    compared=480,
    salespeople=8,
    within_hours=24.0,
)
GATES = BehaviourRow(
    "gates",
    100,
    90,
    0.9,
    0.826,
    0.945,
    Decimal(5),
    Decimal("4.5"),
    Decimal("5.5"),
    effort_share=0.9,
    effort_share_low=0.9,
    effort_share_high=0.9,
)


def shown(*rows: BehaviourRow, notes: tuple[Note, ...] = (), language: str = "en") -> View:
    answer = Answer("behaviour", rows, notes=notes, ledger_version=1)
    return behaviour_view(answer, JUNE, Words(language))


def test_the_plan_explains_it_not_the_people() -> None:
    seen = shown(GATES, WHOLE)
    assert seen.sentence == "The plan explains it, not the people."
    assert not seen.is_refused
    pay, contribution = seen.strengths
    assert (pay.said.value, pay.said.interval) == ("× 2.83", "[× 2 to × 4]")
    assert pay.bar.label.startswith("Doubled pay per hour: × 2.83")
    assert (pay.bar.low, pay.bar.at, pay.bar.high) == (75.0, 87.5, 100.0)
    assert contribution.bar.low < contribution.bar.at < 50.0 < contribution.bar.high
    assert seen.about.unescape() == (
        "Worked in time means within 1\xa0day after sales got the lead. 480 leads are compared. "
        "8 salespeople could have worked them."
    )


def test_small_strengths_are_drawn_on_an_axis_that_is_not_small() -> None:
    calm = {f"{name}{end}": 0.0 for name in ("by_pay", "by_contribution") for end in ("", "_low")}
    calm |= {"by_pay_high": 0.1, "by_contribution_high": 0.1}
    seen = shown(replace(WHOLE, sentence="capacity_or_process", **calm))
    assert [each.bar.high for each in seen.strengths] == [55.0, 55.0]


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_each_sentence_is_said_in_words(code: str, language: str) -> None:
    seen = shown(replace(WHOLE, sentence=code), language=language)
    assert seen.sentence and seen.meaning and seen.sentence != seen.meaning


def test_a_refusal_says_why_in_the_place_of_the_sentence() -> None:
    bare = BehaviourRow(None, 20, 10, 0.5, 0.3, 0.7, within_hours=24.0)
    why = of_incentives("refused_few_leads", leads=10, needed=40)
    seen = shown(bare, notes=(why, note("time_not_agreed", hours=24.0)))
    assert seen.is_refused and not seen.strengths
    assert seen.sentence.unescape().endswith("can't be said yet.")
    assert seen.meaning == "Only 10 leads were worked in time, or were not; 40 are needed."
    assert [each.code for each in seen.notes] == ["time_not_agreed"]
    assert "24 hours are taken" in seen.notes[0].text


def test_segments_stand_with_their_shares_and_rates() -> None:
    gates, whole = shown(GATES, WHOLE).segments
    assert (gates.in_time.value, gates.in_time.interval) == ("90%", "[83–94]")
    assert gates.pay_per_hour is not None and gates.pay_per_hour.value == "€5"
    assert gates.contribution_per_hour is not None and gates.contribution_per_hour.quiet
    assert gates.effort is not None and gates.effort.value == "90%"
    assert gates.bar is not None and round(gates.bar.low, 1) == 82.6
    assert "measure=behaviour" in gates.in_time_rows and "segment=gates" in gates.in_time_rows
    assert "to=2024-07-01" in gates.in_time_rows and "from=" not in gates.in_time_rows
    assert whole.is_total and whole.pay_per_hour is None


def test_notes_of_the_rates_are_not_said_twice() -> None:
    seen = shown(GATES, WHOLE, notes=(of_incentives("lost_segment", segments="x"),))
    assert seen.notes == ()


# How far pay is followed.


def test_the_response_is_that_of_the_records_until_somebody_asks_for_another() -> None:
    assert measured((replace(WHOLE, pull=0.834),)) == 83
    assert plan.read({}, WORDS, 83) == plan.Chosen(strength=83)
    assert plan.read({"strength": "50"}, WORDS, 83).strength == 50
    assert design.read({}, (), WORDS, 83).strength == 83
    assert design.read({"strength": "50"}, (), WORDS, 83).strength == 50
    assert (plan.read({}, WORDS), design.read({}, (), WORDS).strength) == (plan.Chosen(), 100)
    with pytest.raises(UsageError):
        design.read({"strength": "101"}, (), WORDS, 83)


@pytest.mark.parametrize(
    "changes", [{"sentence": None}, {"sentence": "capacity_or_process"}, {"pull": None}]
)
def test_a_response_that_is_not_known_is_not_taken(changes: dict[str, Any]) -> None:
    assert measured((replace(WHOLE, **changes),)) is None
    assert measured(()) is None


def test_the_response_of_the_records_is_shown_as_such() -> None:
    found = plan.strengths((100, 50), 50, 83, WORDS)
    assert found == [(100, "100%"), (83, "83%, from your records"), (50, "50%")]
    assert plan.strengths((100,), 60, None, WORDS) == [(100, "100%"), (60, "60%")]


def test_every_figure_has_a_title() -> None:
    for figure in measure("behaviour").figures:
        assert ("behaviour", figure) in behind.TITLES
    assert JUNE.period.since == date(2024, 6, 1)
