"""Signs that a measure is being gamed: bunching, a rush at the end of periods, a link that fades.

A sign is a reason to look, and proves nothing about anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, log, sqrt

import numpy as np
from scipy.special import bdtrc, ndtr

from onefunnel.errors import UsageError

LEVEL = 0.05
POWER = 0.80
FEWEST = 10
"""Below so many cases nothing is said."""


@dataclass(frozen=True, slots=True)
class Bunching:
    """Cases just short of a threshold and just beyond it, and what they say.

    ``code``: ``bunching``; ``slope`` (there are more beyond, and a sloping distribution would do
    that too); ``no_sign``; ``too_few``. ``p_value`` is of the plain test, ``p_value_slope`` of the
    one that allows for a slope, both None where there are too few. ``detectable`` is the share
    beyond that would be found with a power of 80 %, None where no share would.
    """

    short: int
    beyond: int
    p_value: float | None
    p_value_slope: float | None
    detectable: float | None
    code: str


def bunching(
    values: Sequence[float], threshold: float, width: float, better: int = 1, level: float = LEVEL
) -> Bunching:
    """Whether more cases stand just beyond a threshold than chance puts there.

    Counts in two bins of ``width`` on either side. Where nobody steers, the density is smooth, and
    a case in the two bins is as likely on either side: an exact binomial test, one-sided (the idea
    of the density test of McCrary 2008, with counts in place of a local fit, which thirty
    salespeople would not bear). A slope b of the log density would make their ratio exp(b width),
    and that of the next bins out exp(3 b width): a third of that log ratio is taken off, and what
    is left is compared with its error. Both tests must speak for it to be called bunching; where
    the bins further out are empty, a slope can't be ruled out.

    Values on the threshold are beyond it. ``better`` is -1 where less is better. Raises UsageError
    where the width is not above 0.

    >>> bunching([97.0] * 9 + [99.0] * 4 + [100.5] * 16 + [103.0] * 9, 100.0, 2.0).code
    'bunching'
    """
    if width <= 0:
        raise UsageError(f"Bins can't be {width} wide.", remedy="Give a width above 0.")
    bins = np.floor((np.asarray(values, dtype=np.float64) - threshold) * better / width)
    far_short, short, beyond, far_beyond = (int((bins == at).sum()) for at in (-2, -1, 0, 1))
    cases = short + beyond
    if cases < FEWEST:
        return Bunching(short, beyond, None, None, None, "too_few")
    plain = float(bdtrc(beyond - 1, cases, 0.5))
    sloped = _against_slope(far_short, short, beyond, far_beyond)
    code = "no_sign" if plain > level else "bunching" if sloped <= level else "slope"
    return Bunching(short, beyond, plain, sloped, detectable(cases, level), code)


def detectable(cases: int, level: float = LEVEL, power: float = POWER) -> float | None:
    """The smallest share beyond, to a hundredth, that the plain test would find so often.

    >>> detectable(20), detectable(100), detectable(4)
    (0.8, 0.63, None)
    """
    counts = np.arange(cases + 1)
    speaks = bdtrc(counts - 1, cases, 0.5) <= level
    if not speaks.any():
        return None
    first = int(counts[speaks][0])
    shares = np.arange(50, 101) / 100
    enough = bdtrc(first - 1, cases, shares) >= power
    return float(shares[enough][0])


def _against_slope(far_short: int, short: int, beyond: int, far_beyond: int) -> float:
    """The p-value of the log ratio after a third of that of the outer bins; halves avoid zeros."""
    near = log((beyond + 0.5) / (short + 0.5))
    far = log((far_beyond + 0.5) / (far_short + 0.5)) / 3
    variance = 1 / (beyond + 0.5) + 1 / (short + 0.5)
    variance += (1 / (far_beyond + 0.5) + 1 / (far_short + 0.5)) / 9
    return float(ndtr((far - near) / sqrt(variance)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days looked at within one period, and the rest of it: closings and working days.

    Raises UsageError where there are no days on one of the sides.
    """

    inside: int
    outside: int
    days_inside: int
    days_outside: int

    def __post_init__(self) -> None:
        if self.days_inside < 1 or self.days_outside < 1:
            raise UsageError(
                f"{self.days_inside} days can't be held against {self.days_outside}.",
                remedy="Give working days on both sides.",
            )


