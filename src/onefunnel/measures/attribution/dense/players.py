"""The numbers of players, and the places of their names in the keys of touches."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefunnel.funnel.collected import integers
from onefunnel.measures.attribution.buckets import Ints
from onefunnel.measures.attribution.family import MOST_PLAYERS, UNKNOWN
from onefunnel.measures.attribution.touches import OTHER


@dataclass(frozen=True, slots=True)
class Players:
    """Who is counted: ``names`` and the number of each, in order of names.

    ``table`` is the answer of the query ``players``.
    """

    table: pa.Table
    names: tuple[str, ...]
    numbers: Ints

    @property
    def bits(self) -> int:
        """The bits of a touch's key that hold the place of its player's name, and ``direct``."""
        return max(len(self.names) - 1, 1).bit_length() + 1

    @property
    def of_keys(self) -> Ints:
        """The number of the player by the last bits of a key."""
        found = np.zeros(1 << self.bits, np.int64)
        found[: 2 * len(self.numbers)] = np.repeat(self.numbers, 2)
        return found

    @property
    def marks(self) -> Ints:
        """The last bits of a key by the player's number and ``direct``: number x 2 + direct."""
        places = np.empty(len(self.numbers), np.int64)
        places[self.numbers] = np.arange(len(self.numbers))
        return np.asarray(np.repeat(places * 2, 2) + np.tile([0, 1], len(places)), np.int64)


def players_of(table: pa.Table) -> Players:
    """The players of the query's answer.

    >>> table = pa.table({"number": [0, 1], "player": ["unknown", "marketing:web"]})
    >>> found = players_of(table)
    >>> found.names, found.numbers.tolist(), found.marks.tolist()
    (('marketing:web', 'unknown'), [1, 0], [2, 3, 0, 1])
    """
    numbers, names = integers(table["number"]), table["player"].to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    return Players(table, tuple(names[each] for each in order), numbers[order])


def numbered(touches: Mapping[str, int], least: int) -> tuple[dict[str, int], pa.Table]:
    """The number of each player by its touches, and what the query ``players`` answers.

    As :func:`onefunnel.measures.attribution.touches.numbers` gives them.

    >>> numbers, table = numbered({"marketing:web": 3, "unknown": 1, "marketing:fair": 1}, 2)
    >>> numbers
    {'unknown': 0, 'marketing:web': 1, 'marketing:fair': 2}
    >>> table["touches"].to_pylist(), table["merged"].to_pylist()
    ([1, 3, 1], [1, 1, 1])
    """
    order = sorted(touches, key=lambda name: (name != UNKNOWN, -touches[name], name))
    few = sum(touches[name] < least and name != UNKNOWN for name in order)
    most = MOST_PLAYERS - 1 if len(order) > MOST_PLAYERS else len(order)
    last = min(most, len(order) - few)
    numbers = {name: min(place, last) for place, name in enumerate(order)}
    merged = np.bincount(list(numbers.values()), minlength=0)
    rows = []
    for number, count in enumerate(merged.tolist()):
        mine = order[number : number + count]
        called = mine[0] if count == 1 else OTHER
        rows.append((number, sum(touches[name] for name in mine), count, called))
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    kinds = (pa.int64(), pa.int64(), pa.int64(), pa.string())
    names = ("number", "touches", "merged", "player")
    arrays = [pa.array(each, kind) for each, kind in zip(columns, kinds, strict=True)]
    return numbers, pa.table(dict(zip(names, arrays, strict=True)))
