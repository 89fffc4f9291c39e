"""Left truncation: a stage whose records begin later than those of the stages before it."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.instants import SECONDS_A_DAY, literal, never, seconds_between
from onefunnel.funnel.progress import at, observed
from onefunnel.vocabulary import STAGES, Question, Stage

LATER = STAGES[1:]


def first_observed(rows: ir.Table) -> ir.Table:
    """One row: first_0 … first_7, the first observed entry into each stage, NULL where none."""
    return rows.aggregate(
        **{first(stage): rows[at(stage)].min(where=observed(rows, stage)) for stage in STAGES}
    )


def first(stage: Stage) -> str:
    """The column of a stage's first observed entry."""
    return f"first_{stage.position}"


def exposure(rows: ir.Table, question: Question) -> ir.Table:
    """For each stage, how those observed in the nearest earlier stage with records came to it.

    Columns: position (of the later stage), exposed (1: they entered the earlier stage before the
    later one's first record), outcome (``moved``, ``lost``, ``censored``; ``exposed`` for those),
    days (whole days to the outcome; for the exposed, to that first record), entities.
    """
    # Whole days are enough here, and keep the answer small.
    positions = ibis.memtable(
        {"position": [s.position for s in LATER]}, schema={"position": "int64"}
    )
    crossed = rows.cross_join(first_observed(rows)).cross_join(positions)
    placed = crossed.mutate(
        prior_at=_of_stage(crossed, lambda stage: _prior(crossed, stage)),
        first_at=_of_stage(crossed, lambda stage: crossed[first(stage)]),
        to_at=_of_stage(crossed, lambda stage: crossed[at(stage)]),
        to_observed=_of_stage(crossed, lambda stage: observed(crossed, stage)),
    )
    cohort = placed.filter(placed.prior_at.notnull(), placed.first_at.notnull())
    judged = cohort.mutate(outcome=_outcome(cohort))
    kept = judged.filter(judged.outcome != "left_out")
    timed = kept.mutate(days=_days(kept, question))
    return timed.group_by("position", "outcome", "days").aggregate(entities=timed.count())


def _of_stage(rows: ir.Table, value: Callable[[Stage], ir.Value]) -> ir.Value:
    return ibis.cases(*[(rows.position == stage.position, value(stage)) for stage in LATER])


def _prior(rows: ir.Table, stage: Stage) -> ir.TimestampValue:
    """The entity's observed entry into the nearest earlier stage that has any."""
    earlier = reversed(STAGES[: stage.position])
    branches = [
        (rows[first(each)].notnull(), ibis.ifelse(observed(rows, each), rows[at(each)], never()))
        for each in earlier
    ]
    return ibis.cases(*branches, else_=never())


def _outcome(cohort: ir.Table) -> ir.StringValue:
    competes = cohort.position <= Stage.PURCHASE.position
    return ibis.cases(
        (cohort.prior_at < cohort.first_at, "exposed"),
        (cohort.to_observed, "moved"),
        (cohort.to_at.notnull(), "left_out"),
        (competes & (cohort.loss_at >= cohort.prior_at).fill_null(False), "lost"),
        else_="censored",
    )


def _days(cohort: ir.Table, question: Question) -> ir.IntegerValue:
    until = ibis.cases(
        (cohort.outcome == "exposed", cohort.first_at),
        (cohort.outcome == "moved", cohort.to_at),
        (cohort.outcome == "lost", cohort.loss_at),
        else_=literal(question.now),
    )
    return seconds_between(cohort.prior_at, until) // SECONDS_A_DAY
