"""The leads, accepted leads and customers of a period, and what each of them brought.

Expressions only.
"""

from collections.abc import Sequence
from enum import StrEnum

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import INSTANT, in_period, never
from onefunnel.funnel.progress import at
from onefunnel.funnel.subjects import attach
from onefunnel.vocabulary import Stage


class Conversion(StrEnum):
    """What is told back to a platform."""

    LEAD = "lead"
    ACCEPTED = "accepted"
    CUSTOMER = "customer"


ACCEPTED = "accepted"
TAKEN_BACK = ("rejected", "disqualified", "returned")
"""The steps of a hand-off by which an acceptance is taken back."""
ANSWERS = (ACCEPTED, *TAKEN_BACK)


def conversions(base: Base, kinds: Sequence[Conversion] = tuple(Conversion)) -> ir.Table:
    """The conversions of the period, of some kinds.

    Columns: of, key (unique for its ``of`` in one answer), conversion_id (of the records: stays the
    same from upload to upload), entity_code, at; taken_at, since when it does not hold, or NULL;
    revenue and contribution of the first purchase at or after it and before the next conversion of
    the same kind, less what was returned of it, NULL where there is none or a line of it is
    unknown; changed_at, when something of it was last returned, or NULL.
    """
    makers = {
        Conversion.LEAD: _leads,
        Conversion.ACCEPTED: _accepted,
        Conversion.CUSTOMER: _customers,
    }
    parts = [makers[kind](base) for kind in kinds]
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    later = ibis.window(group_by=[rows.of, rows.entity_code], order_by=[rows["at"], rows.key])
    rows = rows.mutate(next_at=rows["at"].lead(1).over(later))
    rows = rows.filter(in_period(rows["at"], base.question))
    found = rows.left_join(_worth(rows, base), ["of", "key"])
    smallest = base.facts["entity"]
    parties = smallest.group_by(id_code="entity_code").aggregate(party=smallest.party_id.min())
    found = attach(found, parties, "entity_code", "id_code")
    customer = found.of == Conversion.CUSTOMER.value
    given_back = customer & (found.sold_left == 0).fill_null(False)
    return found.select(
        *("of", "key", "entity_code", "at", "revenue", "contribution", "changed_at"),
        conversion_id=ibis.ifelse(customer, ibis.coalesce(found.line, found.party), found.key),
        taken_at=ibis.ifelse(given_back, found.changed_at, found.taken_at),
    )


def _leads(base: Base) -> ir.Table:
    rows = base.known["lead"]
    dated = rows.filter(rows["at"].notnull())
    return dated.select(
        of=ibis.literal(Conversion.LEAD.value),
        key=dated.lead_id,
        entity_code=dated.entity_code,
        at=dated["at"].cast(INSTANT),
        taken_at=never(),
    )


def _accepted(base: Base) -> ir.Table:
    """The first acceptance of each lead, taken back where its last answer is another."""
    rows = base.known["handoff"]
    rows = rows.filter(rows["at"].notnull(), rows.kind.isin(ANSWERS))
    accepted = rows.filter(rows.kind == ACCEPTED)
    firsts = accepted.group_by("lead_id", "entity_code").aggregate(first_at=accepted["at"].min())
    back = ibis.window(group_by=rows.lead_id, order_by=[rows["at"].desc(), rows.handoff_id.desc()])
    ranked = rows.mutate(place=ibis.row_number().over(back))
    last = ranked.filter(ranked.place == 0).select(
        answered="lead_id", answer="kind", answered_at="at"
    )
    found = attach(firsts, last, "lead_id", "answered")
    return found.select(
        of=ibis.literal(Conversion.ACCEPTED.value),
        key=found.lead_id,
        entity_code=found.entity_code,
        at=found.first_at.cast(INSTANT),
        taken_at=ibis.ifelse(found.answer == ACCEPTED, never(), found.answered_at.cast(INSTANT)),
    )


def _customers(base: Base) -> ir.Table:
    entries = base.entries
    bought = entries[at(Stage.PURCHASE)].cast(INSTANT)
    return entries.filter(bought.notnull()).select(
        of=ibis.literal(Conversion.CUSTOMER.value),
        key=entries.entity_code.cast("string"),
        entity_code=entries.entity_code,
        at=bought,
        taken_at=never(),
    )


