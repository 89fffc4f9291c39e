"""Chance that falls the same way every time, on every machine and version of Python.

Of all methods of ``random.Random``, only ``random()`` is promised never to change; everything else
is made of it here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

SEED = "company-x"
T = TypeVar("T")


class Chance:
    """A stream of chance with a name of its own: to change one stream leaves the others alone."""

    def __init__(self, *name: str | int) -> None:
        self._draw = Random("/".join(map(str, (SEED, *name)))).random

    def happens(self, probability: float) -> bool:
        return self._draw() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._draw()

    def whole(self, low: int, high: int) -> int:
        """Any of the whole numbers from ``low`` to ``high``, both included."""
        return low + int(self._draw() * (high - low + 1))

    def one_of(self, things: Sequence[T]) -> T:
        return things[int(self._draw() * len(things))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        left = self._draw() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return thing

    def waiting(self, mean: float) -> float:
        """A time to wait, exponential, with this mean."""
        return -mean * math.log(1.0 - self._draw())

    def around(self, mean: float) -> float:
        """Something near the mean: from half of it to one and a half, the middle most often."""
        return mean * (0.5 + (self._draw() + self._draw()) / 2)
