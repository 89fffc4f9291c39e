"""What the dense funnel asks of the engine: touches in order, and what SQL tells of the rest."""

from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir
import numpy as np

from onefunnel.funnel.contacts import NO_CONTACT
from onefunnel.funnel.dense.history import ATTRIBUTES, CODED, CONTACT, Codes
from onefunnel.funnel.dense.program import Program, TouchRule
from onefunnel.funnel.dimensions import first_row
from onefunnel.funnel.instants import INSTANT
from onefunnel.funnel.matching import matches
from onefunnel.funnel.subjects import Known

CODE = "int32"


def texts(touches: ir.Table) -> ir.Table:
    """The distinct known texts of each attribute of touches: attribute, text; texts in order."""
    parts = []
    for name in CODED:
        rows = with_contact(touches) if name == CONTACT else touches
        known = rows.filter(rows[name].notnull()).select(text=rows[name]).distinct()
        parts.append(known.select("text", attribute=ibis.literal(name)))
    return ibis.union(*parts).order_by("attribute", "text")


def with_contact(touches: ir.Table) -> ir.Table:
    """Touches with their ``contact``: ``<department>:<kind>``; without what they do not say.

    A touch of no named department has nothing before the colon, one of no kind has no colon.
    """
    kind = ibis.literal(":") + touches.kind
    return touches.mutate({CONTACT: touches.department.fill_null("") + kind.fill_null("")})


def answers_among(contacts: Sequence[str]) -> Codes:
    """Which of the texts of ``contact`` are of what somebody says, and of no touch.

    >>> answers_among(["marketing:visit", ":self_report", "marketing"])
    array([1], dtype=int32)
    """
    told = [text.partition(":")[2] == NO_CONTACT for text in contacts]
    return np.flatnonzero(told).astype(np.int32)


def touches_in_order(
    touches: ir.Table, entity: ir.Table, program: Program, codes: Mapping[str, ir.Table]
) -> ir.Table:
    """The dated touches of known parties: entity_code, at, marks and a code per attribute.

    In order of entity, instant and key. ``codes`` has a table (text, code) per attribute.
    """
    instant = touches.occurred_at.cast(INSTANT)
    dated = touches.mutate(at=instant).filter(instant.notnull())
    coded = with_contact(dated.mutate(marks=_marks(dated, program)))
    for name in CODED:
        lookup = codes[name].rename({f"{name}_text": "text", f"{name}_code": "code"})
        joined = coded.left_join(lookup, coded[name] == lookup[f"{name}_text"])
        coded = joined.drop(f"{name}_text")
    whose = entity.select(whose="party_id", entity_code="entity_code")
    known = coded.inner_join(whose, coded.party_id == whose.whose)
    ordered = known.order_by("entity_code", "at", "touch_id")
    names = {name: ordered[f"{name}_code"].fill_null(-1).cast(CODE) for name in CODED}
    return ordered.select("entity_code", "at", "marks", **names)


def of_entities(entity: ir.Table, codes: ir.Table) -> ir.Table:
    """The parties of some entities; ``codes`` has a column entity_code."""
    wanted = codes.select(wanted="entity_code")
    return entity.inner_join(wanted, entity.entity_code == wanted.wanted).drop("wanted")


def told_of_touches(touches: ir.Table, program: Program) -> ir.Table:
    """One row: what must be known of touches whether or not anybody knows whose they are.

    touches; earliest and latest instant; undated, how many have none; and for each rule k of the
    program first_k, the first instant of a touch that it matches, and undated_k.
    """
    at = touches.occurred_at.cast(INSTANT)
    metrics: dict[str, ir.Value] = {
        "touches": touches.count(),
        "earliest": at.min(),
        "latest": at.max(),
        "undated": touches.count(where=at.isnull()),
    }
    for each in program.rules:
        matched = matches(touches, each.rule)
        metrics[f"first_{each.mark}"] = at.min(where=matched)
        metrics[f"undated_{each.mark}"] = touches.count(where=matched & at.isnull())
    return touches.aggregate(**metrics)


def unknown_visitors(touches: ir.Table) -> ir.Table:
    """The instant (or NULL) of each touch of an unknown visitor, in order."""
    rows = touches.filter(touches.party_id.isnull())
    return rows.select(at=rows.occurred_at.cast(INSTANT)).order_by("at")


def people(rows: Sequence[ir.Table], entity: ir.Table) -> ir.Table:
    """party_id and entity_code of everybody who is the ``subject`` of some of the rows.

    Those whom something else than a touch is about are few beside those who only came by: with
    them in place of ``entity``, the queries of the funnel answer the same of all other tables.
    """
    # Distinct per table first: the union then moves persons, not events.
    parts = [each.select(person=each.subject).distinct() for each in rows]
    everybody = ibis.union(*parts, distinct=True)
    entity = entity.select("party_id", "entity_code")
    return entity.inner_join(everybody, entity.party_id == everybody.person).drop("person")


def lead_origins(known: Known) -> ir.Table:
    """The first dated lead of each entity: entity_code, at, channel, campaign, page, segment."""
    leads = known["lead"]
    dated = leads.filter(leads.at.notnull())
    first = first_row(dated, "entity_code", "at", "lead_id")
    return first.select("entity_code", "at", *ATTRIBUTES, "segment")


def _marks(rows: ir.Table, program: Program) -> ir.IntegerValue:
    marks = [_mark(rows, each) for each in program.rules]
    return reduce(lambda a, b: a + b, marks, ibis.literal(0, type="int64")).cast("uint32")


def _mark(rows: ir.Table, each: TouchRule) -> ir.IntegerValue:
    return ibis.ifelse(matches(rows, each.rule), ibis.literal(1 << each.mark, type="int64"), 0)
