"""Scorecards side by side: shared out or not, contradictory roles, figures of the other side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.scorecard.agreed import before_records, broken_rules, faults
from onefunnel.measures.scorecard.decomposition import check_parts, decomposed
from onefunnel.measures.scorecard.findings import check_together
from onefunnel.measures.scorecard.influence import Influence, contradictions, unfair
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.measures.scorecard.reading import load
from onefunnel.measures.scorecard.understanding import standing
from onefunnel.measures.scorecard.writing import written
from onefunnel.vocabulary import Department, Terms
from tests.unit.scorecard.cards import MARKETING, SALES, marketing, sales, scorecards

HALF = Decimal("0.5")


def teams(whole: Scorecard) -> tuple[Scorecard, Scorecard]:
    north, south = decomposed(whole, {"north": HALF, "south": HALF})
    return replace(north, file="north.toml"), replace(south, file="south.toml")


def test_targets_that_are_shared_out_break_no_rule() -> None:
    whole = sales()
    assert check_parts(whole, (whole, *teams(whole))) == ()
    assert check_parts(whole, (whole, marketing())) == ()


def test_a_target_that_the_teams_do_not_add_up_to_is_named() -> None:
    whole, (north, south) = sales(), teams(sales())
    less = replace(south.measures[1].curve, target=Decimal(50))
    south = replace(
        south,
        measures=(south.measures[0], replace(south.measures[1], curve=less), *south.measures[2:]),
    )
    (found,) = check_parts(whole, (whole, north, south))
    assert (found.code, found.params["measure"]) == ("target_not_shared_out", "customers")
    assert Decimal(found.params["missing"]) == 10
    assert found.place.file == "sales.toml"
    known = standing(whole, {"ann": Decimal(1)}, (), (whole, north, south))
    assert known.errors == ("target_not_shared_out",)


def test_what_is_shared_out_is_looked_at_day_by_day() -> None:
    whole, (north, south) = sales(), teams(sales())
    turn = date(2025, 4, 1)
    first = tuple(replace(each, valid_to=turn) for each in (north, south))
    second = tuple(replace(each, valid_from=turn) for each in (north, south))
    assert check_parts(whole, (*first, *second)) == ()
    assert [each.code for each in check_parts(whole, (*first, second[0]))] == [
        "target_not_shared_out"
    ] * 2


def test_persons_are_parts_where_there_are_no_teams_and_departments_never() -> None:
    company = replace(sales(), level=Level.COMPANY, of="X", department=None)
    half = teams(company)
    persons = tuple(replace(each, level=Level.PERSON) for each in half)
    assert check_parts(company, (company, sales(), marketing())) == ()
    assert check_parts(company, (company, sales(), persons[0]))
    assert check_parts(company, (company, *persons)) == ()
    assert check_parts(company, (company, *half, persons[0])) == ()
    assert check_parts(half[0], (company, *half)) == ()


def test_versions_of_different_days_are_not_held_against_each_other() -> None:
    before = replace(marketing(), valid_to=date(2025, 3, 1))
    raised = replace(
        before.measures[0], curve=replace(before.measures[0].curve, target=Decimal(110_000))
    )
    later = replace(sales(), valid_from=date(2025, 3, 1), measures=(raised, *sales().measures[1:]))
    assert [each.code for each in check_together([before, later])] == ["common_in_one"] * 2
    same = replace(later, valid_from=date(2025, 2, 1))
    assert [each.code for each in check_together([before, same])] == ["common_differs"]


def test_roles_that_contradict_each_other_on_different_days_do_not() -> None:
    card = marketing()
    curve = card.measures[1].curve
    turned = replace(
        card.measures[1], curve=replace(curve, threshold=curve.cap, cap=curve.threshold)
    )
    later = replace(card, measures=(turned,), valid_from=date(2025, 7, 1), valid_to=None)
    assert contradictions([card, later], Department.MARKETING, {}) == ()
    (found,) = contradictions(
        [card, replace(later, valid_from=date(2025, 6, 30))], Department.MARKETING, {}
    )
    assert found.code == "opposed_directions"


def with_source(card: Scorecard, source: str, owner: Department) -> Scorecard:
    return replace(
        card, measures=(*card.measures[:-1], replace(card.measures[-1], source=source, owner=owner))
    )


def test_a_figure_of_the_other_department_is_flagged_until_it_is_shown_to_be_moved() -> None:
    card = with_source(sales(), "leads", Department.SALES)
    codes = {each.source: each.code for each in unfair(card, {})}
    assert codes == {
        "contribution": "influence_unknown",
        "customers": "influence_unknown",
        "leads": "others_figure",
    }
    unsure = {"leads": Influence(0.3, -0.2, 0.8)}
    assert "others_figure" in {each.code for each in unfair(card, unsure)}
    moved = {"leads": Influence(0.3, 0.2, 0.4)}
    assert "leads" not in {each.source for each in unfair(card, moved)}
    hardly = {"leads": Influence(0.01, 0.0, 0.02)}
    assert ("leads", "no_influence") in {(e.source, e.code) for e in unfair(card, hardly)}
    shared = with_source(sales(), "leads", Department.BOTH)
    assert "others_figure" not in {each.code for each in unfair(shared, {})}


def test_faults_of_what_changes_and_of_others_because_of_it() -> None:
    standing_ = Terms((("scorecards/marketing.toml", MARKETING), ("scorecards/sales.toml", SALES)))
    assert faults(standing_, {"pay/sales.toml": "…"}) == ()
    lower = SALES.replace("target = 100_000", "target = 90_000")
    codes = [each.code for each in faults(standing_, {"scorecards/sales.toml": lower})]
    assert codes == ["scorecard_common_differs"]
    codes = [each.code for each in faults(standing_, {"scorecards/sales.toml": None})]
    assert codes == ["scorecard_common_in_one"]
    opposed = SALES.replace('counter = "discount"', 'counter = "customers"')
    (fault,) = faults(standing_, {"scorecards/sales.toml": opposed})
    assert fault.code == "scorecard_opposed_by_declaration"
    assert fault.text.startswith("sales has two contradictory roles: it answers for arpu and for")
    leads = SALES.replace('source = "arpu"', 'source = "leads"')
    codes = [each.code for each in faults(standing_, {"scorecards/new.toml": leads})]
    assert "scorecard_others_figure" in codes
    # What was wrong before, elsewhere, is not said again.
    broken = Terms((("scorecards/a.toml", SALES.replace("weight = 0.5", "weight = 0.4")),))
    codes = [each.code for each in faults(broken, {"scorecards/marketing.toml": MARKETING})]
    assert codes == []
    assert faults(broken, {"scorecards/unreadable.toml": "level = 1"}) == ()


def test_rules_between_scorecards_come_after_those_of_each() -> None:
    light = replace(sales(), measures=(replace(sales().measures[0], weight=HALF / 10),))
    codes = [each.code for each in broken_rules((light,))]
    assert codes[0] == "scorecard_weights_do_not_sum"
    assert codes[-1] == "scorecard_common_in_one"
    assert set(codes) <= {each.code for each in before_records((light,))}


@pytest.mark.parametrize("text", [MARKETING, SALES])
def test_a_written_scorecard_reads_as_the_same(text: str) -> None:
    card = load(text)
    assert load(written(card)) == card


@given(scorecards(), st.sampled_from(['Ann "A"', "کارت", "back\\slash"]))
def test_any_written_scorecard_reads_as_the_same(card: Scorecard, of: str) -> None:
    shown = replace(card, of=of, department=Department.SALES)
    assert load(written(shown)) == shown
