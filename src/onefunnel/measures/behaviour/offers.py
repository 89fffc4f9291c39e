"""Each lead that sales got: whether it was worked in time, and whose it was. Expressions only."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import opening
from onefunnel.funnel.instants import INSTANT, literal, seconds_between
from onefunnel.funnel.subjects import attach
from onefunnel.measures.behaviour.asked import LookedAt
from onefunnel.measures.incentives.leads import WORK, dated, handed_over

GIVEN = ("assigned", "accepted")
"""Steps whose actor is who was to work the lead."""
TAKEN_BACK = ("rejected", "disqualified", "recycled", "returned")
"""Steps after which nobody has to work it any more."""


def offers(base: Base, asked: LookedAt) -> ir.Table:
    """One row per lead that sales got, whenever.

    Columns: lead_id, entity_code, segment, at (when sales got it), worked (1 or 0), worked_at (its
    first step of work, or the first event of a deal that names it; NULL unknown or never), in_time,
    age_seconds (since it came); salesperson, the actor of the first step of ``GIVEN`` that names
    one, at given_at, unless the lead was worked before it or its time was over, NULL where there is
    none; and ended_at, when it was first worked or taken back.
    """
    rows = handed_over(base)
    rows = rows.select("lead_id", "entity_code", "segment", "at", "worked")
    created = dated(base).select(of_lead="lead_id", created_at="at")
    rows = attach(rows, created, "lead_id", "of_lead")
    rows = attach(rows, _steps(base, rows), "lead_id", "of_lead")
    rows = attach(rows, _deals(base), "lead_id", "named")
    worked_at = ibis.least(rows.step_at, rows.deal_at)
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    rows = rows.mutate(worked_at=worked_at)
    soon = seconds_between(rows["at"], rows.worked_at) <= asked.seconds
    rows = rows.mutate(
        in_time=soon.fill_null(False).ifelse(one, none),
        age_seconds=ibis.greatest(seconds_between(rows.created_at, rows["at"]), none),
        ended_at=ibis.least(rows.worked_at, rows.back_at),
    )
    rows = attach(rows, _given(base), "lead_id", "of_lead")
    late = (rows.given_at > rows.worked_at).fill_null(False)
    late = late | (seconds_between(rows["at"], rows.given_at) > asked.seconds)
    named = ibis.ifelse(late, ibis.null("string"), rows.actor)
    rows = rows.mutate(salesperson=named)
    return rows.drop("created_at", "step_at", "deal_at", "back_at", "actor")


def with_workload(rows: ir.Table) -> ir.Table:
    """The leads with ``workload``: how many others of the salesperson were open when it was given.

    A lead is open from when it was given until it is worked or taken back; of leads given at one
    instant those with smaller keys come first. 0 where nobody is named. A salesperson's gifts and
    ends are sorted once, and the workload is a running sum over them.
    """
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    kept = [name for name in rows.columns if name not in ("given_at", "ended_at")]
    named = rows.filter(rows.salesperson.notnull())
    never_open = (named.ended_at <= named.given_at).fill_null(False)
    given = named.select(
        *kept, when="given_at", begins=one, change=ibis.ifelse(never_open, none, one)
    )
    ends = named.filter(named.ended_at > named.given_at)
    ended = ends.select(*kept, when="ended_at", begins=none, change=-one)
    events = ibis.union(given, ended)
    order = ibis.window(
        group_by=events.salesperson,
        order_by=[events.when, events.begins, events.lead_id],
        preceding=None,
        following=0,
    )
    summed = events.mutate(open_now=events.change.sum().over(order))
    found = summed.filter(summed.begins == 1)
    found = found.select(*kept, workload=(found.open_now - found.change).cast("int64"))
    others = rows.filter(rows.salesperson.isnull()).select(*kept, workload=none)
    return ibis.union(found, others)


def within(rows: ir.Table, base: Base, asked: LookedAt) -> ir.Table:
    """Those of the history, with ``is_over``, whether the time to work them was over by now."""
    kept = rows["at"] >= literal(asked.since)
    if asked.until is not None:
        kept = kept & (rows["at"] < literal(asked.until))
    rows = rows.filter(kept)
    gone = seconds_between(rows["at"], literal(base.question.now))
    return rows.mutate(is_over=gone >= asked.seconds)


def _steps(base: Base, rows: ir.Table) -> ir.Table:
    """By lead the first step of work, and the first that took it back once sales had it."""
    handoff = base.facts["handoff"]
    steps = handoff.select("lead_id", "kind", step_at=handoff.occurred_at.cast(INSTANT))
    leads = rows.select(of_lead="lead_id", got_at="at")
    both = leads.inner_join(steps, leads.of_lead == steps.lead_id)
    back = both.kind.isin(TAKEN_BACK) & (both.step_at >= both.got_at)
    return both.group_by("of_lead").aggregate(
        step_at=both.step_at.min(where=both.kind.isin(WORK)), back_at=both.step_at.min(where=back)
    )


def _deals(base: Base) -> ir.Table:
    """By lead the first dated event of the deals that name it: named, deal_at."""
    opened = opening(base.known)
    deal = base.facts["deal"]
    naming = deal.filter(deal.lead_id.notnull()).select("deal_id", named="lead_id")
    both = naming.inner_join(opened, "deal_id")
    return both.group_by("named").aggregate(deal_at=both.opened_at.min())


def _given(base: Base) -> ir.Table:
    """By lead the first dated step of ``GIVEN`` with an actor: of_lead, given_at, actor."""
    handoff = base.facts["handoff"]
    rows = handoff.filter(
        handoff.kind.isin(GIVEN), handoff.actor.notnull(), handoff.occurred_at.notnull()
    )
    rows = rows.mutate(when=rows.occurred_at.cast(INSTANT))
    order = ibis.window(group_by=rows.lead_id, order_by=[rows.when, rows.handoff_id])
    ranked = rows.mutate(rank=ibis.row_number().over(order))
    first = ranked.filter(ranked["rank"] == 0)
    return first.select(of_lead="lead_id", given_at="when", actor="actor")
