"""Rules of scorecards: each is broken once, at its place, and the good ones break none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import InputError, UsageError
from onefunnel.measures.scorecard.decomposition import decomposed, not_shared_out, shared_out
from onefunnel.measures.scorecard.findings import Severity, check, check_together
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.measures.scorecard.reading import load
from onefunnel.vocabulary import Department
from tests.unit.scorecard.cards import MARKETING, SALES, marketing, sales, scorecards


def codes(text: str) -> list[str]:
    return [each.code for each in check(load(text))]


def test_good_scorecards_break_no_rule() -> None:
    assert check(marketing()) == check(sales()) == check_together([marketing(), sales()]) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("weight = 0.40", "weight = 0.41", "weights_do_not_sum"),
        ('owner = "both"', 'owner = "marketing"', "common_share"),
        ('source = "profit"', 'source = "reach"', "required_missing"),
        ('source = "repeat_purchase"', 'source = "reach"', "required_missing"),
        ('source = "contribution"', 'source = "revenue"', "required_missing"),
        ('counter = "churn"\n', "", "no_counter"),
        ('counter = "churn"', 'counter = "contribution"', "counter_is_itself"),
        ('source = "cost_per_lead"', 'source = "profit"', "twice"),
    ],
)
def test_a_broken_rule_is_named(old: str, new: str, code: str) -> None:
    assert codes(MARKETING.replace(old, new, 1)) == [code]


def test_weights_too_light_or_none() -> None:
    light = MARKETING.replace("weight = 0.15", "weight = 0.05").replace("0.25\nth", "0.35\nth")
    assert codes(light) == ["too_light"]
    none = MARKETING.replace("weight = 0.15", "weight = 0").replace("0.25\nth", "0.40\nth")
    assert codes(none) == ["weight_not_positive"]


def test_more_than_five_measures_are_a_warning() -> None:
    card = marketing()
    spare = [replace(card.measures[3], source=name, weight=Decimal("0.10")) for name in "ab"]
    heavy = replace(card.measures[3], weight=Decimal("-0.05"))
    found = check(replace(card, measures=(*card.measures[:3], heavy, *spare)))
    assert [(each.code, each.severity.value) for each in found] == [
        ("weight_not_positive", "error"),
        ("too_many", "warning"),
    ]


def test_a_finding_says_where_what_and_what_to_do() -> None:
    text = MARKETING.replace("weight = 0.15", "weight = 0.05")
    wrong, light = check(load(text, "marketing.toml"))
    assert (wrong.severity, str(wrong.place)) == (Severity.ERROR, "marketing.toml")
    assert (wrong.message, wrong.remedy) == (
        "The weights sum to 0.90, not to 1.",
        "Share out what is missing: 0.10.",
    )
    line = MARKETING[: MARKETING.index("cost_per_lead")].count("\n")
    assert (
        str(light.place) == f"marketing.toml, line {line}, column 'source', value 'cost_per_lead'"
    )
    assert light.params == {"measure": "cost_per_lead", "weight": "0.05", "least": "0.10"}


def test_sales_must_answer_for_customers_arpu_and_contribution() -> None:
    for source in ("customers", "arpu", "contribution"):
        (found,) = check(load(SALES.replace(f'"{source}"', '"calls"', 1)))
        assert (found.code, found.params["measure"]) == ("required_missing", source)


def test_a_company_and_other_departments_owe_no_measures() -> None:
    for change in ('level = "company"\nof = "x"', 'level = "team"\nof = "x"\ndepartment = "other"'):
        text = change + SALES[SALES.index("\nfrom") :].replace('"both"', '"sales"')
        assert codes(text.replace('"customers"', '"calls"')) == []


def test_a_measure_in_common_must_be_common() -> None:
    card = load(SALES.replace('source = "contribution"', 'source = "revenue"'), "sales.toml")
    found = [(each.code, each.place.file) for each in check_together([marketing(), card])]
    assert found == [("common_in_one", "marketing.toml"), ("common_in_one", "sales.toml")]
    other = load(SALES.replace("target = 100_000", "target = 90_000"), "sales.toml")
    (differs,) = check_together([marketing(), other])
    assert (differs.code, differs.params["own"], differs.params["other"]) == (
        "common_differs",
        "100000",
        "90000",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('level = "department"', 'level = "departement"', "Did you mean 'department'?"),
        ('owner = "both"', 'owner = "Both"', "Did you mean 'both'?"),
        ("weight = 0.40", "weigth = 0.40", "Did you mean 'weight'?"),
        ("weight = 0.40", "weight = true", "A number was expected."),
        ("weight = 0.40", "weight = nan", "A finite number was expected."),
        ("target = 100_000", "target = 130_000", "do not go one way"),
        ("payout = [0.2, 1, 2]", "payout = [0.2, 1]", "Three numbers were expected."),
        ("floor = 0.25", "flor = 0.25", "Did you mean 'floor'?"),
        (", floor = 0.25", "", "either a floor or a ceiling"),
        ("from = 2025-01-01", "from = 2025-01-01T00:00:00", "A day was expected."),
        ("to = 2025-07-01", "to = 2025-01-01", "It ends before it begins."),
        ("additive = true", "additive = 1", "true or false was expected."),
        ('of = "marketing"', 'of = " "', "A name was expected."),
        ("[[gate]]", "[gate]", "A list of tables was expected."),
        ('department = "marketing"\n', "", "There is no such department."),
        ("from = 2025-01-01", "from = ", "This is not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(old: str, new: str, said: str) -> None:
    assert old in MARKETING
    with pytest.raises(InputError, match=r"^marketing\.toml") as caught:
        load(MARKETING.replace(old, new, 1), "marketing.toml")
    assert said in str(caught.value)


def test_a_mistake_within_a_measure_is_placed_at_its_measure() -> None:
    with pytest.raises(InputError) as caught:
        load(MARKETING.replace("target = 10\n", 'target = "ten"\n'), "marketing.toml")
    line = MARKETING[: MARKETING.index('"profit"')].count("\n")
    assert str(caught.value.place) == f"marketing.toml, line {line}, column 'target', value 'ten'"
    with pytest.raises(InputError, match="A scorecard needs a measure"):
        load(MARKETING[: MARKETING.index("[[measure]]")])


def test_a_scorecard_is_versioned_by_what_it_says() -> None:
    card = marketing()
    same = "# The first half.\n" + MARKETING.replace("0.40", "0.4").replace("100_000", "100000.0")
    assert load(same, "other.toml").digest == card.digest
    assert load(MARKETING.replace("0.40", "0.41"), "marketing.toml").digest != card.digest
    assert replace(card, valid_from=date(2025, 2, 1)).digest != card.digest


@given(scorecards(), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_targets_of_teams_sum_to_that_of_the_whole(card: Scorecard, sizes: list[int]) -> None:
    total = sum(sizes)
    shares = {str(at): Decimal(size) / 100 for at, size in enumerate(sizes)}
    shares[str(len(sizes))] = 1 - Decimal(total) / 100
    teams = decomposed(card, shares)
    assert [team.of for team in teams] == list(shares)
    assert not_shared_out(card, teams) == ()
    for at, measure in enumerate(card.measures):
        curves = [team.measures[at].curve for team in teams]
        for bound in ("threshold", "target", "cap"):
            whole = getattr(measure.curve, bound)
            parts = [getattr(curve, bound) for curve in curves]
            assert sum(parts) == whole if measure.additive else set(parts) == {whole}


def test_what_is_not_shared_out_is_found() -> None:
    card = sales()
    north, south = decomposed(card, {"north": Decimal("0.7"), "south": Decimal("0.3")})
    assert north.measures[1].curve.target == 84
    assert north.measures[2].curve == card.measures[2].curve
    assert (north.level, north.department) == (Level.TEAM, Department.SALES)
    (found, _) = not_shared_out(card, [north])
    assert (found.code, found.params["missing"]) == ("target_not_shared_out", "30000.0000")
    assert [each.params["measure"] for each in not_shared_out(card, [south])] == [
        "contribution",
        "customers",
    ]


def test_a_pool_is_shared_out_to_the_last_part_of_a_cent() -> None:
    third = Decimal(1) / 3
    thirds = {"a": third, "b": third, "c": 1 - 2 * third}
    assert shared_out(Decimal("100"), thirds) == {
        "a": Decimal("33.3333"),
        "b": Decimal("33.3333"),
        "c": Decimal("33.3334"),
    }
    with pytest.raises(UsageError, match="The shares sum to"):
        shared_out(Decimal(1), {"a": Decimal("0.9")})
