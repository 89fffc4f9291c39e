"""The counts of attribution from the small tables that an engine hands back."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from onefunnel.funnel.collected import Collected, integers
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import BUCKETS, Ints
from onefunnel.measures.attribution.conversions import VALUE_SCALE
from onefunnel.measures.attribution.counts import Counts, Credits, Sets, Transitions
from onefunnel.measures.attribution.crediting import REST, SCALE
from onefunnel.measures.attribution.family import BITS, Player
from onefunnel.measures.attribution.rules import RULES
from onefunnel.measures.attribution.tally import Tally
from onefunnel.measures.attribution.touches import known


def counted(collected: Collected, asked: Asked) -> Counts:
    """The counts; see :func:`onefunnel.measures.attribution.query.queries` for the tables."""
    players = players_of(collected["players"])
    return Counts(
        players=players,
        sets=_sets(collected["sets"], collected["conversions"]).among(len(players)),
        credits=_credits(collected["credits"], len(players)),
        transitions=_transitions(collected["transitions"], asked.orders) if asked.orders else {},
    )


def players_of(table: pa.Table) -> tuple[Player, ...]:
    """The players in the order of their numbers."""
    named = sorted((row["number"], row["player"]) for row in table.to_pylist())
    return tuple(known(player) for _, player in named)


def _sets(sets: pa.Table, conversions: pa.Table) -> Sets:
    """The sets; conversions that are in none had no touch, and are those of the empty set."""
    bucket, mask = integers(sets["bucket"]), integers(sets["mask"])
    everywhere = integers(conversions["bucket"])

    def tally(name: str) -> Tally:
        met, every = integers(sets[name]), integers(conversions[name])
        some = np.flatnonzero(met)  # a few of millions
        here, keys, met = bucket[some], mask[some], met[some]
        empty = np.zeros(len(every) + len(met), np.int64)
        return Tally.of(
            np.concatenate([here, everywhere, here]),
            np.concatenate([keys, empty]),
            np.concatenate([met, every, -met]),
            BUCKETS,
        )

    nulls = Tally.of(bucket, mask, integers(sets["nulls"]), BUCKETS)
    return Sets(tally("conversions"), tally("units"), nulls, VALUE_SCALE)


def _credits(table: pa.Table, players: int) -> Credits:
    """The credits; those of value are floating point numbers, of sums that are exact."""
    conversions, value, rest = (
        _by_rule(table, kind, players) for kind in ("conversions", "value", "rest")
    )
    return Credits(tuple(RULES), conversions, value + rest / REST, SCALE, VALUE_SCALE)


def _by_rule(table: pa.Table, kind: str, players: int) -> Ints:
    sums = np.zeros((BUCKETS, len(RULES), players), np.int64)
    bucket, number = integers(table["bucket"]), integers(table["number"])
    for place, rule in enumerate(RULES):
        sums[bucket, place, number] = integers(table[f"{kind}_{rule}"])
    return sums


def _transitions(table: pa.Table, orders: Sequence[int]) -> dict[int, Transitions]:
    """Those of each order: the last digits of the keys of a greater one."""
    bucket, keys, paths = (integers(table[name]) for name in ("bucket", "key", "paths"))
    return {
        order: Transitions(
            order, Tally.of(bucket, keys & (1 << BITS * (order + 1)) - 1, paths, BUCKETS)
        )
        for order in orders
    }
