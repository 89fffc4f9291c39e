"""Leads as the desk lists them: where each stands, and since when it waits."""

from enum import StrEnum

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.instants import INSTANT
from onefunnel.funnel.progress import at
from onefunnel.ledger.schema import Facts
from onefunnel.vocabulary import Stage


class State(StrEnum):
    """Where a lead stands. The first that applies, from ``won`` down to ``new``, is the one."""

    WON = "won"
    """A deal of it is won; or it has no deal, and its buyer bought at or after it."""
    OPEN = "open"
    """A deal of it is open."""
    LOST = "lost"
    """Every deal of it that says how it stands is lost."""
    REJECTED = "rejected"
    """The last that was decided of it: sales sent it back, or it is no buyer."""
    RECYCLED = "recycled"
    """The last that was decided of it: it sleeps until another day."""
    WORKED = "worked"
    """Somebody tried to reach it, or reached it."""
    WAITING = "waiting"
    """It was offered or assigned, and nobody tried to reach it."""
    NEW = "new"
    """It was never offered."""


OFFERS = ("offered", "assigned")
BACK = ("rejected", "disqualified", "returned")
WORK = ("attempted", "connected", "qualified")
TOUCHED = (*BACK, *WORK, "recycled")
"""Steps after which a lead no longer waits for the first call."""
TAKEN = ("assigned", "accepted")
HANDS = ("assigned", "accepted", "attempted", "connected", "qualified")
"""Steps whose actor has the lead in hand."""


def leads(facts: Facts, standing: ir.Table, entries: ir.Table, names: ir.Table) -> ir.Table:
    """Every lead, those that wait first, then by when they came, newest first.

    Columns: lead_id, entity_code, party_id, name (of its entity, may be NULL), created_at,
    channel, campaign, page, segment, state, waiting_since (NULL unless it waits), owner.
    A lead that no party is tied to has the entity of its own.
    """
    rows = _with_entities(facts)
    steps, deals = _steps(facts["handoff"]), _deals(facts["deal"], standing)
    bought = entries.select(bought_code="entity_code", bought_at=at(Stage.PURCHASE))
    known = names.select(named_code="entity_code", name="name")
    rows = rows.left_join(steps, rows.lead_id == steps.step_lead).drop("step_lead")
    rows = rows.left_join(deals, rows.lead_id == deals.deal_lead).drop("deal_lead")
    rows = rows.left_join(bought, rows.entity_code == bought.bought_code).drop("bought_code")
    rows = rows.left_join(known, rows.entity_code == known.named_code).drop("named_code")
    placed = rows.mutate(state=_state(rows))
    waits = placed.state == State.WAITING.value
    listed = placed.select(
        *("lead_id", "entity_code", "party_id", "name", "created_at"),
        *("channel", "campaign", "page", "segment", "state"),
        waiting_since=ibis.ifelse(waits, placed.offered_at, ibis.null(INSTANT)),
        owner=ibis.coalesce(placed.deal_owner, placed.hand),
        first=ibis.ifelse(waits, 0, 1),
    )
    newest = listed.created_at.desc(nulls_first=False)
    return listed.order_by("first", newest, "lead_id").drop("first")


def _with_entities(facts: Facts) -> ir.Table:
    lead, entity = facts["lead"], facts["entity"]
    subject = ibis.coalesce(lead.party_id, ibis.literal("lead:") + lead.lead_id)
    rows = lead.mutate(subject=subject)
    codes = entity.select(whose="party_id", entity_code="entity_code")
    return rows.inner_join(codes, rows.subject == codes.whose).drop("whose", "subject")


def _steps(handoff: ir.Table) -> ir.Table:
    """Per lead: when it was first offered, the last that was decided of it, who has it in hand."""
    steps = handoff.filter(handoff.lead_id.notnull(), handoff.kind.notnull())
    decisive = steps.kind.isin((*TOUCHED, *TAKEN))
    in_hand = steps.kind.isin(HANDS) & steps.actor.notnull()
    # Steps at one instant: the one with the later key, as everywhere.
    order = ibis.struct({"at": steps.occurred_at, "key": steps.handoff_id})
    return steps.group_by(step_lead=steps.lead_id).aggregate(
        offered=steps.kind.isin((*OFFERS, *TAKEN)).any(),
        offered_at=steps.occurred_at.min(where=steps.kind.isin((*OFFERS, *TAKEN))),
        touched=steps.kind.isin(TOUCHED).any(),
        decided=steps.kind.argmax(order, where=decisive),
        hand=steps.actor.argmax(order, where=in_hand),
    )


def _deals(deal: ir.Table, standing: ir.Table) -> ir.Table:
    """Per lead: whether it has deals, how they stand, and who owns the latest."""
    stand = standing.select(stands="deal_id", status="status")
    rows = deal.filter(deal.lead_id.notnull()).left_join(stand, [("deal_id", "stands")])
    return rows.group_by(deal_lead=rows.lead_id).aggregate(
        deals=rows.count(),
        deals_won=(rows.status == "won").any(),
        deals_open=(rows.status == "open").any(),
        deals_lost=(rows.status == "lost").any(),
        deal_owner=rows.owner.argmax(rows.deal_id, where=rows.owner.notnull()),
    )


def _state(rows: ir.Table) -> ir.StringValue:
    bought = rows.deals.isnull() & (rows.bought_at >= rows.created_at)
    back = rows.decided.isin(BACK)
    branches = [
        (_yes(rows.deals_won) | _yes(bought), State.WON),
        (_yes(rows.deals_open), State.OPEN),
        (_yes(rows.deals_lost), State.LOST),
        (_yes(back), State.REJECTED),
        (_yes(rows.decided == "recycled"), State.RECYCLED),
        (_yes(rows.touched) | rows.deals.notnull(), State.WORKED),
        (_yes(rows.offered), State.WAITING),
    ]
    return ibis.cases(
        *[(condition, ibis.literal(state.value)) for condition, state in branches],
        else_=ibis.literal(State.NEW.value),
    )


def _yes(value: ir.Value) -> ir.BooleanValue:
    return value.fill_null(False)
