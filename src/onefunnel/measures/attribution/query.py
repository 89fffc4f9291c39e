"""The counts of attribution over the ledger: its queries, each summed on the engine."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.measures.attribution.conversions import by_bucket, totals
from onefunnel.measures.attribution.crediting import credits
from onefunnel.measures.attribution.family import BITS, CONVERTED, NULL
from onefunnel.measures.attribution.paths import PATH, in_order, path_touches
from onefunnel.measures.attribution.touches import players
from onefunnel.vocabulary import Question


def queries(facts: Facts, rules: Rules, question: Question, asked: Asked | None = None) -> Lazily:
    """The named expressions that :mod:`onefunnel.measures.attribution.assemble` needs.

    ``players``: number, player, touches, merged. ``conversions``: bucket, conversions, units.
    ``credits``: see :func:`onefunnel.measures.attribution.crediting.credits`. ``sets``: bucket,
    mask, conversions, units, nulls; a compiled pass may tell nulls by player where
    :class:`onefunnel.measures.attribution.counts.Sets` does. ``transitions``: bucket, key, paths,
    of the greatest order that is asked for, if any is; those of smaller ones are in it.
    ``totals``: one row.
    """
    base, asked = Base(facts, rules, question), asked or asked_of(question)
    found = Lazily(
        {
            "players": lambda: players(base, asked),
            "conversions": lambda: by_bucket(base, asked),
            "credits": lambda: credits(path_touches(base, asked), asked),
            "sets": lambda: _sets(path_touches(base, asked)),
            "totals": lambda: totals(base, asked),
        }
    )
    if not asked.orders:
        return found
    order = max(asked.orders)
    return found | {"transitions": lambda: _transitions(path_touches(base, asked), order)}


def _sets(rows: ir.Table) -> ir.Table:
    """By bucket and set of players the conversions, their units, and paths without any."""
    met = rows.group_by(*PATH, "bucket", "number").aggregate(
        conversions=rows.conversions.max(), units=rows.units.max()
    )
    bit = (ibis.literal(2.0) ** met.number.cast("float64")).cast("int64")
    paths = met.group_by(*PATH, "bucket").aggregate(
        mask=bit.sum(), conversions=met.conversions.max(), units=met.units.max()
    )
    return paths.group_by("bucket", "mask").aggregate(
        conversions=paths.conversions.sum().fill_null(0),
        units=paths.units.sum().fill_null(0),
        nulls=paths.count(where=~paths.converted),
    )


def _transitions(rows: ir.Table, order: int) -> ir.Table:
    """By bucket and key of the order how many paths went so, and how they ended."""
    digit = rows.number + 1
    path = in_order(rows)
    before = [digit.lag(k).over(path).fill_null(0) for k in range(1, order + 1)]
    columns = {f"before_{k}": value for k, value in enumerate(before, 1)}
    rows = rows.mutate(digit=digit, paths=rows.conversions.fill_null(1), **columns)
    steps = rows.select("bucket", "paths", key=_key([rows.digit, *_befores(rows, order)]))
    last = rows.filter(rows.place == rows["size"] - 1)
    end = ibis.ifelse(last.converted, CONVERTED, NULL).cast("int64")
    ends = last.select("bucket", "paths", key=_key([end, last.digit, *_befores(last, order - 1)]))
    both = ibis.union(steps, ends)
    return both.group_by("bucket", "key").aggregate(paths=both.paths.sum())


def _befores(rows: ir.Table, count: int) -> list[ir.Value]:
    return [rows[f"before_{k}"] for k in range(1, count + 1)]


def _key(digits: list[ir.Value]) -> ir.IntegerValue:
    """The key whose digits these are, the last one first."""
    key = digits[0]
    for place, digit in enumerate(digits[1:], 1):
        key = key + digit * ibis.literal(2 ** (BITS * place), type="int64")
    return key.cast("int64")
