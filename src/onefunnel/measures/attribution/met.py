"""How many paths go through each player, and how many of them converted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onefunnel.measures.attribution.buckets import Ints
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.family import Player
from onefunnel.measures.attribution.tally import Numbers


@dataclass(frozen=True, slots=True)
class Met:
    """The paths through a player, and the conversions among them."""

    paths: int = 0
    converted: int = 0


NOBODY = Met()


def met(counts: Counts) -> Mapping[Player, Met]:
    """Of each player the paths of the period that go through it, however often.

    A path that stands for several conversions counts as often, as everywhere. Those of several
    players don't add up: many paths go through more than one.
    """
    sets = counts.sets
    made, gone = ((each.keys, each.total) for each in (sets.conversions, sets.nulls))
    found = {}
    for at, player in enumerate(counts.players):
        converted, lost = _through(at, *made), _through(at, *gone)
        found[player] = Met(converted + lost, converted)
    return found


def _through(at: int, keys: Ints, total: Numbers) -> int:
    """The paths of the sets with the player at this place."""
    return round(float(total[(keys >> at & 1).astype(np.bool_)].sum()))
