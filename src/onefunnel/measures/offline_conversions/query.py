"""The measure ``offline_conversions`` over the ledger: its queries, each summed on the engine."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.offline_conversions.clicks import clicks
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.statuses import Status, fates, status_of
from onefunnel.vocabulary import Question

ADJUSTABLE = (Status.RETURNED, Status.TAKEN_BACK, Status.EXPIRED)
"""Those whose click is not too old."""


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that ``assemble`` needs.

    ``counts``: of, the status at each platform, changed (1: something was taken back or returned),
    conversions, revenue, contribution, priced, told: sums over those that fare the same at all.
    ``clicks``: platform, how, clicks, of the whole ledger until now.
    """
    base = Base(facts, rules, question)
    return Lazily({"counts": lambda: _counts(base), "clicks": lambda: _clicks(base)})


def has_changed(rows: ir.Table) -> ir.BooleanValue:
    """Whether a conversion was taken back, or something of its purchase returned."""
    return rows.taken_at.notnull() | rows.changed_at.notnull()


def _counts(base: Base) -> ir.Table:
    rows = fates(base)
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    rows = rows.mutate(changed=ibis.ifelse(has_changed(rows), one, none))
    return rows.group_by("of", *map(status_of, Platform), "changed").aggregate(
        conversions=rows.count(),
        revenue=rows.revenue.sum(),
        contribution=rows.contribution.sum(),
        priced=rows.count(where=rows.revenue.notnull()),
        told=rows.count(where=rows.contribution.notnull()),
    )


def _clicks(base: Base) -> ir.Table:
    rows = clicks(base)
    return rows.group_by("platform", "how").aggregate(clicks=rows.count())
