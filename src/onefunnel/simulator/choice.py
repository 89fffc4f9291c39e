"""Which leads salespeople work: hours are scarce, and the plan has a say.

Methods: the fractional knapsack by contribution per hour gives V*, the salesperson's best answer by
pay per hour V_plan, what is done V_act, and no limit of hours V_inf. The loss divides into
(V_inf - V*) capacity + (V* - V_plan) incentive + (V_plan - V_act) execution.
"""

from dataclasses import dataclass

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.simulator.delays import Flags, Floats, Integers
from onefunnel.simulator.prices import prospects
from onefunnel.simulator.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Rates:
    """Per segment, in its order: hours a lead, contribution and pay a lead, in euro."""

    hours: Floats
    contribution: Floats
    pay: Floats

    @property
    def pay_per_hour(self) -> Floats:
        """The salesperson's rate, rho."""
        return self.pay / self.hours

    @property
    def contribution_per_hour(self) -> Floats:
        """The company's rate, kappa."""
        return self.contribution / self.hours


def rates(scenario: Scenario) -> Rates:
    """What working a lead takes and brings, as expected before anything is known of it.

    Discounts, and leads that can't buy, are counted in. Raises UsageError where a segment would be
    sold at a loss: then it would have no rate to choose by.
    """
    able, given = 1.0 - scenario.conflicts.junk, prospects(scenario)
    hours = np.asarray([each.hours for each in scenario.segments])
    for segment, contribution in zip(scenario.segments, given.contribution, strict=True):
        if contribution <= 0.0:
            raise UsageError(
                f"The segment {segment.name!r} brings {contribution:.2f} euro a worked lead.",
                remedy="Lower the discounts, or raise its margin.",
            )
    # Pay is linear in the price and in the contribution, so that of the means is the mean.
    brought = zip(given.revenue, given.contribution, strict=True)
    pay = np.asarray([scenario.plan.pay(revenue, margin) for revenue, margin in brought])
    return Rates(hours, able * given.contribution, able * pay)


def utilities(scenario: Scenario, segment: Integers, uniforms: Floats) -> Floats:
    """How much each lead attracts: u = s ln(rho) + (1 - s) ln(kappa) + noise * Gumbel.

    With noise the next lead is chosen by a multinomial logit among those that wait (Luce 1959;
    McFadden 1974), with none by the largest utility.
    """
    conflicts, given = scenario.conflicts, rates(scenario)
    by_segment = conflicts.pull * np.log(given.pay_per_hour)
    by_segment = by_segment + (1.0 - conflicts.pull) * np.log(given.contribution_per_hour)
    gumbel = -np.log(-np.log(np.clip(uniforms, 1e-300, 1.0 - 1e-16)))
    return np.asarray(by_segment[segment] + conflicts.noise * gumbel, dtype=np.float64)


def before_each(month: Integers, utility: Floats, hours: Floats) -> Floats:
    """The hours that the leads before each one take, in its month, by falling utility.

    Ties go by the position: those who came first.
    """
    order = np.lexsort((np.arange(len(month)), -utility, month))
    taken = np.cumsum(hours[order]) - hours[order]
    starts = np.flatnonzero(np.diff(month[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    within = taken - np.repeat(taken[starts], sizes)
    result = np.empty(len(month))
    result[order] = within
    return result


def worked(before: Floats, hours: Floats, limit: Floats) -> Flags:
    """The leads that fit whole into the hours of their month."""
    return np.asarray(before + hours <= limit + 1e-9)


def shares(before: Floats, hours: Floats, limit: Floats) -> Floats:
    """The part of each lead that fits: the fractional knapsack.

    >>> shares(np.array([0.0, 3.0]), np.array([3.0, 4.0]), np.array([5.0, 5.0]))
    array([1. , 0.5])
    """
    return np.asarray(np.clip((limit - before) / hours, 0.0, 1.0))
