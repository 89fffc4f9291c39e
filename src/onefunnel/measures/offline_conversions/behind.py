"""The conversions behind a figure of the measure ``offline_conversions``."""

import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.rows import Where, named
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.query import ADJUSTABLE, has_changed
from onefunnel.measures.offline_conversions.statuses import Status, fates, status_of
from onefunnel.vocabulary import Question

TO_ADJUST = "to_adjust"
FIGURES = (
    Status.RETURNED.value,
    TO_ADJUST,
    *(each.value for each in Status if each not in (Status.RETURNED, Status.KEPT_OUT)),
)
"""Of those that are kept out only the number is told."""


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The conversions of one figure, in order of time and id; nobody's name is in them.

    ``where`` names ``platform`` and ``of``, as a row of the answer does. Columns: conversion_id,
    at, click_at, kind and click (NULL without a click of the platform), revenue, contribution,
    taken_at (NULL while it holds) and changed_at (NULL while nothing was returned).
    UnknownName: no such figure, key, platform or kind.
    """
    named(figure, FIGURES, "figure")
    for key in where:
        named(key, ("platform", "of"), "key")
    platform, of = where.get("platform") or "", where.get("of") or ""
    named(platform, tuple(each.value for each in Platform), "platform")
    named(of, tuple(each.value for each in Conversion), "kind of conversion")
    own = Platform(platform)
    table = fates(Base(facts, rules, question), (own,), (Conversion(of),))
    status = table[status_of(own)]
    wanted = status == figure
    if figure == TO_ADJUST:
        wanted = has_changed(table) & status.isin([each.value for each in ADJUSTABLE])
    found = table.filter(wanted).select(
        *("conversion_id", "at"),
        click_at=f"{own.value}_at",
        kind=f"{own.value}_kind",
        click=f"{own.value}_click",
        revenue="revenue",
        contribution="contribution",
        taken_at="taken_at",
        changed_at="changed_at",
    )
    return found.order_by("at", "conversion_id")
