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
    Of a segment: ``hours_per_lead``, ``win_probability`` of a worked lead, ``revenue_per_win``,
    ``contribution_per_win`` and ``pay_per_win``, and per hour of work ``pay_per_hour`` (rho) and
    ``contribution_per_hour`` (kappa).

    Of the whole: the ``hours`` there are; the contribution that working leads adds where hours are
    free (``v_unlimited``), at their best use (``v_best``), by the plan (``v_plan``) and as it was
    (``v_actual``); ``capacity_cost`` = v_unlimited - v_best, ``incentive_cost`` = v_best - v_plan,
    ``execution_cost`` = v_plan - v_actual, which may be negative; ``alignment`` = v_plan / v_best,
    None where that is not above zero; ``value_of_hour``, what one more would bring; and what the
    plan pays for its own and for the best allocation. The order of the three costs is a convention:
    in another order they would be others with the same sum.

    Beside it, of a segment ``win_unworked``, the chance of a lead that is left, and ``spend`` in
    the period; of the whole ``not_worth_an_hour``, spent on leads that bring less an hour than it
    costs; ``hours_worth_adding`` to the best use and ``worth_of_hours``, what they bring above
    their cost; ``tau`` and ``tau_by_hours``, Kendall's tau-b of both rates per hour, by pairs and
    by the hours of pairs; ``misplaced``, the share of the worked hours that lies elsewhere than
    what all leads could bring.

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
    revenue_per_win: Decimal | None = None
    revenue_per_win_low: Decimal | None = None
    revenue_per_win_high: Decimal | None = None
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
    win_unworked: float | None = None
    win_unworked_low: float | None = None
    win_unworked_high: float | None = None
    spend: Decimal | None = None
    spend_low: Decimal | None = None
    spend_high: Decimal | None = None
    not_worth_an_hour: Decimal | None = None
    not_worth_an_hour_low: Decimal | None = None
    not_worth_an_hour_high: Decimal | None = None
    hours_worth_adding: float | None = None
    hours_worth_adding_low: float | None = None
    hours_worth_adding_high: float | None = None
    worth_of_hours: Decimal | None = None
    worth_of_hours_low: Decimal | None = None
    worth_of_hours_high: Decimal | None = None
    tau: float | None = None
    tau_low: float | None = None
    tau_high: float | None = None
    tau_by_hours: float | None = None
    tau_by_hours_low: float | None = None
    tau_by_hours_high: float | None = None
    misplaced: float | None = None
    misplaced_low: float | None = None
    misplaced_high: float | None = None

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """None: the rows are by segment always."""
        return {}

    @property
    def not_of_row(self) -> frozenset[str]:
        """The fields that only other rows have: those of segments, or of the whole."""
        return OF_SEGMENTS | {"segment"} if self.segment is None else OF_WHOLE


def _named(*stems: str) -> frozenset[str]:
    return frozenset(stem + end for stem in stems for end in ("", "_low", "_high"))


OF_SEGMENTS = _named(
    "hours_per_lead",
    "win_probability",
    "revenue_per_win",
    "contribution_per_win",
    "pay_per_win",
    "pay_per_hour",
    "contribution_per_hour",
    "win_unworked",
    "spend",
)
OF_WHOLE = frozenset(each.name for each in fields(IncentivesRow)) - {"segment"} - OF_SEGMENTS
OF_WHOLE -= _named("leads", "worked_actual", "worked_plan", "worked_best")

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
