"""The rows behind a figure of the measure ``self_reported``."""

import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.query import without_contribution
from onefunnel.funnel.rows import Where, chosen, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.self_reported.people import people
from onefunnel.measures.self_reported.query import lines
from onefunnel.measures.self_reported.result import Kind
from onefunnel.vocabulary import Question

ENTITIES = ("entities", "customers", "answers")
MONEY = ("contribution", "unknown_contribution_lines")
FIGURES = (*ENTITIES, *MONEY)
KINDS = tuple(kind.value for kind in Kind)


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The entities or lines behind a figure, ordered by their key.

    ``where`` may name the ``kind`` of the row and what was ``tracked`` and ``said``; see
    :func:`onefunnel.funnel.rows.chosen` for unknown values. Answers of a channel are those that
    name it. Entities have entity_code, party_id, at, tracked, said, answered and bought_at; money
    the columns of the funnel's lines. UnknownName: no such figure, key or kind.
    """
    named(figure, FIGURES, "figure")
    for key in where:
        named(key, ("kind", "tracked", "said"), "key")
    kind = where.get("kind")
    if kind is not None:
        named(kind, KINDS, "kind")
    base = Base(facts, rules, question)
    table = _of_row(lines(base) if figure in MONEY else people(base), kind, figure, where)
    if figure in MONEY:
        if figure == "unknown_contribution_lines":
            table = table.filter(without_contribution(table))
        columns = ("line_id", "kind", "entity_code", "at", "amount", "contribution")
        return table.select(*columns).order_by("kind", "line_id")
    if figure == "customers":
        table = table.filter(table.bought_at.notnull())
    columns = ("entity_code", "at", "tracked", "said", "answered", "bought_at")
    return with_party(table.select(*columns), base)


def _of_row(rows: ir.Table, kind: str | None, figure: str, where: Where) -> ir.Table:
    """Those of a row; of a channel all tracked as it, or for answers all who named it."""
    if kind == Kind.ALL:
        names: tuple[str, ...] = ()
    elif kind == Kind.CHANNEL:
        names = ("said",) if figure == "answers" else ("tracked",)
    elif kind == Kind.SILENT:
        names = ("tracked",)
    else:
        names = ("tracked", "said")
    rows = chosen(rows, where, tuple(name for name in names if name in where))
    if kind in (Kind.PAIR, Kind.SILENT) or figure == "answers":
        return rows.filter(rows.answered == (0 if kind == Kind.SILENT else 1))
    return rows
