"""What the ledger says of each segment: the small tables that the engine hands back, as figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import exp, sqrt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import stdtrit

from onefunnel.funnel.collected import Collected, groups, integers
from onefunnel.funnel.estimates import SMALLEST_COHORT, Estimate, estimate
from onefunnel.funnel.incidence import Incidence
from onefunnel.funnel.instants import SECONDS_A_DAY
from onefunnel.measures.incentives.leads import UNKNOWN
from onefunnel.measures.incentives.paid_bases import KINDS, Products
from onefunnel.measures.incentives.plans import Stretch
from onefunnel.measures.incentives.quantities import Quantity
from onefunnel.measures.incentives.selection import Stratum


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of ``size`` values and its standard error, 0 where all values are the same.

    >>> Mean(25, 300.0, 0.0).quantity
    Quantity(best=300.0, low=300.0, high=300.0, typed=False)
    """

    size: int
    value: float
    error: float

    @property
    def quantity(self) -> Quantity | None:
        """The mean with a 95 % interval by Student's t; None of fewer than five values."""
        if self.size < SMALLEST_COHORT:
            return None
        half = self._half
        return Quantity.estimated(self.value, self.value - half, self.value + half)

    @property
    def positive(self) -> Quantity | None:
        """The same of what is always above 0: the interval is that of the logarithm."""
        if self.size < SMALLEST_COHORT:
            return None
        factor = exp(self._half / self.value)
        return Quantity.estimated(self.value, self.value / factor, self.value * factor)

    @property
    def _half(self) -> float:
        return float(stdtrit(self.size - 1, 0.975)) * self.error if self.error else 0.0


NONE = Mean(0, 0.0, 0.0)
NOBODY = Incidence.of([], [], [], [])


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is on record of one segment.

    ``leads`` of the period, and of them ``worked``. Of the history: how leads ended that were
    ``worked_ends``, and that were ``left_ends``; ``wins`` within the horizon, and by column of
    :class:`~onefunnel.measures.incentives.paid_bases.Products` what one ``brought``; ``minutes``
    per worked lead. ``spend`` in the period, None unknown.
    """

    segment: str
    leads: int = 0
    worked: int = 0
    worked_ends: Incidence = NOBODY
    left_ends: Incidence = NOBODY
    wins: int = 0
    brought: Mapping[str, Mean] = field(default_factory=dict)
    minutes: Mean = NONE
    spend: float | None = None

    def chance(self, horizon_days: int) -> Estimate:
        """The incidence of being won if worked."""
        return estimate(self.worked_ends, horizon_days)

    def chance_left(self, horizon_days: int) -> Estimate:
        """The incidence of being won if left."""
        return estimate(self.left_ends, horizon_days)

    def chance_of_all(self, horizon_days: int) -> Estimate:
        """The incidence of being won, whoever was worked."""
        both = [
            [*getattr(self.worked_ends, name), *getattr(self.left_ends, name)]
            for name in ("times", "moved", "lost", "censored")
        ]
        return estimate(Incidence.of(*both), horizon_days)

    def stratum(self, horizon_days: int) -> Stratum:
        """Counts of leads worked and left, and of them won within the horizon so far."""
        horizon = horizon_days * SECONDS_A_DAY
        worked, left = self.worked_ends, self.left_ends
        won, left_won = (int(each.moved[each.times <= horizon].sum()) for each in (worked, left))
        return Stratum(worked.size, won, left.size, left_won)


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody in sales; None is unknown, and of the days an open end.

    ``sells``: some record names them as who worked, owns or sold.
    """

    employee_id: str
    active_from: date | None
    active_to: date | None
    weekly_hours: float | None
    sells: bool = True


Sold = Mapping[tuple[str, str], Mapping[str, float]]
"""By seller and segment the sums of ``revenue_0`` …."""


