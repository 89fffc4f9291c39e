"""The conventions of ``attribution.toml``: what they may say, and what each does to a cost."""

from __future__ import annotations

import pytest

from onefunnel.errors import InputError
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.acquisition.conventions import ATTRIBUTION, Shared, conventions_of, read
from onefunnel.measures.acquisition.costs import charges
from onefunnel.measures.acquisition.query import queries
from onefunnel.measures.acquisition.sharing import rounded
from onefunnel.vocabulary import Question, Terms
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
    assert conventions_of(Terms()).shared is Shared.BY_TOUCHES
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
