"""What is to be explained: the conversions of each entity, those of one instant together.

Expressions only.
"""

from typing import TypeAlias

import ibis
import ibis.expr.types as ir
from ibis.expr.builders import LegacyWindowBuilder

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import INSTANT, in_period, never
from onefunnel.funnel.progress import at
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import BUCKETS, PRIME
from onefunnel.measures.attribution.family import Value
from onefunnel.vocabulary import Stage

Window: TypeAlias = LegacyWindowBuilder
"""What ``ibis.window`` gives."""

VALUE_SCALE = 1000
"""Money is counted in thousandths: up to 9 x 10^15 of a currency fit into 64 bits."""


def conversions(base: Base, asked: Asked) -> ir.Table:
    """All of them until now, of any period, one row for each instant of an entity.

    Columns: entity_code, at, conversions, units (of 1 / :data:`VALUE_SCALE`; 0 where no money is
    asked for, and for what is unknown) and lead_at, when the first lead came after the entity's
    previous conversion; NULL where none did, and where leads are what is explained.
    """
    found = _found(base, asked)
    if asked.value is Value.LEADS:
        return found.mutate(lead_at=never())
    return _with_leads(found, base)


def by_bucket(base: Base, asked: Asked) -> ir.Table:
    """Those of the period by bucket of entities: bucket, conversions, units."""
    rows = _found(base, asked)
    rows = rows.filter(in_period(rows["at"], base.question))
    rows = rows.mutate(bucket=bucket(rows.entity_code))
    return rows.group_by("bucket").aggregate(
        conversions=rows.conversions.sum(), units=rows.units.sum()
    )


def totals(base: Base, asked: Asked) -> ir.Table:
    """Of the period, one row: ``worth``, what is shared out, exactly; lines, and those unknown.

    The latter two are of money only.
    """
    if asked.value not in (Value.REVENUE, Value.CONTRIBUTION):
        rows = _found(base, asked)
        rows = rows.filter(in_period(rows["at"], base.question))
        none = ibis.literal(0, type="int64")
        counted = rows.aggregate(worth=rows.conversions.sum())
        return counted.mutate(lines=none, unknown=none)
    lines = base.lines.filter(in_period(base.lines["at"], base.question))
    amount = lines[_column(asked)]
    return lines.aggregate(
        worth=amount.sum(), lines=lines.count(), unknown=lines.count(where=amount.isnull())
    )


def bucket(code: ir.IntegerValue, buckets: int = BUCKETS) -> ir.IntegerValue:
    """The same as :func:`onefunnel.measures.attribution.buckets.buckets_of`, by the engine."""
    x = (code.cast("int64") % PRIME * 48_271 + 1) % PRIME
    fourth = (x * x % PRIME) * (x * x % PRIME) % PRIME
    return (fourth * x % PRIME % buckets).cast("int64")


def _found(base: Base, asked: Asked) -> ir.Table:
    """entity_code, at, conversions, units."""
    none = ibis.literal(0, type="int64")
    if asked.value is Value.LEADS:
        leads = base.known["lead"]
        dated = leads.filter(leads["at"].notnull())
        counted = dated.group_by("entity_code", "at").aggregate(conversions=dated.count())
        return counted.mutate(units=none)
    one = ibis.literal(1, type="int64")
    if asked.value is Value.CUSTOMERS:
        entries = base.entries
        bought = entries[at(Stage.PURCHASE)].cast(INSTANT)
        buyers = entries.filter(bought.notnull())
        return buyers.select("entity_code", at=bought, conversions=one, units=none)
    lines = base.lines
    worth = lines[_column(asked)].sum().fill_null(0)
    summed = lines.group_by("entity_code", "at").aggregate(worth=worth)
    units = summed.worth.cast("decimal(20, 3)") * ibis.literal(VALUE_SCALE).cast("decimal(4, 0)")
    return summed.select("entity_code", "at", conversions=one, units=units.cast("int64"))


def _column(asked: Asked) -> str:
    return "amount" if asked.value is Value.REVENUE else "contribution"


def _with_leads(found: ir.Table, base: Base) -> ir.Table:
    """``lead_at``: each lead belongs to the next conversion at or after it."""
    ends = found.select(
        *("entity_code", "at", "conversions", "units"),
        lead_at=never(),
        of_at=found["at"],
        place=ibis.literal(1, type="int64"),
    )
    leads = base.known["lead"]
    none = ibis.null("int64")
    dated = leads.filter(leads["at"].notnull()).select(
        *("entity_code", "at"),
        conversions=none,
        units=none,
        lead_at=leads["at"],
        of_at=never(),
        place=ibis.literal(0, type="int64"),
    )
    rows = ibis.union(ends, dated)
    rows = rows.mutate(of_at=rows.of_at.min().over(until_next(rows)))
    kept = rows.filter(rows.of_at.notnull())
    summed = kept.group_by("entity_code", "of_at").aggregate(
        conversions=kept.conversions.max(), units=kept.units.max(), lead_at=kept.lead_at.min()
    )
    return summed.rename(at="of_at")


def until_next(rows: ir.Table) -> Window:
    """From a row to the entity's last one: what comes at or after it.

    At one instant ``place`` says what comes first.
    """
    return ibis.window(
        group_by=rows.entity_code,
        order_by=[rows["at"].desc(), rows.place.desc()],
        preceding=None,
        following=0,
    )
