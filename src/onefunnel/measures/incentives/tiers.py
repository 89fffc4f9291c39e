"""The mixed-integer program of a best response, and how ties in it are broken.

Of all leads of segment s the part u_s is worked. Component c is credited with
B_c = credited_c + sum of u_s credit_cs, which lies in one of its tiers k: z_ck is 1 there, y_ck is
B_c there, and both are 0 elsewhere. Amounts are scaled to about 1, as the solver's tolerances are
absolute.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from onefunnel.errors import SystemFailed
from onefunnel.funnel.incidence import Floats

NEAR = 1e-9


@dataclass(frozen=True)
class Problem:
    """What can be worked and what it pays.

    ``need`` hours of all leads by segment, ``hours`` there are; ``credit`` of all leads by
    component and segment, ``credited`` before by component; of each component's tiers the
    ``starts``, ``rates``, and what is ``paid`` at the start.
    """

    need: Floats
    hours: float
    credit: Floats
    credited: Floats
    starts: tuple[tuple[float, ...], ...]
    rates: tuple[tuple[float, ...], ...]
    paid: tuple[tuple[float, ...], ...]

    @cached_property
    def lowest(self) -> Floats:
        """The least that each component can be credited with."""
        return np.asarray(self.credited + np.minimum(self.credit, 0.0).sum(axis=1))

    @cached_property
    def highest(self) -> Floats:
        """The most that each component can be credited with."""
        return np.asarray(self.credited + np.maximum(self.credit, 0.0).sum(axis=1))

    @cached_property
    def scale(self) -> Floats:
        """What the amounts of each component are divided by."""
        return np.maximum(np.maximum(np.abs(self.lowest), np.abs(self.highest)), 1e-300)

    @cached_property
    def unit(self) -> float:
        """What pay is divided by: about the most there is."""
        ends = [
            abs(pay) + abs(rate) * scale
            for pays, rates, scale in zip(self.paid, self.rates, self.scale, strict=True)
            for pay, rate in zip(pays, rates, strict=True)
        ]
        return float(max([*ends, 1e-300]))

    @cached_property
    def regions(self) -> list[tuple[int, int, float, float]]:
        """The tiers that can be reached: component, tier, and the amounts between which it lies."""
        found = []
        for part, starts in enumerate(self.starts):
            low, high = float(self.lowest[part]), float(self.highest[part])
            begins = [min(starts[0], low), *starts[1:]]
            ends = [*starts[1:], max(high, starts[-1])]
            found += [
                (part, tier, begin, end)
                for tier, (begin, end) in enumerate(zip(begins, ends, strict=True))
                if begin <= high and end >= low
            ]
        return found

    @cached_property
    def hour_row(self) -> Floats:
        """The part of the hours that each segment's leads take; hours are 1 of them."""
        return self.need / self.hours if self.hours > 0.0 else np.where(self.need > 0.0, 1.0, 0.0)

    @property
    def hour_limit(self) -> float:
        """The hours, in parts of themselves."""
        return 1.0 if self.hours > 0.0 else 0.0


def respond(problem: Problem) -> tuple[Floats, float]:
    """The part of each segment's leads that pays most, and the pay of all that is credited then."""
    chosen = _regions_chosen(problem)
    rows, limits = _region_rows(problem, chosen)
    slope = np.zeros(len(problem.need))
    fixed = 0.0
    for part, tier, _, _ in chosen:
        rate = problem.rates[part][tier]
        slope += rate * problem.credit[part]
        fixed += problem.paid[part][tier]
        fixed += rate * (problem.credited[part] - problem.starts[part][tier])
    most = _program(-slope / problem.unit, rows, limits)
    rows = np.vstack([rows, -slope / problem.unit])
    parts = _evenly(rows, np.append(limits, most.fun + NEAR))
    return parts, float(fixed + slope @ parts)


