"""Scorecards: for whom each is, who sees it, when it is in effect, what it would pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from onefunnel.measures.scorecard.findings import RULES
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.measures.scorecard.reading import load
from onefunnel.measures.scorecard.result import ScorecardRow
from onefunnel.measures.scorecard.understanding import questions
from onefunnel.vocabulary import Department, Note
from onefunnel.web.jobs.roster import Worker
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.pages.scorecards.content import card_view, values_of
from onefunnel.web.pages.scorecards.forms import said
from onefunnel.web.pages.scorecards.terms import QUESTIONS
from onefunnel.web.pages.scorecards.understood import question_views
from onefunnel.web.pages.scorecards.whose import Looker, is_for, people_of

DAY = date(2024, 6, 30)
CARD = load(
    """
level = "person"
of = "e1"
department = "support"
from = 2024-01-01
[[measure]]
source = "contribution"
owner = "both"
weight = 0.6
threshold = 80
target = 100
cap = 120
counter = "discount"
[[measure]]
source = "customers"
owner = "sales"
weight = 0.4
threshold = 8
target = 10
cap = 14
counter = "arpu"
[[gate]]
source = "margin"
floor = 0.2
shut = 0.25
""",
    "scorecards/one.toml",
)


def worker(name: str, department: str = "sales", role: str = "", manager: str = "") -> Worker:
    return Worker(name, name.upper(), department, role, manager, None, None)


STAFF = (
    worker("e1", "support"),
    worker("e2", "sales", "hunter", "e9"),
    worker("e3", "sales", "farmer", "e9"),
    worker("e9", "sales", "head"),
    worker("m1", "marketing", "hunter"),
)


def card(level: Level, of: str, department: Department | None = Department.SALES) -> Scorecard:
    return replace(CARD, level=level, of=of, department=department)


@pytest.mark.parametrize(
    ("of", "people"),
    [
        (card(Level.PERSON, "e2"), ["e2"]),
        (card(Level.ROLE, "hunter"), ["e2"]),
        (card(Level.TEAM, "e9"), ["e2", "e3", "e9"]),
        (card(Level.DEPARTMENT, "sales"), ["e2", "e3", "e9"]),
        (card(Level.COMPANY, "X", None), []),
    ],
)
def test_for_whom_a_scorecard_is(of: Scorecard, people: list[str]) -> None:
    assert [each.employee_id for each in people_of(of, STAFF, DAY)] == people


def test_who_has_left_is_not_waited_for() -> None:
    gone = replace(STAFF[1], active_to=date(2024, 6, 1))
    assert people_of(card(Level.PERSON, "e2"), (gone,), DAY) == ()


def test_who_sees_which_scorecard() -> None:
    cards = {
        "own": card(Level.PERSON, "e2"),
        "other": card(Level.PERSON, "e3"),
        "team": card(Level.TEAM, "e9"),
        "sales": card(Level.DEPARTMENT, "sales"),
        "company": card(Level.COMPANY, "X", None),
    }

    def seen(looker: Looker) -> set[str]:
        return {name for name, each in cards.items() if looker.sees(each)}

    assert seen(Looker(STAFF[1], reads_figures=True, sees_all=False)) == {
        "own",
        "team",
        "sales",
        "company",
    }
    assert seen(Looker(STAFF[4], reads_figures=True, sees_all=False)) == {"sales", "company"}
    assert seen(Looker(STAFF[0], reads_figures=False, sees_all=False)) == set()
    assert seen(Looker(None, reads_figures=False, sees_all=False)) == set()
    assert seen(Looker(None, reads_figures=True, sees_all=True)) == set(cards)
    assert not is_for(cards["company"], STAFF[1])


def row(measure: str | None, value: float | None, gate: float | None = 1.0) -> ScorecardRow:
    return ScorecardRow(
        scorecard=CARD.file,
        level="person",
        of="e1",
        department=Department.SUPPORT,
        period="2024-05",
        measure=measure,
        owner=Department.BOTH,
        weight=0.6,
        unit=None,
        whose="company",
        value=value,
        target=100,
        attainment=None,
        payout=None,
        gate=gate,
        points=None,
        low=0.0,
        high=1.5,
        counter=None,
        counter_value=None,
        reason=None if value is not None else "nothing",
    )


def test_a_gate_that_no_row_tells_is_as_it_was() -> None:
    rows = (row(None, None), row("contribution", 110.0), row("customers", 10))
    open_gate, shut = values_of(CARD, rows), values_of(CARD, (row(None, None, 0.25), *rows[1:]))
    words = Words("en")
    assert said(CARD, open_gate, Decimal(1000), words) == "115% of the target pay: €1,150.00"
    assert said(CARD, shut, None, words) == "28.8% of the target pay"


def test_pictures_and_jumps_of_a_card() -> None:
    rows = (row(None, None), row("contribution", 110.0), row("customers", 10))
    view = card_view(CARD, rows, (), {"e1": "Ana"}, Words("en"))
    assert view.name == "Person: <bdi>Ana</bdi>"
    first = view.measures[0]
    assert first.jumps == ("At €80 pay jumps by 30% of the target pay.",)
    assert "paycurve--jump" in first.curve and "<text" not in first.curve
    assert "can&#39;t move alone" in first.whose


@pytest.mark.parametrize(
    ("more", "kind", "verdict", "amount", "told"),
    [
        (
            {"influence": 0.4, "influence_low": 0.2, "influence_high": 0.6}
            | {"influence_by": "history", "moved_own": 0.5, "moved_others": 0.25},
            "good",
            "they can move it",
            "0.4% (0.2% to 0.6%)",
            "from what went along with what they did, month by month",
        ),
        (
            {"influence": 0.0123, "influence_by": "rows", "influence_code": "no_influence"},
            "risk",
            "they can hardly move it",
            "0.01%",
            "the share of the records that are theirs",
        ),
        (
            {"influence_code": "others_figure", "influence_reason": "no_lever"},
            "risk",
            "it is the other department's figure, and nothing shows that they move it",
            "",
            "no record names what they do for it",
        ),
    ],
)
def test_how_far_somebody_can_move_a_figure_is_said_with_where_it_is_from(
    more: dict[str, Any], kind: str, verdict: str, amount: str, told: str
) -> None:
    rows = (row(None, None), replace(row("contribution", 110.0), **more))
    (view,) = card_view(CARD, rows, (), {}, Words("en")).reaches
    assert (view.kind, unescape(view.verdict), view.amount, view.told) == (
        kind,
        verdict,
        amount,
        told,
    )
    assert view.moved.startswith("Of its ups and downs 50% goes") is ("moved_own" in more)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_verdict_and_reason_has_words_in_every_language(language: str) -> None:
    from onefunnel.web.pages.scorecards.reach import REASONS, SOURCES, VERDICTS

    said = [*(text for _, text in VERDICTS.values()), *REASONS.values(), *SOURCES.values()]
    assert [each for each in said if not Words(language).knows(each)] == []


def test_contradictory_roles_stand_on_the_scorecards_of_that_department_that_hold_them() -> None:
    about = {"department": "support", "one": "contribution", "other": "leads"}
    note = Note("scorecard_opposed_by_declaration", "…", about)
    (found,) = card_view(CARD, (), [note], {}, Words("en")).findings
    assert unescape(found.striptags()).startswith("Support has two contradictory roles")
    other = replace(CARD, department=Department.SALES)
    assert card_view(other, (), [note], {}, Words("en")).findings == ()
    else_ = Note(note.code, "…", {**about, "one": "leads"})
    assert card_view(CARD, (), [else_], {}, Words("en")).findings == ()


def test_findings_of_other_cards_are_not_told() -> None:
    notes = (
        Note("scorecard_spike", "of this one", {"scorecard": CARD.file, "ratio": 2.0}),
        Note("scorecard_spike", "of another", {"scorecard": "scorecards/other.toml", "ratio": 3.0}),
    )
    found = card_view(CARD, (), notes, {}, Words("en")).findings
    assert sum("times as many" in each for each in found) == 1
    assert not any("other.toml" in each for each in found)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_rule_and_question_has_words_in_every_language(language: str) -> None:
    from onefunnel.measures.scorecard.notes import NOTES

    words = Words(language)
    assert [code for code, kind in NOTES.items() if not words.knows(kind.text)] == []
    assert {f"scorecard_{code}" for code in RULES} <= set(NOTES)
    assert [code for code, text in QUESTIONS.items() if not words.knows(text)] == []


def test_questions_in_words_do_not_say_which_option_is_right() -> None:
    codes = set()
    for attempt in range(1, 40):
        asked = questions(CARD, "e1", attempt, Decimal(900))
        views = question_views(asked, Words("en"))
        assert [len(each.options) for each in views] == [len(each.options) for each in asked]
        assert not any(hasattr(each, "answer") for each in views)
        codes |= {each.code for each in asked}
    assert codes == set(QUESTIONS)
