"""Random numbers: a stream of its own per purpose and per atom of persons.

So nothing depends on the order or the size of the blocks, and a switch that needs more numbers for
one purpose leaves all others as they are.
"""

from enum import IntEnum

import numpy as np

ATOM = 16_384
"""Persons that are drawn together. Part of what a seed means: changing it changes every company."""


class Stream(IntEnum):
    """What the random numbers are for; the values are part of what a seed means."""

    ARRIVAL = 0
    STEPS = 1
    STYLE = 2
    SELLING = 3
    AFTERWARDS = 4
    TOUCHES = 5
    PEOPLE = 6
    PRICES = 7
    SPEND = 8
    OFFICE = 9
    REASONS = 10
    ORDERS = 11
    PROMISES = 12
    WORK = 13
    FORECAST = 14
    BETWEEN = 15
    TRIAL = 16
    SAID = 17


def generator(seed: int, stream: Stream, atom: int = 0) -> np.random.Generator:
    """The numbers of one purpose for one atom.

    >>> generator(7, Stream.STEPS, 3).random() == generator(7, Stream.STEPS, 3).random()
    True
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(int(stream), atom))
    return np.random.Generator(np.random.PCG64DXSM(sequence))


def atoms(persons: int) -> int:
    """How many atoms hold so many persons."""
    return -(-persons // ATOM)
