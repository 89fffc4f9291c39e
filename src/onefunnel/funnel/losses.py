"""What was lost, and stayed so: a loss stands until the entity comes back.

A recycled lead that buys is a win, not a loss; a customer with an open deal is not lost, whatever
was written before.
"""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.subjects import Known

COMEBACKS = ("accepted", "qualified", "assigned", "connected")
"""Steps of a hand-off that show that a lead is worked again."""


def dated_events(known: Known) -> ir.Table:
    """The deal events that say when; the others say nothing about what followed what."""
    events = known["deal_event"]
    return events.filter(events.at.notnull())


def standing_deals(known: Known) -> ir.Table:
    """One row per deal with a dated status: how it stands, and since when.

    Columns: deal_id, entity_code, status, became_at, became_key, lost_reason, lost_reason_source.
    The status is that of the last event that has one (ties by key); it became so at the first
    event of the final run of that status, which also gives the reason.
    """
    events = dated_events(known)
    stated = events.filter(events.status.notnull())
    order = ibis.window(group_by=stated.deal_id, order_by=[stated.at, stated.deal_event_id])
    ranked = stated.mutate(
        rank=ibis.row_number().over(order), before=stated.status.lag().over(order)
    )
    turns = ranked.filter(ibis.or_(ranked.before.isnull(), ranked.before != ranked.status))
    latest = turns.mutate(
        back=ibis.row_number().over(ibis.window(group_by=turns.deal_id, order_by=-turns["rank"]))
    )
    final = latest.filter(latest.back == 0)
    return final.select(
        "deal_id",
        "entity_code",
        "status",
        became_at=final.at,
        became_key=final.deal_event_id,
        lost_reason=final.lost_reason,
        lost_reason_source=final.lost_reason_source,
    )


def standing_losses(known: Known, standing: ir.Table, purchases: ir.Table) -> ir.Table:
    """One row per entity whose loss stands: entity_code, loss_at, loss_reason, loss_source.

    ``standing`` are the :func:`standing_deals`; ``purchases`` has (entity_code, at): entries into
    purchase. The loss is the earliest that no comeback followed; a comeback at the same instant
    does not follow it. An entity with an open deal has none.
    """
    events, back = _loss_events(known, standing), _last_comeback(known, purchases)
    joined = events.left_join(back, events.entity_code == back.back_code)
    kept = joined.filter(ibis.or_(joined.back_at.isnull(), joined.at >= joined.back_at))
    closed = kept.anti_join(_open_entities(standing), "entity_code")
    order = ibis.window(
        group_by=closed.entity_code, order_by=[closed.at, closed.from_handoff, closed.key]
    )
    ranked = closed.mutate(rank=ibis.row_number().over(order))
    first = ranked.filter(ranked["rank"] == 0)
    return first.select(
        "entity_code", loss_at=first.at, loss_reason=first.reason, loss_source=first.source
    )


def _loss_events(known: Known, standing: ir.Table) -> ir.Table:
    lost = standing.filter(standing.status == "lost")
    handoffs = known["handoff"]
    out = handoffs.filter(handoffs.at.notnull(), handoffs.kind == "disqualified")
    return ibis.union(
        lost.select(
            "entity_code",
            at=lost.became_at,
            from_handoff=ibis.literal(0),
            key=lost.became_key,
            reason=lost.lost_reason,
            source=lost.lost_reason_source,
        ),
        out.select(
            "entity_code",
            "at",
            from_handoff=ibis.literal(1),
            key=out.handoff_id,
            reason=out.reason,
            source=out.reason_source,
        ),
    )


def _last_comeback(known: Known, purchases: ir.Table) -> ir.Table:
    events, leads, handoffs = dated_events(known), known["lead"], known["handoff"]
    parts = [
        events.filter(events.status.isin(["open", "won"])).select("entity_code", "at"),
        leads.filter(leads.at.notnull()).select("entity_code", "at"),
        handoffs.filter(handoffs.at.notnull(), handoffs.kind.isin(COMEBACKS)).select(
            "entity_code", "at"
        ),
        purchases.filter(purchases.at.notnull()).select("entity_code", "at"),
    ]
    rows = ibis.union(*parts)
    latest = rows.group_by("entity_code").aggregate(back_at=rows.at.max())
    return latest.select(back_code=latest.entity_code, back_at=latest.back_at)


def _open_entities(standing: ir.Table) -> ir.Table:
    return standing.filter(standing.status == "open").select("entity_code").distinct()
