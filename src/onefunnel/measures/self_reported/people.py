"""Who could say how they heard of the company, what was tracked of them, and what they said.

Expressions only.
"""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.contacts import is_contact
from onefunnel.funnel.dimensions import first_row, origins
from onefunnel.funnel.instants import INSTANT, in_period
from onefunnel.funnel.progress import at
from onefunnel.funnel.subjects import attach
from onefunnel.vocabulary import Stage


def people(base: Base) -> ir.Table:
    """The entities that left a lead, bought or answered, and came in the period.

    Columns: entity_code, at (when they came: their first lead, else their first touch but for
    answers, else their first entry into any stage, else their answer), tracked (the channel of that
    lead or touch; NULL is unknown), answered (1 or 0), said (NULL where they gave no usable answer,
    and where they gave none), names (how many different usable answers), bought_at (NULL: has not
    bought by now).
    """
    answers = _contacts(base, answers=True)
    bought, first = at(Stage.PURCHASE), at(Stage.CUSTOMER_AWARENESS)
    entered = base.entries.select(
        entered_code="entity_code", first_at=first, bought_at=base.entries[bought].cast(INSTANT)
    )
    who = _reached(base, answers, entered)
    rows = attach(who, _origins_of(who, base), "entity_code", "origin_code")
    rows = attach(rows, _first_answers(answers), "entity_code", "answer_code")
    rows = attach(rows, entered, "entity_code", "entered_code")
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    rows = rows.mutate(
        at=ibis.coalesce(rows.origin_at, rows.first_at.cast(INSTANT), rows.answered_at),
        tracked=rows.origin_channel,
        answered=ibis.ifelse(rows.answered_at.notnull(), one, none),
    )
    kept = rows.filter(in_period(rows["at"], base.question))
    return kept.select("entity_code", "at", "tracked", "answered", "said", "names", "bought_at")


def _contacts(base: Base, *, answers: bool) -> ir.Table:
    """The dated touches of known entities: those that are answers, or all others."""
    rows = base.facts["touch"]
    wanted = ~is_contact(rows) if answers else is_contact(rows)
    kept = rows.filter(wanted, rows.occurred_at.notnull())
    columns = ("touch_id", "party_id", "kind", "channel", "campaign", "page")
    found = kept.select(*columns, at=kept.occurred_at.cast(INSTANT))
    entity = base.facts["entity"].select(code_party="party_id", entity_code="entity_code")
    joined = found.inner_join(entity, found.party_id == entity.code_party)
    return joined.drop("code_party", "party_id")


def _first_answers(answers: ir.Table) -> ir.Table:
    """Of each entity the first usable answer: answer_code, answered_at, said, names.

    Of one instant it is the one with the smallest key; where none is usable ``said`` is NULL.
    """
    unusable = ibis.ifelse(
        answers.channel.isnull(), ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    )
    first = first_row(
        answers.mutate(unusable=unusable), "entity_code", "unusable", "at", "touch_id"
    )
    counted = answers.group_by(named_code="entity_code").aggregate(names=answers.channel.nunique())
    rows = first.select(answer_code="entity_code", answered_at="at", said="channel")
    return attach(rows, counted, "answer_code", "named_code")


def _reached(base: Base, answers: ir.Table, entered: ir.Table) -> ir.Table:
    """Everybody who left a lead, answered or bought: entity_code."""
    leads = base.known["lead"]
    dated = leads.filter(leads["at"].notnull())
    buyers = entered.filter(entered.bought_at.notnull())
    parts = [
        dated.select("entity_code"),
        answers.select("entity_code"),
        buyers.select(entity_code="entered_code"),
    ]
    return ibis.union(*parts, distinct=True)


def _origins_of(who: ir.Table, base: Base) -> ir.Table:
    """Where these came from: origin_code, origin_at, origin_channel; an answer is no touch."""
    codes = who.select(reached_code="entity_code")
    given = {"lead": base.known["lead"], "touch": _contacts(base, answers=False)}
    kept = {
        name: rows.inner_join(codes, rows.entity_code == codes.reached_code).drop("reached_code")
        for name, rows in given.items()
    }
    return origins(kept).select("origin_code", "origin_at", "origin_channel")
