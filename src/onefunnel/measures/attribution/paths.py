"""Which touches are on which path, and where in it. Expressions only.

Paths are those of :func:`onefunnel.measures.attribution.reference.paths`, and each counts once: in
the period of its conversion, or of its last touch where it did not convert. So the paths of two
adjacent periods are those of both together.
"""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import in_period, never
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.conversions import Window, bucket, conversions, until_next
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.touches import numbers, touches

PATH = ("entity_code", "converted", "ends_at")
"""What tells one path from all others."""

ENDS = ("conversions", "units", "lead_at")
"""What is known of a path's conversions; NULL where there are none."""


def path_touches(base: Base, asked: Asked) -> ir.Table:
    """The touches of the paths of the period, each in its place.

    Columns: entity_code, bucket, converted, ends_at (of the conversion, else of the last touch),
    conversions, units, lead_at; touch_id, at, player, number, called, direct; place in the path,
    from 0, and size of the path. With ``reuse`` a touch is on several paths. Players who share a
    number are one player, called ``other``.
    """
    rows = _reused(base, asked) if asked.settings.reuse else _fresh(base, asked)
    rows = _within_window(rows, asked)
    rows = rows.filter(in_period(rows.ends_at, base.question))
    lookup = numbers(base, asked).select("number", "called", numbered="player")
    rows = rows.inner_join(lookup, rows.player == lookup.numbered).drop("numbered")
    if asked.settings.collapse:
        rows = _collapsed(rows)
    return rows.mutate(
        bucket=bucket(rows.entity_code),
        place=ibis.row_number().over(in_order(rows)).cast("int64"),
        size=rows.touch_id.count().over(whole(rows)),
    )


def in_order(rows: ir.Table) -> Window:
    """The touches of a path in order of time, of their players' names, and of their keys.

    Of one player those that were direct come after the others.
    """
    return ibis.window(
        group_by=[rows[name] for name in PATH],
        order_by=[rows["at"], rows.called, rows.direct, rows.touch_id],
    )


def whole(rows: ir.Table) -> Window:
    """All touches of a path."""
    return ibis.window(group_by=[rows[name] for name in PATH])


def _fresh(base: Base, asked: Asked) -> ir.Table:
    """Each touch with the next conversion at or after it: ``of_at``, NULL where none follows.

    Of one instant the touches come before the conversion.
    """
    found, ends = touches(base, asked), conversions(base, asked)
    nothing = ibis.null("int64")
    rows = ibis.union(
        found.mutate(
            of_at=never(),
            conversions=nothing,
            units=nothing,
            lead_at=never(),
            place=ibis.literal(0, type="int64"),
        ),
        ends.select(
            touch_id=ibis.null("string"),
            entity_code="entity_code",
            at="at",
            player=ibis.null("string"),
            direct=ibis.null("boolean"),
            of_at=ends["at"],
            conversions="conversions",
            units="units",
            lead_at="lead_at",
            place=ibis.literal(1, type="int64"),
        ),
    )
    rows = rows.mutate(of_at=rows.of_at.min().over(until_next(rows)))
    rows = _unless_done(rows, rows.of_at.max().over(group_by=rows.entity_code), asked)
    segment = ibis.window(group_by=[rows.entity_code, rows.of_at])
    rows = rows.mutate(**{name: rows[name].max().over(segment) for name in ENDS})
    return rows.filter(rows.place == 0).drop("place")


def _reused(base: Base, asked: Asked) -> ir.Table:
    """Each touch with each conversion at or after it, and with none where it came after the last.

    A party has few conversions, so the join is not much longer than the touches.
    """
    found, ends = touches(base, asked), conversions(base, asked)
    each = ends.select(*ENDS, of_entity="entity_code", of_at="at")
    used = found.inner_join(
        each, [found.entity_code == each.of_entity, found["at"] <= each.of_at]
    ).drop("of_entity")
    last = ends.group_by(of_entity="entity_code").aggregate(last_at=ends["at"].max())
    rows = found.left_join(last, found.entity_code == last.of_entity).drop("of_entity")
    rows = rows.mutate(of_at=never())
    after = rows.filter(rows.last_at.isnull() | (rows["at"] > rows.last_at))
    after = _unless_done(after, after.last_at, asked).drop("last_at")
    nothing = ibis.null("int64")
    after = after.mutate(conversions=nothing, units=nothing, lead_at=never())
    return ibis.union(used.select(*after.columns), after)


def _unless_done(rows: ir.Table, last_at: ir.TimestampValue, asked: Asked) -> ir.Table:
    """Nobody becomes a customer twice: what comes after the first purchase is on no path."""
    if asked.value is not Value.CUSTOMERS:
        return rows
    marked = rows.mutate(done_at=last_at)
    kept = marked.filter(marked.of_at.notnull() | marked.done_at.isnull())
    return kept.drop("done_at")


def _within_window(rows: ir.Table, asked: Asked) -> ir.Table:
    """``converted`` and ``ends_at``, and only touches within the window before the end."""
    segment = ibis.window(group_by=[rows.entity_code, rows.of_at])
    ends_at = ibis.coalesce(rows.of_at, rows["at"].max().over(segment))
    rows = rows.mutate(converted=rows.of_at.notnull(), ends_at=ends_at).drop("of_at")
    window = timedelta(days=asked.settings.window_days)
    since = rows.ends_at - ibis.interval(seconds=round(window.total_seconds()))
    return rows.filter(rows["at"] >= since)


def _collapsed(rows: ir.Table) -> ir.Table:
    """Of touches of one player that follow each other the first."""
    marked = rows.mutate(before=rows.number.lag().over(in_order(rows)))
    kept = marked.filter((marked.number != marked.before).fill_null(True))
    return kept.drop("before")
