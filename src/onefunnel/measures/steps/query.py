"""The measure ``steps``: ordered steps within a window, as queries that every engine answers.

:mod:`.streamed` gives the same tables from one compiled pass, and is what DuckDB is asked.
"""

from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.errors import UnknownName
from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import Collected, Values, in_order, rows_of
from onefunnel.funnel.dimensions import with_dimensions
from onefunnel.funnel.incidence import wilson
from onefunnel.funnel.instants import (
    INSTANT,
    SECONDS_A_DAY,
    days,
    in_period,
    literal,
    never,
    seconds_between,
)
from onefunnel.funnel.rows import Where, chosen, dimension_names, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts
from onefunnel.measures.steps.result import StepRow
from onefunnel.vocabulary import Note, Question, Step

FIGURES = ("reached", "open")


def queries(facts: Facts, rules: Rules, question: Question) -> dict[str, ir.Table]:
    """The named expressions that :func:`assemble` needs the answers of."""
    base = Base(facts, rules, question)
    matched = matching_touches(base)
    entities = with_level(reached(base), question)
    if question.by:
        entities = dimensioned(entities, base)
    counted = entities.group_by(*question.by, "level").aggregate(
        entities=entities.count(), open=entities.count(where=entities.open)
    )
    return {
        "levels": counted,
        "left_out": matched.aggregate(
            without_entity=matched.count(where=matched.entity_code.isnull()),
            without_instant=matched.count(
                where=matched.entity_code.notnull() & matched["at"].isnull()
            ),
        ),
    }


def matching_touches(base: Base) -> ir.Table:
    """The touches that are any step: entity_code and at (either may be NULL), step_0, step_1 ….

    A first step counts within the period only, and what was before the period does not count.
    """
    question, touch = base.question, base.facts["touch"]
    rows = touch.mutate(at=touch.occurred_at.cast(INSTANT))
    undated = rows["at"].isnull()
    since = literal(question.start) if question.start is not None else None
    met = {step(k): is_step(rows, each) for k, each in enumerate(question.steps)}
    if met:
        met[step(0)] = met[step(0)] & (in_period(rows["at"], question) | undated)
    if since is not None:
        rows = rows.filter((rows["at"] >= since) | undated)
    any_step = reduce(or_, met.values(), ibis.literal(False))
    kept = rows.filter(any_step).select("party_id", "at", **met)
    codes = base.facts["entity"].select(code_party="party_id", entity_code="entity_code")
    return attach(kept, codes, "party_id", "code_party").drop("party_id")


def is_step(rows: ir.Table, asked: Step) -> ir.BooleanValue:
    """Whether a touch is what a step asks for; never NULL."""
    met: ir.BooleanValue = ibis.literal(True)
    for name, values in asked.where:
        known = [value for value in values if value is not None]
        one_of = rows[name].isin(known).fill_null(False) if known else ibis.literal(False)
        met = met & (one_of | rows[name].isnull() if None in values else one_of)
    return met


def step(k: int) -> str:
    """The column that says whether a touch is step k, from 0."""
    return f"step_{k}"


def reached(base: Base) -> ir.Table:
    """One row per entity that did the first step, with ``latest_start`` and two columns per step.

    ``at_k`` is when step k (from 0) was first reached, ``start_k`` when the chain that reached it
    had begun; NULL where it never was.
    """
    touches = matching_touches(base)
    rows = touches.filter(touches.entity_code.notnull(), touches["at"].notnull())
    if not base.question.steps:
        empty = rows.filter(ibis.literal(False))
        return empty.select("entity_code", latest_start="at")
    rows = _with_starts(rows, base.question)
    numbers = range(len(base.question.steps))
    firsts = {
        f"at_{k}": rows["at"].min(where=rows[f"chain_{k}"].notnull()) for k in numbers
    }  # starts only grow: the smallest is that of the first time
    starts = {f"start_{k}": rows[f"chain_{k}"].min() for k in numbers}
    found = rows.group_by("entity_code").aggregate(
        latest_start=rows.chain_0.max(), **firsts, **starts
    )
    return found.filter(found.latest_start.notnull())


def _with_starts(rows: ir.Table, question: Question) -> ir.Table:
    """``chain_k``: at a touch that completes steps 0 to k, when the latest such chain began.

    The latest start is the best, for the window runs from there. The frame takes in all touches of
    the same instant, so that their order does not matter.
    """
    window = ibis.interval(seconds=question.within_days * SECONDS_A_DAY)
    rows = rows.mutate(chain_0=ibis.ifelse(rows[step(0)], rows["at"], never()))
    for k in range(1, len(question.steps)):
        until_now = ibis.range_window(
            group_by=rows.entity_code, order_by=rows["at"], preceding=None, following=0
        )
        rows = rows.mutate(begun=rows[f"chain_{k - 1}"].max().over(until_now))
        fits = (rows[step(k)] & (rows["at"] <= rows.begun + window)).fill_null(False)
        rows = rows.mutate(**{f"chain_{k}": ibis.ifelse(fits, rows.begun, never())})
    return rows.drop("begun") if len(question.steps) > 1 else rows


