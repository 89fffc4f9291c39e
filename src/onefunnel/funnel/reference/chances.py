"""Incidence of competing outcomes, one case after the other."""

from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

Case: TypeAlias = tuple[int, str]
"""Seconds, and how it ended: ``moved``, ``lost`` or ``censored``."""


@dataclass
class Curve:
    """A step of the Aalen-Johansen curves: after ``time``."""

    time: int
    at_risk: int
    moved: int
    lost: int
    surviving_before: float
    surviving: float
    moved_by: float
    lost_by: float
    km: float


def curve(cases: list[Case]) -> list[Curve]:
    """One step per distinct time; outcomes come before censorings of the same time."""
    steps = []
    surviving, moved_by, lost_by, km = 1.0, 0.0, 0.0, 1.0
    for time in sorted({time for time, _ in cases}):
        at_risk = sum(1 for other, _ in cases if other >= time)
        moved = cases.count((time, "moved"))
        lost = cases.count((time, "lost"))
        before = surviving
        moved_by += before * moved / at_risk
        lost_by += before * lost / at_risk
        surviving = before * (at_risk - moved - lost) / at_risk
        km *= (at_risk - moved) / at_risk
        steps.append(Curve(time, at_risk, moved, lost, before, surviving, moved_by, lost_by, km))
    return steps


def moved_by(steps: list[Curve], time: int) -> float:
    """The incidence of moving on by a time."""
    past = [step for step in steps if step.time <= time]
    return past[-1].moved_by if past else 0.0


def surviving_at(steps: list[Curve], time: int) -> float:
    """The share without an outcome after a time."""
    past = [step for step in steps if step.time <= time]
    return past[-1].surviving if past else 1.0


def variance(steps: list[Curve], time: int) -> float:
    """The delta method over the multinomial of each time: the gradient squared, its mean taken off.

    Moving a share more at one time adds S(t-) and takes what would have followed; losing a share
    more only takes it.
    """
    total = 0.0
    for step in steps:
        if step.time > time:
            continue
        leaving = (step.moved + step.lost) / step.at_risk
        following = moved_by(steps, time) - step.moved_by
        taken = following / (1 - leaving) if leaving < 1 else 0.0
        parts = [
            (step.moved / step.at_risk, step.surviving_before - taken),
            (step.lost / step.at_risk, -taken),
        ]
        mean = sum(share * slope for share, slope in parts)
        total += (sum(share * slope**2 for share, slope in parts) - mean**2) / step.at_risk
    return total


def wilson(p: float, n: float) -> tuple[float, float]:
    """The bounds p0 at which p is 1.96 standard errors away: the roots of a quadratic."""
    if n <= 0:
        return 0.0, 1.0
    z = 1.959963984540054
    a, b, c = 1 + z * z / n, -(2 * p + z * z / n), p * p
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@dataclass
class Said:
    """What a cohort says at a horizon; None where it is refused."""

    moved: float | None = None
    low: float | None = None
    high: float | None = None
    lost: float | None = None
    one_minus_km: float | None = None
    median_days: float | None = None
    maturity: float | None = None
    refused: bool = True


def say(cases: list[Case], horizon_days: int, left_out: int = 0) -> Said:
    """The estimate at a horizon, or its refusal.

    Refused below five cases, where nobody was followed so long, and where more of those who moved
    on were left out than are among the cases.
    """
    if not cases:
        return Said()
    horizon = horizon_days * 86_400
    known = sum(1 for time, end in cases if time >= horizon or end != "censored")
    said = Said(maturity=known / len(cases))
    if len(cases) < 5:
        return said
    if left_out > sum(1 for _, end in cases if end == "moved"):
        return said
    steps = curve(cases)
    halves = [step.time for step in steps if step.moved_by >= 0.5 - 1e-12]
    said.median_days = halves[0] / 86_400 if halves else None
    if steps[-1].time < horizon and steps[-1].surviving > 0:
        return said
    past = [step for step in steps if step.time <= horizon]
    p = said.moved = past[-1].moved_by if past else 0.0
    said.lost = past[-1].lost_by if past else 0.0
    said.one_minus_km = 1 - past[-1].km if past else 0.0
    spread = variance(steps, horizon)
    size = p * (1 - p) / spread if 1e-12 < p < 1 - 1e-12 and spread > 0 else known
    low, high = wilson(p, size)
    said.low, said.high, said.refused = max(0.0, low), min(1.0, high), False
    return said