def _regions_chosen(problem: Problem) -> list[tuple[int, int, float, float]]:
    """In which tier of each component pay is highest."""
    size, count = len(problem.need), len(problem.regions)
    pay, balance, one, inside = _table(problem)
    hours = np.concatenate([problem.hour_row, np.zeros(2 * count)])
    before = problem.credited / problem.scale
    free = np.concatenate([np.zeros(size), np.full(count, -np.inf), np.zeros(count)])
    most = np.concatenate([np.ones(size), np.full(count, np.inf), np.ones(count)])
    found = milp(
        pay,
        integrality=np.concatenate([np.zeros(size + count), np.ones(count)]),
        bounds=Bounds(free, most),
        constraints=[
            LinearConstraint(hours[None, :], -np.inf, problem.hour_limit),
            LinearConstraint(balance, -before, -before),
            LinearConstraint(one, 1.0, 1.0),
            LinearConstraint(inside, 0.0, np.inf),
        ],
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise SystemFailed(f"The best response was not found: {found.message}")
    chosen = found.x[size + count :] > 0.5
    return [each for each, is_in in zip(problem.regions, chosen, strict=True) if is_in]


def _table(problem: Problem) -> tuple[Floats, Floats, Floats, Floats]:
    """The columns u, y, z: what they pay (negative), and the rows that tie them together.

    ``balance`` is the credited amount less y, by component; ``one`` counts a component's z;
    ``inside`` holds y between the ends of its tier.
    """
    size, count = len(problem.need), len(problem.regions)
    pay = np.zeros(size + 2 * count)
    balance, one = np.zeros((2, len(problem.starts), size + 2 * count))
    inside = np.zeros((2 * count, size + 2 * count))
    balance[:, :size] = problem.credit / problem.scale[:, None]
    for place, (part, tier, begin, end) in enumerate(problem.regions):
        amount, is_in, scale = size + place, size + count + place, problem.scale[part]
        rate, start = problem.rates[part][tier], problem.starts[part][tier]
        pay[amount] = -rate * scale / problem.unit
        pay[is_in] = -(problem.paid[part][tier] - rate * start) / problem.unit
        balance[part, amount], one[part, is_in] = -1.0, 1.0
        inside[2 * place, [amount, is_in]] = 1.0, -begin / scale
        inside[2 * place + 1, [amount, is_in]] = -1.0, end / scale
    return pay, balance, one, inside


def _region_rows(
    problem: Problem, chosen: list[tuple[int, int, float, float]]
) -> tuple[Floats, Floats]:
    """The hours, and the amounts within the chosen tiers, as rows @ parts <= limits."""
    rows, limits = [problem.hour_row], [problem.hour_limit]
    for part, _, begin, end in chosen:
        row, credited = problem.credit[part] / problem.scale[part], problem.credited[part]
        rows += [-row, row]
        limits += [(credited - begin) / problem.scale[part], (end - credited) / problem.scale[part]]
    return np.asarray(rows), np.asarray(limits)


def _evenly(rows: Floats, limits: Floats) -> Floats:
    """Of the parts within the limits, those whose smallest is largest, then the second, and so on.

    In each round the smallest part that is not yet settled is raised as far as it goes; those that
    hold it back, by their dual values, are settled there.
    """
    size = rows.shape[1]
    settled: npt.NDArray[np.bool_] = np.zeros(size, bool)
    parts = np.zeros(size)
    cost = np.append(np.zeros(size), -1.0)
    while not settled.all():
        above = np.hstack([-np.eye(size), np.where(settled, 0.0, 1.0)[:, None]])
        found = _program(
            cost,
            np.vstack([np.hstack([rows, np.zeros((len(rows), 1))]), above]),
            np.concatenate([limits, np.where(settled, NEAR - parts, 0.0)]),
        )
        level = float(found.x[-1])
        held = ~settled & (found.ineqlin.marginals[len(rows) :] < -NEAR)
        held = held if held.any() and level < 1.0 - NEAR else ~settled
        parts, settled = np.where(held, level, parts), settled | held
    return np.asarray(np.clip(found.x[:size], 0.0, 1.0))


def _program(cost: Floats, rows: Floats, limits: Floats) -> OptimizeResult:
    """The linear program of parts from 0 to 1."""
    found = linprog(cost, A_ub=rows, b_ub=limits, bounds=(0.0, 1.0), method="highs")
    if found.x is None:
        raise SystemFailed(f"The best response was not found: {found.message}")
    return found
