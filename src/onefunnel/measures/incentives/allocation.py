"""Where the hours go: by contribution per hour, by pay per hour, without a limit, and as it was.

All arrays are of rows x segments, as in :class:`~onefunnel.measures.incentives.segments.Draws`.
The allocations are fractional knapsacks: hours go to the segments by falling rate until none are
left. **Segments of equal rate share in proportion**: the same part of each one's leads is worked,
because a plan that pays both alike gives no reason to favour either, neither the one that the
company wants nor the other.
"""

import numpy as np
import numpy.typing as npt

from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.segments import Draws

TIE = 1e-9
"""Rates closer than this part of themselves are equal."""


def filled(score: Floats, need: Floats, hours: Floats, able: npt.NDArray[np.bool_]) -> Floats:
    """The part of each segment's need that the hours reach, by falling score, from 0 to 1.

    ``score``, ``need`` and ``able`` are of rows x segments, ``hours`` has one entry per row.
    Segments that are not ``able`` get nothing; equal scores share in proportion to their need; a
    segment without need has a part of 0 or 1 that means nothing.

    >>> filled(np.array([[5.0, 5.0, 1.0]]), np.array([[6.0, 2.0, 9.0]]), np.array([4.0]),
    ...     np.array([[True, True, True]]))
    array([[0.5, 0.5, 0. ]])
    """
    masked = np.where(able, score, -np.inf)
    order = np.argsort(-masked, axis=1, kind="stable")
    falling = np.take_along_axis(masked, order, axis=1)
    start, end = _groups(falling, np.take_along_axis(np.where(able, need, 0.0), order, axis=1))
    left, size = hours[:, None] - start, end - start
    reached = np.divide(left, size, out=(left >= 0.0).astype(np.float64), where=size > 0.0)
    parts = np.empty_like(reached)
    np.put_along_axis(parts, order, np.clip(reached, 0.0, 1.0), axis=1)
    return np.where(able, parts, 0.0)


def _groups(falling: Floats, need: Floats) -> tuple[Floats, Floats]:
    """The hours taken before and with each one's group of equal scores."""
    after = np.cumsum(need, axis=1)
    before = np.concatenate([np.zeros_like(after[:, :1]), after[:, :-1]], axis=1)
    lower = falling[:, 1:] < falling[:, :-1] - TIE * np.abs(falling[:, :-1])
    edge = np.ones((len(falling), 1), bool)
    first, last = np.hstack([edge, lower]), np.hstack([lower, edge])
    start = np.maximum.accumulate(np.where(first, before, 0.0), axis=1)
    ends = np.where(last, after, np.inf)[:, ::-1]
    return start, np.minimum.accumulate(ends, axis=1)[:, ::-1]


def worked_best(draws: Draws) -> Floats:
    """The leads that bring the company most: hours go where contribution per hour is highest.

    Leads that bring nothing, or cost, are left.
    """
    rate = draws.contribution_per_hour
    return draws.leads * filled(rate, draws.need, draws.hours, rate > 0.0)


def worked_plan(draws: Draws) -> Floats:
    """The leads that pay salespeople most, where each win pays the same: the linear plan.

    Hours that are left over go to leads that pay nothing, as hours are there to be worked; never
    to leads that would cost them pay.
    """
    rate = draws.pay_per_hour
    return draws.leads * filled(rate, draws.need, draws.hours, rate >= 0.0)


def worked_unlimited(draws: Draws) -> Floats:
    """The leads that would be worked if hours were free: all that bring anything."""
    return np.where(draws.gain > 0.0, draws.leads, 0.0)


def contribution(draws: Draws, worked: Floats) -> Floats:
    """The contribution that working these leads adds, one entry per row."""
    return np.asarray((worked * draws.gain).sum(axis=1))


def payroll(draws: Draws, worked: Floats) -> Floats:
    """What a linear plan pays for working these leads, one entry per row."""
    return np.asarray((worked * draws.reward).sum(axis=1))


def value_of_hour(draws: Draws) -> Floats:
    """What one more hour brings: the contribution per hour of the leads where hours run out.

    The dual value of the hours in V*; where they end between two segments it is that of the next
    one, and 0 where every lead that brings anything is worked.
    """
    rate = draws.contribution_per_hour
    order = np.argsort(-rate, axis=1, kind="stable")
    falling = np.take_along_axis(rate, order, axis=1)
    after = np.cumsum(np.take_along_axis(draws.need, order, axis=1), axis=1)
    short = after > (draws.hours * (1.0 + TIE))[:, None]
    return np.asarray(np.where(short & (falling > 0.0), falling, 0.0).max(axis=1))


def worth_of_missing_hours(draws: Draws, worked: Floats, cost: float) -> tuple[Floats, Floats]:
    """The hours worth adding at a cost, and what they bring above it, one entry per row each.

    Hours are added only for leads whose contribution per hour is above the cost.
    """
    above = np.maximum(draws.contribution_per_hour - cost, 0.0)
    hours = np.where(above > 0.0, (draws.leads - worked) * draws.hours_per_lead, 0.0)
    return hours.sum(axis=1), (hours * above).sum(axis=1)
