"""How long a step takes: three families of delays, with their distribution and its inverse."""

from dataclasses import dataclass
from math import exp, log
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from onefunnel.errors import UnknownName, UsageError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

FAMILIES = ("exponential", "lognormal", "weibull")
DAY = 86_400
"""Seconds of a day."""


@dataclass(frozen=True, slots=True)
class Delay:
    """A distribution of delays in days: its family, its median, and its shape.

    ``shape`` is the standard deviation of the logarithm for ``lognormal``, the exponent k for
    ``weibull`` (1 is exponential); ``exponential`` has none and ignores it. Raises UnknownName for
    a family that does not exist, UsageError for a median or shape that is not above zero.

    >>> Delay("exponential", 7.0).within(7.0)
    0.5
    >>> round(Delay("lognormal", 10.0, 1.0).quantile(0.9), 1)
    36.0
    """

    family: str
    median: float
    shape: float = 1.0

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise UnknownName("family of delays", self.family, FAMILIES)
        if not (self.median > 0 and self.shape > 0):
            raise UsageError(
                f"A delay has the median {self.median} and the shape {self.shape}.",
                remedy="Both must be above zero.",
            )

    def within(self, days: float) -> float:
        """The probability that the delay is at most so many days; 0 before zero."""
        return float(self.within_each(np.asarray([days], dtype=np.float64))[0])

    def within_each(self, days: Floats) -> Floats:
        """The same for an array of days."""
        positive = np.maximum(days, 0.0) / self.median
        with np.errstate(divide="ignore"):
            if self.family == "lognormal":
                return np.asarray(ndtr(np.log(positive) / self.shape), dtype=np.float64)
            return -np.expm1(-log(2.0) * positive**self._exponent)

    def quantile(self, share: float) -> float:
        """The days within which this share (0 to 1, exclusive) has moved."""
        return float(self.quantiles(np.asarray([share], dtype=np.float64))[0])

    def quantiles(self, shares: Floats) -> Floats:
        """The same for an array of shares: with uniform ones, draws of the delay."""
        if self.family == "lognormal":
            return np.asarray(self.median * np.exp(self.shape * ndtri(shares)), dtype=np.float64)
        return np.asarray(
            self.median * (-np.log1p(-shares) / log(2.0)) ** (1.0 / self._exponent),
            dtype=np.float64,
        )

    def mean(self) -> float:
        """The mean in days, by numerical integration of the quantiles where there is no formula."""
        if self.family == "lognormal":
            return self.median * exp(self.shape**2 / 2.0)
        points = (np.arange(200_000) + 0.5) / 200_000
        return float(self.quantiles(points).mean())

    @property
    def _exponent(self) -> float:
        return self.shape if self.family == "weibull" else 1.0


def seconds(delay: Delay, uniforms: Floats) -> Integers:
    """Draws of a delay in whole seconds, at least one.

    Rounded up, so that P(delay <= h) at whole seconds is that of the distribution.
    """
    drawn = np.ceil(delay.quantiles(uniforms) * DAY)
    # Beyond a thousand years nothing differs, and sums stay far from the end of the integers.
    return np.clip(drawn, 1, 365_000 * DAY).astype(np.int64)
