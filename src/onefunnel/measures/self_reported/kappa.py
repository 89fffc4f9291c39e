"""Cohen's kappa: how far two sources agree beyond what their frequencies alone would give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from onefunnel.funnel.incidence import Z_95, wilson

Pairs = Mapping[tuple[str, str], int]
"""How often each two names stand together: (by the one source, by the other)."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """The coefficient, its standard error, and the ends of its 95 % interval."""

    value: float
    error: float
    low: float
    high: float


def cohens_kappa(table: Sequence[Sequence[int]]) -> Kappa | None:
    """The kappa of a square table of counts; None of no cases, or where a source knows one class.

    kappa = (a - e) / (1 - e), with a the share of cases on which both agree and e the share that
    their frequencies alone would give (Cohen 1960, Educational and Psychological Measurement
    20:37). The error is that of large samples (Fleiss, Cohen & Everitt 1969, Psychological Bulletin
    72:323, equation 13), as the mean square of what each case moves kappa by. Where all cases
    agree, or none does, it may be 0 and says too much; then the interval is that of Wilson's for a,
    with e as it is. A source that always says the same leaves nothing to agree on.

    >>> said = cohens_kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    >>> round(said.value, 3), round(said.error, 3)
    (0.676, 0.088)
    """
    counts = np.asarray(table, dtype=np.float64)
    cases = counts.sum()
    if not cases:
        return None
    shares = counts / cases
    rows, columns, same = shares.sum(axis=1), shares.sum(axis=0), np.diagonal(shares)
    agreed, chance = float(same.sum()), float(rows @ columns)
    if max(rows.max(), columns.max()) >= 1.0:
        return None
    on = (np.eye(len(shares)) - agreed) / (1 - chance)
    off = (rows[None, :] + columns[:, None] - 2 * chance) * (1 - agreed) / (1 - chance) ** 2
    error = sqrt(float((shares * (on - off) ** 2).sum()) / cases)
    value = (agreed - chance) / (1 - chance)
    low, high = value - Z_95 * error, value + Z_95 * error
    if agreed in (0.0, 1.0):
        low, high = ((end - chance) / (1 - chance) for end in wilson(agreed, float(cases)))
    return Kappa(value, error, max(low, -1.0), min(high, 1.0))


def of_pairs(pairs: Pairs) -> Kappa | None:
    """The kappa of all names."""
    names = sorted({name for pair in pairs for name in pair})
    return cohens_kappa([[pairs.get((one, other), 0) for other in names] for one in names])


def of_name(pairs: Pairs, name: str) -> Kappa | None:
    """The kappa of one name against all others together.

    >>> said = of_name({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("c", "b"): 15}, "a")
    >>> round(said.value, 4)
    0.4
    """
    table = [[0, 0], [0, 0]]
    for (one, other), count in pairs.items():
        table[one != name][other != name] += count
    return cohens_kappa(table)
