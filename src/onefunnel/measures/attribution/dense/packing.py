"""Compiled passes that make keys of touches that are kept in order, and count their players."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onefunnel.funnel.dense.compiling import compiled

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

OTHERS, OURS, NONE = 0, 1, 2
"""Whose a contact is: another department's, marketing's, or none at all."""


class Kept(NamedTuple):
    """The touches of a part; those of entity i stand at ``offsets[i] : offsets[i + 1]``.

    ``values``, ``channels`` and ``contacts`` are codes, -1 where unknown. Entities with ``skip``
    have none here.
    """

    offsets: Ints
    at: Ints
    values: Codes
    channels: Codes
    contacts: Codes
    skip: Flags


class Marks(NamedTuple):
    """The last bits of keys by codes; the last of each array is that of an unknown code.

    ``roles`` says whose a contact is; ``direct`` adds the last bit.
    """

    roles: Ints
    values: Ints
    contacts: Ints
    direct: Ints


@compiled
def pack(
    first: int, last: int, kept: Kept, marks: Marks, until: int, bits: int, keys: Ints, ends: Ints
) -> None:
    """Write the keys of these entities' touches until an instant, in order, and where each ends."""
    size, skip = 0, kept.skip
    for entity in range(first, last):
        begin = size
        for place in range(kept.offsets[entity], kept.offsets[entity + 1]):
            role = marks.roles[kept.contacts[place]]
            if skip[entity] or kept.at[place] > until:
                break
            if role == 2:
                continue
            mark = marks.contacts[kept.contacts[place]]
            if role == 1:
                mark = marks.values[kept.values[place]] + marks.direct[kept.channels[place]]
            key, to = (kept.at[place] << bits) | mark, size
            while to > begin and keys[to - 1] > key:
                keys[to] = keys[to - 1]
                to -= 1
            keys[to] = key
            size += 1
        ends[entity - first + 1] = size


@compiled
def meet(
    first: int,
    last: int,
    kept: Kept,
    roles: Ints,
    since: int,
    before: int,
    values: Ints,
    contacts: Ints,
) -> None:
    """Count touches from an instant on and before another: ours by value, others by contact."""
    for entity in range(first, last):
        if kept.skip[entity]:
            continue
        for place in range(kept.offsets[entity], kept.offsets[entity + 1]):
            if kept.at[place] < since or kept.at[place] >= before:
                continue
            role = roles[kept.contacts[place]]
            if role == 1:
                values[kept.values[place]] += 1
            elif role == 0:
                contacts[kept.contacts[place]] += 1
