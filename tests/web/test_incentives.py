"""The page of incentives: Company X as hand-made rows, and what a small firm sees."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.incentives.alarm import Kind, Light
from onefunnel.measures.incentives.between import market_of
from onefunnel.measures.incentives.cost import quarrel
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.paradox.notes import note as paradox_note
from onefunnel.measures.paradox.notes import unknown_inputs
from onefunnel.measures.paradox.result import ParadoxRow
from onefunnel.vocabulary import Answer, Calendar, Note, Question, Role
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives import campaign, cost, design, plan, trial
from onefunnel.web.pages.incentives.notes import can_be_typed, note_views
from onefunnel.web.pages.incentives.quadrant import quadrant, small_quadrant
from onefunnel.web.pages.months.offered import chosen, offered
from onefunnel.web.pages.today import quarrel as tiles
from onefunnel.web.pages.today.periods import Span, spoken_of
from onefunnel.web.pages.today.unjudged import unjudged
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.freshness import Freshness, Held
from tests.unit.incentives.companies import company_x
from tests.web.site import work_all

if TYPE_CHECKING:
    from django.test import Client

SignIn = Callable[[Role], "Client"]
WORDS = Words("en")
ROWS = quarrel(company_x(), hour_cost=20.0).rows
GATES, PARTS, WHOLE = ROWS
JUNE = WORDS.days(date(2024, 6, 1), date(2024, 7, 1))


def unsure(row: IncentivesRow) -> IncentivesRow:
    """The row with intervals of a tenth on both sides."""
    return replace(
        row,
        **{
            name + end: getattr(row, name) * share
            for name in ("pay_per_hour", "contribution_per_hour")
            for end, share in (("_low", Decimal("0.9")), ("_high", Decimal("1.1")))
        },
    )


# What is said of the cost.


def test_the_sentence_names_the_causes_the_dearest_first() -> None:
    said = cost.sentence(WHOLE, JUNE, WORDS)
    assert said[0] == "Leads that nobody worked cost €5,760 in June 2024."
    assert said[1] == "€4,000 for too few hours; €1,760 because the pay plan points elsewhere."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"leads": 0.0}, "No lead came in June 2024."),
        ({"v_actual": None}, "What ignored leads cost in June 2024 can't be said yet."),
        ({"v_actual": WHOLE.v_unlimited}, "In June 2024 no lead that was left would have"),
    ],
)
def test_the_sentence_says_what_is_known_only(changes: dict[str, Any], said: str) -> None:
    sentence = cost.sentence(replace(WHOLE, **changes), JUNE, WORDS)[0]
    assert sentence.unescape().startswith(said)


def test_a_cost_without_causes_says_that_they_are_unknown() -> None:
    bare = replace(WHOLE, capacity_cost=None, incentive_cost=None, execution_cost=None)
    assert "Why can't be said yet" in cost.sentence(bare, JUNE, WORDS)[1].unescape()


def test_the_waterfall_falls_from_all_leads_to_what_was_brought() -> None:
    drawn = cost.waterfall(WHOLE, WORDS)
    assert drawn is not None
    assert [each.amount for each in drawn.columns] == [
        "€13,260",
        "−€4,000",
        "€9,260",
        "−€1,760",
        "€7,500",
        "€0",
        "€7,500",
    ]
    first, last = drawn.columns[0], drawn.columns[-1]
    assert (first.low, last.high) == (100.0, 0.0)
    assert [each.fill for each in drawn.columns if "cause" in each.fill] == [
        "var(--cause-capacity)",
        "var(--cause-incentive)",
        "var(--cause-execution)",
    ]
    assert "whisk" not in drawn.shapes
    spread = replace(WHOLE, capacity_cost_low=Decimal(3000), capacity_cost_high=Decimal(5000))
    again = cost.waterfall(spread, WORDS)
    assert again is not None and again.shapes.count("whisk") == 1
    assert cost.waterfall(replace(WHOLE, v_plan=None), WORDS) is None


def test_a_gain_by_follow_up_stands_as_a_rise_without_weight() -> None:
    better = replace(WHOLE, execution_cost=Decimal(-500), v_actual=Decimal(8000))
    drawn = cost.waterfall(better, WORDS)
    assert drawn is not None and drawn.columns[5].amount == "+€500"
    assert [each.weight for each in cost.causes(better, WORDS)] == [4000.0, 1760.0, 0.0]


# The quadrant.


def test_marks_stand_by_both_rates_and_are_numbered_as_in_the_table() -> None:
    drawn = quadrant([GATES, PARTS], WORDS)
    assert drawn is not None
    gates, parts = drawn.marks
    assert (gates.number, parts.number) == ("1", "2")
    assert gates.x > parts.x and gates.y < parts.y
    assert gates.size == pytest.approx(parts.size / 2)
    assert "gates: pay per hour €5, contribution per hour €25" in drawn.label
    # The average hour: 300 hours of gates and 160 of parts.
    assert drawn.middle_x / gates.x == pytest.approx((300 * 5 + 160 * 1.8) / 460 / 5)


def test_whiskers_are_drawn_for_what_is_uncertain() -> None:
    assert 'd=""' in quadrant([GATES, PARTS], WORDS).whiskers  # type: ignore[union-attr]
    both = quadrant([unsure(GATES), PARTS], WORDS)
    assert both is not None and both.whiskers.count("M") == 2


def test_a_segment_of_unknown_rates_is_left_out_of_the_picture() -> None:
    unknown = replace(GATES, pay_per_hour=None)
    drawn = quadrant([unknown, PARTS], WORDS)
    assert drawn is not None and (drawn.left_out, drawn.marks[0].number) == (1, "2")
    assert quadrant([unknown], WORDS) is None


def test_names_in_the_small_picture_do_not_cover_each_other() -> None:
    twins = [replace(GATES, segment=name) for name in ("a", "b", "c")]
    drawn = small_quadrant(twins, WORDS)
    assert drawn is not None
    heights = sorted(spot.height for spot in drawn.spots)
    assert all(more - less >= 17.0 for less, more in pairwise(heights))
    assert len({spot.y for spot in drawn.spots}) == 1


# The plan slider.


def test_the_slider_at_its_end_is_one_rate_on_contribution() -> None:
    seen = plan.plan_view(ROWS, plan.Chosen(), WORDS)
    assert seen.sentence == (
        "Paying 16.1987% of contribution costs the same payroll and brings €1,760 more a month."
    )
    assert (seen.payroll, seen.contribution) == ("€1,500", ("€7,500", "€9,260"))
    gates, parts = seen.segments
    assert (gates.pay_per_hour, gates.worked) == (("€5", "€4.05"), ("100", "47"))
    assert (parts.pay_per_win, parts.worked) == (("€1.80", "€5.83"), ("0", "400"))


def test_the_slider_at_its_start_changes_nothing() -> None:
    seen = plan.plan_view(ROWS, plan.Chosen(toward=0), WORDS)
    assert seen.sentence.unescape().startswith("Today's plan.")
    assert all(before == after for each in seen.segments for before, after in (each.worked,))


def test_the_slider_says_what_it_lacks() -> None:
    rows = (replace(GATES, pay_per_win=None), PARTS, replace(WHOLE, hours=None))
    seen = plan.plan_view(rows, plan.Chosen(), WORDS)
    assert seen.refused.striptags() == (
        "Plans can't be compared (unknown: the hours of salespeople; unknown of gates: pay per "
        "win)."
    )


@pytest.mark.parametrize("given", [{"toward": "101"}, {"toward": "-1"}, {"strength": "much"}])
def test_the_slider_refuses_what_is_no_share(given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        plan.read(given, WORDS)


# The designer, the campaign, the trial.


def test_the_designer_finds_the_plan_of_least_change() -> None:
    seen = design.view(market_of(ROWS), design.Asked(), WORDS)
    assert [each.pay_per_win[1] for each in seen.segments] == ["€58.44", "€5.11"]
    assert [each.times for each in seen.segments] == ["0.97", "2.84"]
    found, _ = design.designed(market_of(ROWS).market, design.Asked())  # type: ignore[arg-type]
    rates = found.rates["gates"] / 2000, found.rates["parts"] / 60
    assert [round(each, 7) for each in rates] == [0.0292208, 0.0852273]
    assert seen.sentence == "This plan brings €1,760 more a month."
    assert [each.striptags() for each in seen.binding] == [
        "parts must pay more an hour than gates",
        "the payroll must stay as it is",
    ]


def test_the_designer_says_why_there_is_no_plan() -> None:
    asked = design.Asked(lowest={"gates": 59.0}, highest={"parts": 3.0})
    seen = design.view(market_of(ROWS), asked, WORDS)
    assert seen.sentence.startswith("No plan keeps all these limits.")
    assert [each.striptags().split(":")[0] for each in seen.given_up] == [
        "the highest pay for parts",
        "the lowest pay for gates",
    ]


@pytest.mark.parametrize(
    "given",
    [{"margin": "7"}, {"lowest_1": "-1"}, {"lowest_1": "9", "highest_1": "8"}, {"highest_2": "x"}],
)
def test_the_designer_refuses_limits_that_can_not_be(given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        design.read(given, ("gates", "parts"), WORDS)


def test_the_check_says_who_will_not_be_called_and_why() -> None:
    given = {"leads_2": "۲۰۰", "spend_2": "1000"}
    asked = campaign.read(given, ("gates", "parts"), 20.0, WORDS)
    (line,) = campaign.view(market_of(ROWS), asked, WORDS).lines
    assert line.text.striptags() == (
        "0 of 200 leads of parts will be called: an hour on them pays €1.80, and gates pay more "
        "and fill the hours. The company would have 200 called."
    )
    assert (line.status, line.wasted) == ("bad", "€1,000")
    dear = campaign.read({**given, "hour_cost": "40"}, ("gates", "parts"), None, WORDS)
    (line,) = campaign.view(market_of(ROWS), dear, WORDS).lines
    assert "should not be bought" in line.text


def test_the_trial_says_how_many_months_it_takes() -> None:
    (line,) = trial.trials(ROWS, trial.read({}, 20.0, WORDS), WORDS)
    assert (line.left, line.a_month, line.hours) == ("400", "20", "8")
    assert line.months == "8 months"
    (line,) = trial.trials(ROWS, trial.read({}, None, WORDS), WORDS)
    assert not line.months and "unknown" in line.why
    (line,) = trial.trials(ROWS, trial.read({"hour_cost": "36"}, None, WORDS), WORDS)
    assert "nothing to find" in line.why
    (line,) = trial.trials(ROWS, trial.read({"hour_cost": "35,9"}, None, WORDS), WORDS)
    assert line.why.startswith("Not within 24 months")


def test_programs_plan_the_same_trial() -> None:
    from onefunnel.web.api.trials import _trial

    (line,) = (_trial(each, 0.05) for each in trial.planned_trials(ROWS, 0.05, 20.0))
    assert (line["segment"], line["left"], line["worked"]) == ("parts", 400, 20)
    assert (line["months"], line["hours"], line["leads"]) == (8, 8, 160)
    assert line["notes"] == [] and line["power"] >= 0.8
    (line,) = (_trial(each, 0.05) for each in trial.planned_trials(ROWS, 0.05, None))
    assert line["months"] is line["hours"] is None
    assert [each["code"] for each in line["notes"]] == ["refused_missing_input"]
    (line,) = (_trial(each, 0.05) for each in trial.planned_trials(ROWS, 0.05, 35.9))
    assert line["months"] is line["leads"] is None
    assert [each["code"] for each in line["notes"]] == ["refused_within_horizon"]


# Notes and months.


def test_a_refusal_says_what_to_give() -> None:
    params = {"input": "pay_per_win", "segment": "gates", "others": 2, "figures": ""}
    (said,) = note_views([Note("refused_missing_input", "…", params)], WORDS)
    assert said.refused and said.text.striptags() == (
        "Refused, as something is unknown of gates: pay per win. Put a pay plan into force, or "
        "type a rule of pay. 2 other inputs are missing too."
    )
    assert can_be_typed([Note("refused_hour_cost", "…")])
    assert not can_be_typed([Note("chance_of_worked", "…")])


def test_refusals_come_first_and_shares_are_shares() -> None:
    notes = [
        Note("chance_of_worked", "…", {"low": 0.0, "high": 0.4}),
        Note("refused_spend", "…", {"segments": "gates, parts"}),
    ]
    first, second = note_views(notes, WORDS)
    assert first.code == "refused_spend"
    assert "0% to 40% would have been won" in second.text


def test_months_are_offered_from_the_last_and_the_last_whole_one_is_shown() -> None:
    held = Held(5, "2024-04-03T10:00:00+00:00", "2024-07-20T10:00:00+00:00")
    fresh = Freshness(1, "2024-07-20T10:00:00+00:00", {"lead": held}, 0, 0, ())
    now = datetime(2024, 8, 1, tzinfo=UTC)
    months = offered(fresh, now, Calendar(), 3)
    assert [each.label for each in months] == ["2024-07", "2024-06", "2024-05", "2024-04"]
    assert chosen("", months).label == "2024-06"  # type: ignore[union-attr]
    assert chosen("2024-04", months).asked().until == date(2024, 5, 1)  # type: ignore[union-attr]
    after = offered(fresh, now, Calendar(), 3, after_another=True)
    assert [each.label for each in after] == ["2024-07", "2024-06", "2024-05"]
    with pytest.raises(UnknownName):
        chosen("2024-08", months)
    assert chosen("", ()) is None


# Today.


def day() -> Any:
    latest = datetime(2024, 7, 20, tzinfo=UTC)
    span = Span(latest - timedelta(days=200), latest, latest)
    return spoken_of(span, latest, Calendar(), 3, 90)


def answers(**rows: tuple[Any, ...]) -> Answers:
    asked = Question(now=datetime(2024, 7, 20, tzinfo=UTC))
    return Answers(
        {
            name: Computed(Answer(name, each, ledger_version=1), asked)
            for name, each in rows.items()
        },
        (),
    )


def test_the_tiles_of_today() -> None:
    found = answers(incentives=ROWS)
    ignored = tiles.ignored(found, day(), WORDS)
    assert ignored is not None and ignored.value == "€5,760"
    assert ignored.beside == "400 of 500 leads not worked"
    assert [(part.style, part.shown) for part in ignored.parts] == [
        ("capacity", "€4,000"),
        ("incentive", "€1,760"),
        ("execution", "€0"),
    ]
    assert ignored.sentences == (
        "One more hour would bring €25; the pay plan alone takes 70 such hours.",
    )
    assert "figure=left" in ignored.foot[-1].address
    aligned = tiles.alignment(found, day(), WORDS)
    assert aligned is not None and aligned.value == "0.81"
    assert aligned.sentences[0].startswith("Paying 16.1987% of contribution")


def test_today_says_why_a_paradox_can_not_be_judged() -> None:
    notes = [
        paradox_note("no_targets", departments="marketing, sales"),
        paradox_note("unknown_targets", measures="nps"),
        unknown_inputs([("hours", None), ("hours_per_lead", "gates"), ("hours_per_lead", "parts")]),
        Note("brand_new", "Said in English."),
    ]
    said = [each.striptags() for each in unjudged(notes, WORDS)]
    assert said == [
        "No target of the month is on record for Marketing, Sales, so nobody can say whether they "
        "are met.",
        "Targets that can't be compared: nps.",
        "What the leads could bring can't be told, as these are unknown: the hours of "
        "salespeople, hours per lead (gates, parts).",
    ]
    persian = [each.striptags() for each in unjudged(notes, Words("fa"))]
    assert not any("target" in each or "leads" in each for each in persian)


def test_a_cost_that_is_unknown_says_why_and_the_plan_has_no_tile() -> None:
    params = {"input": "hours", "segment": "", "others": 0, "figures": ""}
    bare = replace(WHOLE, v_unlimited=None, alignment=None)
    found = answers(incentives=(bare,))
    note = Note("refused_missing_input", "…", params)
    made = Computed(replace(found.found["incentives"].answer, notes=(note,)), Question(now=UTC_DAY))
    found = Answers({"incentives": made}, ())
    ignored = tiles.ignored(found, day(), WORDS)
    assert ignored is not None and ignored.value == "unknown" and not ignored.parts
    assert "Give the weekly hours" in ignored.sentences[0]
    assert tiles.alignment(found, day(), WORDS) is None
    assert (
        tiles.ignored(answers(incentives=(IncentivesRow(None, leads=0.0),)), day(), WORDS) is None
    )


UTC_DAY = datetime(2024, 7, 20, tzinfo=UTC)
RED = ParadoxRow(
    "parts",
    Light.GREEN,
    Light.GREEN,
    Light.RED,
    True,
    Kind.BELOW_REACHABLE,
    missed=Decimal(5760),
    leads=400,
    left=400,
)


def test_the_paradox_is_an_alarm_in_words_with_its_rows() -> None:
    calm = replace(RED, segment="gates", alarm=False)
    (line,) = tiles.paradox_lines(answers(paradox=(RED, calm)), day(), WORDS)
    assert line.text.striptags() == (
        "Both departments met their targets in June 2024, and parts brought less than its leads "
        "could: 400 of 400 were left."
    )
    assert (line.money, line.link) == ("€5,760", "400 rows")
    assert "measure=paradox" in line.address and "segment=parts" in line.address


# The pages and the calls.

CALLS = "/api/v1/incentives/2024-06"


@pytest.fixture
def of_x(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of incentives is answered by Company X."""
    made = answers(incentives=ROWS).found["incentives"]
    chosen = answers(behaviour=(BehaviourRow(None),)).found
    looked = Answers({"incentives": made, **chosen}, ())
    monkeypatch.setattr(
        "onefunnel.web.pages.incentives.views.look_up", lambda *given: looked, raising=True
    )
    monkeypatch.setattr("onefunnel.web.api.incentives.look", lambda *given: made)


