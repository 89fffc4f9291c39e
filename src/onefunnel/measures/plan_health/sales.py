"""What sellers brought, when they closed and what leads they got: sums from the engine."""

from collections.abc import Callable
from datetime import datetime

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import first_row
from onefunnel.funnel.instants import INSTANT, literal
from onefunnel.funnel.subjects import attach
from onefunnel.measures.payouts.deals import won
from onefunnel.measures.payouts.plans import Purse
from onefunnel.measures.payouts.sales import credited
from onefunnel.measures.payouts.whose import DEAL, LINE, whose
from onefunnel.measures.plan_health.days import day_number
from onefunnel.measures.plan_health.periods import looked_at
from onefunnel.pay.periods import DAY
from onefunnel.pay.plan import Event

UNKNOWN = "unknown"
"""The name under which sales and leads of no known segment stand."""
ORDER = "order:"


def brought(base: Base, purse: Purse) -> ir.Table:
    """What was brought in the stretch by employee and segment: contribution, lines, unknown lines.

    Of order lines in the purse's currency, each to those who share it; overlays are left out, and
    a line that nobody else is credited with is nobody's (NULL): the company sold it all the same.
    """
    stretch = looked_at(base.question)
    sold = credited(base, purse.currency, (Event.INVOICE,), stretch.start)
    rows = _between(sold, stretch.start, stretch.end).filter(lambda each: ~each.overlay)
    amount = rows.contribution.cast("float64") * rows.share.cast("float64")
    rows = rows.mutate(amount=amount, of_segment=rows.segment.fill_null(UNKNOWN))
    return rows.group_by("employee_id", segment="of_segment").aggregate(
        contribution=rows.amount.sum(),
        lines=rows.count(),
        unknown=rows.count(where=rows.contribution.isnull()),
    )


def closings(base: Base, purse: Purse) -> ir.Table:
    """How many orders, or won deals, each seller closed on each local day: employee_id, day.

    Since the stretch began and up to now. An order closes with its first line; of several sellers
    it is the first by name. Returns close nothing.
    """
    question, stretch = base.question, looked_at(base.question)
    calendar = question.calendar
    credits = whose(base, purse.events, stretch.start)
    kept = credits.filter(~credits.overlay, credits.employee_id.notnull())
    sold = ibis.union(*[_CLOSED[event](base) for event in purse.events])
    rows = sold.inner_join(kept, sold.sale_id == kept.of_sale_id)
    rows = rows.filter(rows["at"] >= literal(stretch.start))
    orders = rows.group_by("order").aggregate(at=rows["at"].min(), seller=rows.employee_id.min())
    first, last = (calendar.local_day(each) for each in (stretch.start, question.now))
    days = orders.mutate(day=day_number(orders["at"], first, last + DAY, calendar))
    dated = days.filter(days.day.notnull())
    return dated.group_by("day", employee_id="seller").aggregate(closings=dated.count())


def _lines(base: Base) -> ir.Table:
    """The order lines that take nothing back: sale_id, order, at."""
    lines = base.facts["order_line"]
    kept = lines.filter(
        lines.ordered_at.notnull(), lines.returns.isnull(), ~(lines.quantity < 0).fill_null(False)
    )
    return kept.select(
        sale_id=ibis.literal(LINE) + kept.order_line_id,
        order=_order(kept),
        at=kept.ordered_at.cast(INSTANT),
    )


def _deals(base: Base) -> ir.Table:
    rows = won(base)
    key = ibis.literal(DEAL) + rows.deal_id
    return rows.select(sale_id=key, order=key, at=rows.became_at.cast(INSTANT))


_CLOSED: dict[Event, Callable[[Base], ir.Table]] = {Event.INVOICE: _lines, Event.BOOKING: _deals}


def _order(lines: ir.Table) -> ir.StringValue:
    """The order of a line, or the line itself where none is named."""
    key = ibis.literal(LINE) + lines.order_line_id
    return ibis.ifelse(lines.order_id.isnull(), key, ibis.literal(ORDER) + lines.order_id)


def with_orders(sold: ir.Table, base: Base) -> ir.Table:
    """Credited order lines with the order of each, and what list and invoice say of the line.

    ``listed`` and ``paid`` are quantity * price in the line's own currency; NULL where it has no
    list price or takes something back.
    """
    lines = base.facts["order_line"]
    known = (lines.quantity > 0) & (lines.list_price > 0) & lines.net_price.notnull()
    listed, paid = (
        lines.quantity.cast("float64") * lines[name].cast("float64")
        for name in ("list_price", "net_price")
    )
    lookup = lines.select(
        of_sale=ibis.literal(LINE) + lines.order_line_id,
        order=_order(lines),
        listed=ibis.ifelse(known.fill_null(False), listed, ibis.null("float64")),
        paid=ibis.ifelse(known.fill_null(False), paid, ibis.null("float64")),
    )
    return attach(sold, lookup, "sale_id", "of_sale")


def got(base: Base) -> ir.Table:
    """How many leads of the stretch each employee got, by segment: employee_id, segment, leads.

    Who accepted a lead first got it, else the owner of a deal that names it; else NULL.
    """
    facts, stretch = base.facts, looked_at(base.question)
    lead, party = facts["lead"], facts["party"]
    dated = lead.filter(lead.created_at.notnull())
    rows = dated.select("lead_id", "party_id", "segment", at=dated.created_at.cast(INSTANT))
    rows = _between(rows, stretch.start, stretch.end)
    segments = party.select(of_party=party.party_id, party_segment=party.segment)
    rows = attach(rows, segments, "party_id", "of_party")
    rows = attach(attach(rows, _accepted(base), "lead_id", "taken"), _owned(base), "lead_id", "own")
    rows = rows.mutate(
        employee_id=ibis.coalesce(rows.accepted_by, rows.owner),
        segment=ibis.coalesce(rows.segment, rows.party_segment, ibis.literal(UNKNOWN)),
    )
    return rows.group_by("employee_id", "segment").aggregate(leads=rows.count())


def _accepted(base: Base) -> ir.Table:
    steps = base.facts["handoff"]
    kept = steps.filter(
        steps.kind == "accepted",
        steps.lead_id.notnull(),
        steps.actor.notnull(),
        steps.occurred_at.notnull(),
    )
    first = first_row(kept, "lead_id", "occurred_at", "handoff_id")
    return first.select(taken="lead_id", accepted_by="actor")


def _owned(base: Base) -> ir.Table:
    deal = base.facts["deal"]
    kept = deal.filter(deal.lead_id.notnull(), deal.owner.notnull())
    return first_row(kept, "lead_id", "deal_id").select("owner", own="lead_id")


def _between(rows: ir.Table, start: datetime, end: datetime) -> ir.Table:
    return rows.filter(rows["at"] >= literal(start), rows["at"] < literal(end))
