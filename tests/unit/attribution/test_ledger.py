"""Attribution from small ledgers on every engine: the worked examples, and a trade by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.measures.attribution.assemble import Attributed, assemble, attributed
from onefunnel.measures.attribution.behind import rows
from onefunnel.measures.attribution.buckets import buckets_of
from onefunnel.measures.attribution.collected import counted
from onefunnel.measures.attribution.conversions import bucket
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.query import queries
from onefunnel.measures.attribution.rules import Settings
from onefunnel.vocabulary import Question, flat
from tests.spec.attribution_tables import THREE_CHANNELS, TRADE, TWO_CHANNELS, walked
from tests.spec.case import NOW
from tests.spec.engines import Loader, Records, load, on_duckdb, rows_behind
from tests.spec.tables import instant

__all__ = ["load"]

EVER = Question(now=NOW)
NOTHING_AGREED = ["credited_as_agreed", "credited_without_agreement"]
"""What is said first where no convention is in force yet."""
REVENUE = Asked(Value.REVENUE, settings=Settings(window_days=30), orders=(1,))


def answers(
    loader: Loader, records: Records, asked: Asked, question: Question = EVER
) -> dict[str, pa.Table]:
    found = queries(loader(records), default_rules(), question, asked)
    return {name: expression.to_pyarrow() for name, expression in found.items()}


def credit(said: Attributed, model: str) -> dict[str | None, Decimal]:
    (found,) = (each for each in said.players if each[0].model == model)
    return {row.player: row.credit for row in found if row.credit}


def amounts(**given: str) -> dict[str | None, Decimal]:
    names = {"call": "sales:call", "meeting": "sales:meeting", "unknown": None}
    return {names.get(name, f"marketing:{name}"): Decimal(cell) for name, cell in given.items()}


def test_the_worked_example_of_two_channels() -> None:
    said = attributed(answers(on_duckdb, TWO_CHANNELS, Asked()), Asked())
    assert credit(said, "first_touch") == amounts(g="3", m="1")
    assert credit(said, "last_touch") == amounts(g="2", m="2")
    for model in ("linear", "position_u", "shapley"):
        assert credit(said, model) == amounts(g="2.5", m="1.5"), model
    assert credit(said, "markov_1") == amounts(g="2.4", m="1.6")
    (found,) = (each for each in said.players if each[0].model == "markov_1")
    effects = {row.player: row.removal_effect for row in found}
    assert effects["marketing:g"] == pytest.approx(0.75)
    assert effects["marketing:m"] == pytest.approx(0.5)
    assert said.stake is not None
    assert credit(said, "shapley_rate") == amounts(g="1.1667", m="2.8333")
    assert (said.stake.one, said.stake.other) == ("first_touch", "shapley_rate")
    assert said.stake.amount == Decimal("1.8333")


def test_the_worked_example_of_three_channels() -> None:
    collected = answers(on_duckdb, THREE_CHANNELS, Asked())
    every, notes = assemble(collected, default_rules(), EVER)
    found = {row.dimensions["channel"]: row for row in every if row.model == "markov_1"}
    assert [found[name].share for name in ("c1", "c2", "c3", None)] == [
        Decimal("0.2"), Decimal("0.4"), Decimal("0.4"), 0,
    ]  # fmt: skip
    assert found["c1"].removal_effect == pytest.approx(0.5)
    assert {(row.department, row.grade) for row in found.values()} == {
        ("marketing", "C"),
        (None, "C"),
    }
    assert list(flat(every[0]))[:2] == ["channel", "model"]
    assert [each.code for each in notes] == [
        *NOTHING_AGREED,
        "refused_intervals",
        "models_differ",
        "no_model_is_causal",
    ]


@pytest.mark.long
def test_a_trade_by_hand(load: Loader) -> None:
    collected = answers(load, TRADE, REVENUE)
    said = attributed(collected, REVENUE)
    assert said.total == 200
    # a's first purchase: search and social (a tie), call, direct, and a meeting at its instant.
    wanted = {
        "first_touch": amounts(search="140", unknown="60"),
        "last_touch": amounts(search="40", meeting="100", unknown="60"),
        "last_non_direct": amounts(search="40", meeting="100", unknown="60"),
        "linear": amounts(
            search="60", social="20", call="20", direct="20", meeting="20", unknown="60"
        ),
        "position_u": amounts(
            search="80", social="6.6667", call="6.6667", direct="6.6666", meeting="40",
            unknown="60",
        ),
        "position_w": amounts(
            search="70", social="5", call="30", direct="5", meeting="30", unknown="60"
        ),
        "shapley": amounts(
            search="60", social="20", call="20", direct="20", meeting="20", unknown="60"
        ),
    }  # fmt: skip
    for model, credits in wanted.items():
        found = credit(said, model)
        assert found.keys() == credits.keys(), model
        for player, cell in credits.items():
            assert abs(found[player] - cell) <= Decimal("0.0001"), (model, player)
    departments = {row.player: row.credit for row in said.departments[3]}
    assert departments == {"marketing": 100, "sales": 40, None: 60}
    sets = counted(collected, REVENUE).sets
    assert (sets.conversions.total.sum(), sets.nulls.total.sum()) == (4, 2)


def test_what_is_unknown_is_said() -> None:
    asked = replace(REVENUE, value=Value.CONTRIBUTION)
    said = attributed(answers(on_duckdb, TRADE, asked), asked)
    assert said.total == 115
    notes = {each.code: each.params for each in said.notes}
    assert notes["worth_unknown"] == {"unknown": 1, "lines": 5}
    assert notes["conversions_without_touch"] == {"conversions": 1, "all": 4}


def test_leads_and_customers_of_a_trade() -> None:
    leads = replace(REVENUE, value=Value.LEADS)
    said = attributed(answers(on_duckdb, TRADE, leads), leads)
    assert (said.total, credit(said, "first_touch")) == (2, amounts(search="1", unknown="1"))
    customers = replace(REVENUE, value=Value.CUSTOMERS)
    found = counted(answers(on_duckdb, TRADE, customers), customers)
    # What a and b did after they had bought is on no path; d is left.
    assert (found.sets.conversions.total.sum(), found.sets.nulls.total.sum()) == (3, 1)


def test_a_period_has_the_paths_that_end_in_it() -> None:
    early = replace(EVER, end=instant("2024-03-11"))
    late = replace(EVER, start=instant("2024-03-11"))
    for question, conversions, nulls in ((early, 3, 0), (late, 1, 2)):
        sets = counted(answers(on_duckdb, TRADE, REVENUE, question), REVENUE).sets
        assert (sets.conversions.total.sum(), sets.nulls.total.sum()) == (conversions, nulls)


def test_few_touches_share_the_last_number() -> None:
    paths = [(f"c{n:02}", True) for n in range(64)] + [(f"c{n:02}", False) for n in range(60)]
    collected = answers(on_duckdb, walked(paths), Asked())
    found = counted(collected, Asked())
    assert found.players == (*(f"marketing:c{n:02}" for n in range(61)), "other")
    assert found.sets.conversions.keys.max() == 2**61
    every, notes = assemble(collected, default_rules(), EVER)
    (other,) = (
        row for row in every if row.dimensions["channel"] == "other" and row.model == "linear"
    )
    assert (other.credit, other.department) == (3, None)
    (note,) = (each for each in notes if each.code == "players_merged")
    assert note.params == {"merged": 3, "least": 1, "most": 62}


def test_an_empty_ledger_has_no_rows() -> None:
    every, notes = assemble(answers(on_duckdb, {}, Asked()), default_rules(), EVER)
    assert every == ()
    assert [each.code for each in notes] == [*NOTHING_AGREED, "refused_attribution"]


@pytest.mark.long
def test_buckets_are_those_of_the_kernel(load: Loader) -> None:
    codes = [0, 1, 2, 2**31 - 2, 2**31, 2**45 + 12345, 2**46 - 1]
    entity = [{"party_id": f"p{code}", "entity_code": code} for code in codes]
    rows = load({"entity": entity})["entity"]
    found = rows_behind(rows.select("entity_code", bucket=bucket(rows.entity_code)))
    by_code = {row["entity_code"]: row["bucket"] for row in found}
    assert by_code == dict(zip(codes, buckets_of(codes).tolist(), strict=True))


def test_what_is_asked_must_exist() -> None:
    assert asked_of(replace(EVER, by=("page",))).dimension == "page"
    with pytest.raises(UnknownName, match="segment"):
        asked_of(replace(EVER, by=("segment",)))
    with pytest.raises(UnknownName, match="segment"):
        Asked(dimension="segment")
    with pytest.raises(UsageError, match="1 to 4"):
        Asked(orders=(5,))


def check_behind(loader: Loader) -> None:
    facts = loader(TRADE)

    def behind(**where: str | None) -> list[dict[str, Any]]:
        found = rows(facts, default_rules(), EVER, "credit", where, REVENUE)
        return rows_behind(found)

    search = behind(model="position_u", channel='"search"')
    assert [(each["touch_id"], each["place"], each["size"]) for each in search] == [
        ("8", 1, 1),
        ("2", 1, 5),
    ]
    assert [each["credit"] for each in search] == pytest.approx([40.0, 40.0])
    sales = behind(model="linear", department="sales")
    assert {each["player"]: round(each["credit"], 6) for each in sales} == {
        "sales:call": 20.0,
        "sales:meeting": 20.0,
    }
    assert [each["touch_id"] for each in behind(model="last_touch", channel=None)] == ["7"]
    with pytest.raises(UnknownName, match="markov_1"):
        behind(model="markov_1")
    with pytest.raises(UnknownName, match="segment"):
        behind(model="linear", segment="a")


def test_the_touches_behind_a_credit_sum_to_it() -> None:
    check_behind(on_duckdb)


@pytest.mark.long
def test_the_touches_behind_a_credit_on_every_engine(load: Loader) -> None:
    check_behind(load)
