"""The records behind scorecards, with their month, and with the scopes that they count in."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.exchange import PRODUCT, WIDE, with_amounts
from onefunnel.funnel.rows import Where, named
from onefunnel.funnel.subjects import attach
from onefunnel.measures.periods import label, label_of_day
from onefunnel.measures.scorecard.cards import WHOLE, cards_of, scope, scopes, spans
from onefunnel.measures.scorecard.plan import Level, Scorecard

ATTEMPTS = ("attempted", "connected")


def lines(base: Base) -> ir.Table:
    """The lines of the months with month, seller, currency and ``listed``, what the list says.

    The seller of a won deal without lines is its owner. ``listed`` is in the question's currency,
    NULL where quantity, list price or rate is unknown.
    """
    counted = base.lines.filter(base.lines.priced | (base.lines.kind == "order_line"))
    rows = within(counted, base)
    order_line, deal = base.facts["order_line"], base.facts["deal"]
    sold = order_line.select(
        "seller",
        "currency",
        sold_line=order_line.order_line_id,
        listed=(order_line.quantity * order_line.list_price).cast(PRODUCT).cast(WIDE),
    )
    owned = deal.select(
        owned_deal=deal.deal_id,
        seller=deal.owner,
        currency=ibis.null("string"),
        listed=ibis.null(WIDE),
    )
    of_lines = attach(rows.filter(rows.kind == "order_line"), sold, "line_id", "sold_line")
    of_deals = attach(rows.filter(rows.kind == "deal"), owned, "line_id", "owned_deal")
    both = ibis.union(of_lines, of_deals.select(*of_lines.columns))
    return with_amounts(both, base.facts["rate"], base.question.currency, ("listed",))


def leads(base: Base) -> ir.Table:
    """The leads of the months: lead_id, entity_code, at, month, first_at (of the first attempt).

    An attempt before the lead does not count.
    """
    rows = base.known["lead"].select("lead_id", "entity_code", "at")
    dated = within(rows.filter(rows.at.notnull()), base)
    handoffs = base.known["handoff"]
    tried = handoffs.filter(handoffs.at.notnull(), handoffs.kind.isin(ATTEMPTS))
    begun = dated.select(begun_lead=dated.lead_id, begun_at=dated["at"])
    joined = tried.inner_join(begun, tried.lead_id == begun.begun_lead)
    after = joined.filter(joined["at"] >= joined.begun_at)
    first = after.group_by(tried_lead=after.lead_id).aggregate(first_at=after["at"].min())
    return attach(dated, first, "lead_id", "tried_lead")


def attempts(base: Base) -> ir.Table:
    """The attempts to reach a lead, in the months: handoff_id, at, seller (who tried), month."""
    rows = base.known["handoff"]
    kept = rows.filter(rows.at.notnull(), rows.kind.isin(ATTEMPTS))
    return within(kept.select("handoff_id", "at", seller=kept.actor), base)


def first_attempts(base: Base) -> ir.Table:
    """The leads of the months that somebody tried to reach, with who did so first.

    Columns: lead_id, at, first_at, month, seller. Where two tried at the same instant, there is a
    row for each.
    """
    rows, handoffs = leads(base), base.known["handoff"]
    tried = handoffs.filter(handoffs.at.notnull(), handoffs.kind.isin(ATTEMPTS)).select(
        tried_lead="lead_id", tried_at="at", seller="actor"
    )
    same = [rows.lead_id == tried.tried_lead, rows.first_at == tried.tried_at]
    joined = rows.inner_join(tried, same)
    return joined.select("lead_id", "at", "first_at", "month", "seller").distinct()


def accepted(base: Base) -> ir.Table:
    """The steps by which leads were accepted; the seller is the actor.

    Columns: handoff_id, lead_id, entity_code, at, seller, month.
    """
    rows = base.known["handoff"]
    kept = rows.filter(rows.at.notnull(), rows.kind == "accepted", rows.lead_id.notnull())
    found = kept.select("handoff_id", "lead_id", "entity_code", "at", seller=kept.actor)
    return within(found, base)


def spend(base: Base) -> ir.Table:
    """What was spent in the months: spend_id, day, channel, campaign, segment, amount, month."""
    rows = base.facts["spend"]
    dated = rows.filter(rows.day.notnull()).select(
        "spend_id",
        "channel",
        "campaign",
        "segment",
        "currency",
        at=rows.day,
        amount=rows.amount.cast(WIDE),
    )
    question = base.question
    months = label_of_day(dated["at"], spans(question), question.calendar)
    labelled = dated.mutate(month=months)
    within = labelled.filter(labelled.month.notnull())
    found = with_amounts(within, base.facts["rate"], question.currency, ("amount",))
    return found.rename(day="at").drop("currency")


def within(rows: ir.Table, base: Base) -> ir.Table:
    """``rows`` (with ``at``) of the months of the question and its history, with ``month``."""
    labelled = rows.mutate(month=label(rows["at"], spans(base.question)))
    return labelled.filter(labelled.month.notnull())


def scoped(rows: ir.Table, base: Base) -> ir.Table:
    """``rows`` (with seller) for the whole, and once more for each scope that the seller is in."""
    whole = rows.mutate(scope=ibis.literal(WHOLE)).drop("seller")
    cards = scopes(cards_of(base.question.terms)[0])
    if not cards:
        return whole
    return ibis.union(whole, _joined(rows, _members(base, cards)).select(*whole.columns))


def _joined(rows: ir.Table, members: ir.Table) -> ir.Table:
    return rows.inner_join(members, rows.seller == members.employee_id)


def _members(base: Base, cards: dict[str, Scorecard]) -> ir.Table:
    """The employees of each scope: a person; those of a role; somebody and who reports to them."""
    employee = base.facts["employee"]
    parts = []
    for name, card in cards.items():
        if card.level is Level.PERSON:
            one = employee.aggregate(rows=employee.count())
            part = one.select(employee_id=ibis.literal(card.of), scope=ibis.literal(name))
        else:
            whose = employee.role == card.of
            if card.level is Level.TEAM:
                whose = (employee.manager == card.of) | (employee.employee_id == card.of)
            part = employee.filter(whose).select("employee_id", scope=ibis.literal(name))
        parts.append(part)
    return ibis.union(*parts)


def of_card(rows: ir.Table, base: Base, where: Where) -> ir.Table:
    """Those of ``rows`` (with seller) that count for the ``scorecard`` which ``where`` names."""
    file = where.get("scorecard")
    if file is None:
        return rows
    cards = {card.file: card for card in cards_of(base.question.terms)[0]}
    named(file, tuple(cards), "scorecard")
    own = scope(cards[file])
    if own == WHOLE:
        return rows
    return _joined(rows, _members(base, {own: cards[file]})).select(*rows.columns)
