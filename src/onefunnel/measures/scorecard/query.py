"""The measure ``scorecard``: sums of records by month and by whose they are, from the engine."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import literal, seconds_between
from onefunnel.funnel.matching import slot
from onefunnel.funnel.progress import at
from onefunnel.funnel.rows import Where, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.periods import label
from onefunnel.measures.scorecard.cards import asked_months, cards_of, spans
from onefunnel.measures.scorecard.records import (
    accepted,
    attempts,
    first_attempts,
    leads,
    lines,
    of_card,
    scoped,
    spend,
    within,
)
from onefunnel.measures.scorecard.weeks import weeks
from onefunnel.vocabulary import Question, Stage

FIGURES = ("lines", "leads", "accepted_leads", "spend")
KEYS = ("period", "scorecard")
KEY_OF = {
    "lines": "line_id",
    "leads": "lead_id",
    "accepted_leads": "handoff_id",
    "spend": "spend_id",
}
HELD = ("lead", "handoff", "order_line", "deal_event", "spend")


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.measures.scorecard.assemble.assemble` needs.

    None where no scorecard can be read or no month is asked for.
    """
    base = Base(facts, rules, question)
    cards, _ = cards_of(question.terms)
    if not cards or not asked_months(question):
        return Lazily({})
    makers: dict[str, Callable[[], ir.Table]] = {
        "sales": lambda: _sales(base),
        "leads": lambda: _leads_by_month(base),
        "accepted": lambda: _accepted_by_month(base),
        "new": lambda: _new(base),
        "spend": lambda: _spend_by_month(base),
        "held": lambda: _held(base),
        "people": lambda: _people(base),
        "targets": lambda: _targets(base),
        "turns": lambda: _turns(base),
        "done": lambda: _done(base),
        "first": lambda: _first(base),
    }
    return Lazily({f"scorecard_{name}": make for name, make in makers.items()})


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The lines, leads, accepted leads or amounts spent behind a month's figures, by their key.

    ``where`` may name the ``period``, a month such as 2024-03 (the last asked one by default), and
    a ``scorecard`` by its file: then those of its sellers. UnknownName: no such figure, key, month
    or scorecard.
    """
    named(figure, FIGURES, "figure")
    for key in where:
        named(key, KEYS, "key")
    months = tuple(each.label for each in asked_months(question))
    month = where.get("period") or months[-1]
    named(month, months, "month")
    base = Base(facts, rules, question)
    makers = {"lines": lines, "leads": leads, "accepted_leads": accepted, "spend": spend}
    table = makers[figure](base)
    kept = table.filter(table.month == month)
    if "seller" in kept.columns:
        kept = of_card(kept, base, where)
    kept = kept.drop(*[name for name in ("month", "priced", "currency") if name in kept.columns])
    return (kept if figure == "spend" else with_party(kept, base)).order_by(KEY_OF[figure])


def _sales(base: Base) -> ir.Table:
    """Per scope and month: customers, repeated, and the sums of revenue, contribution and listed.

    ``entered`` counts the customers who entered the stage purchase in that month. How many lines
    have none of these: without_amount, without_contribution, without_list.
    """
    rows = scoped(lines(base), base)
    each = rows.group_by("scope", "month", "entity_code").aggregate(
        revenue=rows.amount.sum(),
        contribution=rows.contribution.sum(),
        listed=rows.listed.sum(),
        without_amount=rows.count(where=rows.amount.isnull()),
        without_contribution=rows.count(where=rows.contribution.isnull()),
        without_list=rows.count(where=rows.listed.isnull() | rows.amount.isnull()),
    )
    stages = base.entries.select(
        known_code="entity_code",
        bought_at=at(Stage.PURCHASE),
        loyal_at=slot(Stage.CUSTOMER_LOYALTY),
    )
    told = attach(each, stages, "entity_code", "known_code")
    told = told.mutate(bought=label(told.bought_at, spans(base.question)))
    ends = [
        (told.month == name, literal(month.end)) for name, month in spans(base.question).items()
    ]
    by_then = (told.loyal_at < ibis.cases(*ends)).fill_null(False)
    counts = ("without_amount", "without_contribution", "without_list")
    return told.group_by("scope", "month").aggregate(
        customers=told.count(),
        repeated=told.count(where=by_then),
        entered=told.count(where=(told.bought == told.month).fill_null(False)),
        revenue=told.revenue.sum(),
        contribution=told.contribution.sum(),
        listed=told.listed.sum(),
        **{name: told[name].sum().cast("int64") for name in counts},
    )


def _leads_by_month(base: Base) -> ir.Table:
    rows = leads(base)
    waited = seconds_between(rows["at"], rows.first_at)
    return rows.group_by("month").aggregate(
        leads=rows.count(),
        contacted=rows.count(where=rows.first_at.notnull()),
        response_seconds=waited.sum().cast("int64"),
    )


def _accepted_by_month(base: Base) -> ir.Table:
    rows = scoped(accepted(base), base)
    return rows.group_by("scope", "month").aggregate(accepted=rows.lead_id.nunique())


def _done(base: Base) -> ir.Table:
    """Per scope and month: how often somebody tried to reach a lead."""
    rows = scoped(attempts(base), base)
    return rows.group_by("scope", "month").aggregate(attempts=rows.count())


def _first(base: Base) -> ir.Table:
    """Per scope and month: the leads of the month that they were the first to try to reach."""
    each = scoped(first_attempts(base), base).distinct()
    waited = seconds_between(each["at"], each.first_at)
    return each.group_by("scope", "month").aggregate(
        contacted=each.count(), response_seconds=waited.sum().cast("int64")
    )


def _new(base: Base) -> ir.Table:
    entered = base.entries.select("entity_code", at=at(Stage.PURCHASE))
    rows = within(entered.filter(entered["at"].notnull()), base)
    return rows.group_by("month").aggregate(new=rows.count())


def _spend_by_month(base: Base) -> ir.Table:
    rows = spend(base)
    return rows.group_by("month").aggregate(
        spend=rows.amount.sum(), without_spend=rows.count(where=rows.amount.isnull())
    )


def _held(base: Base) -> ir.Table:
    parts = [
        base.facts[name].aggregate(rows=ibis._.count()).mutate(table=ibis.literal(name))
        for name in HELD
    ]
    return ibis.union(*parts)


def _people(base: Base) -> ir.Table:
    """The scopes of which some record names somebody: employees, sellers, owners, actors."""
    facts = base.facts
    columns = {"employee": "employee_id", "order_line": "seller", "deal": "owner"}
    parts = [facts[table].select(seller=column) for table, column in columns.items()]
    every = ibis.union(*parts, facts["handoff"].select(seller="actor"), distinct=True)
    return scoped(every, base).select("scope").distinct()


def _targets(base: Base) -> ir.Table:
    rows = base.facts["target"]
    kept = rows.filter(rows.period.isin([each.label for each in asked_months(base.question)]))
    return kept.select("target_id", "period", "department", "measure", "value")


def _turns(base: Base) -> ir.Table:
    """Per scope and stretch of weeks before and after the turn of a month: orders closed in it.

    An order is closed by its first line of the scope; ``ends`` or ``starts`` may be NULL.
    """
    rows = lines(base)
    order_line = base.facts["order_line"]
    orders = order_line.select("order_id", of_line=order_line.order_line_id)
    known = attach(rows, orders, "line_id", "of_line")
    orders = scoped(known.mutate(order=ibis.coalesce(known.order_id, known.line_id)), base)
    closed = orders.group_by("scope", "order").aggregate(at=orders["at"].min())
    stretches = weeks(base.question)
    told = closed.mutate(**{name: label(closed["at"], each) for name, each in stretches.items()})
    return told.group_by("scope", *stretches).aggregate(closings=told.count())
