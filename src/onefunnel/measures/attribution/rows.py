"""Rows of credit, whose shares sum to exactly 1 and whose credit sums to the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import sqrt

import numpy as np
from scipy.special import ndtr, stdtrit

from onefunnel.measures.attribution.buckets import BUCKETS, Floats
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.family import Player, Worth
from onefunnel.measures.attribution.models import Shares
from onefunnel.vocabulary.apportioning import apportioned, money

_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class CreditRow:
    """The credit that a model gives to a player, None for unknown.

    ``credit`` (four decimals) is in conversions or money, and those of a model sum to the total;
    ``share`` (six decimals) sums to exactly 1. The ends of the interval are None where it is
    refused; it always holds the share. ``removal_effect`` is of Markov models only.
    """

    model: str
    player: Player
    credit: Decimal
    share: Decimal
    share_low: Decimal | None
    share_high: Decimal | None
    removal_effect: float | None


def rows(found: Shares, total: Decimal, level: float = 0.95) -> tuple[CreditRow, ...]:
    """The rows of a model: its shares, their intervals, and the credit of a total.

    The interval holds the middle ``level`` of the replicates and the share itself: the percentile
    interval, taken a little wider since the replicates rest on so many buckets and no more. Its
    tails are those beyond sqrt(m / (m - 1)) t, with t the point of Student's distribution with
    m - 1 degrees of freedom (Hesterberg 2015, The American Statistician 69:371, section 4.4).
    """
    exact = [Fraction(float(part)) for part in found.parts]
    whole = sum(exact)
    percent = apportioned([part / whole * 100 for part in exact], Decimal(100))
    credit = apportioned([part / whole * Fraction(total) for part in exact], total)
    parts = [each.scaleb(-2) for each in percent]
    ends = _interval(found.drawn, parts, level)
    return tuple(
        CreditRow(found.model, player, credit[i], parts[i], *ends[i], _effect(found, i))
        for i, player in enumerate(found.players)
    )


def total(counts: Counts, worth: Worth = Worth.CONVERSIONS) -> Decimal:
    """All that is shared out: the conversions, or their value; to four decimals."""
    if worth is Worth.CONVERSIONS:
        return money(Fraction(counts.sets.conversions.total.sum().item()))
    return money(Fraction(counts.sets.value.total.sum().item()) / counts.sets.value_scale)


def _effect(found: Shares, place: int) -> float | None:
    if found.effects is None or np.isnan(found.effects[place]):
        return None
    return float(found.effects[place])


def _tail(level: float, buckets: int = BUCKETS) -> float:
    """The share of replicates beyond each end.

    >>> round(_tail(0.95), 4)
    0.0235
    """
    point = stdtrit(buckets - 1, (1 + level) / 2)
    return float(ndtr(-point * sqrt(buckets / (buckets - 1))))


def _interval(
    drawn: Floats, parts: Sequence[Decimal], level: float
) -> Sequence[tuple[Decimal | None, Decimal | None]]:
    """The ends, rounded outwards to six decimals."""
    held = drawn[~np.isnan(drawn).any(axis=1)]
    if not len(held):
        return [(None, None)] * len(parts)
    tail = _tail(level)
    ends = np.quantile(held, [tail, 1 - tail], axis=0).T
    return [
        (
            min(part, Decimal(float(low)).quantize(_STEP, ROUND_FLOOR)),
            max(part, Decimal(float(high)).quantize(_STEP, ROUND_CEILING)),
        )
        for part, (low, high) in zip(parts, ends, strict=True)
    ]
