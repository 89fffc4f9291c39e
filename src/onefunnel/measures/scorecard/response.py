"""How far a figure goes along with what somebody does, from month to month and by whose rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.influence import Influence

FEWEST_MONTHS = 12
"""Fewer months say nothing on what goes along with what."""

FEWEST_SHARES = 6
"""Fewer months say nothing on how a share comes and goes."""

APART = 0.95
"""Where what somebody did goes so far with what others delivered, the two can't be told apart."""

LEVEL = 0.95
"""How often an interval is to hold the truth."""


@dataclass(frozen=True, slots=True)
class Response:
    """The influence, or None with a ``reason``.

    ``own`` and ``others`` are the shares of the ups and downs from month to month that go with what
    they did and with what others delivered; the rest goes with neither. None where nothing was
    compared.

    ``reason``: ``few_months``; ``never_moved`` (the figure, or what they did); ``near_zero`` (the
    figure's mean can't be told from 0, so there are no percentages of it); ``not_apart`` (what they
    did always went with what others delivered).
    """

    influence: Influence | None
    reason: str | None = None
    own: float | None = None
    others: float | None = None


Series = Sequence[float | None]
"""A number a month, in order; None where it is unknown."""


def within(*series: Series) -> slice:
    """The months between the first and the last in which each of the series has something.

    Those two are left out: the records may begin or end within them. A series without anything is
    not on record, and bounds nothing.

    >>> within([0, 3, 4, 5, 6], [1, 1, 1, 1, 0], [0, 0, 0, 0, 0])
    slice(2, 3, None)
    """
    held = [[at for at, value in enumerate(each) if value] for each in series]
    known = [each for each in held if each]
    if not known:
        return slice(0)
    return slice(max(each[0] for each in known) + 1, min(each[-1] for each in known))


def in_history(figure: Series, did: Series, delivered: Series) -> Response:
    """What 1 % more of what somebody did moves a figure by, at the same deliveries of others.

    Changes of the figure from month to month on those of the two others, by least squares; of these
    the mean of the month and the one before it counts, since what is done takes time to tell. The
    slope times the ratio of the means is the elasticity; its interval is Student's. Nobody drew
    lots over who does what, so this is what goes along, and no proof of a cause. UsageError where
    the series differ in length.

    >>> did = [10.0, 12, 9, 14, 11, 16, 10, 13, 9, 15, 12, 17, 11, 14]
    >>> delivered = [40.0, 41, 44, 40, 47, 42, 40, 46, 43, 40, 45, 41, 44, 42]
    >>> twice = [None, *(a + b for a, b in zip(did, did[1:]))]
    >>> round(in_history(twice, did, delivered).influence.elasticity, 6)
    1.0
    """
    if len({len(figure), len(did), len(delivered)}) > 1:
        raise UsageError("Series differ in length.", remedy="Give None where a value is unknown.")
    values, *levers = (_numbers(each) for each in (figure, did, delivered))
    mine, theirs = ((each[1:] + each[:-1]) / 2 for each in levers)
    values = values[1:]
    known = np.isfinite(values) & np.isfinite(mine) & np.isfinite(theirs)
    steps = [np.diff(each)[known[1:] & known[:-1]] for each in (values, mine, theirs)]
    if known.sum() < FEWEST_MONTHS or len(steps[0]) < FEWEST_MONTHS - 1:
        return Response(None, "few_months")
    if np.ptp(steps[0]) == 0 or np.ptp(steps[1]) == 0:
        return Response(None, "never_moved")
    if _explained(steps[1], steps[2]) >= APART:
        return Response(None, "not_apart")
    scale = _scale(values[known], mine[known])
    if scale is None:
        return Response(None, "near_zero")
    slope, error = _slope(*steps)
    least, most = sorted(float((slope + sign * error) * scale) for sign in (-1, 1))
    return Response(Influence(float(slope * scale), least, most), None, *_shares(*steps))


def by_rows(own: Series, whole: Series) -> Response:
    """What 1 % more of all that passes through somebody's hands moves a figure by: their share.

    The sum of ``own`` by that of ``whole`` over months in which both are known; the interval is
    that of the jackknife, a month left out at a time. It may be above 1: 1 % more contribution is
    more than 1 % more profit.

    >>> found = by_rows([1.0, 2.0, 1.0, 2.0, 1.0, 2.0], [10.0] * 6).influence
    >>> round(found.elasticity, 2), round(found.least, 2), round(found.most, 2)
    (0.15, 0.09, 0.21)
    """
    parts, wholes = _numbers(own), _numbers(whole)
    known = np.isfinite(parts) & np.isfinite(wholes)
    parts, wholes = parts[known], wholes[known]
    months = len(parts)
    if months < FEWEST_SHARES:
        return Response(None, "few_months")
    left = wholes.sum() - wholes
    if wholes.sum() <= 0 or (left <= 0).any():
        return Response(None, "near_zero")
    share = parts.sum() / wholes.sum()
    without = (parts.sum() - parts) / left
    spread = sqrt((months - 1) / months * ((without - without.mean()) ** 2).sum())
    wide = spread * float(stdtrit(months - 1, (1 + LEVEL) / 2))
    return Response(Influence(float(share), float(share - wide), float(share + wide)))


def _numbers(series: Series) -> np.ndarray:
    return np.array([np.nan if each is None else each for each in series], dtype=np.float64)


def _scale(values: np.ndarray, did: np.ndarray) -> float | None:
    """What makes an elasticity of a slope; None where the figure's mean can't be told from 0."""
    wide = stdtrit(len(values) - 1, (1 + LEVEL) / 2) * values.std(ddof=1) / sqrt(len(values))
    mean = float(values.mean())
    return None if abs(mean) <= wide else float(did.mean()) / mean


def _slope(figure: np.ndarray, did: np.ndarray, delivered: np.ndarray) -> tuple[float, float]:
    """The slope on what was done, and how wide its interval is to either side."""
    given = _with_constant(did, delivered)
    found, _, rank, _ = np.linalg.lstsq(given, figure, rcond=None)
    free = len(figure) - int(rank)
    rest = figure - given @ found
    variance = float(rest @ rest) / free * np.linalg.pinv(given.T @ given)[1, 1]
    return float(found[1]), float(stdtrit(free, (1 + LEVEL) / 2)) * sqrt(max(variance, 0.0))


def _shares(figure: np.ndarray, did: np.ndarray, delivered: np.ndarray) -> tuple[float, float]:
    """The explained variance of the two, what they explain together halved (Shapley)."""
    mine, theirs = _explained(figure, did), _explained(figure, delivered)
    both = _explained(figure, did, delivered)
    return (mine + both - theirs) / 2, (theirs + both - mine) / 2


def _explained(figure: np.ndarray, *by: np.ndarray) -> float:
    given = _with_constant(*by)
    found, *_ = np.linalg.lstsq(given, figure, rcond=None)
    rest = figure - given @ found
    whole = figure - figure.mean()
    return min(max(1 - float(rest @ rest) / float(whole @ whole), 0.0), 1.0)


def _with_constant(*columns: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(columns[0])), *columns])
