"""What the measure ``scorecard`` answers: a row per scorecard, month and measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from onefunnel.vocabulary import Department

Amount: TypeAlias = Decimal | int | float
"""Money as a decimal of four places, counts as integers, shares and hours as floats."""


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """One measure of one scorecard in one month; ``measure`` None: the scorecard as a whole.

    ``scorecard`` is its file; ``level`` and ``of`` say whose it is, ``period`` is the month.
    ``value`` is in ``unit`` (None for a figure that the ledger does not tell), ``whose`` is
    ``own`` or ``company``. ``attainment`` is value by target. ``payout``, ``points``, ``low`` and
    ``high`` are shares of the target pay: what the measure pays for itself; that times weight and
    ``gate``; and what the points are at least and at most, while something is unknown. ``gate`` is
    what gates multiply by, 1 where they are open. ``reason`` says why there are no points.
    On the whole, ``payout`` is what the scorecard pays, before its ``gate``, and ``points`` is what
    it pays in the end. ``counter`` is the figure that would show at what cost it was reached.

    ``influence`` is by how many per cent the figure moves with 1 % more of what its owner does,
    over the months of the history that are over, and its interval. ``influence_by`` is ``history``
    (what went along with what they did, at the same deliveries of others) or ``rows`` (the share of
    rows that are theirs). ``influence_code`` is None where they can move it, else ``no_influence``,
    ``others_figure``, ``influence_uncertain`` or ``influence_unknown``; ``influence_reason`` says
    why nothing could be measured. ``moved_own`` and ``moved_others`` are the shares of its ups and
    downs that go with what they did and with what others delivered.
    """

    scorecard: str
    level: str
    of: str
    department: Department | None
    period: str
    measure: str | None
    owner: Department | None
    weight: float
    unit: str | None
    whose: str | None
    value: Amount | None
    target: Amount | None
    attainment: float | None
    payout: float | None
    gate: float | None
    points: float | None
    low: float
    high: float
    counter: str | None
    counter_value: Amount | None
    reason: str | None
    influence: float | None = None
    influence_low: float | None = None
    influence_high: float | None = None
    influence_by: str | None = None
    influence_code: str | None = None
    influence_reason: str | None = None
    moved_own: float | None = None
    moved_others: float | None = None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
