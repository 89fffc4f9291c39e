"""What a reader must be told, counted on the engine: one row per remark."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.matching import slot, unmatched
from onefunnel.funnel.money import double_count
from onefunnel.funnel.rules import FACTS, Rule
from onefunnel.ledger.schema import TABLES
from onefunnel.vocabulary import Stage


def remarks(base: Base) -> ir.Table:
    """Rows of (code, place, counted); ``place`` is the table or stage, or empty."""
    parts = [
        *_without_instant(base),
        *_fallbacks(base),
        _tally("unknown_visitors", "", _unknown_visitors(base)),
        _tally("lines_without_amount", "", base.lines.filter(~base.lines.priced)),
        _tally(
            "unconvertible_lines",
            "",
            base.lines.filter(base.lines.priced, base.lines.amount.isnull()),
        ),
        _tally("possible_double_count", "", double_count(base.facts, base.known, base.standing)),
        _tally("advocacy_without_purchase", "", _advocates_without_purchase(base)),
        losses_remark(base),
    ]
    rows = ibis.union(*parts)
    return rows.filter(rows.counted > 0)


def losses_remark(base: Base) -> ir.Table:
    """The remark on losses of entities that entered no stage; its number may be 0."""
    lost = base.losses.anti_join(base.entries, "entity_code")
    return _tally("losses_without_entry", "", lost)


def _tally(code: str, place: str, rows: ir.Table) -> ir.Table:
    counted = rows.aggregate(counted=rows.count())
    return counted.select(code=ibis.literal(code), place=ibis.literal(place), counted="counted")


def _without_instant(base: Base) -> list[ir.Table]:
    parts = []
    for name in FACTS:
        instant, rows = TABLES[name].instant, base.facts[name]
        assert instant is not None
        parts.append(_tally("rows_without_instant", name, rows.filter(rows[instant].isnull())))
    return parts


def _fallbacks(base: Base) -> list[ir.Table]:
    return [
        _fallback(base, each.stage, rule)
        for each in base.rules.stages
        for rule in each.rules
        if rule.fallback
    ]


def _fallback(base: Base, stage: Stage, rule: Rule) -> ir.Table:
    """How many entities a fallback, where it is in use, has brought into its stage."""
    rows, others = base.progress, unmatched(base.facts, base.rules, stage)
    used = rows.filter(rows[slot(stage)].notnull(), others.n.as_scalar() == 0)
    return _tally("fallback_used", f"{stage.value}:{rule.fact}", used)


def _unknown_visitors(base: Base) -> ir.Table:
    touches = base.facts["touch"]
    return touches.filter(touches.party_id.isnull())


def _advocates_without_purchase(base: Base) -> ir.Table:
    rows = base.progress
    bought = rows.filter(rows[slot(Stage.PURCHASE)].notnull()).select("entity_code")
    return base.known["advocacy"].anti_join(bought, "entity_code").select("entity_code").distinct()
