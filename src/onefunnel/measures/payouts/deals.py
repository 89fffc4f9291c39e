"""Won deals, as pay counts them: whose a deal is does not matter, so no entity is looked for."""

import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import INSTANT
from onefunnel.funnel.losses import standing_deals
from onefunnel.funnel.subjects import Known


def events(base: Base) -> Known:
    """The events of deals, as functions of the funnel take them."""
    rows = base.facts["deal_event"]
    dated = rows.filter(rows.deal_id.notnull())
    return {"deal_event": dated.mutate(at=dated.occurred_at.cast(INSTANT), entity_code=0)}


def won(base: Base) -> ir.Table:
    """The deals that stand as won, and since when: deal_id, became_at."""
    standing = standing_deals(events(base))
    return standing.filter(standing.status == "won").select("deal_id", "became_at")
