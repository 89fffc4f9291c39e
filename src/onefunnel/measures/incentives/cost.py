"""What ignored leads cost, and why: capacity, incentive and execution, with intervals.

V_unlimited - V_actual = (V_unlimited - V_best) capacity + (V_best - V_plan) incentive
+ (V_plan - V_actual) execution. The order is a convention; behind it stand the three allocations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.allocation import worth_of_missing_hours
from onefunnel.measures.incentives.allocations import BEST, NEEDS, Allocations, allocations, whole
from onefunnel.measures.incentives.concordance import dissimilarity, tau_b
from onefunnel.measures.incentives.quantities import Figure, figure, figure_of
from onefunnel.measures.incentives.response import Staff
from onefunnel.measures.incentives.result import Amount, IncentivesRow, amount, columns
from onefunnel.measures.incentives.segments import DRAWS, LIMITS, Draws, Sheet, draw, missing
from onefunnel.vocabulary import Note

STAFF_DRAWS = 200
"""The draws where each needs a program per salesperson."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands beside the sum, as amounts in the sheet's currency; None is unknown.

    ``not_worth_an_hour``: spent on leads that bring less an hour than an hour costs, so should not
    have been handed over. ``hours_worth_adding`` are those of unworked leads that bring more, at
    V_best, and ``worth_of_hours`` what they bring above their cost. ``tau`` and
    ``tau_by_hours`` (pairs weighted by the hours that their leads take) are Kendall's tau-b of both
    rates; ``misplaced`` is the part of the worked hours that lies elsewhere than the contribution
    that all leads could bring.
    """

    not_worth_an_hour: Amount | None = None
    hours_worth_adding: Figure | None = None
    worth_of_hours: Amount | None = None
    tau: Figure | None = None
    tau_by_hours: Figure | None = None
    misplaced: Figure | None = None


@dataclass(frozen=True, slots=True)
class Quarrel:
    """The rows of ``show incentives``, the whole last; what stands beside; and remarks."""

    rows: tuple[IncentivesRow, ...]
    aside: Aside
    notes: tuple[Note, ...]


def quarrel(
    sheet: Sheet,
    *,
    staff: Sequence[Staff] = (),
    hour_cost: float | None = None,
    draws: int | None = None,
    seed: int = 0,
) -> Quarrel:
    """What the quarrel costs, from what is known of the segments.

    Without ``staff`` the plan is linear and ``pay_per_win`` says what it pays; with it, it is
    theirs, and ``pay_per_win`` only gives the rate that is shown. ``hour_cost`` is what an hour of
    a salesperson costs, everything counted in. Intervals come from ``draws`` (1000, or 200 with
    staff) of all that is uncertain. A figure whose inputs are unknown is None, and the note
    ``refused_missing_input`` names the one that is the quickest to give. Raises UsageError where
    the plan of a salesperson has other segments.
    """
    for part in (part for each in staff for part in each.components):
        if len(part.base) != len(sheet.segments):
            raise UsageError(
                f"The component {part.name!r} has {len(part.base)} segments, the sheet "
                f"{len(sheet.segments)}.",
                remedy="Give the credited amount per win of each segment.",
            )
    lacking = [each for each in missing(sheet) if not (staff and each[0] == "pay_per_win")]
    unknown = {name for name, _ in lacking}
    drawn = draw(sheet, draws if draws is not None else STAFF_DRAWS if staff else DRAWS, seed)
    usable = staff if not BEST & unknown else ()
    found = allocations(drawn, usable)
    known = {name for name, needs in NEEDS.items() if not needs & unknown}
    figures = {
        name: figure(column) for name, column in whole(drawn, found).items() if name in known
    }
    rows = [*_segment_rows(sheet, drawn, found, known), _whole_row(figures)]
    aside = _aside(drawn, found, unknown, hour_cost)
    return Quarrel(tuple(rows), aside, tuple(_notes(lacking, hour_cost, sheet, aside)))


def _segment_rows(
    sheet: Sheet, draws: Draws, found: Allocations, known: set[str]
) -> Iterator[IncentivesRow]:
    worked = {
        name: column
        for name, column in (("worked_plan", found.plan), ("worked_best", found.best))
        if name in known
    }
    shown = [name for name in LIMITS if name not in ("worked", "wins")]
    shown += ["pay_per_hour", "contribution_per_hour"]
    by_segment = {name: getattr(draws, name) for name in shown} | worked
    by_segment["worked_actual"] = found.actual
    for place, segment in enumerate(sheet.segments):
        figures = {name: figure(column[:, place]) for name, column in by_segment.items()}
        figures["revenue_per_win"] = figure_of(segment.revenue_per_win)
        values: dict[str, Any] = columns(figures)
        yield IncentivesRow(segment.name, **values)


def _whole_row(figures: dict[str, Figure | None]) -> IncentivesRow:
    """Costs are differences of rounded values, so that they add up to the last decimal."""
    values: dict[str, Any] = columns(figures)
    for cost, more, less in (
        ("capacity_cost", "v_unlimited", "v_best"),
        ("incentive_cost", "v_best", "v_plan"),
        ("execution_cost", "v_plan", "v_actual"),
    ):
        if cost in values:
            values[cost] = values[more] - values[less]
            values[f"{cost}_low"] = min(values[f"{cost}_low"], values[cost])
            values[f"{cost}_high"] = max(values[f"{cost}_high"], values[cost])
    return IncentivesRow(None, **values)


def _aside(draws: Draws, found: Allocations, unknown: set[str], hour_cost: float | None) -> Aside:
    worth: dict[str, Floats] = {}
    figures: dict[str, Floats] = {}
    if hour_cost is not None and not (BEST - {"hours", "leads"}) & unknown:
        worth["not_worth_an_hour"] = _spent_below(draws, hour_cost)
    if hour_cost is not None and not BEST & unknown:
        hours, above = worth_of_missing_hours(draws, found.best, hour_cost)
        worth["worth_of_hours"], figures["hours_worth_adding"] = above, hours
    rho, kappa = draws.pay_per_hour, draws.contribution_per_hour
    figures["tau"] = tau_b(rho, kappa, np.ones_like(rho))
    figures["tau_by_hours"] = tau_b(rho, kappa, draws.need)
    figures["misplaced"] = dissimilarity(
        found.actual * draws.hours_per_lead, draws.leads * np.maximum(draws.gain, 0.0)
    )
    values: dict[str, Any] = {name: figure(column) for name, column in figures.items()}
    values |= {name: amount(figure(column)) for name, column in worth.items()}
    return Aside(**values)


def _spent_below(draws: Draws, hour_cost: float) -> Floats:
    """Spent on segments below the cost of an hour; NaN where one that may be has no known spend."""
    poor = draws.contribution_per_hour < hour_cost
    spent = np.where(poor, draws.spend, 0.0).sum(axis=1)
    return np.full_like(spent, np.nan) if np.isnan(spent).any() else spent


def _notes(
    lacking: list[tuple[str, str | None]], hour_cost: float | None, sheet: Sheet, aside: Aside
) -> Iterator[Note]:
    if lacking:
        name, segment = lacking[0]
        of = f" of the segment {segment!r}" if segment is not None else ""
        refused = sorted(figure for figure, needs in NEEDS.items() if name in needs)
        yield Note(
            "refused_missing_input",
            f"{name}{of} is unknown: type a range for it, or give the records that show it.",
            {
                "input": name,
                "segment": segment or "",
                "others": len(lacking) - 1,
                "figures": ", ".join(refused),
            },
        )
    if hour_cost is None:
        yield Note(
            "refused_hour_cost",
            "What leads below the cost of an hour took, and what more hours are worth, needs it.",
        )
    elif aside.not_worth_an_hour is None:
        without = ", ".join(each.name for each in sheet.segments if each.spend is None)
        yield Note(
            "refused_spend",
            f"What was spent on leads not worth an hour is unknown; without spend: {without}.",
            {"segments": without},
        )
