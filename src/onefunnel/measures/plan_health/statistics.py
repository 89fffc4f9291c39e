"""Shares and rank correlations with intervals that know how little they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np

from onefunnel.funnel.incidence import Z_95, wilson

Pairs = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Told:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sums over the pairs of ranks of one group: how many, of each, of squares, of the product."""

    n: int
    x: int
    y: int
    xx: int
    yy: int
    xy: int

    @property
    def correlation(self) -> float | None:
        """Pearson's of the ranks, which is Spearman's; None where one of the two never varies."""
        sx, sy = self.n * self.xx - self.x**2, self.n * self.yy - self.y**2
        return None if not sx or not sy else (self.n * self.xy - self.x * self.y) / sqrt(sx * sy)


def share(clusters: Sequence[tuple[int, int]]) -> Told:
    """A share over clusters of (yes, cases): those of one person are no independent cases.

    Wilson's interval with the effective size p (1 - p) / variance, the variance between clusters of
    the ratio estimate (Cochran 1977, Sampling Techniques, chapter 9A), at most the number of cases;
    where all or none are yes, the number of clusters.

    >>> said = share([(1, 1)] * 9 + [(0, 1)] * 3)
    >>> round(said.value, 4), round(said.low, 2), round(said.high, 2)
    (0.75, 0.46, 0.91)
    """
    yes, cases = (sum(each[at] for each in clusters) for at in (0, 1))
    p, groups = yes / cases, len(clusters)
    off = sum((each - p * size) ** 2 for each, size in clusters)
    variance = groups / (groups - 1) * off / cases**2 if groups > 1 else 0.0
    size = min(p * (1 - p) / variance, cases) if variance > 0 and 0 < p < 1 else float(groups)
    return Told(p, *wilson(p, size))


def exact_share(yes: int, cases: int) -> Told:
    """A share of independent cases with the interval of Clopper and Pearson.

    Source: Clopper and Pearson 1934, Biometrika 26:404.

    >>> said = exact_share(4, 20)
    >>> round(said.low, 4), round(said.high, 4)
    (0.0573, 0.4366)
    """
    # What SciPy's statistics take to load is for who asks for them.
    from scipy.stats import binomtest

    found = binomtest(yes, cases).proportion_ci(0.95, "exact")
    return Told(yes / cases, float(found.low), float(found.high))


def ranked(pairs: Pairs) -> Ranked:
    """The doubled mid-ranks of pairs, added up: whole numbers, so that nothing is rounded."""
    # What SciPy's statistics take to load is for who asks for them.
    from scipy.stats import rankdata

    columns = np.asarray(pairs, dtype=np.float64).T
    x, y = ((2 * rankdata(each)).astype(np.int64).astype(object) for each in columns)
    sums = (sum(each) for each in (x, y, x * x, y * y, x * y))
    return Ranked(len(pairs), *(int(each) for each in sums))


def correlation(groups: Sequence[Ranked]) -> Told | None:
    """Spearman's correlation within groups, all together; None where none of them varies.

    Fisher's z of each with the variance (1 + r^2 / 2) / (n - 3), weighed by its inverse. Groups of
    fewer than four pairs say nothing. An order without a fault is taken to be half an exchange of
    neighbours away from it, or five pairs would prove anything. Source: Bonett and Wright 2000,
    Psychometrika 65:23.

    >>> said = correlation([ranked([(1, 1), (2, 3), (3, 2), (4, 4), (5, 6), (6, 5)])])
    >>> round(said.value, 4), round(said.low, 2), round(said.high, 2)
    (0.8857, 0.07, 0.99)
    """
    told = [(each.n, r) for each in groups if each.n > 3 and (r := each.correlation) is not None]
    if not told:
        return None
    weights = [(n - 3) / (1 + r * r / 2) for n, r in told]
    near = [atanh(_inside(r, n)) for n, r in told]
    z = sum(w * each for w, each in zip(weights, near, strict=True)) / sum(weights)
    half = Z_95 / sqrt(sum(weights))
    value = told[0][1] if len(told) == 1 else tanh(z)
    return Told(value, min(tanh(z - half), value), max(tanh(z + half), value))


def _inside(r: float, n: int) -> float:
    """A correlation at most half an exchange of neighbours from a perfect order."""
    bound = 1 - 6 / (n * (n * n - 1))
    return min(max(r, -bound), bound)
