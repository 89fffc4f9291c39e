"""Whether both rates put the segments in the same order, and effort goes where potential is."""

import numpy as np

from onefunnel.funnel.incidence import Floats


def tau_b(first: Floats, second: Floats, weights: Floats) -> Floats:
    """Kendall's tau-b of two rates, one entry per row; NaN where a rate is the same everywhere.

    Arrays are of rows x segments. A pair of segments counts as the product of its weights, such as
    the hours that their leads take; with equal weights it is the ordinary tau-b (Kendall 1945).

    >>> rho, kappa = np.array([[5, 1.8, 3, 4, 2.5]]), np.array([[25.0, 36, 20, 30, 22]])
    >>> [round(float(tau), 10) for tau in tau_b(rho, kappa, np.ones((1, 5)))]
    [-0.2]
    """
    agree, once, again = np.zeros((3, len(first)))
    for place in range(1, first.shape[1]):
        weight = weights[:, :place] * weights[:, place : place + 1]
        one = np.sign(first[:, :place] - first[:, place : place + 1])
        two = np.sign(second[:, :place] - second[:, place : place + 1])
        agree += (weight * one * two).sum(axis=1)
        once += (weight * np.abs(one)).sum(axis=1)
        again += (weight * np.abs(two)).sum(axis=1)
    size = np.sqrt(once * again)
    tau: Floats = np.full(len(first), np.nan)
    np.divide(agree, size, out=tau, where=size > 0.0)
    return tau


def dissimilarity(effort: Floats, potential: Floats) -> Floats:
    """The part of the effort that lies elsewhere than the potential, one entry per row, 0 to 1.

    Half the sum of the absolute differences of the shares. Arrays are of rows x segments, not
    negative; NaN where either is zero in all.

    >>> dissimilarity(np.array([[90.0, 10.0]]), np.array([[55.0, 45.0]])).round(4)
    array([0.35])
    """
    return np.asarray(0.5 * np.abs(shares(effort) - shares(potential)).sum(axis=1))


def shares(amounts: Floats) -> Floats:
    """Each amount as a part of its row's sum; NaN where that is not above zero.

    >>> shares(np.array([[90.0, 10.0]]))
    array([[0.9, 0.1]])
    """
    total = amounts.sum(axis=1, keepdims=True)
    found: Floats = np.full(amounts.shape, np.nan)
    np.divide(amounts, total, out=found, where=total > 0.0)
    return found
