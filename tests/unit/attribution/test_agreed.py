"""The conventions of ``attribution.toml``: what they may say, and what each does to a cost."""

from __future__ import annotations

import pytest

from onefunnel.errors import InputError, UnknownName
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.acquisition.costs import charges
from onefunnel.measures.acquisition.query import queries
from onefunnel.measures.acquisition.sharing import rounded
from onefunnel.measures.attribution.agreed import ATTRIBUTION, Shared, agreed_of, read
from onefunnel.measures.attribution.asked import asked_of
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.rules import Settings
from onefunnel.vocabulary import Crediting, Question, Terms
from tests.spec.case import NOW
from tests.spec.engines import on_duckdb
from tests.spec.tables import records

TABLES = records(
    touch="""
touch_id | party_id | occurred_at | channel | campaign
t1       | ann      | 2024-05-02  | search  | a
t2       | ann      | 2024-05-03  | search  | a
t3       | ann      | 2024-05-04  | search  | a
t4       | bob      | 2024-05-05  | search  | b
""",
    lead="""
lead_id | party_id | created_at | channel | campaign
a       | ann      | 2024-05-06 | search  | a
b       | bob      | 2024-05-07 | search  | b
""",
    spend="""
spend_id | day        | channel | amount
k1       | 2024-05-10 | search  | 10
""",
)


@pytest.mark.parametrize(
    ("rule", "costs"),
    [
        ("by_touches", {"a": "7.5000", "b": "2.5000"}),
        ("by_leads", {"a": "5.0000", "b": "5.0000"}),
        ("recorded_only", {None: "10.0000"}),
    ],
)
def test_the_rule_in_force_decides_who_pays(rule: str, costs: dict[str | None, str]) -> None:
    terms = Terms(((ATTRIBUTION, f'[spend]\nshared = "{rule}"'),))
    question = Question(now=NOW, by=("campaign",), terms=terms)
    asked = queries(on_duckdb(TABLES), default_rules(), question)
    names = [name for name in asked if name == "spent" or name.startswith("agreeing")]
    found = rounded(charges({name: asked[name].to_pyarrow() for name in names}, question).costs)
    assert {values[0]: str(each.amount) for values, each in found.items() if each} == costs


def test_without_a_file_the_defaults_hold() -> None:
    assert agreed_of(Terms()).shared is Shared.BY_TOUCHES
    assert read("").shared is Shared.BY_TOUCHES


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ('[spend]\nshared = "by_luck"', "line 2, column 'spend.shared'", "Valid: by_touches"),
        ('[spend]\n\nshard = "by_leads"', "line 3, column 'spend.shard'", "Did you mean 'shared'?"),
        ("[spnd]", "line 1, column 'spnd'", "Did you mean 'spend'?"),
        ('spend = "by_leads"', "line 1, column 'spend'", "A table was expected."),
        ("[spend]\nshared = 3", "line 2, column 'spend.shared', value '3'", "no such value"),
        ("[spend]\nshared = [", "attribution.toml, line 2", "This is not TOML"),
    ],
)
def test_what_the_file_can_not_say(text: str, place: str, says: str) -> None:
    with pytest.raises(InputError) as found:
        read(text)
    assert place in str(found.value)
    assert says in str(found.value)


def test_what_is_agreed_of_credit() -> None:
    found = read(
        '[attribution]\nmodel = "position_u"\nvalue = "contribution"\nwindow_days = 30\n'
        'half_life_days = 3.5\ndirect = ["direct", "brand"]\ncollapse = true\nreuse = true\n'
        "least_touches = 20"
    )
    assert (found.model, found.value, found.chosen) == ("position_u", Value.CONTRIBUTION, True)
    assert found.settings == Settings(30.0, 3.5, frozenset({"direct", "brand"}), True, True)
    assert found.least_touches == 20
    assert not read("[attribution]\nwindow_days = 30").chosen


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('model = "markov_5"', "Did you mean 'markov_"),
        ('value = "orders"', "Valid: leads, customers, revenue, contribution"),
        ('window_days = "long"', "A number of days was expected."),
        ("window_days = true", "A number of days was expected."),
        ("half_life_days = 0", "So many days can't be."),
        ("window_days = inf", "So many days can't be."),
        ('direct = "direct"', "Names of channels were expected."),
        ("collapse = 1", "Yes or no was expected."),
        ("least_touches = 0.5", "A whole number of touches was expected."),
        ("windw_days = 3", "Did you mean 'window_days'?"),
    ],
)
def test_what_can_not_be_agreed_of_credit(line: str, says: str) -> None:
    with pytest.raises(InputError) as found:
        read(f"[attribution]\n{line}")
    assert f"line 2, column 'attribution.{line.split()[0]}'" in str(found.value)
    assert says in str(found.value)


def test_a_question_stands_over_what_is_agreed() -> None:
    terms = Terms(((ATTRIBUTION, '[attribution]\nmodel = "markov_3"\nwindow_days = 30'),))
    usual = asked_of(Question(now=NOW, terms=terms))
    assert (usual.orders, usual.settings.window_days) == ((1, 2, 3), 30.0)
    said = Crediting("revenue", ("linear", "markov_1"), 7.0, 2.0)
    asked = asked_of(Question(now=NOW, terms=terms, crediting=said, by=("page",)))
    assert (asked.value, asked.dimension, asked.orders) == (Value.REVENUE, "page", (1,))
    assert asked.models == ("linear", "markov_1")
    assert (asked.settings.window_days, asked.settings.half_life_days) == (7.0, 2.0)


@pytest.mark.parametrize("said", [Crediting(value="orders"), Crediting(models=("last",))])
def test_a_question_that_names_what_is_not_there(said: Crediting) -> None:
    with pytest.raises(UnknownName):
        asked_of(Question(now=NOW, crediting=said))
