"""The measure ``acquisition`` over the ledger: its queries, each summed on the engine."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import Collected
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.acquisition.contacts import COLUMNS, answered, leads, touches, worked
from onefunnel.measures.acquisition.customers import customers, durations, money
from onefunnel.measures.acquisition.spent import agreeing, patterns
from onefunnel.measures.attribution.agreed import Shared, agreed_of
from onefunnel.vocabulary import Question

DIMENSIONS = (*COLUMNS, "cohort_month")
"""What the measure can be asked by."""

WEIGHTS = {"agreeing_touches": (Shared.BY_TOUCHES,), "agreeing_leads": tuple(Shared)[:2]}
"""The contacts to which spend is shared out, in their order, and the rules that look at them."""


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.measures.acquisition.assemble.assemble` needs.

    ``question.months`` must be those that anything can fall in, also where it is not asked by
    month: spend is shared out within its month. Raises InputError where ``attribution.toml`` can't
    be read.
    """
    base = Base(facts, rules, question)
    found = Lazily(
        {
            "durations": lambda: durations(base),
            "hours": lambda: _hours(base),
            "touches": lambda: _touches(base),
            "leads": lambda: _leads(base),
            "reasons": lambda: _reasons(base),
            "spent": lambda: patterns(base),
            "customers": lambda: _counted(_customers(base), question, "customers"),
            "money": lambda: money(base),
            "undated": lambda: _undated(base.facts),
        }
    )
    contacts = {"agreeing_touches": touches, "agreeing_leads": leads}
    return found | {name: _agreeing(base, contacts[name]) for name in weighed(question)}


def _agreeing(base: Base, contacts: Callable[[Base], ir.Table]) -> Callable[[], ir.Table]:
    return lambda: agreeing(base, contacts(base))


def weighed(question: Question) -> tuple[str, ...]:
    """The queries of the contacts to which spend may have to be shared out, in their order."""
    if not set(question.by) & set(COLUMNS):
        return ()
    rule = agreed_of(question.terms).shared
    return tuple(name for name, rules in WEIGHTS.items() if rule in rules)


def spared(answered: Collected, question: Question) -> tuple[str, ...]:
    """The queries that would answer nothing, as no spend lacks a dimension that is asked for.

    >>> import pyarrow as pa
    >>> from datetime import UTC, datetime
    >>> question = Question(datetime(2024, 6, 1, tzinfo=UTC), by=("channel",))
    >>> spared({"spent": pa.table({"channel": ["fair"]})}, question)
    ('agreeing_touches', 'agreeing_leads')
    >>> spared({"spent": pa.table({"channel": ["fair", None]})}, question)
    ()
    """
    if "spent" not in answered:
        return ()
    asked = [name for name in question.by if name in COLUMNS]
    lacking = any(answered["spent"][name].null_count for name in asked)
    return () if lacking else weighed(question)


def _counted(rows: ir.Table, question: Question, name: str) -> ir.Table:
    return rows.aggregate(by=list(question.by), **{name: rows.count()})


def _customers(base: Base) -> ir.Table:
    return customers(base, "segment" in base.question.by)


def _touches(base: Base) -> ir.Table:
    rows = touches(base, segmented="segment" in base.question.by)
    return rows.aggregate(
        by=list(base.question.by),
        touches=rows.count(),
        unassigned=rows.count(where=rows.unassigned == 1),
    )


def _leads(base: Base) -> ir.Table:
    rows = answered(base, "segment" in base.question.by)
    return rows.aggregate(
        by=list(base.question.by),
        leads=rows.count(),
        accepted=rows.count(where=rows.answer == "accepted"),
        rejected=rows.count(where=rows.answer == "rejected"),
    )


def _reasons(base: Base) -> ir.Table:
    """By the question's dimensions the most frequent reason of rejection, and its leads.

    Of equals it is the first by name; unknown comes last.
    """
    by, every = base.question.by, answered(base, "segment" in base.question.by)
    rejected = every.filter(every.answer == "rejected")
    counted = rejected.group_by(*by, "reason").aggregate(leads=rejected.count())
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    named = counted.mutate(unknown=counted.reason.isnull().ifelse(one, none))
    order = [named.leads.desc(), named.unknown, named.reason]
    window = ibis.window(group_by=[named[name] for name in by], order_by=order)
    ranked = named.mutate(place=ibis.row_number().over(window))
    return ranked.filter(ranked.place == 0).select(*by, "reason", "leads")


def _hours(base: Base) -> ir.Table:
    rows = worked(base, "segment" in base.question.by)
    known = rows.filter(rows.minutes > 0)
    return known.aggregate(by=list(base.question.by), minutes=known.minutes.sum())


def _undated(facts: Facts) -> ir.Table:
    """How many rows of each table do not say when: table, rows."""
    instants = {"touch": "occurred_at", "lead": "created_at", "spend": "day"}
    parts = []
    for name, instant in instants.items():
        rows = facts[name]
        counted = rows.aggregate(rows=rows.count(where=rows[instant].isnull()))
        parts.append(counted.select("rows", table=ibis.literal(name)))
    return ibis.union(*parts)