def _worth(rows: ir.Table, base: Base) -> ir.Table:
    """The purchase of each conversion that has one: of, key, and the columns of ``_purchases``."""
    bought = _purchases(base)
    own = rows.select("of", "key", "entity_code", "next_at", since=rows["at"])
    met = own.inner_join(bought, own.entity_code == bought.buyer)
    met = met.filter(
        met.bought_at >= met.since, met.next_at.isnull() | (met.bought_at < met.next_at)
    )
    order = ibis.window(group_by=[met.of, met.key], order_by=met.bought_at)
    ranked = met.mutate(place=ibis.row_number().over(order))
    columns = ("of", "key", "line", "revenue", "contribution", "sold_left", "changed_at")
    return ranked.filter(ranked.place == 0).select(*columns)


def _purchases(base: Base) -> ir.Table:
    """What each entity bought at an instant, less what came back of it.

    buyer, bought_at; line, the smallest of its kinds and keys; revenue and contribution, NULL where
    a line does not tell; sold_left, how many of its lines were not wholly returned; changed_at.
    """
    pieces = _pieces(base)
    lines = pieces.group_by("buyer", "bought_at", "line").aggregate(
        revenue=pieces.amount.sum(),
        contribution=pieces.contribution.sum(),
        unpriced=pieces.count(where=pieces.amount.isnull()),
        untold=pieces.count(where=pieces.contribution.isnull()),
        left=pieces.quantity.sum(),
        unmeasured=pieces.count(where=pieces.quantity.isnull()),
        changed_at=pieces.back_at.max(),
    )
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    gone = lines.changed_at.notnull() & (lines.unmeasured == 0) & (lines.left <= 0)
    lines = lines.mutate(sold=ibis.ifelse(gone.fill_null(False), none, one))
    sums = lines.group_by("buyer", "bought_at").aggregate(
        line=lines.line.min(),
        revenue=lines.revenue.sum(),
        contribution=lines.contribution.sum(),
        unpriced=lines.unpriced.sum(),
        untold=lines.untold.sum(),
        sold_left=lines.sold.sum(),
        changed_at=lines.changed_at.max(),
    )
    unknown = ibis.null(sums.revenue.type())
    return sums.mutate(
        revenue=ibis.ifelse(sums.unpriced == 0, sums.revenue, unknown),
        contribution=ibis.ifelse(sums.untold == 0, sums.contribution, unknown),
    )


def _pieces(base: Base) -> ir.Table:
    """The lines that were sold, and what came back of each as a piece of the same line.

    buyer, bought_at and line of the sale; amount, contribution, quantity; back_at of a return. A
    return is a line that names the line it takes back; lines of no quantity are neither.
    """
    own = base.facts["order_line"].select("quantity", "returns", own_id="order_line_id")
    lines = base.lines
    is_line = lines.kind == "order_line"
    keyed = lines.mutate(own_key=ibis.ifelse(is_line, lines.line_id, ibis.null("string")))
    rows = attach(keyed, own, "own_key", "own_id")
    counts = rows.returns.isnull() & (rows.quantity > 0).fill_null(True)
    sold = rows.filter(counts).select(
        *("amount", "contribution", "quantity", "own_key"),
        buyer="entity_code",
        bought_at=rows["at"].cast(INSTANT),
        line=rows.kind + ibis.literal(":") + rows.line_id,
        back_at=never(),
    )
    taken = rows.filter(rows.returns.notnull()).select(
        back_of="returns",
        back_amount="amount",
        back_contribution="contribution",
        back_quantity="quantity",
        taken_at=rows["at"].cast(INSTANT),
    )
    met = sold.inner_join(taken, sold.own_key == taken.back_of)
    back = met.select(
        *("buyer", "bought_at", "line"),
        amount="back_amount",
        contribution="back_contribution",
        quantity="back_quantity",
        back_at="taken_at",
    )
    names = ("buyer", "bought_at", "line", "amount", "contribution", "quantity", "back_at")
    return ibis.union(sold.select(*names), back.select(*names))
