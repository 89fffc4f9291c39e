"""Who is credited with each sale: its seller, its deal's owner, or those whom credits name."""

from collections.abc import Callable
from datetime import datetime

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import INSTANT, literal
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Kind
from onefunnel.measures.payouts.deals import won
from onefunnel.pay.plan import Event

LINE, DEAL = "order_line:", "deal:"
"""What stands before the key of a sale, so that lines and deals are told apart."""


def whose(base: Base, events: tuple[Event, ...], since: datetime) -> ir.Table:
    """A row per sale since an instant and employee, and per sale that a return of such takes back.

    Columns: of_sale_id, its key with ``LINE`` or ``DEAL`` before it; plain, whether it is one
    seller's alone, takes nothing back and is not taken back; credit_id, NULL where it is the
    seller's; employee_id, NULL where nobody sold it; share; overlay.
    """
    rows = _with_returns(ibis.union(*[_SHORT[event](base) for event in events]))
    kept = rows.filter((rows["at"] >= literal(since)) | rows.is_taken_back.notnull())
    return _with_credits(kept, _credits(base))


def key_of(prefix: str, key: ir.Value) -> ir.StringValue:
    """The prefix and the key; NULL where the key is, said outright since engines differ."""
    return ibis.ifelse(key.isnull(), ibis.null("string"), ibis.literal(prefix) + key)


def _short_lines(base: Base) -> ir.Table:
    """What says whose an order line is: sale_id, at, returns, usual (its seller), deal_key."""
    lines, deal = base.facts["order_line"], base.facts["deal"]
    dated = lines.filter(lines.ordered_at.notnull())
    owners = deal.select(owned_deal=deal.deal_id, owner=deal.owner)
    rows = attach(dated, owners, "deal_id", "owned_deal")
    return rows.select(
        sale_id=ibis.literal(LINE) + rows.order_line_id,
        at=rows.ordered_at.cast(INSTANT),
        returns=key_of(LINE, rows.returns),
        usual=ibis.coalesce(rows.seller, rows.owner),
        deal_key=key_of(DEAL, rows.deal_id),
    )


def _short_deals(base: Base) -> ir.Table:
    deal = base.facts["deal"]
    owners = deal.select(owned_deal=deal.deal_id, owner=deal.owner)
    rows = attach(won(base), owners, "deal_id", "owned_deal")
    return rows.select(
        sale_id=ibis.literal(DEAL) + rows.deal_id,
        at=rows.became_at.cast(INSTANT),
        returns=ibis.null("string"),
        usual=rows.owner,
        deal_key=ibis.literal(DEAL) + rows.deal_id,
    )


_SHORT: dict[Event, Callable[[Base], ir.Table]] = {
    Event.INVOICE: _short_lines,
    Event.BOOKING: _short_deals,
}


def _with_returns(rows: ir.Table) -> ir.Table:
    """Rows with is_taken_back, and credit_of: a return is whose the sale is that it takes back."""
    named = rows.filter(rows.returns.notnull()).select(taken_back=rows.returns).distinct()
    taken = rows.inner_join(named, rows.sale_id == named.taken_back)
    taken = taken.select(
        of_sale=taken.sale_id,
        of_known=taken.sale_id,
        of_usual=taken.usual,
        of_deal=taken.deal_key,
    )
    flagged = named.mutate(is_taken_back=ibis.literal(True))
    found = attach(attach(rows, flagged, "sale_id", "taken_back"), taken, "returns", "of_sale")
    known = found.of_known.notnull()
    return found.mutate(
        credit_of=ibis.coalesce(found.of_known, found.sale_id),
        usual=ibis.ifelse(known, found.of_usual, found.usual),
        deal_key=ibis.ifelse(known, found.of_deal, found.deal_key),
    ).drop("of_known", "of_usual", "of_deal")


def _credits(base: Base) -> ir.Table:
    """The credits: credit_key, what each is of; credit_id, credited, credit_share, on_top."""
    credit = base.facts["credit"]
    known = credit.filter(credit.employee_id.notnull())
    of_line, of_deal = key_of(LINE, known.order_line_id), key_of(DEAL, known.deal_id)
    rows = known.select(
        credit_key=ibis.ifelse(known.order_line_id.notnull(), of_line, of_deal),
        credit_id=known.credit_id,
        credited=known.employee_id,
        credit_share=known.share.fill_null(1).cast(Kind.RATE.ibis_type),
        on_top=known.overlay.fill_null(False),
    )
    return rows.filter(rows.credit_key.notnull())


def _with_credits(rows: ir.Table, credits: ir.Table) -> ir.Table:
    """The rows of :func:`whose`, of sales and credits."""
    split = credits.filter(~credits.on_top)
    overlay = credits.filter(credits.on_top)
    rows = _with_key(_with_key(rows, split, "split_key"), overlay, "overlay_key")
    alone = rows.split_key.isnull() & rows.overlay_key.isnull()
    plain = alone & rows.returns.isnull() & rows.is_taken_back.isnull()
    rows = rows.select("split_key", "overlay_key", "usual", of_sale_id=rows.sale_id, plain=plain)
    shared = rows.left_join(split, rows.split_key == split.credit_key)
    usual = shared.split_key.isnull()
    whole = ibis.literal(1).cast(Kind.RATE.ibis_type)
    own = shared.select(
        "of_sale_id",
        "plain",
        "credit_id",
        employee_id=ibis.ifelse(usual, shared.usual, shared.credited),
        share=ibis.ifelse(usual, whole, shared.credit_share),
        overlay=ibis.literal(False),
    )
    beside = rows.inner_join(overlay, rows.overlay_key == overlay.credit_key)
    beside = beside.select(
        "of_sale_id",
        "plain",
        "credit_id",
        employee_id=beside.credited,
        share=beside.credit_share,
        overlay=ibis.literal(True),
    )
    return ibis.union(own, beside)


def _with_key(rows: ir.Table, credits: ir.Table, name: str) -> ir.Table:
    """By which key credits are of a sale: its own, else its deal's, else NULL."""
    keys = credits.select("credit_key").distinct()
    own = keys.select(own_key=keys.credit_key, own_known=keys.credit_key)
    of_deal = keys.select(their_key=keys.credit_key, deal_known=keys.credit_key)
    rows = attach(rows, own, "credit_of", "own_key")
    rows = attach(rows, of_deal, "deal_key", "their_key")
    found = rows.mutate(**{name: ibis.coalesce(rows.own_known, rows.deal_known)})
    return found.drop("own_known", "deal_known")
