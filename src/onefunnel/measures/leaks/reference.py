"""The measure ``leaks`` in plain Python."""

from fractions import Fraction

from onefunnel.funnel.reference.company import Company, Records, between
from onefunnel.funnel.reference.money import rounded, shown
from onefunnel.funnel.reference.stages import entered, entered_values, funnel, of_values, population
from onefunnel.funnel.result import FunnelRow, LeakRow
from onefunnel.funnel.rules import Rules
from onefunnel.vocabulary import STAGES, Question, Stage


def leaks(records: Records, rules: Rules, question: Question) -> tuple[LeakRow, ...]:
    """Who entered a stage and did not move on, dearest first."""
    company = Company(records, rules, question)
    worths = {(tuple(r.dimensions.values()), r.stage): r for r in funnel(records, rules, question)}
    rows = [
        _row(company, values, stage, worths[values, stage])
        for values in entered_values(company)
        for stage in STAGES[:-1]
        if not population(company, stage)
        and any(shown(company, later) for later in STAGES[stage.position + 1 :])
    ]
    return tuple(sorted(rows, key=_rank))


def _row(
    company: Company, values: tuple[str | None, ...], stage: Stage, worth: FunnelRow
) -> LeakRow:
    k, question = stage.position, company.question
    lost = stalled = 0
    for entity in entered(company, of_values(company, values), stage):
        entry, following = company.entries[entity][k : k + 2]
        if entry is None or following is not None:
            continue
        loss = company.losses.get(entity)
        if k < Stage.PURCHASE.position and loss is not None and loss[0] >= entry:
            lost += 1
        elif between(entry, question.now) >= question.horizon_days * 86_400:
            stalled += 1
    value = amount = None
    realised, awaited = worth.realised_contribution, worth.expected_contribution
    if realised is not None and awaited is not None and worth.entered:
        value = rounded((Fraction(realised) + Fraction(awaited)) / worth.entered)
        amount = rounded(Fraction(value) * (lost + stalled))
    return LeakRow(
        stage=stage,
        owner=worth.owner,
        left=lost + stalled,
        lost=lost,
        stalled=stalled,
        value_per_entry=value,
        amount=amount,
        horizon_days=question.horizon_days,
        dimensions=worth.dimensions,
    )


def _rank(row: LeakRow) -> tuple[object, ...]:
    values = [(value is None, value or "") for value in row.dimensions.values()]
    return (row.amount is None, -(row.amount or 0), -row.left, row.stage.position, values)
