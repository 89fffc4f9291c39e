"""What a scorecard pays for a period: attainment and payout by measure, gates, and the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from onefunnel.measures.scorecard.plan import Gate, Measure, Scorecard
from onefunnel.vocabulary import Department, round_money

Values = Mapping[str, Decimal | None]
"""What each source came to in the period; None, or not there, is unknown."""

ONE, NOTHING = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """A source that is meant to be a trifle below (-1) or above (1) its value: for jumps."""

    source: str
    side: int


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A measure in a period. All shares are of the target pay.

    ``points`` = weight * payout * gate. Unknown figures are None, and ``reason`` says why there are
    no points: ``unknown_value`` or ``unknown_gate``. ``low`` and ``high`` are what the points
    would be at the least and at the most; equal where they are known.
    """

    source: str
    owner: Department
    weight: Decimal
    value: Decimal | None
    attainment: Decimal | None
    payout: Decimal | None
    gate: Decimal | None
    points: Decimal | None
    low: Decimal
    high: Decimal
    reason: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A scorecard in a period: ``payout`` is the share of the target pay, gates included.

    It is None where a measure or a gate is unknown: ``low`` and ``high`` bound it then, and
    ``unknown`` names the sources.
    """

    period: str
    of: str
    measures: tuple[MeasureResult, ...]
    gate: Decimal | None
    payout: Decimal | None
    low: Decimal
    high: Decimal
    unknown: tuple[str, ...]


def evaluate(
    scorecard: Scorecard, period: str, values: Values, limit: Limit | None = None
) -> Result:
    """What the scorecard pays for a period.

    >>> from onefunnel.measures.scorecard.reading import load
    >>> card = load('''
    ... level = "company"
    ... of = "Gates and Parts"
    ... from = 2024-01-01
    ... [[measure]]
    ... source = "contribution"
    ... owner = "both"
    ... weight = 1
    ... threshold = 80
    ... target = 100
    ... cap = 120
    ... ''')
    >>> str(evaluate(card, "2024-03", {"contribution": Decimal(110)}).payout)
    '1.25'
    """
    measures = tuple(_measured(each, values, limit) for each in scorecard.measures)
    gate, least, most = _gates(scorecard.gates, values, limit)
    points = [each.points for each in measures]
    known = [each for each in points if each is not None]
    payout = None if gate is None or len(known) < len(points) else gate * sum(known, NOTHING)
    return Result(
        period=period,
        of=scorecard.of,
        measures=measures,
        gate=gate,
        payout=payout,
        low=least * sum((each.low for each in measures), NOTHING),
        high=most * sum((each.high for each in measures), NOTHING),
        unknown=tuple(name for name in scorecard.sources if values.get(name) is None),
    )


def pay(result: Result, target_pay: Decimal, from_pool: Decimal = NOTHING) -> Decimal | None:
    """The money that a result brings somebody, to four decimals; None where it is refused.

    ``from_pool`` is what they have of a pool in common besides, which no scorecard multiplies.
    """
    if result.payout is None:
        return None
    return round_money(result.payout * target_pay + from_pool)


def _measured(measure: Measure, values: Values, limit: Limit | None) -> MeasureResult:
    value = values.get(measure.source)
    gates = (measure.gate,) if measure.gate else ()
    gate, least, most = _gates(gates, values, limit)
    payout = None
    lowest, highest = NOTHING, measure.curve.payouts[2]
    if value is not None:
        payout = measure.curve.payout(value, _side(limit, measure.source))
        lowest = highest = payout
    points = None if payout is None or gate is None else measure.weight * payout * gate
    return MeasureResult(
        source=measure.source,
        owner=measure.owner,
        weight=measure.weight,
        value=value,
        attainment=None if value is None else measure.curve.attainment(value),
        payout=payout,
        gate=gate,
        points=points,
        low=measure.weight * lowest * least,
        high=measure.weight * highest * most,
        reason="unknown_value" if payout is None else "unknown_gate" if gate is None else None,
    )


def _gates(
    gates: tuple[Gate, ...], values: Values, limit: Limit | None
) -> tuple[Decimal | None, Decimal, Decimal]:
    """The product of the gates' factors, and the least and the most that it can be."""
    least = most = ONE
    known = True
    for gate in gates:
        value = values.get(gate.source)
        if value is None:
            known, least = False, least * gate.shut
            continue
        factor = gate.factor(value, _side(limit, gate.source))
        least, most = least * factor, most * factor
    return (most if known else None), least, most


def _side(limit: Limit | None, source: str) -> int:
    return limit.side if limit is not None and limit.source == source else 0
