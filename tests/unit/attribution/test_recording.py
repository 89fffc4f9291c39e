"""The files of experiments: what they may say, what they show, what is wrong with others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from scipy.stats import ttest_ind_from_stats

from onefunnel.errors import InputError
from onefunnel.measures.attribution.evidence import Grade
from onefunnel.measures.attribution.experiments import Brought
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.recorded import Amounts, Groups, Kind, Of, effect
from onefunnel.measures.attribution.recording import experiments_of, read
from onefunnel.measures.attribution.writing import written
from onefunnel.vocabulary import Terms

HOLDOUT = """\
kind = "holdout"
dimension = "channel"
of = "retargeting"
value = "customers"
from = 2024-03-01
to = 2024-03-31
treated = 10000
converted = 230
control = 10000
control_converted = 200
"""
REGIONS = """\
kind = "geographic"
dimension = "campaign"
of = "spring \\"24\\""
value = "leads"
from = 2024-04-01
to = 2024-04-30
planned_before = 2024-03-15
reached = 4000

[[region]]
name = "north"
treated = true
before = [10]
after = [14, 14]
[[region]]
name = "south"
treated = true
before = [20]
after = [26]
[[region]]
name = "east"
treated = false
before = [10]
after = [11]
[[region]]
name = "west"
treated = false
before = [20]
after = [23]
"""


MONEY = """\
kind = "holdout"
dimension = "channel"
of = "retargeting"
value = "contribution"
from = 2024-03-01
to = 2024-03-31
treated = 400
brought = 2000
deviation = 30
control = 800
control_brought = -20.5
control_deviation = 40
"""


def test_a_holdout_shows_its_lift() -> None:
    found = read(HOLDOUT, "experiments/spring.toml")
    assert (found.name, found.kind, found.dimension) == ("spring", Kind.HOLDOUT, Of.CHANNEL)
    assert (found.counts, found.last) == (Value.CUSTOMERS, date(2024, 3, 31))
    assert found.randomised and not found.overrides and found.planned is None
    shown = effect(found)
    assert shown.grade is Grade.EXPERIMENT and shown.notes == ()
    assert shown.per_person is not None
    assert shown.per_person.low == pytest.approx(shown.change.low)
    assert (round(shown.change.low, 5), round(shown.change.high, 5)) == (-0.00102, 0.00702)
    assert shown.conversions.value == pytest.approx(30)


def test_only_those_reached_carry_the_effect() -> None:
    """Who is treated need not be met: the same 30 customers came of the 500 who were."""
    shown = effect(read(HOLDOUT + "reached = 500\n"))
    assert shown.per_person is not None
    assert shown.per_person.value == pytest.approx(30 / 500)
    assert shown.conversions.value == pytest.approx(30)


def test_a_holdout_in_money_shows_what_a_person_brings_more() -> None:
    """As Welch's test of two means has it; SciPy is the authority."""
    found = read(MONEY + "reached = 250\n")
    assert found.counts is Value.CONTRIBUTION and found.kind is Kind.HOLDOUT
    assert found.outcome == Amounts(Brought(400, 2000.0, 30.0), Brought(800, -20.5, 40.0))
    shown = effect(found)
    welch = ttest_ind_from_stats(5.0, 30.0, 400, -20.5 / 800, 40.0, 800, equal_var=False)
    assert shown.change.value / shown.change.error == pytest.approx(welch.statistic)
    assert shown.change.value == pytest.approx(5.0 + 20.5 / 800)
    assert shown.conversions.value == pytest.approx(400 * shown.change.value)
    assert shown.per_person is not None
    assert shown.per_person.value == pytest.approx(400 * shown.change.value / 250)
    assert shown.per_person.error == pytest.approx(400 * shown.change.error / 250)
    assert shown.grade is Grade.EXPERIMENT


def test_regions_may_have_money_and_lose_it() -> None:
    text = REGIONS.replace('"leads"', '"contribution"').replace("[10]", "[-10]", 1)
    shown = effect(read(text))
    assert shown.change.value == 13.0
    assert shown.conversions.value == pytest.approx(39.0)


def test_groups_that_chance_did_not_make_are_worth_less() -> None:
    shown = effect(read(HOLDOUT + "randomised = false\n"))
    assert shown.grade is Grade.QUASI_EXPERIMENT
    assert [each.code for each in shown.notes] == ["groups_not_by_chance"]


def test_regions_show_their_difference_in_conversions() -> None:
    found = read(REGIONS)
    shown = effect(found)
    assert not found.randomised and shown.grade is Grade.QUASI_EXPERIMENT
    assert found.of == 'spring "24"' and found.planned == date(2024, 3, 15)
    assert shown.change.value == 3.0
    assert shown.conversions.value == pytest.approx(3.0 * 3), "three periods with it"
    assert shown.per_person is not None
    assert shown.per_person.value == pytest.approx(9 / 4000)
    # Welch's interval of the four changes 4, 6, 1, 3 with 2 degrees of freedom.
    assert shown.change.high - 3.0 == pytest.approx(4.302653 * 2**0.5, rel=1e-6)
    assert "regions_few" in [each.code for each in shown.notes]
    assert effect(replace(found, reached=None)).per_person is None
    assert effect(replace(found, randomised=True)).grade is Grade.EXPERIMENT


