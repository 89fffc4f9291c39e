"""The rows of ``show incentives``: the rates of each segment, and what the quarrel costs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from onefunnel.measures.incentives.quantities import Figure
from onefunnel.vocabulary import round_money


@dataclass(frozen=True, slots=True)
class IncentivesRow:
    """A segment, or with ``segment`` None the whole. None is unknown, or not of this row.

    Of a segment and, summed, of the whole: ``leads``, and of them those worked, ``worked_actual``
    as it was, ``worked_plan`` as pays salespeople most, ``worked_best`` as brings the company most.
    Of a segment: ``hours_per_lead``, ``win_probability`` of a worked lead, ``pay_per_win`` and
    ``contribution_per_win``, and per hour of work ``pay_per_hour`` (rho) and
    ``contribution_per_hour`` (kappa).

    Of the whole: the ``hours`` there are; the contribution that working leads adds where hours are
    free (``v_unlimited``), at their best use (``v_best``), by the plan (``v_plan``) and as it was
    (``v_actual``); ``capacity_cost`` = v_unlimited - v_best, ``incentive_cost`` = v_best - v_plan,
    ``execution_cost`` = v_plan - v_actual, which may be negative; ``alignment`` = v_plan / v_best,
    None where that is not above zero; ``value_of_hour``, what one more would bring; and what the
    plan pays for its own and for the best allocation. The order of the three costs is a convention:
    in another order they would be others with the same sum.

    ``_low`` and ``_high`` are the ends of a 95 % interval, equal to the value where nothing about
    it is uncertain. Amounts have four decimals; the three costs add up to v_unlimited - v_actual
    to the last of them.
    """

    segment: str | None
    leads: float | None = None
    leads_low: float | None = None
    leads_high: float | None = None
    hours_per_lead: float | None = None
    hours_per_lead_low: float | None = None
    hours_per_lead_high: float | None = None
    win_probability: float | None = None
    win_probability_low: float | None = None
    win_probability_high: float | None = None
    contribution_per_win: Decimal | None = None
    contribution_per_win_low: Decimal | None = None
    contribution_per_win_high: Decimal | None = None
    pay_per_win: Decimal | None = None
    pay_per_win_low: Decimal | None = None
    pay_per_win_high: Decimal | None = None
    pay_per_hour: Decimal | None = None
    pay_per_hour_low: Decimal | None = None
    pay_per_hour_high: Decimal | None = None
    contribution_per_hour: Decimal | None = None
    contribution_per_hour_low: Decimal | None = None
    contribution_per_hour_high: Decimal | None = None
    worked_actual: float | None = None
    worked_actual_low: float | None = None
    worked_actual_high: float | None = None
    worked_plan: float | None = None
    worked_plan_low: float | None = None
    worked_plan_high: float | None = None
    worked_best: float | None = None
    worked_best_low: float | None = None
    worked_best_high: float | None = None
    hours: float | None = None
    hours_low: float | None = None
    hours_high: float | None = None
    v_unlimited: Decimal | None = None
    v_unlimited_low: Decimal | None = None
    v_unlimited_high: Decimal | None = None
    v_best: Decimal | None = None
    v_best_low: Decimal | None = None
    v_best_high: Decimal | None = None
    v_plan: Decimal | None = None
    v_plan_low: Decimal | None = None
    v_plan_high: Decimal | None = None
    v_actual: Decimal | None = None
    v_actual_low: Decimal | None = None
    v_actual_high: Decimal | None = None
    capacity_cost: Decimal | None = None
    capacity_cost_low: Decimal | None = None
    capacity_cost_high: Decimal | None = None
    incentive_cost: Decimal | None = None
    incentive_cost_low: Decimal | None = None
    incentive_cost_high: Decimal | None = None
    execution_cost: Decimal | None = None
    execution_cost_low: Decimal | None = None
    execution_cost_high: Decimal | None = None
    alignment: float | None = None
    alignment_low: float | None = None
    alignment_high: float | None = None
    value_of_hour: Decimal | None = None
    value_of_hour_low: Decimal | None = None
    value_of_hour_high: Decimal | None = None
    payroll_plan: Decimal | None = None
    payroll_plan_low: Decimal | None = None
    payroll_plan_high: Decimal | None = None
    payroll_best: Decimal | None = None
    payroll_best_low: Decimal | None = None
    payroll_best_high: Decimal | None = None


MONEY = frozenset(each.name for each in fields(IncentivesRow) if each.type == Decimal | None)


def columns(figures: Mapping[str, Figure | None]) -> dict[str, float | Decimal | None]:
    """The fields of a row, from figures by name; money as decimals with four places.

    >>> columns({"v_plan": Figure(7500.0, 7000.0, 8000.0)})["v_plan_low"]
    Decimal('7000.0000')
    """
    found: dict[str, float | Decimal | None] = {}
    for name, each in figures.items():
        if each is not None:
            for suffix, value in (("", each.value), ("_low", each.low), ("_high", each.high)):
                found[name + suffix] = money(value) if name in MONEY else value
    return found


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money and its 95 % interval, with four decimals."""

    value: Decimal
    low: Decimal
    high: Decimal


def amount(found: Figure | None) -> Amount | None:
    """A figure that is money; None stays unknown.

    >>> amount(Figure(1.0, 0.5, 2.0)).high
    Decimal('2.0000')
    """
    if found is None:
        return None
    return Amount(money(found.value), money(found.low), money(found.high))


def money(amount: float) -> Decimal:
    """An amount with four decimals, rounded half away from zero.

    >>> money(1760.0000000001)
    Decimal('1760.0000')
    """
    # Adding zero takes the sign from a zero.
    return round_money(Decimal(amount)) + 0
