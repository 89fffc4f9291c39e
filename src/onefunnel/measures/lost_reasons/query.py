"""The measure ``lost_reasons``: losses that stand, by furthest stage, reason and whose it is."""

from collections import Counter
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import Collected, Values, in_order
from onefunnel.funnel.instants import days, in_period, seconds_between
from onefunnel.funnel.progress import at, furthest
from onefunnel.funnel.remarks import losses_remark
from onefunnel.funnel.result import LostReasonRow
from onefunnel.funnel.rows import Where, chosen, dimension_names, named, stage_of, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.told import remark_notes
from onefunnel.ledger.schema import Facts
from onefunnel.vocabulary import STAGES, Note, Question

FIGURES = ("lost",)


def queries(facts: Facts, rules: Rules, question: Question) -> dict[str, ir.Table]:
    """The named expressions that :func:`assemble` needs the answers of."""
    base = Base(facts, rules, question)
    rows = losses(base)
    keys = (*question.by, "position", "loss_reason", "loss_source")
    grouped = rows.group_by(*keys).aggregate(lost=rows.count())
    return {"losses": grouped, "remarks": losses_remark(base)}


def losses(base: Base) -> ir.Table:
    """``progress`` with dimensions of those lost within the period, and ``position``, how far."""
    rows = base.dimensioned
    within = rows.filter(in_period(rows.loss_at, base.question))
    return within.mutate(position=furthest(within))


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[LostReasonRow, ...], tuple[Note, ...]]:
    """One row per dimension values, furthest stage, reason and source; the most frequent first.

    ``share`` is of all standing losses of the same dimension values: they add up to 1. A loss is
    counted in the period in which it happened; nothing lost gives no rows.
    """
    found = collected["losses"].to_pylist()
    totals: Counter[Values] = Counter()
    for row in found:
        totals[_values(row, question)] += row["lost"]
    rows = [_row(row, totals[_values(row, question)], question) for row in found]
    return tuple(sorted(rows, key=_frequent)), tuple(remark_notes(collected["remarks"]))


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The entities behind ``lost``: as many as the figure.

    ``where`` may name stage, reason, source and dimension values. Columns: entity_code, party_id,
    at (of the loss), previous_at (entry into the furthest stage), outcome (``lost``), days between,
    reason, source.
    """
    named(figure, FIGURES, "figure")
    names = dimension_names(where, ("stage", "reason", "source"))
    base = Base(facts, rules, replace(question, by=names))
    table = chosen(losses(base), where, names)
    table = table.mutate(reason=table.loss_reason, source=table.loss_source)
    table = chosen(table, where, tuple(name for name in ("reason", "source") if name in where))
    if "stage" in where:
        table = table.filter(table.position == stage_of(where, "stage").position)
    entry = ibis.cases(*[(table.position == s.position, table[at(s)]) for s in STAGES])
    found = table.select(
        "entity_code",
        at=table.loss_at,
        previous_at=entry,
        outcome=ibis.literal("lost"),
        days=days(seconds_between(entry, table.loss_at)),
        reason=table.reason,
        source=table.source,
    )
    return with_party(found, base)


def _values(row: dict[str, Any], question: Question) -> Values:
    return tuple(row[name] for name in question.by)


def _row(row: dict[str, Any], total: int, question: Question) -> LostReasonRow:
    return LostReasonRow(
        stage=STAGES[row["position"]],
        reason=row["loss_reason"],
        source=row["loss_source"],
        lost=row["lost"],
        share=row["lost"] / total,
        dimensions={name: row[name] for name in question.by},
    )


def _frequent(row: LostReasonRow) -> tuple[Any, ...]:
    values = in_order(tuple(row.dimensions.values()))
    return (values, -row.lost, row.stage.position, in_order((row.reason, row.source)))
