"""The measure ``leaks``: who entered a stage and did not move on, and what that costs."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.assemble import entered_values, owner_of, population_stages, shown_stages
from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import Collected, Values, in_order, rows_of
from onefunnel.funnel.instants import SECONDS_A_DAY, days, in_period, literal, seconds_between
from onefunnel.funnel.notes import note
from onefunnel.funnel.progress import at
from onefunnel.funnel.query import held, value_queries
from onefunnel.funnel.result import LeakRow
from onefunnel.funnel.rows import Where, chosen, dimension_names, named, stage_of, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.transitions import ADJACENT, Pair
from onefunnel.funnel.value import (
    NOBODY,
    Outlook,
    Waiting,
    expected,
    known_sum,
    outlook,
    outlook_notes,
    waiting_by_values,
)
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.vocabulary import STAGES, Note, Question, Stage, round_money

FIGURES = ("left", "lost", "stalled")


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`assemble` needs the answers of."""
    base = Base(facts, rules, question)
    return value_queries(base) | {"left": lambda: left(base), "held": lambda: held(base.facts)}


def lost(rows: ir.Table, pair: Pair, question: Question) -> ir.BooleanValue:
    """Whether an entity stayed at the pair's first stage and its loss stands."""
    entry = rows[at(pair.start)]
    stayed = in_period(entry, question) & rows[at(pair.end)].isnull()
    if not pair.competes:
        return stayed & False
    return stayed & (rows.loss_at >= entry).fill_null(False)


def stalled(rows: ir.Table, pair: Pair, question: Question) -> ir.BooleanValue:
    """Whether an entity stayed there, not lost, though the horizon has passed."""
    entry = rows[at(pair.start)]
    stayed = in_period(entry, question) & rows[at(pair.end)].isnull()
    age = seconds_between(entry, literal(question.now))
    passed = (age >= question.horizon_days * SECONDS_A_DAY).fill_null(False)
    return stayed & ~lost(rows, pair, question) & passed


def left(base: Base) -> ir.Table:
    """Per dimension values, for each stage k but the last: lost_k and stalled_k."""
    rows, metrics = base.dimensioned, {}
    for pair in ADJACENT:
        k = pair.start.position
        metrics[f"lost_{k}"] = rows.count(where=lost(rows, pair, base.question))
        metrics[f"stalled_{k}"] = rows.count(where=stalled(rows, pair, base.question))
    return rows.aggregate(by=list(base.question.by), **metrics)


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[LeakRow, ...], tuple[Note, ...]]:
    """One row per stage but the last, for each combination of dimension values; dearest first.

    A stage with only a population measure has no row. Nor has one after which the ledger has no
    rows to show any: nobody can be said to have gone no further, and a note says so. Unknown
    amounts come last, by numbers left.
    An entity that moved on after the horizon has moved on: it is no leak.
    """
    view = outlook(collected, question)
    counts, money = (rows_of(collected[name], question.by) for name in ("counts", "money"))
    gone = rows_of(collected["left"], question.by)
    waiting = waiting_by_values(collected, question.by)
    unmeasured, shown = population_stages(collected), shown_stages(collected, rules)
    judged = [each for each in ADJACENT if each.start not in unmeasured and leads_on(each, shown)]
    rows = [
        _row(
            (values, pair, rules, question),
            gone.get(values, {}),
            _worth(
                pair,
                counts.get(values, {}),
                money.get(values, {}),
                view,
                waiting.get(values, NOBODY),
            ),
        )
        for values in entered_values(counts)
        for pair in judged
    ]
    notes = [
        note("refused_leak", stage=pair.start.value)
        for pair in ADJACENT
        if pair.start not in unmeasured and pair not in judged
    ]
    return tuple(sorted(rows, key=_dearest)), (*outlook_notes(view, waiting.values()), *notes)


def leads_on(pair: Pair, shown: Collection[Stage]) -> bool:
    """Whether the ledger could show the stage after the pair's first, or any after that."""
    return any(stage in shown for stage in STAGES[pair.end.position :])


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The entities behind ``left``, ``lost`` or ``stalled`` of a stage: as many as the figure.

    Columns: entity_code, party_id, at (entry), outcome (lost, stalled), days (since the entry, or
    until the loss).
    """
    named(figure, FIGURES, "figure")
    stage = stage_of(where, "stage")
    pair = next((pair for pair in ADJACENT if pair.start is stage), None)
    names = dimension_names(where, ("stage",))
    base = Base(facts, rules, replace(question, by=names))
    table = chosen(base.dimensioned, where, names)
    if pair is None:
        return _described(table.filter(False), table, ADJACENT[-1], base)
    is_lost, is_stalled = lost(table, pair, question), stalled(table, pair, question)
    wanted = {"left": is_lost | is_stalled, "lost": is_lost, "stalled": is_stalled}[figure]
    return _described(table.filter(wanted), table, pair, base)


def _described(kept: ir.Table, table: ir.Table, pair: Pair, base: Base) -> ir.Table:
    gone = lost(kept, pair, base.question)
    until = ibis.ifelse(gone, kept.loss_at, literal(base.question.now))
    entry = kept[at(pair.start)]
    found = kept.select(
        "entity_code",
        at=entry,
        outcome=ibis.ifelse(gone, "lost", "stalled"),
        days=days(seconds_between(entry, until)),
    )
    return with_party(found, base)


def _worth(
    pair: Pair,
    counts: Mapping[str, Any],
    money: Mapping[str, Any],
    view: Outlook,
    waiting: Waiting,
) -> Decimal | None:
    """(realised + expected) / entered of the pair's first stage; None where unknown or nobody."""
    k = pair.start.position
    entered = counts.get(f"observed_{k}", 0) + counts.get(f"implied_{k}", 0)
    lines, told = money.get(f"lines_{k}") or 0, money.get(f"told_{k}") or 0
    realised = known_sum(money.get(f"contribution_{k}"), told, lines)
    awaited, _ = expected(view, waiting, pair.start)
    if realised is None or awaited is None or not entered:
        return None
    return round_money((realised + awaited) / entered)


def _row(
    asked: tuple[Values, Pair, Rules, Question], gone: Mapping[str, Any], worth: Decimal | None
) -> LeakRow:
    values, pair, rules, question = asked
    k = pair.start.position
    lost_here, stalled_here = gone.get(f"lost_{k}") or 0, gone.get(f"stalled_{k}") or 0
    number = lost_here + stalled_here
    return LeakRow(
        stage=pair.start,
        owner=owner_of(rules, pair.start, question),
        left=number,
        lost=lost_here,
        stalled=stalled_here,
        value_per_entry=worth,
        amount=None if worth is None else round_money(worth * number),
        horizon_days=question.horizon_days,
        dimensions=dict(zip(question.by, values, strict=True)),
    )


def _dearest(row: LeakRow) -> tuple[Any, ...]:
    values = in_order(tuple(row.dimensions.values()))
    return (row.amount is None, -(row.amount or 0), -row.left, row.stage.position, values)
