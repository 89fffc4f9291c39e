"""The clicks on record, each with its platform. Expressions only."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import INSTANT
from onefunnel.measures.offline_conversions.platforms import (
    BY_SOURCE,
    ERASED,
    MARKS,
    NAMES,
    OTHER,
    PREFIX,
    SHAPES,
    UNKNOWN,
    VALID,
    How,
    Kind,
    Platform,
)


def clicks(base: Base) -> ir.Table:
    """The dated touches of known entities that have a click identifier.

    Columns: touch_id, entity_code, at, platform, kind (NULL where it is none of ours), click (the
    identifier without prefix) and how it was assigned: see
    :func:`onefunnel.measures.offline_conversions.platforms.read`.
    """
    found = _found(base.facts["touch"])
    # What was found is joined before it is weighed, else each CASE would stand in all others.
    codes = base.facts["entity"].select(code_party="party_id", entity_code="entity_code")
    rows = found.inner_join(codes, found.party_id == codes.code_party)
    rows = rows.mutate(kind=_kind(rows), how=_how(rows), click=_without_prefix(rows))
    valid = rows.kind.isnull() | rows.click.re_search(VALID)
    rows = rows.mutate(
        kind=ibis.ifelse(valid, rows.kind, ibis.null("string")),
        how=ibis.ifelse(valid, rows.how, How.NOTHING.value),
    )
    return rows.select(
        *("touch_id", "entity_code", "at", "kind", "click", "how"),
        platform=_platform(rows),
    )


def _found(touches: ir.Table) -> ir.Table:
    """What the identifiers say themselves, and what is said beside them."""
    text = touches.click_id
    given = touches.occurred_at.notnull() & text.notnull() & ~text.startswith(ERASED)
    rows = touches.filter(given.fill_null(False)).mutate(small=text.lower())
    return rows.select(
        *("touch_id", "party_id", "click_id"),
        at=rows.occurred_at.cast(INSTANT),
        prefixed=_prefixed(rows),
        named=ibis.coalesce(*(_named(rows[name]) for name in ("source", "channel", "medium"))),
        shaped=_shaped(rows),
    )


def _prefixed(rows: ir.Table) -> ir.StringValue:
    """The kind that the prefix names, ``other`` where it names another, NULL without a prefix."""
    own = [
        (rows.small.startswith(f"{kind.value}{mark}"), ibis.literal(kind.value))
        for kind in Kind
        for mark in MARKS
    ]
    any_other = (rows.small.re_search(PREFIX), ibis.literal(OTHER))
    return ibis.cases(*own, any_other, else_=ibis.null("string"))


def _named(said: ir.StringValue) -> ir.StringValue:
    small = said.lower()
    branches = [
        (small.isin(list(names)).fill_null(False), ibis.literal(platform.value))
        for platform, names in NAMES.items()
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))


def _shaped(rows: ir.Table) -> ir.StringValue:
    branches = [
        (rows.click_id.re_search(shape), ibis.literal(kind.value)) for kind, shape in SHAPES.items()
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))


def _kind(rows: ir.Table) -> ir.StringValue:
    by_source = ibis.cases(
        *((rows.named == platform.value, kind.value) for platform, kind in BY_SOURCE.items()),
        else_=ibis.null("string"),
    )
    return ibis.cases(
        (rows.prefixed == OTHER, ibis.null("string")),
        (rows.prefixed.notnull(), rows.prefixed),
        (rows.shaped.isnull(), by_source),
        (rows.named.isnull() | (rows.named == _platform_of(rows.shaped)), rows.shaped),
        else_=ibis.null("string"),
    )


def _how(rows: ir.Table) -> ir.StringValue:
    agree = rows.named.isnull() | (rows.named == _platform_of(rows.shaped))
    return ibis.cases(
        (rows.prefixed.notnull(), How.PREFIX.value),
        (rows.shaped.notnull() & agree, How.SHAPE.value),
        (rows.shaped.isnull() & rows.named.notnull(), How.SOURCE.value),
        else_=How.NOTHING.value,
    )


def _without_prefix(rows: ir.Table) -> ir.StringValue:
    branches = [
        (rows.prefixed == kind.value, rows.click_id.substr(len(kind.value) + 1)) for kind in Kind
    ]
    return ibis.cases(*branches, else_=rows.click_id)


def _platform_of(kind: ir.StringValue) -> ir.StringValue:
    """The platform of a kind; NULL for none."""
    branches = [(kind == each.value, each.platform.value) for each in Kind]
    return ibis.cases(*branches, else_=ibis.null("string"))


def _platform(rows: ir.Table) -> ir.StringValue:
    nothing = ibis.ifelse(rows.prefixed == OTHER, OTHER, UNKNOWN).fill_null(UNKNOWN)
    return ibis.coalesce(_platform_of(rows.kind), nothing)


PLATFORMS = tuple(each.value for each in Platform)
"""The names of the platforms, in their order."""
