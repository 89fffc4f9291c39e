"""Discounts against the distance to the next rate, seller by seller: ranks added up by the engine.

What was sold before an order is a running total over the seller's sales since tiers began.
"""

from collections.abc import Iterator
from datetime import date

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import literal, seconds
from onefunnel.measures.payouts.plans import Purse
from onefunnel.measures.payouts.query import during, fits
from onefunnel.measures.payouts.sales import credited
from onefunnel.measures.plan_health.accelerators import HUNDREDTHS, Reach, reaches
from onefunnel.measures.plan_health.sales import with_orders
from onefunnel.pay.families import families
from onefunnel.pay.plan import Base as Counts
from onefunnel.pay.plan import Component, Event, Plan, Whose
from onefunnel.vocabulary import Question

KEYS = ("plan", "component", "employee_id")
BASIS_POINTS = 10_000
ROUNDED = 0.5


def reaches_of(purse: Purse, question: Question) -> tuple[Reach, ...]:
    """The stretches before a rising rate of all plans of a purse that pay by the invoice."""
    kept = {(plan.name, component.name) for plan, component in _own(purse)}
    return tuple(
        each
        for family in families(purse.plans)
        for each in reaches(family, purse.members, question)
        if (each.plan, each.component) in kept
    )


def depths(base: Base, purse: Purse) -> ir.Table:
    """Per plan, component and employee: sums over the ranks of distance (x) and discount (y).

    Of orders with a list price on record, closed in a period of the plan below a rate that rises.
    Columns: n, x, y, xx, yy, xy of doubled mid-ranks; near, near_n, far, far_n: the sum of the
    discounts in basis points, and how many, in the nearest and in the farthest third.
    """
    found = reaches_of(purse, base.question)
    since = base.question.calendar.start_of_day(min(each.since for each in found))
    sold = credited(base, purse.currency, (Event.INVOICE,), since)
    sold = with_orders(sold.filter(sold["at"] >= literal(since)), base)
    orders = _orders(sold, purse, base.question)
    placed = _placed(orders, found, base.question)
    depth = (placed.listed - placed.paid) * BASIS_POINTS / placed.listed.cast("float64")
    return _ranked(placed.mutate(depth=_whole(depth)))


def _orders(sold: ir.Table, purse: Purse, question: Question) -> ir.Table:
    """What orders count under each component: worth, listed and paid in hundredths, second."""
    parts = [
        sold.filter(
            sold.employee_id.notnull(),
            during(sold, question, plan.first, plan.last),
            fits(sold, component, question),
        ).mutate(
            plan=ibis.literal(plan.name),
            component=ibis.literal(component.name),
            worth=_hundredths(_value(sold, component.base) * sold.share.cast("float64")),
        )
        for plan, component in _own(purse)
    ]
    rows = ibis.union(*parts)
    return rows.group_by(*KEYS, "order").aggregate(
        second=seconds(rows["at"].min()),
        worth=rows.worth.sum().cast("int64"),
        listed=_hundredths(rows.listed).sum().cast("int64"),
        paid=_hundredths(rows.paid).sum().cast("int64"),
    )


def _own(purse: Purse) -> Iterator[tuple[Plan, Component]]:
    for plan in purse.plans:
        if plan.crediting is Event.INVOICE:
            yield from ((plan, each) for each in plan.components if each.whose is Whose.OWN)


def _value(sold: ir.Table, counts: Counts) -> ir.FloatingValue:
    """What a sale counts; 0 where that is unknown."""
    if counts is Counts.SALES:
        back = (sold.quantity < 0).fill_null(False)
        return ibis.ifelse(back, ibis.literal(-1.0), ibis.literal(1.0))
    names = {Counts.REVENUE: "revenue", Counts.MARGIN: "contribution", Counts.UNITS: "quantity"}
    return sold[names[counts]].cast("float64").fill_null(0.0)


def _placed(orders: ir.Table, found: tuple[Reach, ...], question: Question) -> ir.Table:
    """The orders below a rate that rises, with their distance to it in hundredths."""

    def second(day: date) -> int:
        return int(question.calendar.start_of_day(day).timestamp())

    table = ibis.memtable(
        {
            "of_plan": [each.plan for each in found],
            "of_component": [each.component for each in found],
            "of_employee": [each.employee for each in found],
            "since": [second(each.since) for each in found],
            "first": [second(each.first) for each in found],
            "after": [second(each.after) for each in found],
            "low": [each.low for each in found],
            "high": [each.high for each in found],
        },
        schema={
            **dict.fromkeys(("of_plan", "of_component", "of_employee"), "string"),
            **dict.fromkeys(("since", "first", "after", "low", "high"), "int64"),
        },
    )
    spans = table.group_by("of_plan", "of_component", "of_employee", "since").aggregate(
        until=table.after.max()
    )
    own = [orders[name] == spans[f"of_{name.removesuffix('_id')}"] for name in KEYS]
    inside = orders.inner_join(
        spans, [*own, orders.second >= spans.since, orders.second < spans.until]
    )
    inside = inside.drop("of_plan", "of_component", "of_employee", "until").rename(begun="since")
    to_date = ibis.cumulative_window(
        group_by=[*(inside[name] for name in KEYS), inside.begun],
        order_by=[inside.second, inside.order],
    )
    before = inside.worth.sum().over(to_date).cast("int64") - inside.worth
    totals = inside.mutate(before=before)
    same = [totals[name] == table[f"of_{name.removesuffix('_id')}"] for name in KEYS]
    within = [
        totals.begun == table.since,
        totals.second >= table.first,
        totals.second < table.after,
        totals.before >= table.low,
        totals.before < table.high,
        totals.listed > 0,
    ]
    placed = totals.inner_join(table, [*same, *within])
    return placed.select(*KEYS, "listed", "paid", distance=placed.high - placed.before)


def _ranked(rows: ir.Table) -> ir.Table:
    people = [rows[name] for name in KEYS]
    every = ibis.window(group_by=people)
    ranks = {}
    for name, column in (("x", "distance"), ("y", "depth")):
        order = ibis.rank().over(ibis.window(group_by=people, order_by=rows[column]))
        same = rows.count().over(ibis.window(group_by=[*people, rows[column]]))
        ranks[name] = (2 * order + same + 1).cast("int64")
    told = rows.mutate(**ranks, size=rows.count().over(every).cast("int64"))
    near, far = 3 * told.x <= 2 * told["size"], 3 * told.x > 4 * told["size"]
    sums = {
        "x": told.x,
        "y": told.y,
        "xx": told.x * told.x,
        "yy": told.y * told.y,
        "xy": told.x * told.y,
    }
    return told.group_by(*KEYS).aggregate(
        n=told.count(),
        **{name: each.cast("int64").sum().cast("int64") for name, each in sums.items()},
        near=told.depth.sum(where=near).fill_null(0).cast("int64"),
        near_n=told.count(where=near),
        far=told.depth.sum(where=far).fill_null(0).cast("int64"),
        far_n=told.count(where=far),
    )


def _hundredths(value: ir.FloatingValue) -> ir.IntegerValue:
    return _whole(value * HUNDREDTHS)


def _whole(value: ir.FloatingValue) -> ir.IntegerValue:
    """The nearest whole number, upwards from the middle: engines round the middle differently."""
    return (value + ROUNDED).floor().cast("int64")
