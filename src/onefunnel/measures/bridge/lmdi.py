"""LMDI-I, additive: what each factor adds to a change, by logarithmic means.

A factor x of a product V adds L(V1, V0) ln(x1 / x0), where L(a, b) = (a - b) / (ln a - ln b)
(Ang 2004, Energy Policy 32:1131-1139). Zeros take their analytical limits (Wood and Lenzen 2006,
Energy Policy 34:1326-1331; Ang and Liu 2007, Energy Policy, 238-246), no small number stands in.
"""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onefunnel.measures.bridge.factors import Figures

DIGITS = 60
PLACES = Decimal("1e-30")
_ROUNDED = np.frompyfunc(lambda part: Decimal(part).quantize(PLACES), 1, 1)
_LN = np.frompyfunc(lambda ratio: Decimal(ratio).ln(), 1, 1)


def of_product(before: Figures, after: Figures) -> tuple[Figures, NDArray[np.bool_]]:
    """What each factor adds, (k, ...), and for which of the rest the method is undefined, (...).

    It is undefined where a factor changes its sign while the product is zero in neither period, as
    when profit turns into loss; parts are zero there. Fractions are worked out to 60 digits.

    The limits: where a product is zero in one period, the factors that are zero then share the
    whole change equally, and the others add nothing; where it is zero in both, none adds anything.

    >>> parts, undefined = of_product(np.array([10.0, 2.0]), np.array([20.0, 3.0]))
    >>> parts.round(4), bool(undefined)
    (array([25.2372, 14.7628]), False)
    """
    if before.dtype != np.dtype(object):
        return _parts(before, after, np.log, 1e-5)
    with localcontext() as context:
        context.prec = DIGITS
        old, new = (_decimals(each) for each in (before, after))
        parts, undefined = _parts(old, new, _LN, Decimal("1e-25"))
        return _ROUNDED(parts), undefined


def _parts(
    before: Figures, after: Figures, ln: np.ufunc, nearly: Any
) -> tuple[Figures, NDArray[np.bool_]]:
    old, new = before.prod(axis=0), after.prod(axis=0)
    moving = np.asarray((old != 0) & (new != 0))
    ratios = np.divide(after, before, out=np.ones_like(after), where=moving & (before != 0))
    undefined = np.asarray((ratios < 0).any(axis=0))
    logs = ln(np.where(undefined, np.ones_like(ratios), ratios))
    parts = logs * _log_mean(np.asarray(old), np.asarray(new), logs.sum(axis=0), nearly)
    defined = moving & ~undefined
    return np.where(defined, parts, _limits(before, after, new - old, moving)), undefined


def _log_mean(old: Figures, new: Figures, moved: Figures, nearly: Any) -> Figures:
    """L(new, old), where ``moved`` = ln new - ln old; the mean of the two where it is tiny.

    The error of the mean is one part in 12 / moved^2.
    """
    tiny = np.asarray(abs(moved) < nearly)
    middle = np.asarray((old + new) / 2)
    found: Figures = np.divide(new - old, moved, out=middle, where=~tiny)
    return found


def _limits(before: Figures, after: Figures, change: Figures, moving: NDArray[np.bool_]) -> Figures:
    zero = (before == 0) ^ (after == 0)
    several = np.maximum(zero.sum(axis=0), 1)
    shared = np.where(moving, change * 0, change)
    return np.where(zero, shared / several, change * 0)


def _decimals(values: Figures) -> Figures:
    rounded = np.empty(values.shape, dtype=object)
    for at, value in np.ndenumerate(values):
        exact = Fraction(value)
        rounded[at] = Decimal(exact.numerator) / Decimal(exact.denominator)
    return rounded
