"""Sales as pay counts them, and who is credited with each: expressions over the ledger.

Pay hangs on the records that name a sale, not on who is held to be the same buyer.
"""

from collections.abc import Callable
from datetime import datetime

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.exchange import PRODUCT, WIDE, with_amounts
from onefunnel.funnel.instants import INSTANT
from onefunnel.funnel.money import last_amounts
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Kind
from onefunnel.measures.payouts.deals import events, won
from onefunnel.measures.payouts.whose import DEAL, LINE, key_of, whose
from onefunnel.pay.plan import Event

AMOUNTS = ("revenue", "contribution")


def credited(base: Base, currency: str, counted: tuple[Event, ...], since: datetime) -> ir.Table:
    """One row per sale and employee who is credited with it; one for a sale that nobody sold.

    Of sales since an instant, and of those that a return of such takes back. Columns: event;
    sale_id, its key with ``LINE`` or ``DEAL`` before it; at; quantity; revenue and contribution in
    ``currency`` as decimal(38, 8), NULL where unknown; priced, whether it has an amount in its own
    currency; product; segment; returns, the sale_id that it takes back; credit_id, NULL where it is
    the seller's; employee_id; share; overlay; plain, whether it is one seller's alone, takes
    nothing back and is not taken back.

    A line is the credits' that name it, else those' that name its deal, else its seller's, else the
    deal's owner's; overlays come on top, those of the line, else of its deal; credits that name
    nobody are none. A return is whose the sale is that it takes back. The segment is the deal's,
    else the product's, else that of the deal's lead, else that of the party of the line or, without
    one, of the deal.
    """
    full = ibis.union(*[_FULL[event](base) for event in counted])
    credits = whose(base, counted, since)
    rows = full.inner_join(credits, full.sale_id == credits.of_sale_id).drop("of_sale_id")
    # Last, and once: what is inlined into it makes the query long.
    priced = rows.mutate(priced=rows.revenue.notnull())
    return with_amounts(priced, base.facts["rate"], currency, AMOUNTS).drop("currency")


def _order_lines(base: Base) -> ir.Table:
    lines = base.facts["order_line"]
    rows = lines.filter(lines.ordered_at.notnull())
    product = base.facts["product"].select(product_sku="sku", product_segment="segment")
    rows = attach(rows, product, "sku", "product_sku")
    rows = attach(rows, _deals(base), "deal_id", "of_deal_id")
    rows = rows.mutate(of_party=ibis.coalesce(rows.party_id, rows.deal_party))
    rows = attach(rows, _parties(base), "of_party", "segment_party")
    value = (rows.quantity * rows.net_price).cast(PRODUCT)
    cost = (rows.quantity * rows.unit_cost).cast(PRODUCT)
    return rows.select(
        event=ibis.literal(Event.INVOICE.value),
        sale_id=ibis.literal(LINE) + rows.order_line_id,
        at=rows.ordered_at.cast(INSTANT),
        quantity=rows.quantity,
        revenue=value.cast(WIDE),
        contribution=(value - cost).cast(WIDE),
        currency=ibis.coalesce(rows.currency, ibis.literal(base.question.currency)),
        product=rows.sku,
        segment=ibis.coalesce(
            rows.deal_segment, rows.product_segment, rows.lead_segment, rows.party_segment
        ),
        returns=key_of(LINE, rows.returns),
    )


def _won_deals(base: Base) -> ir.Table:
    """Deals that stand as won, with the last amount that is known of each."""
    rows = attach(won(base), last_amounts(events(base)), "deal_id", "amount_deal")
    rows = attach(rows, _deals(base), "deal_id", "of_deal_id")
    rows = attach(rows, _parties(base), "deal_party", "segment_party")
    return rows.select(
        event=ibis.literal(Event.BOOKING.value),
        sale_id=ibis.literal(DEAL) + rows.deal_id,
        at=rows.became_at.cast(INSTANT),
        quantity=ibis.null(Kind.QUANTITY.ibis_type),
        revenue=rows.amount.cast(WIDE),
        contribution=ibis.null(WIDE),
        currency=ibis.coalesce(rows.amount_currency, ibis.literal(base.question.currency)),
        product=ibis.null("string"),
        segment=ibis.coalesce(rows.deal_segment, rows.lead_segment, rows.party_segment),
        returns=ibis.null("string"),
    )


def _deals(base: Base) -> ir.Table:
    """What deals say of their sales: of_deal_id, deal_segment, deal_party, lead_segment."""
    deal, lead = base.facts["deal"], base.facts["lead"]
    leads = lead.select(segment_lead=lead.lead_id, lead_segment=lead.segment)
    rows = deal.select(
        "lead_id",
        of_deal_id=deal.deal_id,
        deal_segment=deal.segment,
        deal_party=deal.party_id,
    )
    return attach(rows, leads, "lead_id", "segment_lead").drop("lead_id")


def _parties(base: Base) -> ir.Table:
    party = base.facts["party"]
    return party.select(segment_party=party.party_id, party_segment=party.segment)


_FULL: dict[Event, Callable[[Base], ir.Table]] = {
    Event.INVOICE: _order_lines,
    Event.BOOKING: _won_deals,
}