def with_level(entities: ir.Table, question: Question) -> ir.Table:
    """``level``, the number of steps done, and ``open``, whether it may still grow."""
    steps = len(question.steps)
    level: ir.IntegerValue = ibis.literal(0, type="int64")
    for k in range(steps):
        level = level + ibis.ifelse(entities[f"at_{k}"].notnull(), 1, 0)
    rows = entities.mutate(level=level)
    window = ibis.interval(seconds=question.within_days * SECONDS_A_DAY)
    still = rows.latest_start >= literal(question.now) - window
    return rows.mutate(open=(rows.level < steps) & still)


def dimensioned(entities: ir.Table, base: Base) -> ir.Table:
    """The entities with the question's dimensions as columns."""
    rows = entities.mutate(at_0=never()) if "at_0" not in entities.columns else entities
    return with_dimensions(rows, base.facts, base.known, base.question, base.question.by)


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[StepRow, ...], tuple[Note, ...]]:
    """A row per dimension values and step, in order; without dimensions one per step."""
    levels = rows_of(collected["levels"], (*question.by, "level"))
    groups = {key[:-1] for key in levels} if question.by else {()}
    rows = [
        row for values in sorted(groups, key=in_order) for row in _rows(values, levels, question)
    ]
    (left_out,) = collected["left_out"].to_pylist()
    return tuple(rows), tuple(_notes(left_out))


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The entities behind ``reached`` or ``open`` of a step: as many as the figure.

    ``where`` names the ``step``, from 1, and any dimension values. Columns: entity_code, party_id,
    at (when the step was first reached), previous_at (when that chain began), outcome (``step`` and
    the number of the furthest), days between.
    """
    named(figure, FIGURES, "figure")
    number = _step_number(where, question)
    names = dimension_names(where, ("step",))
    base = Base(facts, rules, replace(question, by=names))
    found = with_level(reached(base), question)
    found = found.filter(found.level == number, found.open) if figure == "open" else found
    found = found.filter(found.level >= number)
    if names:
        found = chosen(dimensioned(found, base), where, names)
    at, began = found[f"at_{number - 1}"], found[f"start_{number - 1}"]
    table = found.select(
        "entity_code",
        at=at,
        previous_at=began,
        outcome=ibis.literal("step ") + found.level.cast("string"),
        days=days(seconds_between(began, at)),
    )
    return with_party(table, base)


def _step_number(where: Where, question: Question) -> int:
    """The step that ``where`` names; UnknownName where there is none of that number."""
    numbers = tuple(str(k + 1) for k in range(len(question.steps)))
    name = where.get("step") or ""
    if name not in numbers:
        raise UnknownName("step", name, numbers)
    return int(name)


def _rows(
    values: Values, levels: dict[Values, dict[str, Any]], question: Question
) -> list[StepRow]:
    nobody = {"entities": 0, "open": 0}
    numbers = range(1, len(question.steps) + 1)
    exactly = [levels.get((*values, number), nobody) for number in numbers]
    reached = [sum(each["entities"] for each in exactly[k:]) for k in range(len(exactly))]
    return [step_row(k, reached, exactly[k]["open"], values, question) for k in range(len(exactly))]


def step_row(
    k: int, reached: list[int], still_open: int, values: Values, question: Question
) -> StepRow:
    """The row of step k, from 0, of which each was reached by so many."""
    before = reached[k - 1] if k else 0
    share = reached[k] / before if before else None
    low, high = wilson(share, before) if share is not None else (None, None)
    return StepRow(
        step=k + 1,
        condition=str(question.steps[k]),
        reached=reached[k],
        conversion=share,
        conversion_low=low,
        conversion_high=high,
        of_first=reached[k] / reached[0] if k and reached[0] else None,
        open=still_open,
        within_days=question.within_days,
        dimensions=dict(zip(question.by, values, strict=True)),
    )


def _notes(left_out: dict[str, int | None]) -> list[Note]:
    """What could not be placed: Spark counts nothing as NULL."""
    texts = {
        "without_entity": "{touches} touches that match a step name no visitor; "
        "they are in no figure.",
        "without_instant": "{touches} touches that match a step do not say when; "
        "they are in no figure.",
    }
    return [
        Note(f"steps_{name}", text.format(touches=touches), {"touches": touches})
        for name, text in texts.items()
        if (touches := left_out[name] or 0)
    ]
