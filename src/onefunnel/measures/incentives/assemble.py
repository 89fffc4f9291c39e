"""The answer of the measure ``incentives``: the comparison of what the ledger and people say."""

from dataclasses import replace
from typing import Any

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.notes import note as funnel_note
from onefunnel.funnel.rules import Rules
from onefunnel.measures.incentives.cost import STAFF_DRAWS, Aside, quarrel
from onefunnel.measures.incentives.notes import note
from onefunnel.measures.incentives.plans import in_force
from onefunnel.measures.incentives.quantities import Figure
from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.measures.incentives.records import Records, records_of
from onefunnel.measures.incentives.result import Amount, IncentivesRow
from onefunnel.measures.incentives.segments import DRAWS, Draws, draw
from onefunnel.measures.incentives.selection import bounds
from onefunnel.measures.incentives.sheet import Filled, fill
from onefunnel.vocabulary import Note, Question

FEWEST_STAFF_DRAWS = 40

Answered = tuple[tuple[IncentivesRow, ...], tuple[Note, ...]]


def assemble(collected: Collected, rules: Rules, question: Question) -> Answered:
    """A row per segment with leads in the period, unknown last, and one for the whole.

    Raises InputError where ``incentives.toml`` or a plan file can't be read.
    """
    plans, ranges = in_force(question), ranges_of(question.terms)
    records = records_of(collected, plans.products, plans.stretches)
    before = _before(records)
    if not records.segments:
        empty = IncentivesRow(None, leads=0.0, worked_actual=0.0)
        return (empty,), (*before, note("refused_no_leads"))
    filled = fill(records, ranges, plans, question)
    found = quarrel(
        filled.sheet, staff=filled.staff, hour_cost=ranges.hour_cost, draws=_draws(filled)
    )
    *segments, whole = found.rows
    rows = (*segments, with_aside(whole, found.aside))
    selected = _selected(records, question)
    return rows, (*before, *filled.notes, *found.notes, *selected)


def sheet_of(collected: Collected, question: Question) -> Filled | None:
    """The inputs of the comparison: for the designer, the alarm and the planner of a trial.

    None where no lead came in the period.
    """
    plans = in_force(question)
    records = records_of(collected, plans.products, plans.stretches)
    if not records.segments:
        return None
    return fill(records, ranges_of(question.terms), plans, question)


def drawn_of(filled: Filled) -> Draws:
    """The draws that the comparison of these inputs rests on."""
    return draw(filled.sheet, _draws(filled) or DRAWS)


def with_aside(whole: IncentivesRow, aside: Aside) -> IncentivesRow:
    """The row of the whole with what stands beside the sum."""
    values: dict[str, Any] = {}
    for name in Aside.__slots__:
        found: Figure | Amount | None = getattr(aside, name)
        if found is not None:
            values |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return replace(whole, **values)


def _draws(filled: Filled) -> int | None:
    """Fewer draws where each needs more programs."""
    kinds = len(filled.staff)
    return max(FEWEST_STAFF_DRAWS, STAFF_DRAWS // kinds) if kinds else None


def _before(records: Records) -> list[Note]:
    if not records.undated:
        return []
    return [funnel_note("rows_without_instant", table="lead", rows=records.undated)]


def _selected(records: Records, question: Question) -> list[Note]:
    """What the records say of the leads that were left, where both kinds are there."""
    strata = [each.stratum(question.horizon_days) for each in records.segments]
    found = bounds(strata, work_never_hurts=True, better_were_picked=True)
    if found is None or not any(each.worked for each in strata):
        return []
    return [note("chance_of_worked", low=found.low, high=found.high)]