def shown(client: Client, path: str, **headers: str) -> str:
    for _ in range(2):
        answer = client.get(path, **headers)  # type: ignore[arg-type]
        work_all()
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_company_x(signed_in: SignIn, of_x: None) -> None:
    page = shown(signed_in(Role.HEAD_OF_SALES), "/incentives/")
    for said in ("Leads that nobody worked cost", "€9,260", "16.1987%", "quad__mark", "Ledger 1"):
        assert said in page
    assert "figure=leads&amp;segment=gates" in page
    assert page.count("<h1>") == 1


def test_the_slider_alone_is_given_to_htmx(signed_in: SignIn, of_x: None) -> None:
    client = signed_in(Role.MARKETING)
    shown(client, "/incentives/")
    part = client.get("/incentives/?toward=0", headers={"HX-Request": "true", "HX-Target": "plan"})
    assert part.content.decode().lstrip().startswith("<section") and b"Today" in part.content


def test_what_can_not_be_asked_is_said(signed_in: SignIn, of_x: None) -> None:
    client = signed_in(Role.DIRECTOR)
    shown(client, "/incentives/")
    for path in ("?toward=200", "?month=1999-01", "?share=3", "design/?margin=3"):
        assert client.get(f"/incentives/{path}").status_code in (400, 404), path


