"""What the joint funnel answers: one row per stage (and per value of the dimensions)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from onefunnel.vocabulary import Department, Stage


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """A stage of the funnel. Shares are from 0 to 1, money has four decimals, unknown is None.

    ``entered`` = ``observed`` + ``implied``: entities that entered the stage within the period.
    ``conversion`` is the Aalen-Johansen incidence of this stage, ``horizon_days`` after the entry
    into the *previous* stage, among those who entered that one within the period; ``lost`` is the
    incidence of the competing outcome at the same horizon. ``median_days`` is the time by which
    half of that cohort has entered this stage, None while it has not. ``maturity`` is the share of
    that cohort whose outcome at the horizon is known. ``revenue`` and ``realised_contribution``
    are all that those who entered have brought since; ``expected_contribution`` is what the open
    ones among them are still worth. ``measured_by`` is ``records``, or ``population`` where the
    stage has only population measures: then ``population_value`` holds the share or the count.
    """

    stage: Stage
    owner: Department
    measured_by: str
    entered: int | None
    observed: int | None
    implied: int | None
    conversion: float | None
    conversion_low: float | None
    conversion_high: float | None
    lost: float | None
    horizon_days: int
    median_days: float | None
    maturity: float | None
    revenue: Decimal | None
    expected_contribution: Decimal | None
    realised_contribution: Decimal | None
    unknown_contribution_lines: int
    population_value: float | None = None
    population_low: float | None = None
    population_high: float | None = None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeakRow:
    """Where money leaves the funnel: those who entered a stage and did not move on.

    ``left`` = ``lost`` (a loss that stands) + ``stalled`` (no next stage within the horizon, which
    has passed). ``value_per_entry`` is (realised + expected contribution) / entered of the stage,
    ``amount`` = left x value_per_entry; both None where contribution is unknown. Ranked by amount.
    """

    stage: Stage
    owner: Department
    left: int
    lost: int
    stalled: int
    value_per_entry: Decimal | None
    amount: Decimal | None
    horizon_days: int
    dimensions: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LostReasonRow:
    """A reason for which deals or leads were lost, and whose reason it is (None: unknown)."""

    stage: Stage
    reason: str | None
    source: str | None
    lost: int
    share: float
    dimensions: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConversionRow:
    """Conversion from any stage to any later one; fields as in :class:`FunnelRow`.

    ``at_risk`` is the cohort: entities observed to enter ``from_stage`` within the period.
    """

    from_stage: Stage
    to_stage: Stage
    at_risk: int
    conversion: float | None
    conversion_low: float | None
    conversion_high: float | None
    lost: float | None
    horizon_days: int
    median_days: float | None
    maturity: float | None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
