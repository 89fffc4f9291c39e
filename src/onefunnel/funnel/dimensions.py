"""The dimensions of an entity: those of its first lead, else of its first touch.

What somebody says of how they came is a statement about touches and none itself: it is no origin.
"""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.contacts import is_contact
from onefunnel.funnel.subjects import Known, attach
from onefunnel.ledger.schema import Facts
from onefunnel.vocabulary import Question

ORIGIN = ("channel", "campaign", "page", "segment")
"""The dimensions that come from a lead or a touch itself."""

PREPARED_DIMENSIONS = "prepared_dimensions"
"""The name, among the facts, of a table of entity_code and dimensions worked out before."""


def with_dimensions(
    rows: ir.Table, facts: Facts, known: Known, question: Question, names: tuple[str, ...]
) -> ir.Table:
    """``rows`` (one per entity, with entity_code and at_0) with the named dimensions as columns.

    Unknown is NULL, and kept. A touch has no segment: then it is that of the party (of the
    smallest party_id that has one). ``owner`` is that of the first deal, by its first dated event,
    else the actor of the first hand-off that was assigned or accepted. ``cohort_month`` is the
    month of the first lead, else touch, else of the first entry; NULL outside ``question.months``.
    """
    if PREPARED_DIMENSIONS in facts and set(names) <= set(facts[PREPARED_DIMENSIONS].columns):
        lookup = facts[PREPARED_DIMENSIONS]
        lookup = lookup.select(*names, dimensioned_code=lookup.entity_code)
        return attach(rows, lookup, "entity_code", "dimensioned_code")
    taken = [name for name in names if name in ORIGIN]
    if taken or "cohort_month" in names:
        rows = attach(rows, origins(known), "entity_code", "origin_code")
    if "segment" in names:
        rows = attach(rows, party_segments(facts), "entity_code", "segment_code")
        rows = rows.mutate(
            origin_segment=ibis.coalesce(rows.origin_segment, rows.party_segment)
        ).drop("party_segment")
    if "owner" in names:
        rows = _with_owner(rows, known)
    if "cohort_month" in names:
        instant = ibis.coalesce(rows.origin_at, rows.at_0)
        rows = rows.mutate(cohort_month=month_label(instant, question))
    rows = rows.mutate(**{name: rows[f"origin_{name}"] for name in taken})
    return rows.drop(*[name for name in rows.columns if name.startswith("origin_")])


def month_label(instant: ir.TimestampValue, question: Question) -> ir.StringValue:
    """The label of the month that holds an instant; NULL outside the months of the question."""
    branches = [
        (
            (instant >= ibis.literal(month.start, type="timestamp('UTC')"))
            & (instant < ibis.literal(month.end, type="timestamp('UTC')")),
            ibis.literal(month.label),
        )
        for month in question.months
    ]
    if not branches:
        return ibis.null("string")
    return ibis.cases(*branches, else_=ibis.null("string"))


def first_row(rows: ir.Table, by: str, *order: str) -> ir.Table:
    """The first row of each ``by`` in the given order; the last column must make it unique."""
    window = ibis.window(group_by=rows[by], order_by=[rows[name] for name in order])
    ranked = rows.mutate(first_rank=ibis.row_number().over(window))
    return ranked.filter(ranked.first_rank == 0).drop("first_rank")


def origins(known: Known) -> ir.Table:
    """Where each entity came from: its first dated lead, else its first dated touch.

    Columns: origin_code (the entity), origin_at, origin_channel, origin_campaign, origin_page,
    origin_segment (of the lead; NULL of a touch). Who has neither is not in it, nor who only said
    how they came.
    """
    leads, touches = known["lead"], known["touch"]
    dated = leads.filter(leads.at.notnull())
    first_leads = first_row(dated, "entity_code", "at", "lead_id")
    # Most entities have touches only; the others need no ordering of theirs.
    contacts = touches.filter(touches.at.notnull(), is_contact(touches))
    others = contacts.anti_join(dated, "entity_code")
    first_touches = first_row(others, "entity_code", "at", "touch_id")
    return ibis.union(
        _origin(first_leads, first_leads.segment),
        _origin(first_touches, ibis.null("string")),
    )


def _origin(rows: ir.Table, segment: ir.StringValue) -> ir.Table:
    return rows.select(
        origin_code=rows.entity_code,
        origin_at=rows.at,
        origin_channel=rows.channel,
        origin_campaign=rows.campaign,
        origin_page=rows.page,
        origin_segment=segment,
    )


def party_segments(facts: Facts) -> ir.Table:
    """The segment of each entity that one of its parties has: segment_code, party_segment."""
    party, entity = facts["party"], facts["entity"]
    named = party.filter(party.segment.notnull()).select("party_id", "segment")
    joined = entity.select("party_id", "entity_code").inner_join(named, "party_id")
    first = first_row(joined, "entity_code", "party_id")
    return first.select(segment_code=first.entity_code, party_segment=first.segment)


def _with_owner(rows: ir.Table, known: Known) -> ir.Table:
    rows = attach(rows, _deal_owners(known), "entity_code", "deal_owner_code")
    rows = attach(rows, _handoff_actors(known), "entity_code", "actor_code")
    owned = rows.mutate(owner=ibis.coalesce(rows.deal_owner, rows.first_actor))
    return owned.drop("deal_owner", "first_actor")


def owners(known: Known) -> ir.Table:
    """The owner of each entity that a deal or a hand-off gives one: entity_code, owner."""
    deals, actors = _deal_owners(known), _handoff_actors(known)
    both = ibis.union(
        deals.select(entity_code="deal_owner_code"), actors.select(entity_code="actor_code")
    )
    return _with_owner(both.distinct(), known)


def _deal_owners(known: Known) -> ir.Table:
    deals = known["deal"].select("deal_id", "owner", "entity_code")
    opened = deals.inner_join(opening(known), "deal_id")
    first = first_row(opened, "entity_code", "opened_at", "deal_id")
    return first.select(deal_owner_code=first.entity_code, deal_owner=first.owner)


def opening(known: Known) -> ir.Table:
    """When each deal was first heard of: deal_id and opened_at, its first dated event."""
    events = known["deal_event"]
    dated = events.filter(events.at.notnull())
    return dated.group_by("deal_id").aggregate(opened_at=dated.at.min())


def _handoff_actors(known: Known) -> ir.Table:
    handoffs = known["handoff"]
    taken = handoffs.filter(handoffs.at.notnull(), handoffs.kind.isin(["assigned", "accepted"]))
    first = first_row(taken, "entity_code", "at", "handoff_id")
    return first.select(actor_code=first.entity_code, first_actor=first.actor)
