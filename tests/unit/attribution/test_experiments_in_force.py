"""Experiments among the terms correct an answer, where they are on what is asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.attribution.asked import asked_of
from onefunnel.measures.attribution.assemble import assemble
from onefunnel.measures.attribution.calibrated import Calibrated, corrected, evidence_of
from onefunnel.measures.attribution.family import Worth
from onefunnel.measures.attribution.models import Shares, shares
from onefunnel.measures.attribution.query import queries
from onefunnel.measures.attribution.rows import total
from onefunnel.vocabulary import Crediting, Question, Terms
from tests.spec.attribution_tables import TWO_CHANNELS
from tests.spec.case import NOW
from tests.spec.engines import on_duckdb
from tests.unit.attribution.paths import counted, path
from tests.unit.attribution.test_recording import HOLDOUT, MONEY

# Of those who meet g one in two hundred more buys: 2.5 of the four buyers are its by the model.
SHOWN = HOLDOUT.replace("retargeting", "g").replace("converted = 230", "converted = 250")
EARNED = MONEY.replace("retargeting", "g").replace("-20.5", "0") + "overrides = true\n"
TERMS = Terms((("experiments/g.toml", SHOWN + "overrides = true\n"),))
EVER = Question(now=NOW, terms=TERMS)
G, M = PLAYERS = ("marketing:g", "marketing:m")
COUNTS = counted(
    [
        path([G], conversions=2, nulls=1),
        path([M], conversions=1),
        path([G, M], conversions=1),
    ],
    PLAYERS,
)
"""The two channels of the methods' example: four of its five paths go through g."""


def answered(question: Question = EVER) -> Calibrated:
    asked = asked_of(question)
    models = [shares(COUNTS, model, asked.value.worth) for model in asked.models]
    given = [each for each in models if isinstance(each, Shares)]
    return corrected(given, COUNTS, evidence_of(question.terms, asked), total(COUNTS))


def test_an_experiment_corrects_the_model_in_force() -> None:
    made = answered()
    credit = {row.player: row.credit for row in made.rows}
    # .005 of each of the four bought for it; the rest would have come anyhow.
    assert credit == {G: Decimal("0.0200"), M: Decimal("1.5000"), None: Decimal("2.4800")}
    assert [each.value for each in made.grades] == ["A", "E", "E"]
    (told,) = made.notes
    assert (told.params["was"], told.params["now"]) == (2.5, 0.02)
    assert (told.params["experiment"], told.params["player"]) == ("g", "g")


def test_only_what_is_asked_is_corrected() -> None:
    assert answered(replace(EVER, crediting=Crediting(models=("first_touch",)))) == Calibrated()
    assert answered(replace(EVER, by=("campaign",))) == Calibrated()
    assert answered(replace(EVER, terms=Terms())) == Calibrated()


@pytest.mark.parametrize("value", ["leads", "revenue", "contribution"])
def test_nothing_is_turned_from_one_value_into_another(value: str) -> None:
    made = answered(replace(EVER, crediting=Crediting(value=value)))
    (told,) = made.notes
    assert told.code == "experiments_measure_otherwise" and made.rows == ()
    assert told.params == {"experiment": "g", "measured": "customers", "value": value}


def test_an_experiment_in_money_corrects_credit_in_money() -> None:
    paths = [
        path([G], conversions=2, value=60.0, nulls=1),
        path([M], conversions=1, value=40.0),
    ]
    worth = counted(paths, PLAYERS)
    terms = Terms((("experiments/g.toml", SHOWN), ("experiments/money.toml", EARNED)))
    question = replace(EVER, terms=terms, crediting=Crediting(value="contribution"))
    asked = asked_of(question)
    model = shares(worth, "linear", asked.value.worth)
    assert isinstance(model, Shares)
    evidence = evidence_of(terms, asked)
    assert [each.name for each in evidence.experiments] == ["money"] and not evidence.otherwise
    made = corrected([model], worth, evidence, total(worth, Worth.VALUE))
    # Five more from each of the three who met it; what is left of 60 would have come anyhow.
    credit = {row.player: row.credit for row in made.rows}
    assert credit == {G: Decimal("15.0000"), M: Decimal("40.0000"), None: Decimal("45.0000")}


def test_the_bias_of_models_is_agreed() -> None:
    credit = []
    for bias in ("0.001", "0.01", "1"):
        agreed = ("attribution.toml", f"[experiments]\nbias = {bias}\n")
        terms = Terms((agreed, ("experiments/g.toml", SHOWN)))
        credit.append(answered(replace(EVER, terms=terms)).rows[0].credit)
    trusted, doubted, ignored = credit
    assert Decimal("2.5") > trusted > doubted > ignored
    assert ignored == Decimal("0.0200")


@pytest.mark.long
def test_it_stands_in_the_answer_over_a_ledger() -> None:
    found = queries(on_duckdb(TWO_CHANNELS), default_rules(), EVER)
    collected = {name: expression.to_pyarrow() for name, expression in found.items()}
    rows, notes = assemble(collected, default_rules(), EVER)
    said = {row.dimensions["channel"]: row for row in rows if row.model == "calibrated"}
    assert {name: row.credit for name, row in said.items()} == {
        "g": Decimal("0.0200"),
        "m": Decimal("1.5000"),
        None: Decimal("2.4800"),
    }
    assert (said["g"].grade, said["g"].department) == ("A", "marketing")
    assert len(rows) == 3 * len({row.model for row in rows})
    (furthest,) = (each for each in notes if each.code == "models_differ")
    assert "calibrated" not in furthest.text, "it is no further opinion"
