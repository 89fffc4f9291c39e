"""The pay curve of a component, and where it jumps or stops: what gaming reaches for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from onefunnel.pay.pieces import Piece, as_piecewise, resolved
from onefunnel.pay.plan import ZERO, Component
from onefunnel.pay.schedule import Schedule


class CliffKind(StrEnum):
    """What makes a cliff."""

    RETROACTIVE = "retroactive"
    THRESHOLD = "threshold"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Cliff:
    """A place where pay jumps by ``jump``, or at a cap where the rate falls to 0.

    At a threshold pay jumps at ``at`` itself, at a retroactive tier with the next unit.
    """

    at: Decimal
    kind: CliffKind
    jump: Decimal
    rate_before: Decimal
    rate_after: Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the curve: the base, what it pays, and what the next unit pays."""

    base: Decimal
    pay: Decimal
    rate: Decimal


def curve(
    component: Component,
    upto: Decimal,
    quota: Decimal | None = None,
    target: Decimal | None = None,
) -> tuple[Point, ...]:
    """The corners of the curve from 0 to ``upto``: straight lines between them are the curve.

    At a jump there are two points with one base: before it, and after it.

    >>> from onefunnel.pay.plan import Base, Tier
    >>> one = Component("c", Base.UNITS, (Tier(ZERO, Decimal(2)),), threshold=Decimal(3))
    >>> [(int(each.base), int(each.pay)) for each in curve(one, Decimal(5))]
    [(0, 0), (3, 0), (3, 6), (5, 10)]
    """
    points: list[Point] = []
    base = pay = slope = ZERO
    for piece in as_piecewise(component, quota, target):
        if piece.start > upto:
            break
        pay += slope * (piece.start - base)
        if piece.jump and piece.start:
            points.append(Point(piece.start, pay, slope))
        base, slope, pay = piece.start, piece.slope, pay + piece.jump
        points.append(Point(base, pay, slope))
    if upto > base:
        points.append(Point(upto, pay + slope * (upto - base), slope))
    return tuple(points)


def cliffs(
    component: Component, quota: Decimal | None = None, target: Decimal | None = None
) -> tuple[Cliff, ...]:
    """The jumps of a component and where its cap is reached, in order of the base.

    A marginal tier is no cliff: the rate changes, but no unit is worth a jump. Raises UsageError
    where the component pays by attainment and quota or target is missing.
    """
    schedule = resolved(component, quota, target)
    pieces = as_piecewise(component, quota, target)
    found = []
    for before, piece in pairwise((Piece(ZERO, ZERO), *pieces)):
        kind = _kind(schedule, piece)
        if kind is not None:
            found.append(Cliff(piece.start, kind, piece.jump, before.slope, piece.slope))
    return tuple(found)


def _kind(schedule: Schedule, piece: Piece) -> CliffKind | None:
    if piece.jump:
        return CliffKind.RETROACTIVE if piece.beyond else CliffKind.THRESHOLD
    at = Fraction(piece.start)
    capped = schedule.cap is not None and not piece.slope and schedule.pay(at) == schedule.cap
    return CliffKind.CAP if capped else None
