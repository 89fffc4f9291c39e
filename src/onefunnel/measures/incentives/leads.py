"""Each lead: its segment, whether it was worked, and what came of it. Expressions only."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import party_segments
from onefunnel.funnel.instants import INSTANT, literal, never, seconds_between
from onefunnel.funnel.losses import COMEBACKS
from onefunnel.funnel.subjects import attach

WORK = ("attempted", "connected", "qualified")
"""Steps of a hand-off that show that somebody worked the lead."""

OFFERS = ("offered", "assigned")
"""Steps by which sales gets a lead."""

UNKNOWN = "unknown"
"""The name under which leads of no known segment stand."""


def leads(base: Base) -> ir.Table:
    """One row per lead that sales got; see :func:`handed_over`.

    Columns: lead_id, entity_code, at; segment, the lead's, else its party's, else ``unknown``;
    worked, 1 if a hand-off was attempted, connected or qualified or a deal names the lead, else 0;
    outcome ``won``, ``lost`` or ``open``; seconds until it became so, or to ``question.now``;
    won_at, NULL unless won.

    Won with the first positive order line or won deal that goes to it (see :func:`of_leads`). Else
    lost where a deal that goes to it stands lost, or it was disqualified, and after the last of
    these neither a hand-off brought it back nor a deal stands open.
    """
    rows = attach(handed_over(base), _ends(base), "lead_id", "of_lead")
    lost_at = ibis.greatest(rows.deal_lost_at, rows.disqualified_at)
    back = (rows.still_open > 0) | (rows.back_at > lost_at)
    outcome = ibis.cases(
        (rows.first_won.notnull(), "won"),
        (lost_at.notnull() & ~back.fill_null(False), "lost"),
        else_="open",
    )
    ended = ibis.greatest(ibis.ifelse(outcome == "won", rows.first_won, lost_at), rows["at"])
    rows = rows.mutate(outcome=outcome, ended=ended)
    until = ibis.ifelse(rows.outcome == "open", literal(base.question.now), rows.ended)
    return rows.select(
        *("lead_id", "entity_code", "at", "segment", "worked", "outcome"),
        seconds=seconds_between(rows["at"], until),
        won_at=ibis.ifelse(rows.outcome == "won", rows.ended, never()),
    )


def dated(base: Base) -> ir.Table:
    """The leads that say when: lead_id, entity_code, at, segment."""
    rows = base.known["lead"]
    rows = attach(
        rows.filter(rows["at"].notnull()), party_segments(base.facts), "entity_code", "segment_code"
    )
    segment = ibis.coalesce(rows.segment, rows.party_segment, ibis.literal(UNKNOWN))
    return rows.select("lead_id", "entity_code", "at", segment=segment)


def handed_over(base: Base) -> ir.Table:
    """The dated leads that sales got, as :func:`with_work` gives them, ``at`` when it got them.

    Those that were offered or assigned (at the first of these steps that says when, else when they
    came), and those that were worked. Where the ledger holds no such step, all leads, when they
    came.
    """
    rows, handoff = with_work(dated(base), base), base.facts["handoff"]
    steps = handoff.filter(handoff.kind.isin(OFFERS))
    recorded = steps.aggregate(n=steps.count())
    kept = rows.filter((rows.offers > 0) | (rows.worked == 1) | (recorded.n.as_scalar() == 0))
    return kept.mutate(at=ibis.coalesce(kept.offered_at, kept["at"])).drop("offers", "offered_at")


def in_history(rows: ir.Table, base: Base, history_days: int) -> ir.BooleanValue:
    """Whether sales got a lead in the days before the end of the period, which is not in it."""
    question = base.question
    end = question.end or question.now
    within = rows["at"] >= literal(end - timedelta(days=history_days))
    return within if question.end is None else within & (rows["at"] < literal(question.end))


def of_leads(rows: ir.Table, base: Base) -> ir.Table:
    """``rows`` (with entity_code, deal_id, at) with the ``lead_id`` that each goes to.

    That is the lead which its deal names, else the latest of the entity at or before it, of leads
    of one instant the one with the greatest key. Rows that go to none are left out.
    """
    every = dated(base)
    deal = base.facts["deal"]
    naming = deal.select(naming_deal=deal.deal_id, named=deal.lead_id)
    naming = naming.inner_join(every.select(named="lead_id"), "named")
    order = ibis.window(group_by=every.entity_code, order_by=[every["at"], every.lead_id])
    spans = every.select(
        latest="lead_id",
        latest_entity="entity_code",
        latest_from="at",
        latest_until=every["at"].lead().over(order),
    )
    rows = attach(rows, naming, "deal_id", "naming_deal")
    joined = rows.left_join(
        spans,
        [
            rows.entity_code == spans.latest_entity,
            rows["at"] >= spans.latest_from,
            ibis.or_(spans.latest_until.isnull(), rows["at"] < spans.latest_until),
        ],
    )
    found = joined.mutate(lead_id=ibis.coalesce(joined.named, joined.latest))
    found = found.drop("named", "latest", "latest_entity", "latest_from", "latest_until")
    return found.filter(found.lead_id.notnull())


def with_work(rows: ir.Table, base: Base) -> ir.Table:
    """Leads with ``worked``, and of their hand-offs: offers, offered_at, disqualified_at, back_at.

    The first offer, and the last of the others.
    """
    handoff, deal = base.facts["handoff"], base.facts["deal"]
    at = handoff.occurred_at.cast(INSTANT)
    steps = handoff.group_by(of_lead="lead_id").aggregate(
        steps=handoff.count(where=handoff.kind.isin(WORK)),
        offers=handoff.count(where=handoff.kind.isin(OFFERS)),
        offered_at=at.min(where=handoff.kind.isin(OFFERS)),
        disqualified_at=at.max(where=handoff.kind == "disqualified"),
        back_at=at.max(where=handoff.kind.isin(COMEBACKS)),
    )
    deals = deal.group_by(of_lead="lead_id").aggregate(deals=deal.count())
    rows = attach(rows, steps, "lead_id", "of_lead")
    rows = attach(rows, deals, "lead_id", "of_lead")
    anything = (rows.steps > 0).fill_null(False) | rows.deals.notnull()
    worked = anything.ifelse(ibis.literal(1, type="int64"), ibis.literal(0, type="int64"))
    offers = rows.offers.fill_null(0)
    return rows.mutate(worked=worked, offers=offers).drop("steps", "deals")


def _ends(base: Base) -> ir.Table:
    """What the deals and orders of each lead say: first_won, deal_lost_at, still_open."""
    deals, lines = base.standing, base.known["order_line"]
    bought = lines.filter(lines["at"].notnull(), lines.quantity > 0)
    events = ibis.union(
        deals.select("entity_code", "deal_id", "status", at=deals.became_at),
        bought.select("entity_code", "deal_id", status=ibis.literal("won"), at=bought["at"]),
    )
    found = of_leads(events, base)
    return found.group_by(of_lead="lead_id").aggregate(
        first_won=found["at"].min(where=found.status == "won"),
        deal_lost_at=found["at"].max(where=found.status == "lost"),
        still_open=found.count(where=found.status == "open"),
    )
