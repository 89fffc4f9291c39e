"""Shapley attribution: what each factor adds, averaged over all orders in which they can change.

The average needs no walk through the k! orders: a change of factor i comes after the set T of
others in |T|! (k - |T| - 1)! of them, so 2^k values are enough.
"""

from collections.abc import Callable
from fractions import Fraction
from math import factorial

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.measures.bridge.factors import Figures

MOST_FACTORS = 16
"""More would take more than 65,536 values."""


def of_product(before: Figures, after: Figures) -> Figures:
    """What each factor adds to the change of the product; shapes are (k, ...), as given.

    Negative values and zeros are as good as others. Exact, and with a sum that is exactly the
    change, where the arrays hold Fractions.

    >>> of_product(np.array([10.0, 2.0]), np.array([20.0, 3.0]))
    array([25., 15.])
    """
    values = np.ones_like(before[:1])
    for old, new in zip(before, after, strict=True):
        values = np.concatenate([values * old, values * new])
    return of_subsets(values)


def of_function(value: Callable[[frozenset[int]], Fraction], factors: int) -> list[Fraction]:
    """The same for any function of the set of factors that have changed.

    >>> of_function(lambda changed: Fraction(6 * (len(changed) == 2)), 2)
    [Fraction(3, 1), Fraction(3, 1)]
    """
    _check(factors)
    subsets = range(2**factors)
    members = [frozenset(i for i in range(factors) if subset >> i & 1) for subset in subsets]
    values = np.array([value(each) for each in members], dtype=object)
    return [Fraction(part) for part in of_subsets(values)]


def of_subsets(values: Figures) -> Figures:
    """What each factor adds, from the value of each subset of changed factors.

    ``values`` has 2^k entries on its first axis: bit i of the place says whether factor i has
    changed. Gives (k, ...). Raises UsageError where their number is no power of two, or k is
    above 16.
    """
    factors = len(values).bit_length() - 1
    if len(values) != 2**factors:
        raise UsageError(
            f"{len(values)} values are not those of all subsets.", remedy="Give one per subset."
        )
    _check(factors)
    exact = values.dtype == np.dtype(object)
    weights = _weights(factors)
    return np.tensordot(weights if exact else weights.astype(np.float64), values, 1)


def _weights(factors: int) -> Figures:
    """Per factor and subset, the weight of the subset's value in what the factor adds."""
    orders = factorial(factors)
    share = [
        Fraction(factorial(size) * factorial(factors - size - 1), orders) for size in range(factors)
    ]
    weights = np.empty((factors, 2**factors), dtype=object)
    for factor, subset in np.ndindex(weights.shape):
        size = subset.bit_count()
        weights[factor, subset] = share[size - 1] if subset >> factor & 1 else -share[size]
    return weights


def _check(factors: int) -> None:
    if factors > MOST_FACTORS:
        raise UsageError(f"{factors} factors are too many.", remedy=f"Give at most {MOST_FACTORS}.")
