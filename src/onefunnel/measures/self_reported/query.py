"""The measure ``self_reported`` over the ledger: its queries, each summed on the engine."""

import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.contacts import is_contact
from onefunnel.funnel.query import without_contribution
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.self_reported.people import people
from onefunnel.vocabulary import Question

PAIR = ("tracked", "said", "answered")
"""What tells the rows of both tables apart."""


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :mod:`onefunnel.measures.self_reported.assemble` needs.

    ``people``: tracked, said, answered (1 or 0), entities, customers, changed (entities that gave
    different answers). ``money``: the same three, contribution, lines, told and unknown (lines with
    and without one). ``undated``: answers that do not say when.
    """
    base = Base(facts, rules, question)
    return Lazily(
        {
            "people": lambda: _people(base),
            "money": lambda: _money(base),
            "undated": lambda: _undated(base),
        }
    )


def lines(base: Base) -> ir.Table:
    """The revenue lines of these entities until now, with tracked, said and answered."""
    whose = people(base).select(*PAIR, line_entity="entity_code")
    return base.lines.inner_join(whose, base.lines.entity_code == whose.line_entity)


def _people(base: Base) -> ir.Table:
    rows = people(base)
    return rows.group_by(*PAIR).aggregate(
        entities=rows.count(),
        customers=rows.count(where=rows.bought_at.notnull()),
        changed=rows.count(where=(rows.names > 1).fill_null(False)),
    )


def _money(base: Base) -> ir.Table:
    rows = lines(base)
    return rows.group_by(*PAIR).aggregate(
        contribution=rows.contribution.sum(),
        lines=rows.count(),
        told=rows.count(where=rows.contribution.notnull()),
        unknown=rows.count(where=without_contribution(rows)),
    )


def _undated(base: Base) -> ir.Table:
    rows = base.facts["touch"]
    undated = rows.occurred_at.isnull() & ~is_contact(rows)
    return rows.aggregate(rows=rows.count(where=undated))
