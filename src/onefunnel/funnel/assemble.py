"""The rows and notes of the measure ``funnel``, from the answers of its queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onefunnel.funnel.collected import (
    Collected,
    Values,
    cohort_of,
    groups,
    in_order,
    left_out_of,
    rows_of,
)
from onefunnel.funnel.estimates import Estimate, Refusal, estimate, refusal_params
from onefunnel.funnel.incidence import wilson
from onefunnel.funnel.notes import note
from onefunnel.funnel.result import FunnelRow
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.told import remark_notes, truncation_notes
from onefunnel.funnel.transitions import ADJACENT, Pair
from onefunnel.funnel.truncation import first
from onefunnel.funnel.value import (
    NOBODY,
    expected,
    known_sum,
    outlook,
    outlook_notes,
    waiting_by_values,
)
from onefunnel.vocabulary import STAGES, Department, Note, Question, Stage


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[FunnelRow, ...], tuple[Note, ...]]:
    """Eight rows per combination of dimension values, in order, and the notes.

    Without dimensions there are always eight rows; with dimensions, those of every combination
    that some entity entered a stage with within the period.
    """
    funnel = _Funnel(collected, rules, question)
    rows = [funnel.row(values, stage) for values in funnel.values for stage in STAGES]
    return tuple(rows), tuple(funnel.notes())


@dataclass(frozen=True, slots=True)
class Population:
    """The latest measure of a population for a stage."""

    day: date
    measure: str | None
    value: float
    low: float | None
    high: float | None


class _Funnel:
    """The answers of the queries, read once."""

    def __init__(self, collected: Collected, rules: Rules, question: Question) -> None:
        self.collected, self.rules, self.question = collected, rules, question
        self.counts = rows_of(collected["counts"], question.by)
        self.money = rows_of(collected["money"], question.by)
        self.cohorts = groups(collected["durations"], (*question.by, "pair"))
        self.waiting = waiting_by_values(collected, question.by)
        self.outlook = outlook(collected, question)
        self.unmeasured = population_stages(collected)
        self.shown = shown_stages(collected, rules)
        self.values = entered_values(self.counts)
        self.estimates = {
            (values, pair): self._estimate(values, pair)
            for values in self.values
            for pair in ADJACENT
        }

    def row(self, values: Values, stage: Stage) -> FunnelRow:
        k, money = stage.position, self.money.get(values, {})
        counts = self.counts.get(values, {})
        observed, implied = counts.get(f"observed_{k}", 0), counts.get(f"implied_{k}", 0)
        lines = money.get(f"lines_{k}") or 0
        told, unknown = money.get(f"told_{k}") or 0, money.get(f"unknown_{k}") or 0
        said = self._conversion(values, stage)
        surveyed = stage in self.unmeasured
        measured = self._population(values, stage) if surveyed else None
        return FunnelRow(
            stage=stage,
            owner=owner_of(self.rules, stage, self.question),
            measured_by="population" if surveyed else "records",
            entered=None if surveyed else observed + implied,
            observed=None if surveyed else observed,
            implied=implied,
            conversion=said.moved,
            conversion_low=said.low,
            conversion_high=said.high,
            lost=said.lost,
            horizon_days=self.question.horizon_days,
            median_days=said.median_days,
            maturity=said.maturity,
            revenue=known_sum(money.get(f"revenue_{k}"), money.get(f"priced_{k}") or 0, lines),
            expected_contribution=expected(self.outlook, self.waiting.get(values, NOBODY), stage)[
                0
            ],
            realised_contribution=known_sum(money.get(f"contribution_{k}"), told, lines),
            unknown_contribution_lines=unknown,
            population_value=measured.value if measured else None,
            population_low=measured.low if measured else None,
            population_high=measured.high if measured else None,
            dimensions=dict(zip(self.question.by, values, strict=True)),
        )

    def notes(self) -> list[Note]:
        return [
            *remark_notes(self.collected["remarks"]),
            *self._population_notes(),
            *self._out_of_order_notes(),
            *self._conversion_notes(),
            *outlook_notes(self.outlook, self.waiting.values()),
            *truncation_notes(self.collected),
        ]

    def _estimate(self, values: Values, pair: Pair) -> Estimate | None:
        """None where a population measure stands at either end."""
        if pair.start in self.unmeasured or pair.end in self.unmeasured:
            return None
        if pair.end not in self.shown:
            return Estimate(refusal=Refusal("no_records", 0))
        part = self.cohorts.get((*values, pair.code))
        return estimate(cohort_of(part), self.question.horizon_days, left_out_of(part))

    def _conversion(self, values: Values, stage: Stage) -> Estimate:
        if stage.previous is None:
            return Estimate()
        return self.estimates[values, Pair(stage.previous, stage)] or Estimate()

    def _population(self, values: Values, stage: Stage) -> Population | None:
        """The measure of these dimension values: of the whole, or of a segment if asked by it."""
        if self.question.by not in ((), ("segment",)):
            return None
        return self.unmeasured[stage].get(values[0] if values else None)

    def _population_notes(self) -> list[Note]:
        notes = []
        for stage, measures in self.unmeasured.items():
            latest = max(measures.values(), key=lambda each: each.day)
            measure = latest.measure or "indicator"
            notes.append(
                note(
                    "population_measure",
                    stage=stage.value,
                    day=latest.day.isoformat(),
                    measure=measure,
                )
            )
        return notes

    def _out_of_order_notes(self) -> list[Note]:
        totals = {
            stage: sum(row[f"out_of_order_{stage.position}"] for row in self.counts.values())
            for stage in STAGES
        }
        return [
            note("out_of_order", stage=stage.value, entities=total)
            for stage, total in totals.items()
            if total
        ]

    def _conversion_notes(self) -> list[Note]:
        refusals = {
            pair: [
                said.refusal
                for values in self.values
                if (said := self.estimates[values, pair]) and said.refusal
            ]
            for pair in ADJACENT
        }
        return [
            *left_out_notes(self.cohorts, {p for p in ADJACENT if self._measured(p)}),
            *refusal_notes(refusals, self.question.horizon_days),
        ]

    def _measured(self, pair: Pair) -> bool:
        return pair.start not in self.unmeasured and pair.end not in self.unmeasured


def owner_of(rules: Rules, stage: Stage, question: Question) -> Department:
    """Who owned the stage at the end of the period, or now if that is earlier."""
    last = min(question.end, question.now) if question.end else question.now
    return rules.of(stage).owner_on(last.date())


def entered_values(counts: Mapping[Values, Mapping[str, Any]]) -> list[Values]:
    """The dimension values that some entity entered a stage with, in order; always ()."""
    names = [f"{kind}_{stage.position}" for stage in STAGES for kind in ("observed", "implied")]
    found = [values for values, row in counts.items() if not values or any(row[n] for n in names)]
    return sorted(found or [], key=in_order)


def population_stages(collected: Collected) -> dict[Stage, dict[str | None, Population]]:
    """The stages without any observed entry that have a population measure: by segment."""
    (firsts,) = collected["first_observed"].to_pylist()
    found: dict[Stage, dict[str | None, Population]] = {}
    for row in collected["population"].to_pylist():
        stage = Stage(row["stage"])
        if firsts[first(stage)] is None:
            low, high = (
                wilson(row["value"], row["respondents"]) if row["respondents"] else (None, None)
            )
            measured = Population(row["day"], row["measure"], row["value"], low, high)
            found.setdefault(stage, {})[row["segment"]] = measured
    return {stage: found[stage] for stage in STAGES if stage in found}


def shown_stages(collected: Collected, rules: Rules) -> set[Stage]:
    """The stages that the ledger could show: it holds rows of a table that their rules read."""
    held = {row["table"] for row in collected["held"].to_pylist() if row["rows"]}
    return {each.stage for each in rules.stages if held & {rule.fact for rule in each.rules}}


def left_out_notes(cohorts: Mapping[Values, Any], pairs: set[Pair]) -> list[Note]:
    """How many each pair's conversion leaves out, over all dimension values."""
    notes = []
    for pair in sorted(pairs, key=lambda each: each.code):
        parts = [part for key, part in cohorts.items() if key[-1] == pair.code]
        total = sum(map(left_out_of, parts))
        if total:
            params = {"stage": pair.end.value, "from_stage": pair.start.value}
            notes.append(note("implied_left_out", entities=total, **params))
    return notes


def refusal_notes(refusals: Mapping[Pair, list[Refusal]], horizon_days: int) -> list[Note]:
    """One note per pair and reason."""
    return [
        note("refused_conversion", stage=pair.end.value, from_stage=pair.start.value, **params)
        for pair, each in refusals.items()
        for params in refusal_params(each, horizon_days)
    ]
