"""What the measure ``steps`` answers: how many came how far, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step, and the entities that did it and all before it, in order and within the window.

    ``reached`` counts entities whose own touches e1, e2 … up to this step match the steps, at
    instants that do not decrease, the last at most ``within_days`` (times 24 hours, inclusive)
    after the first. Any first step within the period may begin; the later ones may follow after the
    period's end, until ``now``. One touch may be several steps, and what happens in between does
    not matter. ``conversion`` is the share of those who reached the step before, with a 95 %
    interval (Wilson 1927), None for the first step and where nobody did; ``of_first`` the share of
    those who reached the first. ``open`` of those who got just this far may still go on: they
    began less than the window before ``now``. So both shares can still grow.
    """

    step: int
    condition: str
    reached: int
    conversion: float | None
    conversion_low: float | None
    conversion_high: float | None
    of_first: float | None
    open: int
    within_days: int
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
