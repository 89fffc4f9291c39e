"""The measure ``plan_health``: what it asks the engine beside what ``payouts`` asks."""

from collections.abc import Callable
from functools import partial

import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.rows import Where
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.payouts import query as payouts
from onefunnel.measures.payouts.plans import purses
from onefunnel.measures.plan_health.depths import depths, reaches_of
from onefunnel.measures.plan_health.sales import brought, closings, got
from onefunnel.vocabulary import Question

FIGURES = payouts.FIGURES


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """Those of ``payouts``, and per purse what sellers brought, when they closed, at what depth.

    They are named after the query of the purse's sales: ``brought_sold_0`` and so on; ``depths``
    is there only where some rate rises.
    """
    base = Base(facts, rules, question)
    makers: dict[str, Callable[[], ir.Table]] = {"got": partial(got, base)}
    for each in purses(question):
        makers[f"brought_{each.name}"] = partial(brought, base, each)
        if each.events:
            makers[f"closings_{each.name}"] = partial(closings, base, each)
        if reaches_of(each, question):
            makers[f"depths_{each.name}"] = partial(depths, base, each)
    return payouts.queries(facts, rules, question) | makers


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The credited sales behind a plan; see :func:`onefunnel.measures.payouts.query.rows`."""
    return payouts.rows(facts, rules, question, figure, where)
