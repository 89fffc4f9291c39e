"""A logit with an effect per group, held in by a ridge, and errors clustered by group."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from onefunnel.errors import SystemFailed
from onefunnel.funnel.incidence import Floats

STEPS = 100
CONVERGED = 1e-10
GROUP_RIDGE = 1.0
"""The effects of groups are drawn to their mean as if normal with a standard deviation of 1."""


@dataclass(frozen=True)
class Fitted:
    """Coefficients and their covariance, by columns; ``groups`` has the effects of the groups."""

    coefficients: Floats
    covariance: Floats
    groups: Floats


def fit(
    outcome: Floats,
    columns: Floats,
    group: npt.NDArray[np.int64],
    ridge: Floats,
    *,
    weight: Floats | None = None,
    clustered: bool = True,
) -> Fitted:
    """The maximum of the penalised likelihood, by Newton's method with halved steps.

    ``outcome`` is 0 or 1 per case, ``columns`` are cases x columns, ``group`` counts from 0,
    ``ridge`` is the weight of half of each squared coefficient; ``weight`` says how many equal
    cases each stands for, one by default. The covariance is the sandwich of Liang and Zeger 1986,
    Biometrika 73:13, with groups as clusters, times G / (G - 1); with ``clustered`` False each case
    is a cluster of its own. Raises SystemFailed where it does not converge.
    """
    counted = np.ones(len(outcome)) if weight is None else weight
    case = _Case(outcome, columns, group, ridge, int(group.max()) + 1, counted)
    found = _maximum(case)
    b, a = found[: columns.shape[1]], found[columns.shape[1] :]
    residual = outcome - expit(columns @ b + a[group])
    bread, pull = _bread(case, b, a)
    scores = (columns - pull[group]) * residual[:, None]
    size, squares = float(counted.sum()), scores.T @ (scores * counted[:, None])
    if clustered:
        sums = np.zeros((case.groups, columns.shape[1]))
        np.add.at(sums, group, scores * counted[:, None])
        size, squares = float(case.groups), sums.T @ sums
    inverse = np.linalg.inv(bread)
    covariance = inverse @ squares @ inverse * (size / (size - 1))
    return Fitted(b, covariance, a)


@dataclass(frozen=True)
class _Case:
    outcome: Floats
    columns: Floats
    group: npt.NDArray[np.int64]
    ridge: Floats
    groups: int
    counted: Floats

    def by_group(self, values: Floats) -> Floats:
        return np.bincount(self.group, values, self.groups).astype(np.float64)

    def value(self, b: Floats, a: Floats) -> float:
        linear = self.columns @ b + a[self.group]
        likelihood = self.counted @ (self.outcome * linear - np.logaddexp(0.0, linear))
        return float(likelihood - 0.5 * (self.ridge @ b**2 + GROUP_RIDGE * a @ a))


def _bread(case: _Case, b: Floats, a: Floats) -> tuple[Floats, Floats]:
    """The information on the coefficients with the groups' effects taken out, and what took them.

    The second is the weighted mean of the columns in each group, drawn to 0 by the ridge.
    """
    chance = expit(case.columns @ b + a[case.group])
    weight = case.counted * chance * (1.0 - chance)
    weighted = case.columns * weight[:, None]
    cross = np.stack([case.by_group(column) for column in weighted.T], axis=1)
    pull = cross / (case.by_group(weight) + GROUP_RIDGE)[:, None]
    return case.columns.T @ weighted + np.diag(case.ridge) - cross.T @ pull, pull


def _maximum(case: _Case) -> Floats:
    size = case.columns.shape[1]
    b, a = np.zeros(size), np.zeros(case.groups)
    for _ in range(STEPS):
        chance = expit(case.columns @ b + a[case.group])
        residual = case.counted * (case.outcome - chance)
        slope = case.columns.T @ residual - case.ridge * b
        group_slope = case.by_group(residual) - GROUP_RIDGE * a
        bread, pull = _bread(case, b, a)
        step = np.linalg.solve(bread, slope - pull.T @ group_slope)
        weight = case.by_group(case.counted * chance * (1.0 - chance)) + GROUP_RIDGE
        group_step = group_slope / weight - pull @ step
        before, part = case.value(b, a), 1.0
        while case.value(b + part * step, a + part * group_step) < before - 1e-9 and part > 1e-6:
            part /= 2.0
        b, a = b + part * step, a + part * group_step
        if max(np.abs(step).max(), np.abs(group_step).max()) < CONVERGED:
            return np.concatenate([b, a])
    raise SystemFailed("The logit did not converge.", remedy="Look for columns without variation.")
