"""The same in the plainest Python: paths, one after another."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from onefunnel.measures.attribution.family import Player
from onefunnel.measures.attribution.rules import Path
from onefunnel.measures.transitions.result import Kind

Step = tuple[Kind, Player, Player]
"""A kind, and the players before and after; None also where there is nobody."""


def transitions(paths: Iterable[Path]) -> Counter[Step]:
    """How often paths went each step; those that stand for nothing go none."""
    found: Counter[Step] = Counter()
    for path in paths:
        met, weight = path.players, path.conversions + path.nulls
        if not met:
            continue
        found[Kind.START, None, met[0]] += weight
        for before, after in pairwise(met):
            found[Kind.MOVE, before, after] += weight
        found[Kind.CONVERSION, met[-1], None] += path.conversions
        found[Kind.NO_CONVERSION, met[-1], None] += path.nulls
    return +found
