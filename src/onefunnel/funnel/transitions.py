"""From one stage to a later one: who moved, who was lost, who is still on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.instants import in_period, literal, seconds_between
from onefunnel.funnel.progress import at, observed
from onefunnel.vocabulary import STAGES, Question, Stage


@dataclass(frozen=True, slots=True)
class Pair:
    """A stage and a later one."""

    start: Stage
    end: Stage

    @property
    def code(self) -> int:
        """A number that names the pair in a table.

        >>> pair_of(Pair(Stage.BRAND_CONSIDERATION, Stage.PURCHASE).code).end
        <Stage.PURCHASE: 'purchase'>
        """
        return len(STAGES) * self.start.position + self.end.position

    @property
    def competes(self) -> bool:
        """Whether a loss is an outcome: up to purchase it is, afterwards nothing competes."""
        return self.end.position <= Stage.PURCHASE.position


ADJACENT = tuple(Pair(a, b) for a, b in pairwise(STAGES))
TO_PURCHASE = tuple(Pair(a, Stage.PURCHASE) for a in STAGES[: Stage.PURCHASE.position])


def pair_of(code: int) -> Pair:
    """The pair of a code."""
    start, end = divmod(code, len(STAGES))
    return Pair(STAGES[start], STAGES[end])


def cohorts(rows: ir.Table, pairs: Sequence[Pair], question: Question) -> ir.Table:
    """One row per pair and entity observed to enter its first stage within the period.

    ``rows`` is ``progress``, with dimensions or without; its columns stay. Added: pair; from_at and
    to_at, the entries; outcome: ``moved``, ``lost``, ``censored``, or ``left_out`` where the later
    entry is only implied; seconds to the outcome or, censored, to ``question.now`` (NULL where left
    out). A loss before the entry into the first stage is not an outcome of this step.
    """
    codes = ibis.memtable({"pair": [pair.code for pair in pairs]}, schema={"pair": "int64"})
    crossed = rows.cross_join(codes)
    placed = crossed.mutate(
        from_at=_of_pair(crossed, pairs, lambda pair: crossed[at(pair.start)]),
        to_at=_of_pair(crossed, pairs, lambda pair: crossed[at(pair.end)]),
        from_observed=_of_pair(crossed, pairs, lambda pair: observed(crossed, pair.start)),
        to_observed=_of_pair(crossed, pairs, lambda pair: observed(crossed, pair.end)),
        competes=_of_pair(crossed, pairs, lambda pair: ibis.literal(pair.competes)),
    )
    cohort = placed.filter(placed.from_observed, in_period(placed.from_at, question))
    judged = cohort.mutate(outcome=_outcome(cohort))
    timed = judged.mutate(seconds=_seconds(judged, question.now))
    return timed.drop("from_observed", "to_observed", "competes")


def durations(cohort: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """Counts per dimension values, pair and seconds: moved, lost, censored, left_out.

    Those left out are in rows of their own, with seconds NULL.
    """
    names = ("moved", "lost", "censored", "left_out")
    return cohort.group_by(*by, "pair", "seconds").aggregate(
        **{name: cohort.count(where=cohort.outcome == name) for name in names}
    )


def _of_pair(rows: ir.Table, pairs: Sequence[Pair], value: Callable[[Pair], ir.Value]) -> ir.Value:
    first, *others = [(rows["pair"] == pair.code, value(pair)) for pair in pairs]
    return ibis.cases(first, *others)


def _outcome(cohort: ir.Table) -> ir.StringValue:
    lost = cohort.competes & (cohort.loss_at >= cohort.from_at).fill_null(False)
    return ibis.cases(
        (cohort.to_observed, "moved"),
        (cohort.to_at.notnull(), "left_out"),
        (lost, "lost"),
        else_="censored",
    )


def _seconds(cohort: ir.Table, now: datetime) -> ir.IntegerValue:
    until = ibis.cases(
        (cohort.outcome == "moved", cohort.to_at),
        (cohort.outcome == "lost", cohort.loss_at),
        (cohort.outcome == "censored", literal(now)),
    )
    return seconds_between(cohort.from_at, until)
