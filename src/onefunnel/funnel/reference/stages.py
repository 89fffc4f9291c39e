"""The measure ``funnel``: the authority for :mod:`onefunnel.funnel.query` and ``assemble``."""

from typing import Any

from onefunnel.funnel.reference.chances import Said, say, wilson
from onefunnel.funnel.reference.company import Company, Records
from onefunnel.funnel.reference.money import Expectations, cases, left_out, lines, shown, total
from onefunnel.funnel.result import FunnelRow
from onefunnel.funnel.rules import Rules
from onefunnel.vocabulary import STAGES, Question, Stage


def funnel(records: Records, rules: Rules, question: Question) -> tuple[FunnelRow, ...]:
    """Eight rows for each combination of dimension values of those who entered in the period."""
    company = Company(records, rules, question)
    every_line = lines(company)
    expectations = Expectations(company, every_line)
    return tuple(
        _row(company, every_line, expectations, values, stage)
        for values in entered_values(company)
        for stage in STAGES
    )


def of_values(company: Company, values: tuple[str | None, ...]) -> list[int]:
    """The entities with these dimension values."""
    return [entity for entity in company.entries if company.dimensions(entity) == values]


def entered_values(company: Company) -> list[tuple[str | None, ...]]:
    """The dimension values of all who entered any stage in the period, unknown last."""
    found = {
        company.dimensions(entity)
        for entity, entries in company.entries.items()
        if any(company.in_period(entry) for entry in entries)
    }
    if not company.question.by:
        return [()]
    return sorted(found, key=lambda values: [(v is None, v or "") for v in values])


def entered(company: Company, entities: list[int], stage: Stage) -> list[int]:
    """Those who entered the stage within the period."""
    return [e for e in entities if company.in_period(company.entries[e][stage.position])]


def population(company: Company, stage: Stage) -> dict[str | None, dict[str, Any]]:
    """The latest share of a stage nobody was observed to enter, by segment."""
    if any(company.observed(entity, stage) for entity in company.entries):
        return {}
    rows = [
        row
        for row in company.records["indicator"]
        if row["stage"] == stage.value
        and row["day"] is not None
        and row["value"] is not None
        and 0 <= row["value"] <= 1
    ]
    latest: dict[str | None, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: str(row["indicator_id"])):
        held = latest.get(row["segment"])
        if held is None or row["day"] > held["day"]:
            latest[row["segment"]] = row
    return latest


def _row(
    company: Company,
    every_line: list[Any],
    expectations: Expectations,
    values: tuple[str | None, ...],
    stage: Stage,
) -> FunnelRow:
    question, k = company.question, stage.position
    entities = of_values(company, values)
    inside = entered(company, entities, stage)
    observed = sum(1 for entity in inside if company.observed(entity, stage))
    brought = [
        line
        for line in every_line
        if line.entity in inside and line.at >= (company.entries[line.entity][k] or line.at)
    ]
    said = Said()
    surveyed = population(company, stage)
    previous = stage.previous
    measured = previous and not surveyed and not population(company, previous)
    if previous and measured and shown(company, stage):
        cohort = entered(company, entities, previous)
        out = left_out(company, cohort, k - 1, k)
        said = say(cases(company, cohort, k - 1, k), question.horizon_days, out)
    share = None
    if question.by in ((), ("segment",)):
        share = surveyed.get(values[0] if values else None)
    low, high = (
        wilson(share["value"], share["respondents"])
        if share and share["respondents"]
        else (None, None)
    )
    return FunnelRow(
        stage=stage,
        owner=company.rules.of(stage).owner_on(
            min(question.end or question.now, question.now).date()
        ),
        measured_by="population" if surveyed else "records",
        entered=None if surveyed else len(inside),
        observed=None if surveyed else observed,
        implied=len(inside) - observed,
        conversion=said.moved,
        conversion_low=said.low,
        conversion_high=said.high,
        lost=said.lost,
        horizon_days=question.horizon_days,
        median_days=said.median_days,
        maturity=said.maturity,
        revenue=total([line.amount for line in brought]),
        expected_contribution=expectations.of(inside, stage),
        realised_contribution=total([line.contribution for line in brought]),
        unknown_contribution_lines=sum(
            1 for line in brought if line.contribution is None and line.priced
        ),
        population_value=share["value"] if share else None,
        population_low=low,
        population_high=high,
        dimensions=dict(zip(question.by, values, strict=True)),
    )
