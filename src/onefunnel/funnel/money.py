"""What entities brought: order lines, and won deals that no line names."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.exchange import PRODUCT, WIDE, with_amounts
from onefunnel.funnel.losses import dated_events
from onefunnel.funnel.subjects import Known, attach
from onefunnel.ledger.schema import Facts


def revenue_lines(facts: Facts, known: Known, standing: ir.Table, currency: str) -> ir.Table:
    """One row per dated order line, and per won deal that no order line names.

    ``standing`` are the :func:`onefunnel.funnel.losses.standing_deals`.
    Columns: entity_code; kind, ``order_line`` or ``deal``; line_id, its key; at; amount and
    contribution in ``currency``, decimal(38, 8), NULL where unknown; priced, whether it has an
    amount in its own currency (if it has, and ``amount`` is NULL, there is no rate for it).
    The amount of a line is quantity x net_price, its contribution quantity x (net_price -
    unit_cost). A won deal counts with the last known amount of its events, at the instant it
    became won; its contribution is unknown.
    """
    rows = ibis.union(_order_lines(known), _won_deals(facts, known, standing))
    priced = rows.mutate(priced=rows.amount.notnull())
    return with_amounts(priced, facts["rate"], currency, ("amount", "contribution")).drop(
        "currency"
    )


def won_without_lines(facts: Facts, standing: ir.Table) -> ir.Table:
    """The deals of ``standing_deals`` that stand as won and that no order line names."""
    lines = facts["order_line"]
    named = lines.filter(lines.deal_id.notnull()).select("deal_id").distinct()
    return standing.filter(standing.status == "won").anti_join(named, "deal_id")


def double_count(facts: Facts, known: Known, standing: ir.Table) -> ir.Table:
    """Entities with both priced won deals without lines and lines without a deal: entity_code."""
    lines = known["order_line"]
    loose = lines.filter(lines.deal_id.isnull()).select("entity_code").distinct()
    stated = last_amounts(known).select("amount_deal")
    # One row per deal. A semi join would say the same, but PostgreSQL has none.
    priced = won_without_lines(facts, standing).inner_join(stated, [("deal_id", "amount_deal")])
    won = priced.select("entity_code").distinct()
    return won.inner_join(loose, "entity_code")


def _order_lines(known: Known) -> ir.Table:
    lines = known["order_line"]
    dated = lines.filter(lines.at.notnull())
    value = (dated.quantity * dated.net_price).cast(PRODUCT)
    cost = (dated.quantity * dated.unit_cost).cast(PRODUCT)
    return dated.select(
        "entity_code",
        kind=ibis.literal("order_line"),
        line_id=dated.order_line_id,
        at=dated.at,
        amount=value.cast(WIDE),
        contribution=(value - cost).cast(WIDE),
        currency=dated.currency,
    )


def _won_deals(facts: Facts, known: Known, standing: ir.Table) -> ir.Table:
    won = won_without_lines(facts, standing)
    rows = attach(won, last_amounts(known), "deal_id", "amount_deal")
    return rows.select(
        "entity_code",
        kind=ibis.literal("deal"),
        line_id=rows.deal_id,
        at=rows.became_at,
        amount=rows.amount.cast(WIDE),
        contribution=ibis.null(WIDE),
        currency=rows.amount_currency,
    )


def last_amounts(known: Known) -> ir.Table:
    """The last known amount of each deal, and its currency."""
    events = dated_events(known)
    stated = events.filter(events.amount.notnull())
    latest = ibis.window(
        group_by=stated.deal_id, order_by=[stated.at.desc(), stated.deal_event_id.desc()]
    )
    ranked = stated.mutate(back=ibis.row_number().over(latest))
    last = ranked.filter(ranked.back == 0)
    return last.select(amount_deal=last.deal_id, amount=last.amount, amount_currency=last.currency)