@dataclass(frozen=True, slots=True)
class Spike:
    """How many times as many closings as the days would have, at the end and at the next start.

    ``code``: ``spike_then_dip`` (pulled forward, as it seems), ``spike`` (an end that has its own
    reasons, such as the customers' budgets, does the same), ``no_sign``, ``too_few``. Ratios and
    p-values are None where there are too few.
    """

    ratio: float | None
    p_value: float | None
    dip_ratio: float | None
    dip_p_value: float | None
    code: str


def spike(ends: Sequence[Stretch], starts: Sequence[Stretch] = (), level: float = LEVEL) -> Spike:
    """Whether closings crowd at the ends of periods, and are missing at the starts of the next.

    Given their number in a period, closings fall on its working days alike where nothing crowds
    them; their sum over periods is compared with that exactly. Count an order once, whatever its
    lines: closings are taken to be independent.

    >>> spike([Stretch(inside=12, outside=18, days_inside=5, days_outside=17)]).code
    'spike'
    """
    if sum(each.inside + each.outside for each in ends) < FEWEST:
        return Spike(None, None, None, None, "too_few")
    ratio, _, crowded = _compared(ends)
    if crowded > level:
        return Spike(ratio, crowded, None, None, "no_sign")
    if sum(each.inside + each.outside for each in starts) < FEWEST:
        return Spike(ratio, crowded, None, None, "spike")
    dip_ratio, missing, _ = _compared(starts)
    code = "spike_then_dip" if missing <= level else "spike"
    return Spike(ratio, crowded, dip_ratio, missing, code)


def _compared(stretches: Sequence[Stretch]) -> tuple[float, float, float]:
    """Observed by expected, and the chances of as few or fewer, and of as many or more."""
    # What SciPy's statistics take to load is for who asks for them.
    from scipy.stats import binom

    chances = np.ones(1)
    expected = 0.0
    for each in stretches:
        cases = each.inside + each.outside
        share = each.days_inside / (each.days_inside + each.days_outside)
        chances = np.convolve(chances, binom.pmf(np.arange(cases + 1), cases, share))
        expected += cases * share
    seen = sum(each.inside for each in stretches)
    few, many = float(chances[: seen + 1].sum()), float(chances[seen:].sum())
    return seen / expected, min(few, 1.0), min(many, 1.0)


@dataclass(frozen=True, slots=True)
class Decay:
    """How a measure and the outcome it stands for went together, before it was paid and since.

    ``code``: ``decayed``, ``no_sign``, ``too_few``, or ``no_variation`` (one of them never moved).
    Correlations are None for the last two.
    """

    before: float | None
    since: float | None
    p_value: float | None
    code: str


def decay(
    before: Sequence[tuple[float, float]],
    since: Sequence[tuple[float, float]],
    level: float = LEVEL,
) -> Decay:
    """Whether the link between a measure and its outcome has become weaker since it is paid.

    Pairs of (measure, outcome) of independent periods or units. Fisher's z of the two correlations,
    with the variance 1/(n - 3) each; one-sided.

    >>> linked = [(float(n), float(n % 7 + n)) for n in range(20)]
    >>> loose = [(float(n), float(n * 7 % 20)) for n in range(20)]
    >>> decay(linked, loose).code
    'decayed'
    """
    if min(len(before), len(since)) < FEWEST:
        return Decay(None, None, None, "too_few")
    first, second = _correlation(before), _correlation(since)
    if first is None or second is None:
        return Decay(None, None, None, "no_variation")
    error = sqrt(1 / (len(before) - 3) + 1 / (len(since) - 3))
    p_value = float(ndtr((_z(second) - _z(first)) / error))
    return Decay(first, second, p_value, "decayed" if p_value <= level else "no_sign")


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    measure, outcome = np.asarray(pairs, dtype=np.float64).T
    if np.ptp(measure) == 0 or np.ptp(outcome) == 0:
        return None
    return float(np.corrcoef(measure, outcome)[0, 1])


def _z(correlation: float) -> float:
    bound = 1 - 1e-12
    return atanh(min(max(correlation, -bound), bound))
