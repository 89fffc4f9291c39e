"""When a leak raises an alarm: it is large, it grew notably, and beyond what chance does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from onefunnel.funnel.result import FunnelRow, LeakRow
from onefunnel.vocabulary import Stage

LEAST_SHARE = 0.10
"""Of what entered a stage, the least share that left. The cost of a leak is the number who left
times the worth of an entry, so this is its share of the money that entered, too."""
LEAST_GROWTH = 0.25
"""How much larger that share is than in the month before, at least."""
CONFIDENCE = 0.99
LEAST_Z = 2.326
"""The two-proportion statistic beyond which growth is no chance: that of :data:`CONFIDENCE`,
one-sided, for up to seven leaks are looked at each month, and one false alarm a year is enough."""
LEAST_LEFT = 5
"""Fewer are too few for the test, whose normal approximation needs about as many."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How many entered a stage in a month, and how many of them went no further."""

    entered: int
    left: int

    @property
    def share(self) -> float:
        """The share that left; nothing of nothing is 0."""
        return self.left / self.entered if self.entered else 0.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """A leak that grew: where, how it stood in both months, what it costs (None: unknown)."""

    stage: Stage
    flow: Flow
    before: Flow
    cost: Decimal | None


def two_proportions(now: Flow, before: Flow) -> float:
    """The pooled two-proportion z statistic of the shares that left; 0 where there is no spread.

    Its square is Pearson's chi-squared of the two by two table, without correction for continuity.

    >>> round(two_proportions(Flow(100, 60), Flow(100, 40)), 3)
    2.828
    """
    if not (now.entered and before.entered):
        return 0.0
    pooled = (now.left + before.left) / (now.entered + before.entered)
    spread = pooled * (1 - pooled) * (1 / now.entered + 1 / before.entered)
    return (now.share - before.share) / sqrt(spread) if spread > 0 else 0.0


def grew(now: Flow, before: Flow) -> bool:
    """Whether a leak raises an alarm.

    It does when at least :data:`LEAST_LEFT` left and they are at least :data:`LEAST_SHARE` of those
    who entered, when that share is at least :data:`LEAST_GROWTH` larger than in the month before,
    and when :func:`two_proportions` is at least :data:`LEAST_Z`. The months must be seen at the
    same age. That a leak grew says nothing of why.

    >>> grew(Flow(100, 60), Flow(100, 40)), grew(Flow(100, 44), Flow(100, 40))
    (True, False)
    """
    return (
        now.left >= LEAST_LEFT
        and now.share >= LEAST_SHARE
        and before.entered > 0
        and now.share >= (1 + LEAST_GROWTH) * before.share
        and two_proportions(now, before) >= LEAST_Z
    )


def alarms(
    now: Sequence[LeakRow],
    before: Sequence[LeakRow],
    entered: Sequence[FunnelRow],
    entered_before: Sequence[FunnelRow],
) -> tuple[Alarm, ...]:
    """The leaks that raise an alarm, dearest first, those of unknown cost last.

    Rows with dimensions are not looked at.
    """
    flows, older = _flows(now, entered), _flows(before, entered_before)
    found = _alarms(flows, older, {row.stage: row.amount for row in now if not row.dimensions})
    return tuple(sorted(found, key=lambda each: (each.cost is None, -(each.cost or 0))))


def _alarms(
    flows: Mapping[Stage, Flow],
    older: Mapping[Stage, Flow],
    costs: Mapping[Stage, Decimal | None],
) -> Iterator[Alarm]:
    for stage, flow in flows.items():
        before = older.get(stage)
        if before is not None and grew(flow, before):
            yield Alarm(stage, flow, before, costs[stage])


def _flows(leaks: Sequence[LeakRow], funnel: Sequence[FunnelRow]) -> dict[Stage, Flow]:
    entered = {row.stage: row.entered for row in funnel if not row.dimensions}
    return {
        row.stage: Flow(entered.get(row.stage) or 0, row.left)
        for row in leaks
        if not row.dimensions
    }
