"""What somebody gets for what: pay as a function of each measure, the others as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from onefunnel.errors import UnknownName
from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.measures.scorecard.results import Limit, Values, evaluate

MARGIN = Decimal("0.25")
"""How far a picture goes beyond threshold and cap, in the distance between them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the picture: straight lines join it with its neighbours.

    ``payout`` is what the source's own measure pays (0 for one that is only a gate), ``whole`` what
    the scorecard pays then, None where another figure is unknown. Both are shares of the target
    pay. Where pay jumps, two or three points have the same value.
    """

    value: Decimal
    payout: Decimal
    whole: Decimal | None


def what_if(scorecard: Scorecard, values: Values, source: str) -> tuple[Point, ...]:
    """The points of pay against one source, by rising value; the other sources stay as they are.

    The lines through them are exact: there is a point at each bound of the measure and of the gates
    on the source, at its present value, and a little beyond. Raises UnknownName for a source that
    the scorecard does not read.
    """
    if source not in scorecard.sources:
        raise UnknownName("source", source, scorecard.sources)
    points: list[Point] = []
    for value in sorted(_bends(scorecard, values, source)):
        for side in (-1, 0, 1):
            point = _point(scorecard, values, value, Limit(source, side))
            if not points or points[-1] != point:
                points.append(point)
    return tuple(points)


def jumps(points: tuple[Point, ...]) -> tuple[tuple[Decimal, Decimal], ...]:
    """Where the whole jumps, and by how much: a step that invites to stand just beyond it."""
    return tuple(
        (second.value, second.whole - first.whole)
        for first, second in pairwise(points)
        if first.value == second.value
        and first.whole is not None
        and second.whole is not None
        and first.whole != second.whole
    )


def _bends(scorecard: Scorecard, values: Values, source: str) -> set[Decimal]:
    found = set(_bounds(scorecard, source))
    reach = (max(found) - min(found)) * MARGIN or abs(max(found)) * MARGIN or Decimal(1)
    now = values.get(source)
    return found | {min(found) - reach, max(found) + reach} | ({now} if now is not None else set())


def _bounds(scorecard: Scorecard, source: str) -> Iterator[Decimal]:
    for measure in scorecard.measures:
        if measure.source == source:
            yield from (measure.curve.threshold, measure.curve.target, measure.curve.cap)
    for gate in scorecard.all_gates():
        if gate.source == source:
            yield gate.bound


def _point(scorecard: Scorecard, values: Values, value: Decimal, limit: Limit) -> Point:
    result = evaluate(scorecard, "", {**values, limit.source: value}, limit)
    own = [each.payout for each in result.measures if each.source == limit.source]
    return Point(value, own[0] if own and own[0] is not None else Decimal(0), result.payout)
