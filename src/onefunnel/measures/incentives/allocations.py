"""The three allocations and their values, of every row of the draws; what is unknown is None."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.allocation import (
    contribution,
    payroll,
    value_of_hour,
    worked_best,
    worked_plan,
    worked_unlimited,
)
from onefunnel.measures.incentives.response import Staff, team_pay, team_response
from onefunnel.measures.incentives.segments import Draws

GAIN = frozenset({"leads", "win_probability", "contribution_per_win"})
BEST = GAIN | {"hours_per_lead", "hours"}
PAID = frozenset({"win_probability", "pay_per_win"})
PLAN = PAID | {"leads", "hours_per_lead", "hours"}
NEEDS: Mapping[str, frozenset[str]] = {
    "hours": frozenset({"hours"}),
    "leads": frozenset({"leads"}),
    "worked_actual": frozenset({"worked"}),
    "worked_best": BEST,
    "worked_plan": PLAN,
    "v_unlimited": GAIN,
    "v_best": BEST,
    "v_plan": BEST | PLAN,
    "v_actual": (GAIN - {"leads"}) | {"worked"},
    "capacity_cost": BEST,
    "incentive_cost": BEST | PLAN,
    "execution_cost": BEST | PLAN | {"worked"},
    "alignment": BEST | PLAN,
    "value_of_hour": BEST,
    "payroll_plan": PLAN,
    "payroll_best": BEST | PAID,
}
"""The inputs that each figure needs, of every segment."""


@dataclass(frozen=True, slots=True)
class Allocations:
    """Leads worked, of rows x segments: as it was, as the plan pays most, as brings most."""

    actual: Floats
    plan: Floats
    best: Floats
    payroll_plan: Floats
    payroll_best: Floats


def allocations(draws: Draws, staff: Sequence[Staff]) -> Allocations:
    """The allocations of all rows; with ``staff`` by their plans, else by ``pay_per_win``."""
    best = worked_best(draws)
    if not staff:
        plan = worked_plan(draws)
        return Allocations(draws.worked, plan, best, payroll(draws, plan), payroll(draws, best))
    answers = [
        team_response(leads, hours, win, float(limit), staff)
        for leads, hours, win, limit in zip(
            draws.leads, draws.hours_per_lead, draws.win_probability, draws.hours, strict=True
        )
    ]
    at_best = [
        team_pay(worked, win, staff)
        for worked, win in zip(best, draws.win_probability, strict=True)
    ]
    return Allocations(
        draws.worked,
        np.asarray([each.worked for each in answers]),
        best,
        np.asarray([each.pay for each in answers]),
        np.asarray(at_best),
    )


def whole(draws: Draws, found: Allocations) -> dict[str, Floats]:
    """The figures of the whole, one entry per row; those whose inputs are unknown mean nothing."""
    unlimited = contribution(draws, worked_unlimited(draws))
    best, plan = contribution(draws, found.best), contribution(draws, found.plan)
    actual = contribution(draws, found.actual)
    return {
        "hours": draws.hours,
        "leads": draws.leads.sum(axis=1),
        "worked_actual": found.actual.sum(axis=1),
        "worked_plan": found.plan.sum(axis=1),
        "worked_best": found.best.sum(axis=1),
        "v_unlimited": unlimited,
        "v_best": best,
        "v_plan": plan,
        "v_actual": actual,
        "capacity_cost": unlimited - best,
        "incentive_cost": best - plan,
        "execution_cost": plan - actual,
        "alignment": np.divide(plan, best, out=np.full(len(best), np.nan), where=best > 0.0),
        "value_of_hour": value_of_hour(draws),
        "payroll_plan": found.payroll_plan,
        "payroll_best": found.payroll_best,
    }
