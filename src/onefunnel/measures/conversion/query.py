"""The measure ``conversion``: from any stage to the next one, and from each to purchase."""

from dataclasses import replace

import ibis.expr.types as ir

from onefunnel.errors import UsageError
from onefunnel.funnel.assemble import (
    entered_values,
    left_out_notes,
    population_stages,
    refusal_notes,
    shown_stages,
)
from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import Collected, Values, cohort_of, groups, left_out_of, rows_of
from onefunnel.funnel.estimates import Estimate, Refusal, estimate
from onefunnel.funnel.query import counts, held, population
from onefunnel.funnel.result import ConversionRow
from onefunnel.funnel.rows import Where, cohort_rows, dimension_names, named, stage_of
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.transitions import ADJACENT, TO_PURCHASE, Pair, cohorts, durations
from onefunnel.funnel.truncation import first, first_observed
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.vocabulary import Note, Question

PAIRS = tuple(sorted({*ADJACENT, *TO_PURCHASE}, key=lambda pair: pair.code))
FIGURES = ("conversion", "lost")


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`assemble` needs the answers of."""
    base = Base(facts, rules, question)
    return Lazily(
        {
            "counts": lambda: counts(base),
            "durations": lambda: durations(cohorts(base.dimensioned, PAIRS, question), question.by),
            "first_observed": lambda: first_observed(base.progress),
            "population": lambda: population(base.facts),
            "held": lambda: held(base.facts),
        }
    )


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[ConversionRow, ...], tuple[Note, ...]]:
    """One row per dimension values and pair of stages, in the order of the funnel.

    Adjacent pairs are always there, those to purchase where the first stage has observed entries
    at all. ``at_risk`` counts those the figures rest on: not those left out because their later
    entry is only implied. Nothing is computed into or out of a stage with a population measure.
    """
    cohorts = groups(collected["durations"], (*question.by, "pair"))
    values = entered_values(rows_of(collected["counts"], question.by))
    (firsts,) = collected["first_observed"].to_pylist()
    unmeasured, shown = set(population_stages(collected)), shown_stages(collected, rules)
    pairs = [p for p in PAIRS if p in ADJACENT or firsts[first(p.start)] is not None]
    measured = {p for p in pairs if not {p.start, p.end} & unmeasured}
    rows, refusals = [], dict[Pair, list[Refusal]]()
    for each in values:
        for pair in pairs:
            part = cohorts.get((*each, pair.code))
            cohort = cohort_of(part)
            said = Estimate()
            if pair in measured and pair.end not in shown:
                said = Estimate(refusal=Refusal("no_records", 0))
            elif pair in measured:
                said = estimate(cohort, question.horizon_days, left_out_of(part))
            if said.refusal:
                refusals.setdefault(pair, []).append(said.refusal)
            rows.append(_row(each, pair, cohort.size, said, question))
    notes = [
        *left_out_notes(cohorts, measured),
        *refusal_notes(dict(sorted(refusals.items(), key=_code)), question.horizon_days),
    ]
    return tuple(rows), tuple(notes)


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The cohort behind ``conversion`` (``at_risk`` rows), or those of it that were ``lost``.

    ``where`` names from_stage, to_stage and dimension values; columns as in the measure ``funnel``.
    """
    named(figure, FIGURES, "figure")
    names = dimension_names(where, ("from_stage", "to_stage"))
    pair = Pair(stage_of(where, "from_stage"), stage_of(where, "to_stage"))
    if pair not in PAIRS:
        raise UsageError(
            "There is no conversion between these two stages.",
            remedy="Name a stage and the next one, or a stage and purchase.",
        )
    base = Base(facts, rules, replace(question, by=names))
    return cohort_rows(base, pair, where, figure == "lost")


def _row(
    values: Values, pair: Pair, size: int, said: Estimate, question: Question
) -> ConversionRow:
    return ConversionRow(
        from_stage=pair.start,
        to_stage=pair.end,
        at_risk=size,
        conversion=said.moved,
        conversion_low=said.low,
        conversion_high=said.high,
        lost=said.lost,
        horizon_days=question.horizon_days,
        median_days=said.median_days,
        maturity=said.maturity,
        dimensions=dict(zip(question.by, values, strict=True)),
    )


def _code(item: tuple[Pair, list[Refusal]]) -> int:
    return item[0].code
