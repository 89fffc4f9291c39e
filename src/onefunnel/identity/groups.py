"""Who is connected, and the stable code of each group."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from onefunnel.identity.nodes import Codes


def smallest_members(size: int, party: Codes, value: Codes) -> Codes:
    """For each of ``size`` parties, the smallest party it is connected to (itself if alone).

    ``party[i]`` and ``value[i]`` are connected; parties are so through the values they carry, at
    any distance. Only parties with a value enter the solve.

    >>> smallest_members(4, np.array([0, 2, 2, 3]), np.array([7, 7, 9, 9])).tolist()
    [0, 1, 0, 0]
    """
    smallest = np.arange(size, dtype=np.int64)
    if not len(party):
        return smallest
    involved, row = np.unique(party, return_inverse=True)
    carried, column = np.unique(value, return_inverse=True)
    order = len(involved) + len(carried)
    present = np.ones(len(party), dtype=np.int8)
    graph = coo_array((present, (row, len(involved) + column)), shape=(order, order))
    _, labels = connected_components(graph.tocsr(), directed=False)
    # Each component holds a party, and parties stand in order: the first is the smallest.
    _, first, component = np.unique(labels[: len(involved)], return_index=True, return_inverse=True)
    smallest[involved] = involved[first[component]]
    return smallest


def assign(smallest: Codes, previous: Codes, next_code: int) -> Codes:
    """The code of each party, from the smallest member of its group and its code before (-1: none).

    A group keeps the smallest code any of its members had. Where a group was split, several claim
    one code: the part with the smallest party among those who had it keeps it. The other groups
    take ``next_code``, ``next_code + 1`` and so on, in order of their smallest member. Parties
    stand in order, so that the answer does not depend on how the rows came.

    >>> assign(np.array([0, 1, 0, 3]), np.array([5, 5, 2, -1]), next_code=6).tolist()
    [2, 5, 2, 6]
    """
    none = np.iinfo(np.int64).max
    wanted = np.full(len(smallest), none, dtype=np.int64)  # by group, at its smallest member
    np.minimum.at(wanted, smallest, np.where(previous < 0, none, previous))
    claiming = np.flatnonzero((previous >= 0) & (previous == wanted[smallest]))
    kept, first = np.unique(previous[claiming], return_index=True)
    granted = np.full(len(smallest), -1, dtype=np.int64)
    granted[smallest[claiming[first]]] = kept
    heads = np.flatnonzero(smallest == np.arange(len(smallest)))
    new = heads[granted[heads] < 0]
    granted[new] = next_code + np.arange(len(new), dtype=np.int64)
    codes: Codes = granted[smallest]
    return codes