@pytest.mark.parametrize(
    "text",
    [
        HOLDOUT,
        HOLDOUT + "overrides = true\nrandomised = false\nreached = 9\n",
        REGIONS,
        REGIONS.replace("reached", "randomised = true\nreached"),
        MONEY,
        MONEY.replace("-20.5", "123456789012345"),
        REGIONS.replace('"leads"', '"revenue"').replace("[10]", "[-1234567890.125]"),
    ],
)
def test_what_is_written_reads_as_the_same(text: str) -> None:
    found = read(text)
    assert read(written(found)) == found
    assert isinstance(found.outcome, Groups | Amounts) is (found.kind is Kind.HOLDOUT)


def test_experiments_are_named_for_their_files() -> None:
    terms = Terms((("experiments/a.toml", HOLDOUT), ("experiments/b c.toml", REGIONS)))
    assert [each.name for each in experiments_of(terms)] == ["a", "b c"]
    assert experiments_of(Terms()) == ()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (HOLDOUT.replace("holdout", "holdouts"), "line 1, column 'kind'", "Did you mean 'holdout'"),
        (HOLDOUT.replace("kind", "# kind"), "e.toml", "'kind' is missing"),
        (HOLDOUT.replace("treated", "treatd"), "line 7, column 'treatd'", "Did you mean 'treated'"),
        (HOLDOUT.replace("channel", "chanel"), "line 2, column 'dimension'", "mean 'channel'"),
        (HOLDOUT.replace('"customers"', '"profit"'), "line 4", "The key has no such value"),
        (HOLDOUT.replace('"customers"', '"revenue"'), "column 'converted'", "no such key"),
        (MONEY.replace("contribution", "leads"), "column 'brought'", "There is no such key"),
        (MONEY.replace("control_brought = -20.5\n", ""), "e.toml", "'control_brought' is missing"),
        (MONEY.replace("-20.5", '"20"'), "column 'control_brought'", "An amount was expected"),
        (MONEY.replace("-20.5", "nan"), "column 'control_brought'", "An amount was expected"),
        (MONEY.replace("= 40\n", "= -40\n"), "'control_deviation'", "It is from 0 to 10"),
        (
            MONEY.replace("= 40\n", "= 0\n").replace("= 30", "= 0"),
            "'deviation'",
            "brought the same",
        ),
        (MONEY.replace("treated = 400", "treated = 0"), "'treated'", "A group needs people"),
        (MONEY + "reached = 401", "line 13", "More were reached than were treated"),
        (HOLDOUT.replace('"retargeting"', "1"), "line 3, column 'of', value '1'", "Text was"),
        (HOLDOUT.replace("2024-03-31", "2024-02-01"), "line 6", "It ends before it begins"),
        (HOLDOUT.replace("2024-03-31", '"May"'), "line 6", "A day was expected"),
        (HOLDOUT.replace("2024-03-31", "2024-03-31T10:00:00"), "line 6", "A day was expected"),
        (HOLDOUT.replace("230", "23000"), "line 8", "More converted than there are people"),
        (HOLDOUT.replace("= 200", "= 20.5"), "line 10", "A whole number was expected"),
        (HOLDOUT.replace("= 10000\ncontrol_", "= 0\ncontrol_"), "line 9", "A group needs people"),
        (HOLDOUT.replace("= 230", "= 0").replace("= 200", "= 0"), "line 8", "all or none"),
        (HOLDOUT + "reached = 10001", "line 11", "More were reached than were treated"),
        (HOLDOUT + "reached = 0", "line 11", "A group needs people"),
        (HOLDOUT + "overrides = 1", "line 11", "true or false was expected"),
        (HOLDOUT + "planned_before = 2024-03-02", "line 11", "It was planned after it began"),
        (HOLDOUT + "[[region]]\nname = 'n'", "line 11", "There is no such key"),
        (HOLDOUT + "converted = [", "line 11", "This is not TOML"),
        (REGIONS.replace("[[region]]", "[[regio]]"), "line 10", "There is no such key"),
        (REGIONS[: REGIONS.index("[[")], "e.toml", "'region' is missing"),
        (REGIONS[: REGIONS.index("[[")] + "region = 3", "line 10", "A list of tables was"),
        (REGIONS.replace("true", "false", 1), "line 10", "Two regions with it"),
        (REGIONS.replace('"south"', '"north"'), "line 16", "Two have the name 'north'"),
        (REGIONS.replace("[10]", "10", 1), "line 13, column 'region.0.before'", "A list was"),
        (REGIONS.replace("[10]", '["x"]', 1), "line 13", "A number was expected"),
        (REGIONS.replace("[10]", "[-1]", 1), "value '-1'", "It is from 0 to 1000000000"),
        (REGIONS.replace("after = [14, 14]\n", ""), "line 10", "'after' is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text, "e.toml")
    assert place in str(caught.value), str(caught.value)
    assert message in str(caught.value), str(caught.value)


def test_regions_that_changed_alike_show_no_spread() -> None:
    text = REGIONS.replace("[14, 14]", "[12]").replace("[26]", "[22]")
    text = text.replace("[11]", "[12]").replace("[23]", "[22]")
    with pytest.raises(InputError, match="All regions changed alike"):
        read(text)
