"""The rows behind a figure: which entities, which lines. Their number is the figure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

import ibis
import ibis.expr.types as ir

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import days, in_period, never, seconds_between
from onefunnel.funnel.progress import at, implied, observed
from onefunnel.funnel.query import brought, is_open, lines_of_entities, without_contribution
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.funnel.transitions import Pair, cohorts
from onefunnel.ledger.schema import Facts
from onefunnel.vocabulary import DIMENSIONS, Question, Stage

Where: TypeAlias = Mapping[str, str | None]
"""Which row of the answer: a stage and dimension values, as in its ``dimensions``."""

ENTRIES = ("entered", "observed", "implied", "open")
OUTCOMES = ("conversion", "lost")
MONEY = ("revenue", "realised_contribution", "unknown_contribution_lines")
FIGURES = (*ENTRIES, *OUTCOMES, *MONEY)


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The rows behind a figure of the measure ``funnel``, ordered by their key.

    ``where`` names the ``stage`` and any dimension values; see :func:`chosen` for unknown ones.
    For entered, observed and implied: an entity per row. For open those of them that neither bought
    nor are lost, from whom a contribution is still expected. For conversion the cohort it is the
    incidence of (those left out are not in it), for lost those of them whose loss came first.
    Entities have entity_code, party_id (the smallest), at, previous_at (the stage before),
    outcome and days between. For revenue, realised_contribution and unknown_contribution_lines:
    line_id, kind, entity_code, at, amount, contribution of each line in the figure.
    UnknownName: no such figure, stage or dimension.
    """
    named(figure, FIGURES, "figure")
    stage = stage_of(where, "stage")
    names = dimension_names(where, ("stage",))
    asked = Base(facts, rules, _by(question, names))
    if figure in MONEY:
        return _lines(asked, stage, figure, where)
    if figure in OUTCOMES:
        if stage.previous is None:
            raise UsageError("The first stage has no conversion.", remedy="Ask a later stage.")
        return cohort_rows(asked, Pair(stage.previous, stage), where, figure == "lost")
    return _entries(asked, stage, figure, where)


def named(name: str, valid: tuple[str, ...], what: str) -> None:
    """Raise UnknownName unless the name is valid."""
    if name not in valid:
        raise UnknownName(what, name, valid)


def stage_of(where: Where, key: str) -> Stage:
    """The stage that ``where`` names under a key; UnknownName where it is none."""
    name = where.get(key) or ""
    named(name, tuple(stage.value for stage in Stage), "stage")
    return Stage(name)


def dimension_names(where: Where, others: tuple[str, ...]) -> tuple[str, ...]:
    """The dimensions that ``where`` names; UnknownName for what is neither one nor in others."""
    for name in where:
        named(name, (*others, *DIMENSIONS), "key")
    return tuple(name for name in DIMENSIONS if name in where)


def chosen(table: ir.Table, where: Where, names: tuple[str, ...]) -> ir.Table:
    """The rows with these values: None or ``unknown`` for what is unknown.

    A value in double quotes is taken as it stands, so that ``"unknown"`` (with its quotes) finds
    those of whom the word itself is on record; see :func:`exactly`.
    """
    conditions = []
    for name in names:
        value = where[name]
        if value is None or value == "unknown":
            conditions.append(table[name].isnull())
        else:
            quoted = len(value) > 1 and value[0] == value[-1] == '"'
            conditions.append(table[name] == (value[1:-1] if quoted else value))
    return table.filter(*conditions) if conditions else table


def exactly(dimensions: Where) -> dict[str, str | None]:
    """The dimensions of an answer's row as ``where`` wants them, every known value quoted.

    >>> exactly({"channel": "unknown", "page": None})
    {'channel': '"unknown"', 'page': None}
    """
    return {name: None if v is None else f'"{v}"' for name, v in dimensions.items()}


def with_party(table: ir.Table, base: Base) -> ir.Table:
    """``table`` (with entity_code) with party_id, the smallest of the entity, in second place."""
    entity = base.facts["entity"]
    smallest = entity.group_by("entity_code").aggregate(party_id=entity.party_id.min())
    lookup = smallest.rename(party_entity="entity_code")
    joined = attach(table, lookup, "entity_code", "party_entity")
    others = [name for name in table.columns if name != "entity_code"]
    return joined.select("entity_code", "party_id", *others).order_by("entity_code")


def cohort_rows(base: Base, pair: Pair, where: Where, only_lost: bool) -> ir.Table:
    """The entities of one conversion, with how each ended; ``base`` is asked by ``where``."""
    entities = chosen(base.dimensioned, where, base.question.by)
    cohort = cohorts(entities, [pair], base.question)
    kept = cohort.filter(cohort.outcome == "lost" if only_lost else cohort.outcome != "left_out")
    found = kept.select(
        "entity_code",
        at=kept.to_at,
        previous_at=kept.from_at,
        outcome=kept.outcome,
        days=days(kept.seconds),
    )
    return with_party(found, base)


def _by(question: Question, names: tuple[str, ...]) -> Question:
    return replace(question, by=names)


def _entries(base: Base, stage: Stage, figure: str, where: Where) -> ir.Table:
    table = chosen(base.dimensioned, where, base.question.by)
    entered = table.filter(in_period(table[at(stage)], base.question))
    if figure == "observed":
        entered = entered.filter(observed(entered, stage))
    elif figure == "implied":
        entered = entered.filter(implied(entered, stage))
    elif figure == "open":
        entered = entered.filter(is_open(entered))
    previous = entered[at(stage.previous)] if stage.previous else never()
    found = entered.select(
        "entity_code",
        at=entered[at(stage)],
        previous_at=previous,
        outcome=ibis.ifelse(observed(entered, stage), "observed", "implied"),
        days=days(seconds_between(previous, entered[at(stage)])),
    )
    return with_party(found, base)


def _lines(base: Base, stage: Stage, figure: str, where: Where) -> ir.Table:
    table = chosen(lines_of_entities(base), where, base.question.by)
    counted = table.filter(brought(table, stage, base.question))
    if figure == "unknown_contribution_lines":
        counted = counted.filter(without_contribution(counted))
    columns = ("line_id", "kind", "entity_code", "at", "amount", "contribution")
    return counted.select(*columns).order_by("kind", "line_id")
