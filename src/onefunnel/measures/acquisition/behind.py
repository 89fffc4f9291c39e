"""The rows behind a figure of the measure ``acquisition``."""

from dataclasses import replace
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from onefunnel.errors import UnknownName
from onefunnel.funnel.base import Base
from onefunnel.funnel.query import without_contribution
from onefunnel.funnel.rows import Where, chosen, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.acquisition.contacts import answered, touches
from onefunnel.measures.acquisition.customers import customers, lines, repeated
from onefunnel.measures.acquisition.query import DIMENSIONS
from onefunnel.measures.acquisition.spent import spent
from onefunnel.measures.attribution.agreed import Shared, agreed_of
from onefunnel.vocabulary import Question

LEADS = ("leads", "accepted", "rejected")
MONEY = ("revenue", "contribution", "repeat_contribution", "unknown_contribution_lines")
FIGURES = ("touches", *LEADS, "customers", *MONEY, "spend")


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The rows behind a figure, ordered by their key; ``where`` names dimension values.

    See :func:`onefunnel.funnel.rows.chosen` for unknown ones. Touches have touch_id, party_id, at
    and their dimensions; leads entity_code, party_id, lead_id, at, outcome (``accepted``,
    ``rejected`` or NULL) and reason; customers entity_code, party_id, at (when they came),
    bought_at and again_at; money the columns of the funnel's lines. Spend has its dimensions, day,
    amount and ``recorded``: whether it says all that is asked for; of rows that do not, which may
    be in several rows of the answer, a part may be shared out to this one.
    """
    named(figure, FIGURES, "figure")
    for name in where:
        if name not in DIMENSIONS:
            raise UnknownName("key", name, DIMENSIONS)
    names = tuple(name for name in DIMENSIONS if name in where)
    base = Base(facts, rules, replace(question, by=names))
    if figure == "spend":
        return _spend(base, where).order_by("spend_id")
    if figure == "touches":
        return chosen(touches(base), where, names).drop("unassigned").order_by("touch_id")
    if figure == "customers":
        return with_party(chosen(customers(base), where, names), base)
    if figure in LEADS:
        return _leads(base, figure, where)
    return _lines(base, figure, where)


def _leads(base: Base, figure: str, where: Where) -> ir.Table:
    table = chosen(answered(base), where, base.question.by)
    kept = table if figure == "leads" else table.filter(table.answer == figure)
    found = kept.select("entity_code", "lead_id", "at", "reason", outcome=kept.answer)
    return with_party(found, base).order_by("lead_id")


def _lines(base: Base, figure: str, where: Where) -> ir.Table:
    table = chosen(lines(base), where, base.question.by)
    if figure == "repeat_contribution":
        table = table.filter(repeated(table))
    elif figure == "unknown_contribution_lines":
        table = table.filter(without_contribution(table))
    columns = ("line_id", "kind", "entity_code", "at", "amount", "contribution")
    return table.select(*columns).order_by("kind", "line_id")


def _spend(base: Base, where: Where) -> ir.Table:
    table, names = spent(base), base.question.by
    says = reduce(and_, (table[name].notnull() for name in names), ibis.literal(True))
    table = table.mutate(recorded=says).drop("priced")
    if agreed_of(base.question.terms).shared is Shared.RECORDED_ONLY:
        return chosen(table, where, names)
    conditions = [_agrees(table[name], where[name]) for name in names]
    return table.filter(*conditions) if conditions else table


def _agrees(said: ir.StringValue, value: str | None) -> ir.BooleanValue:
    """Whether spend says the value, or says nothing; values as :func:`chosen` takes them."""
    if value is None or value == "unknown":
        return said.isnull()
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return said.isnull() | (said == (value[1:-1] if quoted else value))
