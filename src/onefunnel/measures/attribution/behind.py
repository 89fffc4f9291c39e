"""The touches behind a row of the measure ``attribution``."""

import ibis
import ibis.expr.types as ir

from onefunnel.errors import UnknownName
from onefunnel.funnel.base import Base
from onefunnel.funnel.rows import Where, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.measures.attribution.conversions import VALUE_SCALE
from onefunnel.measures.attribution.crediting import shared
from onefunnel.measures.attribution.family import UNKNOWN, Value
from onefunnel.measures.attribution.paths import path_touches
from onefunnel.measures.attribution.rules import RULES
from onefunnel.measures.attribution.touches import players
from onefunnel.vocabulary import Department, Question

FIGURES = ("credit",)


def rows(
    facts: Facts,
    rules: Rules,
    question: Question,
    figure: str,
    where: Where,
    asked: Asked | None = None,
) -> ir.Table:
    """The touches that a rule credits, ordered by conversion and place.

    ``where`` names the ``model``, and may name a value of the dimension and a ``department``, as a
    row of the answer does; see :func:`onefunnel.funnel.rows.chosen` for unknown values. Columns:
    entity_code, party_id, touch_id, at, converted_at, player, place (from 1) and size of the path,
    share, and credit: the touch's part of the conversions, or of their value. They sum to the
    row's credit but for rounding; to what is unknown add the conversions that no touch came before.
    UnknownName: no such figure, key or rule; other models credit no single touch.
    """
    named(figure, FIGURES, "figure")
    asked = asked or asked_of(question)
    for key in where:
        named(key, ("model", "department", asked.dimension), "key")
    rule = where.get("model") or ""
    if rule not in RULES:
        raise UnknownName("rule of attribution", rule, RULES)
    base = Base(facts, rules, question)
    given = shared(path_touches(base, asked), asked, (rule,))
    labels = players(base, asked).select(label_number="number", label="player")
    given = given.inner_join(labels, given.number == labels.label_number)
    given = given.filter(_is_asked(given, where, asked), given[f"share_{rule}"] > 0)
    share = given[f"share_{rule}"]
    found = given.select(
        *("entity_code", "touch_id", "at", "player"),
        converted_at="ends_at",
        place=given.place + 1,
        size="size",
        share=share,
        credit=share * _worth(given, asked),
    )
    return with_party(found, base).order_by("converted_at", "entity_code", "place")


def _is_asked(rows: ir.Table, where: Where, asked: Asked) -> ir.BooleanValue:
    """Whether a touch is of the row's player; ``rows`` with the ``label`` of each number."""
    met: ir.BooleanValue = ibis.literal(True)
    if asked.dimension in where:
        met = is_player(rows.label, where[asked.dimension])
    department = where.get("department")
    return met & rows.label.startswith(f"{department}:") if department else met


def is_player(label: ir.StringValue, name: str | None) -> ir.BooleanValue:
    """Whether a label is that of a player as an answer names it; a name in quotes as it stands."""
    if name is None or name == "unknown":
        return label == UNKNOWN
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    name = name[1:-1] if quoted else name
    return label.isin([f"{Department.MARKETING.value}:{name}", name])


def _worth(rows: ir.Table, asked: Asked) -> ir.FloatingValue:
    """What the path of a touch is worth."""
    if asked.value in (Value.LEADS, Value.CUSTOMERS):
        return rows.conversions.cast("float64")
    return rows.units.cast("float64") / ibis.literal(float(VALUE_SCALE))
