"""The shares of the rules, touch by touch, as the engine works them out. Expressions only.

They are those of :mod:`onefunnel.measures.attribution.rules`. A share is a whole number of 2^-36
of a conversion: sums of such are the same in any order and on every engine. The decay is measured
in whole seconds, each instant rounded down, as all durations of the ledger are.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.instants import SECONDS_A_DAY, seconds_between
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.paths import whole
from onefunnel.measures.attribution.rules import RULES

SCALE = 2**36
"""Units of a conversion."""
REST = 2**32
"""Units of what is cut off; money of any size would not fit into 64 bits together with it."""


def credits(rows: ir.Table, asked: Asked) -> ir.Table:
    """What the rules give by bucket and player's number, of touches in their places.

    Columns: bucket, number, and for each rule ``conversions_<rule>`` in units of 1 / ``SCALE``;
    ``value_<rule>`` in whole units of the conversions, and ``rest_<rule>`` the fractions of such
    units that were cut off, in units of 1 / ``REST``.
    """
    given = shared(rows, asked, tuple(RULES))
    sums: dict[str, ir.Value] = {}
    for rule in RULES:
        share = given[f"share_{rule}"]
        conversions = _whole(share * ibis.literal(float(SCALE))) * given.conversions
        value = share * given.units.cast("float64")
        cut = value.floor().cast("int64")
        rest = _whole((value - cut.cast("float64")) * ibis.literal(float(REST)))
        sums |= {
            f"conversions_{rule}": conversions.sum(),
            f"value_{rule}": cut.sum(),
            f"rest_{rule}": rest.sum(),
        }
    return given.group_by("bucket", "number").aggregate(**sums)


def shared(rows: ir.Table, asked: Asked, rules: Sequence[str]) -> ir.Table:
    """The touches of paths that converted, with ``share_<rule>`` for each of these rules."""
    placed = _placed(rows.filter(rows.converted), asked)
    return placed.mutate(**{f"share_{rule}": _shares(placed, rule) for rule in rules})


def _placed(rows: ir.Table, asked: Asked) -> ir.Table:
    """With the places that rules ask for: last, undirected, lead (may be NULL); and the decay."""
    path = whole(rows)
    nowhere = ibis.null("int64")
    last = rows["size"] - 1
    half_life = asked.settings.half_life_days * SECONDS_A_DAY
    age = seconds_between(rows["at"], rows["at"].max().over(path)).cast("float64")
    decay = ibis.literal(2.0) ** (-age / ibis.literal(float(half_life)))
    rows = rows.mutate(
        last=last,
        undirected=ibis.ifelse(rows.direct, nowhere, rows.place).max().over(path).fill_null(last),
        lead=ibis.ifelse(rows["at"] <= rows.lead_at, rows.place, nowhere).max().over(path),
        decay=_whole(decay * ibis.literal(float(SCALE))),
    )
    return rows.mutate(decays=rows.decay.sum().over(whole(rows)))


def _shares(rows: ir.Table, rule: str) -> ir.FloatingValue:
    """The share of each touch by a rule."""
    if rule == "linear":
        return ibis.literal(1.0) / rows["size"].cast("float64")
    if rule == "time_decay":
        return rows.decay.cast("float64") / rows.decays.cast("float64")
    if rule == "position_u":
        return _by_roles(rows, ("first", "last"), 40)
    if rule == "position_w":
        without = _by_roles(rows, ("first", "last"), 40)
        return ibis.ifelse(
            rows.lead.isnull(), without, _by_roles(rows, ("first", "lead", "last"), 30)
        )
    role = {"first_touch": "first", "last_touch": "last", "last_non_direct": "undirected"}[rule]
    return _one(_has(rows, role)).cast("float64")


def _by_roles(rows: ir.Table, roles: tuple[str, ...], percent: int) -> ir.FloatingValue:
    """So many per cent for each role of a touch, the rest among those that have none."""
    mine = sum((_one(_has(rows, role)) for role in roles[1:]), _one(_has(rows, roles[0])))
    others = (rows["size"] - _different(rows, roles)).cast("float64")
    each = ibis.ifelse(others > 0, ibis.literal(percent / 100), ibis.literal(1 / len(roles)))
    rest = ibis.literal((100 - percent * len(roles)) / 100) / others.nullif(0)
    return ibis.ifelse(mine > 0, each * mine.cast("float64"), rest)


def _different(rows: ir.Table, roles: tuple[str, ...]) -> ir.IntegerValue:
    """How many different touches have a role."""
    found = ibis.literal(1, type="int64") + _one(rows.last > 0)
    if "lead" not in roles:
        return found
    return found + _one((rows.lead > 0) & (rows.lead < rows.last))


def _has(rows: ir.Table, role: str) -> ir.BooleanValue:
    return rows.place == (0 if role == "first" else rows[role])


def _one(condition: ir.BooleanValue) -> ir.IntegerValue:
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    return ibis.ifelse(condition.fill_null(False), one, none)


def _whole(value: ir.FloatingValue) -> ir.IntegerValue:
    """The nearest whole number, halves upwards; engines differ in how they round."""
    return (value + 0.5).floor().cast("int64")
