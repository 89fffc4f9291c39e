"""The journey of everybody: one line per record that is about somebody and says when."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.exchange import PRODUCT, WIDE, with_amounts
from onefunnel.funnel.instants import INSTANT
from onefunnel.funnel.subjects import with_entity
from onefunnel.identity.subjects import subjects
from onefunnel.ledger.schema import TABLES, Facts

COLUMNS: Mapping[str, str] = {
    "entity_code": "int64",
    "at": INSTANT,
    "source": "string",
    "key": "string",
    "about": "string",
    "kind": "string",
    "department": "string",
    "actor": "string",
    "channel": "string",
    "campaign": "string",
    "page": "string",
    "utm_source": "string",
    "medium": "string",
    "content": "string",
    "term": "string",
    "intent": "string",
    "text": "string",
    "reason_source": "string",
    "amount": WIDE,
    "contribution": WIDE,
    "number": "float64",
    "due_at": INSTANT,
    "kept_at": INSTANT,
}
"""A line: which record it is (``source`` the table, ``key``), ``about`` which lead, deal or order;
``kind`` what happened; ``number`` a score, minutes, or the lines of an order; amounts in the
workspace's currency, NULL where unknown."""


def lines(facts: Facts, brought: ir.Table, currency: str) -> ir.Table:
    """The lines of every entity, by :data:`COLUMNS`, in order: entity, instant (unknown last).

    ``facts`` are current, with ``entity``; ``brought`` are the
    :func:`onefunnel.funnel.money.revenue_lines`. Records without a subject are left out.
    """
    found = subjects(facts)
    known = {name: with_entity(name, rows, facts["entity"]) for name, rows in found.items()}
    parts = [
        _touches(known["touch"]),
        _leads(known["lead"]),
        _handoffs(known["handoff"]),
        _deal_events(known["deal_event"], facts, currency),
        _quotes(known["quote"], facts, currency),
        _commitments(known["commitment"]),
        _orders(known["order_line"], brought),
        _advocacy(known["advocacy"]),
    ]
    rows = ibis.union(*parts)
    return rows.order_by("entity_code", "at", _rank(rows), "key")


_SOURCES = ("touch", "lead", "handoff", "deal", "quote", "commitment", "order", "advocacy")


def _rank(rows: ir.Table) -> ir.IntegerValue:
    """In what order lines of one instant come: as one follows from the other."""
    steps = TABLES["handoff"].by_name["kind"].choices
    source = ibis.cases(*[(rows.source == each, at) for at, each in enumerate(_SOURCES)])
    step = ibis.cases(*[(rows.kind == each, at) for at, each in enumerate(steps)], else_=0)
    return source * len(steps) + ibis.ifelse(rows.source == "handoff", step, 0)


def _line(rows: ir.Table, source: str, key: str, **columns: ir.Value | str) -> ir.Table:
    given: dict[str, ir.Value | str] = {
        "entity_code": rows.entity_code,
        "at": rows["at"],
        "source": source,
        "key": rows[key],
        **columns,
    }
    return rows.select(
        **{
            name: _typed(given[name], kind) if name in given else ibis.null(kind)
            for name, kind in COLUMNS.items()
        }
    )


def _typed(value: ir.Value | str, kind: str) -> ir.Value:
    return (ibis.literal(value) if isinstance(value, str) else value).cast(kind)


def _touches(rows: ir.Table) -> ir.Table:
    names = ("kind", "department", "channel", "campaign", "page", "medium", "content", "term")
    return _line(
        rows,
        "touch",
        "touch_id",
        intent=rows.intent,
        utm_source=rows.source,
        **{name: rows[name] for name in names},
    )


def _leads(rows: ir.Table) -> ir.Table:
    return _line(
        rows,
        "lead",
        "lead_id",
        about=rows.lead_id,
        department="marketing",
        channel=rows.channel,
        campaign=rows.campaign,
        page=rows.page,
        utm_source=rows.source,
        medium=rows.medium,
        text=rows.segment,
    )


def _handoffs(rows: ir.Table) -> ir.Table:
    return _line(
        rows,
        "handoff",
        "handoff_id",
        about=rows.lead_id,
        kind=rows.kind,
        department=rows.department,
        actor=rows.actor,
        text=rows.reason,
        reason_source=rows.reason_source,
        number=rows.minutes,
    )


def _deal_events(rows: ir.Table, facts: Facts, currency: str) -> ir.Table:
    owners = facts["deal"].select(owned="deal_id", owner="owner")
    owned = rows.left_join(owners, rows.deal_id == owners.owned).drop("owned")
    priced = _in_currency(owned, owned.amount, facts, currency)
    return _line(
        priced,
        "deal",
        "deal_event_id",
        about=priced.deal_id,
        kind=priced.status,
        department="sales",
        actor=priced.owner,
        text=ibis.coalesce(priced.lost_reason, priced.stage),
        reason_source=priced.lost_reason_source,
        amount=priced.amount,
    )


def _quotes(rows: ir.Table, facts: Facts, currency: str) -> ir.Table:
    value = (rows.quantity * rows.offered_price).cast(PRODUCT)
    priced = _in_currency(rows, value, facts, currency)
    return _line(
        priced,
        "quote",
        "quote_id",
        about=priced.deal_id,
        kind=priced.outcome,
        department="sales",
        text=priced.sku,
        amount=priced.amount,
    )


def _commitments(rows: ir.Table) -> ir.Table:
    return _line(
        rows,
        "commitment",
        "commitment_id",
        about=rows.deal_id,
        department="sales",
        text=rows.promise,
        due_at=rows.due_at,
        kept_at=rows.kept_at,
    )


def _orders(rows: ir.Table, brought: ir.Table) -> ir.Table:
    """One line per order, entity and instant; an amount only where that of every line is known."""
    worth = brought.filter(brought.kind == "order_line").select(
        "line_id", worth=brought.amount, earned=brought.contribution
    )
    joined = rows.left_join(worth, rows.order_line_id == worth.line_id)
    named = joined.mutate(order=ibis.coalesce(joined.order_id, joined.order_line_id))
    whole = named.group_by("entity_code", "at", "order").aggregate(
        seller=named.seller.min(),
        lines=named.count(),
        amount=_whole_sum(named.worth),
        contribution=_whole_sum(named.earned),
    )
    return _line(
        whole,
        "order",
        "order",
        about=whole.order,
        department="sales",
        actor=whole.seller,
        amount=whole.amount,
        contribution=whole.contribution,
        number=whole.lines,
    )


def _whole_sum(values: ir.Value) -> ir.Value:
    return ibis.ifelse(values.isnull().any(), ibis.null(WIDE), values.sum().cast(WIDE))


def _advocacy(rows: ir.Table) -> ir.Table:
    return _line(
        rows,
        "advocacy",
        "advocacy_id",
        about=rows.referred_party_id,
        kind=rows.kind,
        number=rows.score,
    )


def _in_currency(rows: ir.Table, amount: ir.Value, facts: Facts, currency: str) -> ir.Table:
    wide = rows.mutate(amount=amount.cast(WIDE))
    return with_amounts(wide, facts["rate"], currency, ("amount",))