def test_the_designer_and_the_check_are_pages(signed_in: SignIn, of_x: None) -> None:
    client = signed_in(Role.ANALYST)
    assert "€58.44" in shown(client, "/incentives/design/")
    assert "will be called" in shown(client, "/incentives/campaign/?leads_2=200")


@pytest.mark.parametrize("role", [Role.HR, Role.EMPLOYEE])
def test_who_may_not_see_figures_sees_none(signed_in: SignIn, role: Role) -> None:
    client = signed_in(role)
    for path in ("/incentives/", "/incentives/design/", "/incentives/campaign/"):
        assert client.get(path).status_code == 403
    for call in ("plan", "design", "campaign"):
        assert client.get(f"{CALLS}/{call}").status_code == 403


def test_programs_get_the_same(signed_in: SignIn, of_x: None) -> None:
    client = signed_in(Role.SALES)
    shown(client, "/incentives/")

    def asked(call: str, **given: Any) -> Any:
        answer = client.get(f"{CALLS}/{call}", given)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    found: Mapping[str, Any] = asked("plan")
    assert round(found["rate"], 6) == 0.161987
    assert found["contribution"] == ["7500.0000", "9260.0000"]
    assert asked("design")["segments"][0]["pay_per_win"] == ["60.0000", "58.4416"]
    tight = asked("design", lowest="gates=59", highest="parts=3")
    assert not tight["feasible"] and tight["given_up"][0]["who"] == "parts"
    (row,) = asked("campaign", leads="parts=200", spend="parts=1000")
    assert (row["reason"], row["wasted"]) == ("pays_more_elsewhere", "1000.0000")
    for wrong in (
        {"month": "1999-01"},
        {"leads": "dust=3"},
        {"leads": "parts"},
        {"spend": "parts=-1"},
    ):
        assert client.get(f"{CALLS}/campaign", wrong).status_code == 400


def test_a_month_without_records_is_named(signed_in: SignIn, of_x: None) -> None:
    client = signed_in(Role.SALES)
    shown(client, "/incentives/")
    answer = client.get(f"{CALLS.replace('2024', '1999')}/plan")
    assert answer.status_code == 400 and b"There is no month" in answer.content


def test_a_real_answer_is_worked_out_and_shown(signed_in: SignIn) -> None:
    client = signed_in(Role.DIRECTOR)
    for _ in range(3):
        page = client.get("/incentives/?month=2024-06").content.decode()
        work_all()
    assert "What ignored leads cost" in page and 'class="waiting"' not in page
