"""Incidence of competing outcomes among the censored: Aalen-Johansen, Kaplan-Meier, Wilson.

All work on counts per duration: ``times`` in whole seconds, strictly increasing, and beside each
how many moved on, were lost, or were last seen then (censored). At one duration, outcomes come
before censorings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""
TOLERANCE = 1e-12
"""Half is reached when it is missed by rounding only."""


@dataclass(frozen=True)
class Incidence:
    """Counts per duration of one cohort, and the curves that follow from them.

    Sources: Aalen and Johansen 1978, Scandinavian Journal of Statistics 5:141; Kaplan and Meier
    1958, JASA 53:457.

    >>> cohort = Incidence.of([1, 2, 3], moved=[1, 0, 1], lost=[0, 1, 0], censored=[0, 0, 0])
    >>> [round(cohort.moved_by(t), 4) for t in (0, 1, 2, 3)]
    [0.0, 0.3333, 0.3333, 0.6667]
    """

    times: Ints
    moved: Ints
    lost: Ints
    censored: Ints

    @staticmethod
    def of(
        times: "Sequence[int] | Ints",
        moved: "Sequence[int] | Ints",
        lost: "Sequence[int] | Ints",
        censored: "Sequence[int] | Ints",
    ) -> "Incidence":
        """From counts per duration in any order; equal durations are added up."""
        given = np.asarray(times, dtype=np.int64)
        if (given[1:] > given[:-1]).all():
            return Incidence(given, *(np.asarray(n, np.int64) for n in (moved, lost, censored)))
        distinct, position = np.unique(given, return_inverse=True)
        summed = [_summed(position, each, len(distinct)) for each in (moved, lost, censored)]
        return Incidence(distinct, *summed)

    @property
    def size(self) -> int:
        """How many are in the cohort."""
        return int((self.moved + self.lost + self.censored).sum())

    @cached_property
    def at_risk(self) -> Ints:
        """How many had neither an outcome nor been censored before each duration."""
        leaving = self.moved + self.lost + self.censored
        return leaving[::-1].cumsum()[::-1]

    @cached_property
    def surviving(self) -> Floats:
        """The share without any outcome after each duration: the Kaplan-Meier S(t)."""
        return _product(self.moved + self.lost, self.at_risk)

    @cached_property
    def surviving_before(self) -> Floats:
        """S(t-), just before each duration."""
        return np.concatenate(([1.0], self.surviving[:-1]))[: len(self.times)]

    @cached_property
    def moved_curve(self) -> Floats:
        """F(t) of moving on: the sum of S(t-) d/Y up to each duration."""
        return _shares(self.surviving_before * self.moved / self.at_risk)

    @cached_property
    def lost_curve(self) -> Floats:
        """F(t) of being lost."""
        return _shares(self.surviving_before * self.lost / self.at_risk)

    def moved_by(self, time: int) -> float:
        """The incidence of moving on within ``time`` seconds."""
        return _step(self.times, self.moved_curve, time, 0.0)

    def lost_by(self, time: int) -> float:
        """The incidence of being lost within ``time`` seconds."""
        return _step(self.times, self.lost_curve, time, 0.0)

    def surviving_at(self, time: int) -> float:
        """The share without any outcome after ``time`` seconds."""
        return _step(self.times, self.surviving, time, 1.0)

    def one_minus_km(self, time: int) -> float:
        """1 - Kaplan-Meier with the lost as censored: overstates where outcomes compete."""
        return 1.0 - _step(self.times, _product(self.moved, self.at_risk), time, 1.0)

    def defined_at(self, time: int) -> bool:
        """Whether anybody was followed for ``time`` seconds, or nobody was left before."""
        if not len(self.times):
            return False
        return bool(self.times[-1] >= time or self.surviving[-1] == 0.0)

    def known_by(self, time: int) -> int:
        """How many have a known outcome at ``time``: had one by then, or were followed so long."""
        unknown = int(self.censored[self.times < time].sum())
        return self.size - unknown

    def median(self) -> int | None:
        """The smallest duration by which half have moved on; None while they have not."""
        reached = np.flatnonzero(self.moved_curve >= 0.5 - TOLERANCE)
        return int(self.times[reached[0]]) if len(reached) else None

    def variance_at(self, time: int) -> float:
        """The variance of :meth:`moved_by`, by the multinomial (Greenwood-type) delta method.

        Per duration, with a = S(t-), G = F(time) - F(t), q the share leaving and m the share
        moving: [a^2 m (1 - m) - 2 a G m + G^2 q / (1 - q)] / Y. Without censoring it is exactly
        p (1 - p) / n. Sources: Gaynor et al. 1993, JASA 88:400; Allignol, Schumacher and
        Beyersmann 2010, Biometrical Journal 52:126.
        """
        # A duration without an outcome adds 0. Were it among the terms, NumPy would add them up in
        # other groups, and the last digits would depend on how the censored are told.
        upto = (self.times <= time) & (self.moved + self.lost > 0)
        y = self.at_risk[upto].astype(np.float64)
        a, m = self.surviving_before[upto], self.moved[upto] / y
        q = (self.moved + self.lost)[upto] / y
        g = self.moved_by(time) - self.moved_curve[upto]
        # Where all leave at once nothing can follow: G is 0 there, and so is its term.
        odds = np.divide(q, 1.0 - q, out=np.zeros_like(q), where=q < 1.0)
        return float(np.sum((a * a * m * (1 - m) - 2 * a * g * m + g * g * odds) / y))

    def interval(self, time: int) -> tuple[float, float]:
        """A 95 % interval of :meth:`moved_by`: Wilson's, with the effective sample size.

        That is p (1 - p) / variance (Dorey and Korn 1987, Statistics in Medicine 6:679); where p
        is 0 or 1, the number whose outcome at ``time`` is known.
        """
        p = self.moved_by(time)
        variance = self.variance_at(time)
        inside = TOLERANCE < p < 1 - TOLERANCE and variance > 0
        return wilson(p, p * (1 - p) / variance if inside else float(self.known_by(time)))


def wilson(share: float, size: float) -> tuple[float, float]:
    """The 95 % score interval of a share among ``size``; (0, 1) where size is 0.

    Source: Wilson 1927, JASA 22:209.

    >>> [round(bound, 4) for bound in wilson(9 / 12, 12)]
    [0.4677, 0.9111]
    """
    if size <= 0:
        return 0.0, 1.0
    shrink = 1 + Z_95**2 / size
    centre = (share + Z_95**2 / (2 * size)) / shrink
    half = Z_95 / shrink * sqrt(max(share * (1 - share), 0.0) / size + Z_95**2 / (4 * size**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def greenwood_errors(cohort: Incidence) -> Floats:
    """The standard error of S(t) after each duration; NaN where nobody is left.

    Source: Greenwood 1926; Kalbfleisch and Prentice 2002, equation 1.12.
    """
    leaving = (cohort.moved + cohort.lost).astype(np.float64)
    y = cohort.at_risk.astype(np.float64)
    left = y - leaving
    terms: Floats = np.full(len(y), np.nan)
    np.divide(leaving, y * left, out=terms, where=left > 0)
    return cohort.surviving * np.sqrt(np.cumsum(terms))


def _summed(position: Any, counts: "Sequence[int] | Ints", size: int) -> Ints:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, position, np.asarray(counts, dtype=np.int64))
    return total


def _shares(steps: Floats) -> Floats:
    """The running sum of shares; rounding must not take it above 1."""
    return np.asarray(np.minimum(np.cumsum(steps), 1.0), dtype=np.float64)


def _product(leaving: Ints, at_risk: Ints) -> Floats:
    """The running product of the shares that stay; exactly 0 once all leave."""
    return np.asarray(np.cumprod((at_risk - leaving) / at_risk), dtype=np.float64)


def _step(times: Ints, curve: Floats, time: int, before: float) -> float:
    """The value of a step function at a time; ``before`` ahead of the first step."""
    index = int(np.searchsorted(times, time, side="right")) - 1
    return before if index < 0 else float(curve[index])
