"""The costs of the quarrel in plain Python: loops over segments, and a linear program for V*."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.optimize import linprog

TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Lot:
    """The leads of a segment: how many, hours each, and what working one adds and pays."""

    leads: float
    hours: float
    gain: float
    reward: float


def by_rate(
    lots: Sequence[Lot], hours: float, rate: Callable[[Lot], float], able: Callable[[float], bool]
) -> list[float]:
    """The leads worked: hours go by falling rate; lots of equal rate share in proportion.

    >>> lots = [Lot(100, 3.0, 75.0, 15.0), Lot(400, 0.4, 14.4, 0.72)]
    >>> by_rate(lots, 300, lambda lot: lot.reward / lot.hours, lambda rate: rate >= 0)
    [100.0, 0.0]
    """
    worked = [0.0] * len(lots)
    waiting = [place for place, lot in enumerate(lots) if able(rate(lot))]
    while waiting:
        highest = max(rate(lots[place]) for place in waiting)
        level = highest - TIE * abs(highest)
        equal = [place for place in waiting if rate(lots[place]) >= level]
        need = sum(lots[place].leads * lots[place].hours for place in equal)
        part = min(1.0, hours / need) if need > 0 else 1.0
        for place in equal:
            worked[place] = lots[place].leads * part
        hours -= need * part
        waiting = [place for place in waiting if place not in equal]
    return worked


def best(lots: Sequence[Lot], hours: float) -> list[float]:
    """The leads worked by contribution per hour, those left that bring nothing."""
    return by_rate(lots, hours, lambda lot: lot.gain / lot.hours, lambda rate: rate > 0)


def plan(lots: Sequence[Lot], hours: float) -> list[float]:
    """The leads worked by pay per hour."""
    return by_rate(lots, hours, lambda lot: lot.reward / lot.hours, lambda rate: rate >= 0)


def contribution(lots: Sequence[Lot], worked: Sequence[float]) -> float:
    """What working these leads adds."""
    return sum(lot.gain * each for lot, each in zip(lots, worked, strict=True))


def best_by_program(lots: Sequence[Lot], hours: float) -> tuple[float, float]:
    """V* by a linear program (HiGHS), and a dual value of the hours."""
    answer = linprog(
        [-lot.gain for lot in lots],
        A_ub=[[lot.hours for lot in lots]],
        b_ub=[hours],
        bounds=[(0.0, lot.leads) for lot in lots],
        method="highs",
    )
    assert answer.fun is not None, answer.message
    return -float(answer.fun), -float(answer.ineqlin.marginals[0])


@dataclass(frozen=True, slots=True)
class Costs:
    """The four values and the three costs."""

    unlimited: float
    best: float
    plan: float
    actual: float
    capacity: float
    incentive: float
    execution: float


def costs(lots: Sequence[Lot], hours: float, worked: Sequence[float]) -> Costs:
    """What is lost, by cause; the three costs add up to unlimited - actual.

    >>> lots = [Lot(100, 3.0, 75.0, 15.0), Lot(400, 0.4, 14.4, 0.72)]
    >>> found = costs(lots, 300, [100, 0])
    >>> round(found.capacity, 6), round(found.incentive, 6), round(found.execution, 6)
    (4000.0, 1760.0, 0.0)
    """
    unlimited = sum(lot.leads * max(lot.gain, 0.0) for lot in lots)
    highest = contribution(lots, best(lots, hours))
    chosen = contribution(lots, plan(lots, hours))
    actual = contribution(lots, worked)
    return Costs(
        unlimited,
        highest,
        chosen,
        actual,
        unlimited - highest,
        highest - chosen,
        chosen - actual,
    )


def tau_b(
    first: Sequence[float], second: Sequence[float], weights: Sequence[float]
) -> float | None:
    """Kendall's tau-b, a pair counting as the product of its weights; None where all are tied."""
    agree = once = again = 0.0
    for left in range(len(first)):
        for right in range(left):
            weight = weights[left] * weights[right]
            one, two = _sign(first[left] - first[right]), _sign(second[left] - second[right])
            agree += weight * one * two
            once += weight * abs(one)
            again += weight * abs(two)
    return agree / (once * again) ** 0.5 if once > 0 and again > 0 else None


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
