"""The measure ``lost_reasons`` in plain Python."""

from collections import Counter
from typing import Any

from onefunnel.funnel.reference.company import Company, Records
from onefunnel.funnel.result import LostReasonRow
from onefunnel.funnel.rules import Rules
from onefunnel.vocabulary import STAGES, Question


def lost_reasons(records: Records, rules: Rules, question: Question) -> tuple[LostReasonRow, ...]:
    """Losses that stand, by furthest stage, reason and source."""
    company = Company(records, rules, question)
    counted: Counter[tuple[Any, ...]] = Counter()
    totals: Counter[tuple[str | None, ...]] = Counter()
    for entity, (at, reason, source) in company.losses.items():
        if entity in company.entries and company.in_period(at):
            values = company.dimensions(entity)
            entries = company.entries[entity]
            furthest = max(k for k, entry in enumerate(entries) if entry is not None)
            counted[values, furthest, reason, source] += 1
            totals[values] += 1
    rows = [
        LostReasonRow(
            stage=STAGES[furthest],
            reason=reason,
            source=source,
            lost=lost,
            share=lost / totals[values],
            dimensions=dict(zip(question.by, values, strict=True)),
        )
        for (values, furthest, reason, source), lost in counted.items()
    ]
    return tuple(sorted(rows, key=_rank))


def _rank(row: LostReasonRow) -> tuple[object, ...]:
    def last(*values: str | None) -> list[tuple[bool, str]]:
        return [(value is None, value or "") for value in values]

    dimensions = last(*row.dimensions.values())
    return (dimensions, -row.lost, row.stage.position, last(row.reason, row.source))
