"""How far each entity came: its entry into every stage, and the loss that stands."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.instants import never
from onefunnel.funnel.matching import own_instants, slot, slots
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import Known, attach
from onefunnel.ledger.schema import Facts
from onefunnel.vocabulary import STAGES, Stage

OPEN_STAGES = STAGES[: Stage.PURCHASE.position]
"""The stages before a purchase: only there is a loss an outcome that competes with moving on."""


def entries(facts: Facts, known: Known, rules: Rules) -> ir.Table:
    """One row per entity that entered any stage.

    Columns: entity_code; own_0 … own_7, when its own records say that it entered; at_0 … at_7,
    its entries: a later stage implies the earlier ones, so they never decrease. NULL: not yet.
    """
    own = own_instants(facts, known, rules)
    wide = own.mutate(**{at(stage): _entry(own, rules, stage) for stage in STAGES})
    return wide.filter(wide.at_0.notnull()).select(
        "entity_code", *map(slot, STAGES), *map(at, STAGES)
    )


def with_losses(entered: ir.Table, losses: ir.Table) -> ir.Table:
    """Entries with the loss that stands, if any: loss_at, loss_reason, loss_source."""
    lookup = losses.rename(loss_code="entity_code")
    return attach(entered, lookup, "entity_code", "loss_code")


def at(stage: Stage) -> str:
    """The column of the entry into a stage.

    >>> at(Stage.PURCHASE)
    'at_5'
    """
    return f"at_{stage.position}"


def observed(rows: ir.Table, stage: Stage) -> ir.BooleanValue:
    """Whether the entity's own record gives the entry into the stage; never NULL."""
    return (rows[slot(stage)] == rows[at(stage)]).fill_null(False)


def implied(rows: ir.Table, stage: Stage) -> ir.BooleanValue:
    """Whether the entity entered the stage, but only something else says so; never NULL."""
    return rows[at(stage)].notnull() & ~observed(rows, stage)


def out_of_order(rows: ir.Table, stage: Stage) -> ir.BooleanValue:
    """Whether the entity's own record of the stage is later than its entry into the next one."""
    following = STAGES[stage.position + 1 : stage.position + 2]
    if not following:
        return ibis.literal(False)
    return (rows[slot(stage)] > rows[at(following[0])]).fill_null(False)


def furthest(rows: ir.Table) -> ir.IntegerValue:
    """The position of the last stage that the entity entered."""
    branches = [
        (rows[at(stage)].notnull(), ibis.literal(stage.position, type="int64"))
        for stage in reversed(STAGES)
    ]
    return ibis.cases(*branches, else_=ibis.null("int64"))


def _entry(own: ir.Table, rules: Rules, stage: Stage) -> ir.TimestampValue:
    """The earliest of the records of this stage and of all later ones."""
    later = [s for s in slots(rules) if int(s.rpartition("_")[2]) >= stage.position]
    # NULL among the arguments is passed over by every engine, but one argument alone is not legal.
    return ibis.least(never(), *(own[name] for name in later))
