"""The touches behind a step of paths."""

import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.rows import Where, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.attribution.behind import is_player
from onefunnel.measures.attribution.paths import in_order, path_touches
from onefunnel.measures.attribution.touches import players
from onefunnel.measures.transitions.query import asked as asked_of
from onefunnel.measures.transitions.result import Kind
from onefunnel.vocabulary import Question

FIGURES = ("paths",)
KINDS = tuple(kind.value for kind in Kind)


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The touches to which a step led, or after which a path ended; ordered by end and place.

    ``where`` names the ``kind``, and may name who was ``before`` and ``after``. Columns:
    entity_code, party_id, touch_id, at, ends_at, converted, before (the player of the touch before,
    NULL for a first one), player, place (from 1) and size of the path, paths: how many conversions
    share it, 1 where none does. These sum to the row's figure. UnknownName: no such figure, key or
    kind.
    """
    named(figure, FIGURES, "figure")
    for key in where:
        named(key, ("kind", "before", "after"), "key")
    kind = where.get("kind") or ""
    named(kind, KINDS, "kind")
    base, asked = Base(facts, rules, question), asked_of(question)
    given = path_touches(base, asked)
    labels = players(base, asked).select(label_number="number", label="player")
    given = given.inner_join(labels, given.number == labels.label_number)
    given = given.mutate(before=given.label.lag().over(in_order(given)))
    given = given.filter(_is_asked(given, Kind(kind), where))
    found = given.select(
        *("entity_code", "touch_id", "at", "ends_at", "converted", "before"),
        player="label",
        place=given.place + 1,
        size="size",
        paths=given.conversions.fill_null(1),
    )
    return with_party(found, base).order_by("ends_at", "entity_code", "place")


def _is_asked(rows: ir.Table, kind: Kind, where: Where) -> ir.BooleanValue:
    """Whether a touch is at the step; of an end it is the one before it."""
    if kind is Kind.START:
        met, before, after = rows.place == 0, None, rows.label
    elif kind is Kind.MOVE:
        met, before, after = rows.place > 0, rows.before, rows.label
    else:
        ended = rows.converted if kind is Kind.CONVERSION else ~rows.converted
        met, before, after = (rows.place == rows["size"] - 1) & ended, rows.label, None
    for name, label in (("before", before), ("after", after)):
        if name in where and label is not None:
            met = met & is_player(label, where[name])
    return met
