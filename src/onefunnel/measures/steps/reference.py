"""The measure ``steps`` in plain Python: every first step is tried as the beginning of a chain."""

from collections import defaultdict
from datetime import timedelta

from onefunnel.funnel.reference.chances import wilson
from onefunnel.funnel.reference.company import Company, Record, Records
from onefunnel.funnel.rules import Rules
from onefunnel.measures.steps.result import StepRow
from onefunnel.vocabulary import Question, Step


def steps(records: Records, rules: Rules, question: Question) -> tuple[StepRow, ...]:
    """One row per combination of dimension values and step."""
    company = Company(records, rules, question)
    touches = defaultdict(list)
    for row in company.dated["touch"]:
        touches[row["entity"]].append(row)
    found: dict[tuple[str | None, ...], list[tuple[int, bool]]] = defaultdict(list)
    for entity, rows in touches.items():
        began = [row for row in rows if _first(company, row)]
        if began:
            level = max(_followed(first, rows, question) for first in began)
            late = max(row["at"] for row in began) >= question.now - _window(question)
            still_open = late and level < len(question.steps)
            found[company.dimensions(entity)].append((level, still_open))
    if not question.by:
        found.setdefault((), [])
    order = sorted(found, key=lambda values: [(v is None, v or "") for v in values])
    return tuple(
        _row(k, found[values], values, question)
        for values in order
        for k in range(len(question.steps))
    )


def _window(question: Question) -> timedelta:
    return timedelta(days=question.within_days)


def _is(row: Record, step: Step) -> bool:
    return all(row[name] in values for name, values in step.where)


def _first(company: Company, row: Record) -> bool:
    steps = company.question.steps
    return bool(steps) and _is(row, steps[0]) and company.in_period(row["at"])


def _followed(first: Record, rows: list[Record], question: Question) -> int:
    """How many steps follow a first one in time, itself included: always the earliest next."""
    done, at = 1, first["at"]
    until = first["at"] + _window(question)
    for step in question.steps[1:]:
        following = [row["at"] for row in rows if _is(row, step) and at <= row["at"] <= until]
        if not following:
            break
        done, at = done + 1, min(following)
    return done


def _row(
    k: int,
    entities: list[tuple[int, bool]],
    values: tuple[str | None, ...],
    question: Question,
) -> StepRow:
    reached = sum(level > k for level, _ in entities)
    before = sum(level > k - 1 for level, _ in entities) if k else 0
    low, high = wilson(reached / before, before) if before else (None, None)
    return StepRow(
        step=k + 1,
        condition=str(question.steps[k]),
        reached=reached,
        conversion=reached / before if before else None,
        conversion_low=low,
        conversion_high=high,
        of_first=reached / len(entities) if k and entities else None,
        open=sum(level == k + 1 and still_open for level, still_open in entities),
        within_days=question.within_days,
        dimensions=dict(zip(question.by, values, strict=True)),
    )
