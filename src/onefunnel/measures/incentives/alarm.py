"""The paradox alarm: in a segment both departments are green, and the company is red.

All figures of a segment are of one period. What is unknown is neither green nor red, and raises no
alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import sqrt

from scipy.special import ndtri

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.quantities import Figure
from onefunnel.measures.incentives.result import Amount, amount

CHANCE = 0.01
"""How often chance alone makes one comparison of contribution look too low."""


class Light(StrEnum):
    """How a department or the company stands in a segment."""

    GREEN = "green"
    RED = "red"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What makes the company red: less than could be reached, than last period, or than both."""

    BELOW_REACHABLE = "below_reachable"
    BELOW_LAST = "below_last"
    BELOW_BOTH = "below_both"


@dataclass(frozen=True, slots=True)
class Target:
    """A measure and its target, None where unknown; met from the target up, or down to it.

    >>> Target("leads", 120.0, 100.0).light, Target("cost_per_lead", 12.0, 10.0, least=False).light
    (<Light.GREEN: 'green'>, <Light.RED: 'red'>)
    """

    measure: str
    value: float | None
    target: float | None
    least: bool = True

    @property
    def light(self) -> Light:
        """Green where the target is met."""
        if self.value is None or self.target is None:
            return Light.UNKNOWN
        met = self.value >= self.target if self.least else self.value <= self.target
        return Light.GREEN if met else Light.RED


@dataclass(frozen=True, slots=True)
class Measured:
    """An amount and its standard error, 0 where it is known exactly.

    Raises UsageError where the error is negative.
    """

    amount: float
    error: float = 0.0

    def __post_init__(self) -> None:
        if self.error < 0.0:
            raise UsageError(f"The standard error is {self.error}.", remedy="It is 0 or more.")


@dataclass(frozen=True, slots=True)
class Standing:
    """A segment in a period: the measures of both departments and the company's contribution.

    Marketing's are such as volume and cost per lead, sales' what their bonus is paid on; beside the
    contribution stand what could be reached and that of last period.
    """

    segment: str
    marketing: tuple[Target, ...]
    sales: tuple[Target, ...]
    contribution: Measured | None = None
    reachable: Measured | None = None
    last: Measured | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The three lights of a segment, and where the company is red, why and by how much.

    ``missed`` is what the contribution is below what could be reached, or else last period's, with
    a 95 % interval; it is given wherever it can be computed.
    """

    standing: Standing
    marketing: Light
    sales: Light
    company: Light
    kind: Kind | None
    missed: Amount | None

    @property
    def alarm(self) -> bool:
        """Both departments green, the company red."""
        lights = (self.marketing, self.sales, self.company)
        return lights == (Light.GREEN, Light.GREEN, Light.RED)


def verdict(standing: Standing, *, material: float = 0.0, chance: float = CHANCE) -> Verdict:
    """How a segment stands.

    A department is red if one of its measures is, else unknown if one is or it has none, else
    green. The company is red where its contribution lies below what could be reached, or below last
    period's, beyond ``chance`` (one-sided, the errors taken as normal and independent) and by more
    than the share ``material`` of it; green where neither; unknown where neither is known. Raises
    UsageError where a share can't be.

    >>> leads = Target("leads", 400, 400), Target("cost_per_lead", 9, 10, least=False)
    >>> found = verdict(Standing("parts", leads, (Target("bonus", 1500, 1500),),
    ...     contribution=Measured(0.0), reachable=Measured(5760.0)))
    >>> found.alarm, found.kind, found.missed.value
    (True, <Kind.BELOW_REACHABLE: 'below_reachable'>, Decimal('5760.0000'))
    """
    if not 0.0 < chance < 1.0 or material < 0.0:
        raise UsageError(
            f"The chance is {chance}, what is material {material}.",
            remedy="The first is between 0 and 1, the second from 0.",
        )
    now, against = standing.contribution, (standing.reachable, standing.last)
    below = [_below(now, each, material, chance) for each in against]
    gaps = [_gap(now, each) for each in against]
    kind = None
    if any(below):
        only_one = Kind.BELOW_REACHABLE if below[0] else Kind.BELOW_LAST
        kind = Kind.BELOW_BOTH if all(below) else only_one
    missed = gaps[1] if gaps[0] is None or kind is Kind.BELOW_LAST else gaps[0]
    known = [each for each in below if each is not None]
    company = Light.RED if kind else Light.GREEN if known else Light.UNKNOWN
    marketing, sales = _department(standing.marketing), _department(standing.sales)
    return Verdict(standing, marketing, sales, company, kind, missed)


def alarms(
    standings: Sequence[Standing], *, material: float = 0.0, chance: float = CHANCE
) -> tuple[Verdict, ...]:
    """The segments that raise an alarm, those that miss most first."""
    found = [verdict(each, material=material, chance=chance) for each in standings]
    raised = [each for each in found if each.alarm]
    return tuple(sorted(raised, key=_missed))


def _missed(found: Verdict) -> tuple[Decimal, str]:
    return -found.missed.value if found.missed else Decimal(0), found.standing.segment


def _department(measures: tuple[Target, ...]) -> Light:
    lights = {each.light for each in measures} or {Light.UNKNOWN}
    return next(each for each in (Light.RED, Light.UNKNOWN, Light.GREEN) if each in lights)


def _below(
    now: Measured | None, other: Measured | None, material: float, chance: float
) -> bool | None:
    if now is None or other is None:
        return None
    gap = other.amount - now.amount
    noise = float(-ndtri(chance)) * sqrt(now.error**2 + other.error**2)
    # Rounding must not pass for a loss.
    rounding = 1e-9 * max(abs(other.amount), abs(now.amount))
    return gap > max(noise, material * abs(other.amount), rounding)


def _gap(now: Measured | None, other: Measured | None) -> Amount | None:
    if now is None or other is None:
        return None
    half = float(ndtri(0.975)) * sqrt(now.error**2 + other.error**2)
    gap = other.amount - now.amount
    return amount(Figure(gap, gap - half, gap + half))