@dataclass(frozen=True, slots=True)
class Records:
    """What is on record of all.

    ``traced``: there are hand-offs or deals, so that it is known who was worked. ``first_at`` is
    the first lead of the period. ``unassigned`` was spent without a segment. ``sold`` is by the
    names of the stretches asked for. ``undated`` leads do not say when.
    """

    segments: tuple[Recorded, ...]
    traced: bool
    first_at: datetime | None
    employees: tuple[Employee, ...]
    unassigned: float
    sold: Mapping[str, Sold]
    undated: int


def records_of(collected: Collected, products: Products, stretches: Sequence[Stretch]) -> Records:
    """The answers of the queries; segments with leads in the period, in order, unknown last."""
    every = collected["leads"]
    asked = every.filter(pc.equal(every["asked"], 1))
    counted = groups(asked, ["segment"])
    names = sorted((name for (name,) in counted), key=lambda name: (name == UNKNOWN, name))
    ends = groups(every.filter(pc.equal(every["looked_at"], 1)), ["segment", "worked"])
    brought = {row["segment"]: row for row in collected["brought"].to_pylist()}
    minutes = {row["segment"]: row for row in collected["minutes"].to_pylist()}
    spent, unassigned = _spend(collected["spent"])
    segments = tuple(
        Recorded(
            name,
            *_counts(counted[name,]),
            _ends(ends.get((name, 1))),
            _ends(ends.get((name, 0))),
            int(brought.get(name, {}).get("wins") or 0),
            _brought(brought.get(name), products),
            _mean(minutes.get(name), ""),
            None if spent is None else spent.get(name, 0.0),
        )
        for name in names
    )
    return Records(
        segments,
        bool(collected["traces"].to_pylist()[0]["traces"]),
        pc.min(asked["first_at"]).as_py(),
        tuple(_employee(row) for row in collected["sellers"].to_pylist()),
        unassigned,
        {each.name: _sold(collected[each.name]) for each in stretches},
        int(collected["undated"].to_pylist()[0]["leads"] or 0),
    )


def _employee(row: Mapping[str, Any]) -> Employee:
    return Employee(**{**row, "sells": bool(row["sells"])})


def _counts(part: pa.Table) -> tuple[int, int]:
    """The leads, and those worked."""
    leads = integers(part["moved"]) + integers(part["lost"]) + integers(part["censored"])
    return int(leads.sum()), int((leads * integers(part["worked"])).sum())


def _ends(part: pa.Table | None) -> Incidence:
    if part is None:
        return NOBODY
    return Incidence.of(
        *[integers(part[name]) for name in ("seconds", "moved", "lost", "censored")]
    )


def _brought(row: Mapping[str, Any] | None, products: Products) -> dict[str, Mean]:
    columns = [products.column(kind, names) for names in products.sets for kind in KINDS]
    return {column: _mean(row, f"{column}_") for column in columns}


def _mean(row: Mapping[str, Any] | None, prefix: str) -> Mean:
    """The mean of the columns n, sum, var, min and max."""
    size = int(row[f"{prefix}n"] or 0) if row else 0
    if row is None or not size:
        return NONE
    if row[f"{prefix}min"] == row[f"{prefix}max"]:
        return Mean(size, float(row[f"{prefix}min"]), 0.0)
    error = sqrt(float(row[f"{prefix}var"]) / size)
    return Mean(size, float(row[f"{prefix}sum"]) / size, error)


def _spend(table: pa.Table) -> tuple[dict[str, float] | None, float]:
    """Spend by segment, None where it can't be told; and what names no segment."""
    rows = table.to_pylist()
    unassigned = sum(float(row["amount"] or 0) for row in rows if row["segment"] is None)
    if not rows or any(row["segment"] is None or row["unknown"] for row in rows):
        return None, unassigned
    return {row["segment"]: float(row["amount"]) for row in rows}, unassigned


def _sold(table: pa.Table) -> Sold:
    return {
        (row["seller"], row["segment"]): {
            name: float(value or 0)
            for name, value in row.items()
            if name not in ("seller", "segment")
        }
        for row in table.to_pylist()
    }
