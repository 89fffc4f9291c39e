"""Who answers for what they can't move, and whose measures pull against each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.catalogue import FIGURES
from onefunnel.measures.scorecard.plan import Measure, Scorecard
from onefunnel.vocabulary import Department

LEAST_ELASTICITY = 0.05
"""Below it, one per cent more of all that somebody can do moves a figure by less than 0.05 %."""

UNSETTLED = ("influence_uncertain", "influence_unknown")
"""What leaves open whether somebody moves a figure: then it counts whose figure it is."""

FEWEST_CHANGES = 8
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Influence:
    """The elasticity of a figure to what somebody can do, of either sign, and its interval.

    Where the interval is not given, the elasticity is taken as it is.
    """

    elasticity: float
    low: float | None = None
    high: float | None = None

    @property
    def most(self) -> float:
        """The greatest influence, of either sign, that the interval leaves."""
        return max(abs(each) for each in (self.elasticity, self.low, self.high) if each is not None)

    @property
    def least(self) -> float:
        """The smallest influence that the interval leaves: 0 where it holds 0."""
        low = self.elasticity if self.low is None else self.low
        high = self.elasticity if self.high is None else self.high
        return 0.0 if low <= 0 <= high else min(abs(low), abs(high))


@dataclass(frozen=True, slots=True)
class Unfair:
    """A figure that somebody answers for without being known to move it.

    ``code``: ``no_influence``; ``others_figure`` (it is a figure of the other department, and no
    influence was found); ``influence_uncertain`` (the interval leaves both); or
    ``influence_unknown`` (nothing was measured). ``weight`` is None where it is only a gate.
    """

    code: str
    of: str
    source: str
    weight: Decimal | None
    influence: Influence | None


def unfair(
    scorecard: Scorecard, influence: Mapping[str, Influence], least: float = LEAST_ELASTICITY
) -> tuple[Unfair, ...]:
    """What a scorecard's owner answers for and can't move, gates included, in its order.

    ``influence`` is by source, for this person or team.
    """
    weights = {measure.source: measure.weight for measure in scorecard.measures}
    found = []
    for source in scorecard.sources:
        known = influence.get(source)
        code = _code(known, least)
        if code in UNSETTLED and _is_others(scorecard, source):
            code = "others_figure"
        if code is not None:
            found.append(Unfair(code, scorecard.of, source, weights.get(source), known))
    return tuple(found)


def _is_others(scorecard: Scorecard, source: str) -> bool:
    """Whether marketing answers for a figure of sales, or the other way, that is not in common."""
    figure = FIGURES.get(source)
    owned = {measure.source: measure.owner for measure in scorecard.measures}
    if figure is None or scorecard.department is None or owned.get(source) is Department.BOTH:
        return False
    return figure.owner not in (Department.BOTH, scorecard.department)


def _code(known: Influence | None, least: float) -> str | None:
    if known is None:
        return "influence_unknown"
    if known.most < least:
        return "no_influence"
    return "influence_uncertain" if known.least < least else None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two measures of one department of which one gets worse as the other gets better.

    ``code``: ``opposed_directions`` (the same figure is to rise on one scorecard and to fall on
    another), ``opposed_by_declaration`` (one is named as the other's counter-metric, and both are
    paid), ``opposed_in_history``. ``tau``, ``p_value`` and ``changes`` are those of history, None
    for the others.
    """

    code: str
    department: Department
    one: str
    other: str
    tau: float | None = None
    p_value: float | None = None
    changes: int | None = None


def contradictions(
    scorecards: Sequence[Scorecard],
    department: Department,
    history: Mapping[str, Sequence[float | None]],
    level: float = LEVEL,
) -> tuple[Contradiction, ...]:
    """The contradictory roles within a department, over all scorecards of it, each pair once.

    ``history`` has the values of sources by period, None for unknown; UsageError where they have
    not the same number of periods. Two measures oppose in history where Kendall's tau of their
    changes from period to period, each counted as positive where it is for the better, is below
    zero with a one-sided p-value within ``level`` divided by the number of pairs compared. Pairs
    with fewer than eight changes in common are not compared.
    """
    cards = [each for each in scorecards if each.department is department]
    better: dict[str, int] = {}
    for measure in (each for card in cards for each in card.measures):
        better.setdefault(measure.source, measure.curve.better)
    found = [
        Contradiction(code, department, one, other) for code, one, other in sorted(_agreed(cards))
    ]
    found += _in_history(department, better, history, level)
    return tuple(dict.fromkeys(found))


def _agreed(cards: Sequence[Scorecard]) -> set[tuple[str, str, str]]:
    """What opposes by what was agreed, on scorecards that are in force on the same day."""
    said: dict[object, tuple[Scorecard, Measure]] = {}
    for card in cards:
        for each in card.measures:
            asks = (each.source, each.curve.better, each.counter, card.valid_from, card.valid_to)
            said.setdefault(asks, (card, each))
    found = set()
    for (card, one), (beside, other) in product(said.values(), repeat=2):
        if not card.overlaps(beside):
            continue
        if one.source == other.source and one.curve.better != other.curve.better:
            found.add(("opposed_directions", one.source, one.source))
        elif one.counter == other.source != one.source:
            names = sorted((one.source, other.source))
            found.add(("opposed_by_declaration", names[0], names[1]))
    return found


def _in_history(
    department: Department,
    better: Mapping[str, int],
    history: Mapping[str, Sequence[float | None]],
    level: float,
) -> Iterator[Contradiction]:
    steps = {name: _steps(history[name], better[name]) for name in better if name in history}
    if len({each.size for each in steps.values()}) > 1:
        raise UsageError(
            "Histories differ in length.", remedy="Give None where a value is unknown."
        )
    # What SciPy's statistics take to load is for who asks for them.
    from scipy.stats import kendalltau

    compared = []
    for one, other in combinations(sorted(steps), 2):
        both = np.isfinite(steps[one]) & np.isfinite(steps[other])
        first, second = steps[one][both], steps[other][both]
        if both.sum() >= FEWEST_CHANGES and np.ptp(first) > 0 and np.ptp(second) > 0:
            compared.append((one, other, first, second))
    for one, other, first, second in compared:
        said = kendalltau(first, second, alternative="less")
        if said.pvalue <= level / len(compared):
            tau, p_value = float(said.statistic), float(said.pvalue)
            yield Contradiction(
                "opposed_in_history", department, one, other, tau, p_value, len(first)
            )


def _steps(values: Sequence[float | None], better: int) -> np.ndarray:
    known = np.array([np.nan if each is None else each for each in values], dtype=np.float64)
    return np.diff(known) * better
