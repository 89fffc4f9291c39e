"""What won leads brought, and what sellers had sold before. Expressions only."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import party_segments
from onefunnel.funnel.exchange import WIDE
from onefunnel.funnel.instants import SECONDS_A_DAY, literal, seconds_between
from onefunnel.funnel.subjects import attach
from onefunnel.measures.incentives.leads import UNKNOWN, dated, of_leads
from onefunnel.measures.incentives.paid_bases import KINDS, Products

MONEY = ("revenue", "told", "untold")


def brought(base: Base, leads: ir.Table, products: Products) -> ir.Table:
    """What each segment's won leads brought on average.

    ``leads`` are those to look at. Counted are leads won within the horizon, and of what goes to
    them the lines up to the horizon after they were won, returns and repeat purchases included.
    Columns: segment, wins, and for each kind and set of products (``revenue_0`` …) the number of
    wins whose every line is known (``_n``), their ``_sum``, variance (``_var``), ``_min`` and
    ``_max``.
    """
    horizon = base.question.horizon_days * SECONDS_A_DAY
    won = leads.filter(leads.outcome == "won", leads.seconds <= horizon)
    won = won.select("segment", "won_at", won_lead="lead_id")
    lines = of_leads(sold(base), base).drop("entity_code", "seller")
    joined = won.left_join(lines, won.won_lead == lines.lead_id)
    after = seconds_between(joined.won_at, joined["at"]) <= horizon
    each = joined.group_by("won_lead", "segment").aggregate(
        lines=joined.count(where=after.fill_null(False)),
        **_sums(joined, products, after.fill_null(False)),
    )
    figures: dict[str, ir.Value] = {}
    for kind, column in _columns(products):
        missing = each[_missing(kind, column)]
        known = (missing == 0) & (each.lines > 0)
        value = each[column]
        figures |= {
            f"{column}_n": each.count(where=known),
            f"{column}_sum": value.sum(where=known),
            f"{column}_var": value.cast("float64").var(how="sample", where=known),
            f"{column}_min": value.min(where=known),
            f"{column}_max": value.max(where=known),
        }
    return each.group_by("segment").aggregate(wins=each.count(), **figures)


def credited(base: Base, products: Products, since: datetime, until: datetime) -> ir.Table:
    """What each seller sold between two instants, by segment: seller, segment and ``revenue_0`` ….

    The segment is that of the lead a line goes to, else the buyer's. Lines without a seller are
    left out, and unknown amounts count nothing.
    """
    lines = sold(base)
    lines = lines.filter(
        lines.seller.notnull(), lines["at"] >= literal(since), lines["at"] < literal(until)
    )
    led = of_leads(lines, base).select("kind", "line_id", led_by="lead_id")
    led = attach(led, dated(base).select("segment", of_lead="lead_id"), "led_by", "of_lead")
    led = led.select(led_kind="kind", led_line="line_id", led_segment="segment")
    rows = lines.left_join(led, [lines.kind == led.led_kind, lines.line_id == led.led_line]).drop(
        "led_kind", "led_line"
    )
    rows = attach(rows, party_segments(base.facts), "entity_code", "segment_code")
    segment = ibis.coalesce(rows.led_segment, rows.party_segment, ibis.literal(UNKNOWN))
    rows = rows.mutate(segment=segment)
    sums = _sums(rows, products, ibis.literal(True))
    names = [column for _, column in _columns(products)]
    return rows.group_by("seller", "segment").aggregate(**{name: sums[name] for name in names})


def sold(base: Base) -> ir.Table:
    """The revenue lines with deal_id, sku, quantity and seller (else the deal's owner)."""
    line, deal = base.facts["order_line"], base.facts["deal"]
    details = line.select(
        "sku",
        "quantity",
        of_line=line.order_line_id,
        line_deal=line.deal_id,
        line_seller=line.seller,
    )
    rows = base.lines
    is_line = rows.kind == "order_line"
    rows = rows.mutate(detail_key=ibis.ifelse(is_line, rows.line_id, ibis.null("string")))
    rows = attach(rows, details, "detail_key", "of_line").drop("detail_key")
    own = ibis.ifelse(rows.kind == "deal", rows.line_id, rows.line_deal)
    rows = rows.mutate(deal_id=own)
    rows = attach(rows, deal.select(of_deal="deal_id", owner="owner"), "deal_id", "of_deal")
    rows = rows.mutate(seller=ibis.coalesce(rows.line_seller, rows.owner))
    return rows.drop("line_deal", "line_seller", "owner", "priced")


def _sums(rows: ir.Table, products: Products, counted: ir.BooleanValue) -> Mapping[str, ir.Value]:
    """The sums of each kind and set of products, and how many lines leave one unknown."""
    found: dict[str, ir.Value] = {}
    for place, names in enumerate(products.sets):
        fits, unsure = ibis.literal(True), ibis.literal(False)
        if names:
            fits, unsure = rows.sku.isin(names).fill_null(False), rows.sku.isnull()
        fits = fits & counted
        told = rows.contribution.notnull()
        nothing = ibis.literal(0).cast(WIDE)
        values = {
            "revenue": rows.amount.sum(where=fits),
            "told": rows.contribution.sum(where=fits & told),
            "untold": rows.amount.sum(where=fits & ~told),
            "units": rows.quantity.sum(where=fits),
        }
        found |= {
            f"{kind}_{place}": value.cast(WIDE).fill_null(nothing) for kind, value in values.items()
        }
        returned = (rows.quantity < 0).fill_null(False)
        found[f"sales_{place}"] = rows.count(where=fits & ~returned) - rows.count(
            where=fits & returned
        )
        unpriced = unsure | (fits & rows.amount.isnull())
        uncounted = unsure | (fits & rows.quantity.isnull())
        found[f"unpriced_{place}"] = rows.count(where=counted & unpriced)
        found[f"uncounted_{place}"] = rows.count(where=counted & uncounted)
        found[f"unsure_{place}"] = rows.count(where=counted & unsure)
    return found


def _columns(products: Products) -> Iterator[tuple[str, str]]:
    for names in products.sets:
        yield from ((kind, products.column(kind, names)) for kind in KINDS)


def _missing(kind: str, column: str) -> str:
    """The column that counts the lines which leave a kind unknown."""
    place = column.rpartition("_")[2]
    name = "unpriced" if kind in MONEY else "uncounted" if kind == "units" else "unsure"
    return f"{name}_{place}"
