"""The measure ``sellers`` over the ledger: who got each lead, and what came of it."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import first_row
from onefunnel.funnel.instants import INSTANT, in_period
from onefunnel.funnel.rows import Where, named
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.incentives import query as incentives
from onefunnel.measures.incentives.leads import WORK, leads
from onefunnel.vocabulary import Department, Question

TAKES = ("assigned", "accepted", *WORK)
"""Steps of a hand-off whose actor in sales has the lead."""

FIGURES = incentives.FIGURES
KEYS = ("employee_id", "segment")


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.measures.sellers.assemble.assemble` needs.

    Beside those of ``incentives``: the leads ``handed`` to each. Raises InputError where
    ``incentives.toml`` or a plan file can't be read.
    """
    base = Base(facts, rules, question)
    return incentives.queries(facts, rules, question) | {"handed": lambda: handed(base)}


def handed(base: Base) -> ir.Table:
    """The leads of the period by whose they are: seller (NULL: nobody's), segment and counts.

    The counts are leads, worked and won.
    """
    rows = leads(base)
    rows = with_seller(rows.filter(in_period(rows["at"], base.question)), base)
    return rows.group_by("seller", "segment").aggregate(
        leads=rows.count(), worked=rows.worked.sum(), won=rows.count(where=rows.outcome == "won")
    )


def with_seller(rows: ir.Table, base: Base) -> ir.Table:
    """``rows`` (with lead_id) with ``seller``, whose the lead is; NULL where nothing says it.

    That is the owner of a deal that names the lead, of several that with the smallest key; else the
    actor of the first step in which sales took or worked it, undated ones last.
    """
    rows = attach(rows, _deal_owners(base), "lead_id", "owned_lead")
    rows = attach(rows, _takers(base), "lead_id", "taken_lead")
    return rows.mutate(seller=ibis.coalesce(rows.deal_owner, rows.taker)).drop(
        "deal_owner", "taker"
    )


def _deal_owners(base: Base) -> ir.Table:
    deal = base.facts["deal"]
    owned = deal.filter(deal.owner.notnull(), deal.lead_id.notnull())
    first = first_row(owned.select("deal_id", "lead_id", "owner"), "lead_id", "deal_id")
    return first.select(owned_lead=first.lead_id, deal_owner=first.owner)


def _takers(base: Base) -> ir.Table:
    handoff = base.facts["handoff"]
    of_sales = handoff.department.isnull() | (handoff.department == Department.SALES.value)
    steps = handoff.filter(
        handoff.kind.isin(TAKES), of_sales, handoff.actor.notnull(), handoff.lead_id.notnull()
    )
    at = steps.occurred_at.cast(INSTANT)
    dated, undated = ibis.literal(0, type="int64"), ibis.literal(1, type="int64")
    steps = steps.select(
        "handoff_id", "lead_id", "actor", at=at, undated=at.isnull().ifelse(undated, dated)
    )
    first = first_row(steps, "lead_id", "undated", "at", "handoff_id")
    return first.select(taken_lead=first.lead_id, taker=first.actor)


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The leads of the period as ``incentives`` gives them, each with its ``seller``.

    ``where`` may name the ``employee_id``, None for leads of nobody, and the ``segment``.
    """
    for name in where:
        named(name, KEYS, "key")
    kept = {name: value for name, value in where.items() if name != "employee_id"}
    found = incentives.rows(facts, rules, question, figure, kept)
    found = with_seller(found, Base(facts, rules, question))
    if "employee_id" in where:
        who = where["employee_id"]
        found = found.filter(found.seller.isnull() if who is None else found.seller == who)
    return found.order_by("lead_id")
