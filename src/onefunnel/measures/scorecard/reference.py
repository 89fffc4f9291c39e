"""Scorecards in plain Python: what is paid for a value, and in all."""

from fractions import Fraction

from onefunnel.measures.scorecard.curve import Curve
from onefunnel.measures.scorecard.plan import Gate, Scorecard
from onefunnel.measures.scorecard.results import Values


def payout(curve: Curve, value: Fraction) -> Fraction:
    """What a measure pays: look for the piece that holds the value."""
    points = [Fraction(each) for each in (curve.threshold, curve.target, curve.cap)]
    paid = [Fraction(each) for each in curve.payouts]
    if points[0] > points[2]:
        points, value = [-each for each in points], -value
    if value < points[0]:
        return Fraction(0)
    for at in (0, 1):
        if points[at] <= value < points[at + 1]:
            done = (value - points[at]) / (points[at + 1] - points[at])
            return paid[at] * (1 - done) + paid[at + 1] * done
    return paid[2]


def whole(scorecard: Scorecard, values: Values) -> Fraction | None:
    """What a scorecard pays, None where anything that it reads is unknown."""
    known = {name: Fraction(value) for name, value in values.items() if value is not None}
    if any(source not in known for source in scorecard.sources):
        return None
    total = Fraction(0)
    for measure in scorecard.measures:
        points = Fraction(measure.weight) * payout(measure.curve, known[measure.source])
        if measure.gate is not None and not is_open(measure.gate, known[measure.gate.source]):
            points *= Fraction(measure.gate.shut)
        total += points
    for gate in scorecard.gates:
        if not is_open(gate, known[gate.source]):
            total *= Fraction(gate.shut)
    return total


def is_open(gate: Gate, value: Fraction) -> bool:
    """Whether a value is at the floor or above it, or at the ceiling or below it."""
    if gate.floor is not None:
        return value >= Fraction(gate.floor)
    return gate.ceiling is not None and value <= Fraction(gate.ceiling)
