"""The segments under a plan that pays a rate of a base, and the sellers who work them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.allocation import filled


@dataclass(frozen=True, slots=True)
class Paid:
    """A segment, and the ``rate`` of ``base_per_win`` that its wins are paid now.

    ``base_per_win`` is what is credited per win, such as the price; a new rate stays between
    ``lowest`` and ``highest``. Other fields are as in
    :class:`~onefunnel.measures.incentives.segments.Segment`. Raises UsageError where one can't be.
    """

    segment: str
    hours_per_lead: float
    win_probability: float
    contribution_per_win: float
    base_per_win: float
    rate: float
    lowest: float = 0.0
    highest: float = 1.0
    win_unworked: float = 0.0

    def __post_init__(self) -> None:
        above = min(self.hours_per_lead, self.win_probability, self.base_per_win) > 0.0
        if not above or not 0.0 <= self.lowest <= self.highest or self.rate < 0.0:
            raise UsageError(
                f"The segment {self.segment!r} can't be paid as described.",
                remedy="Hours, chance and base are above 0, rates from 0, the lowest first.",
            )


@dataclass(frozen=True, slots=True)
class Seller:
    """A salesperson: ``leads`` there are for them by segment, and ``hours`` in the period.

    ``worked`` leads by segment and ``pay``, as they were; None where the plan's best response
    stands for it.
    """

    name: str
    leads: tuple[float, ...]
    hours: float
    worked: tuple[float, ...] | None = None
    pay: float | None = None


@dataclass(frozen=True)
class Market:
    """All segments and sellers of a period. Arrays are of sellers x segments, or one of both.

    Raises UsageError where there is none of either, or a seller has other segments.

    >>> gates = Paid("gates", 3.0, 0.25, 300.0, 2000.0, 0.03)
    >>> Market((gates,), (Seller("a", (100.0,), 150.0),)).pay_now
    array([750.])
    """

    segments: tuple[Paid, ...]
    sellers: tuple[Seller, ...]

    def __post_init__(self) -> None:
        if not self.segments or not self.sellers:
            raise UsageError("There are no segments or no sellers.", remedy="Give one of each.")
        for each in self.sellers:
            if {len(self.segments)} != {len(each.leads), len(each.worked or each.leads)}:
                raise UsageError(
                    f"The seller {each.name!r} has leads of {len(each.leads)} segments.",
                    remedy=f"Give one number for each of the {len(self.segments)} segments.",
                )

    @cached_property
    def leads(self) -> Floats:
        """The leads of each seller and segment."""
        return np.asarray([each.leads for each in self.sellers], np.float64)

    @cached_property
    def hours(self) -> Floats:
        """The hours of each seller."""
        return np.asarray([each.hours for each in self.sellers], np.float64)

    @cached_property
    def rates(self) -> Floats:
        """The rate of each segment now."""
        return self._column("rate")

    @cached_property
    def hours_per_lead(self) -> Floats:
        """The hours that a lead of each segment takes."""
        return self._column("hours_per_lead")

    @cached_property
    def base(self) -> Floats:
        """The base that a worked lead of each segment brings on average."""
        return self._column("win_probability") * self._column("base_per_win")

    @cached_property
    def earned(self) -> Floats:
        """The contribution that a worked lead brings, with what it would have brought anyhow."""
        return self._column("win_probability") * self._column("contribution_per_win")

    @cached_property
    def gain(self) -> Floats:
        """The contribution that working a lead of each segment adds."""
        added = self._column("win_probability") - self._column("win_unworked")
        return added * self._column("contribution_per_win")

    @property
    def contribution_per_hour(self) -> Floats:
        """The company's rate of each segment, kappa."""
        return self.gain / self.hours_per_lead

    def pay_per_hour(self, rates: Floats) -> Floats:
        """The salesperson's rate of each segment, rho, under such a plan."""
        return self.base * rates / self.hours_per_lead

    def response(self, rates: Floats) -> Floats:
        """The leads that each seller works who goes by pay per hour, equal ones in proportion."""
        return self._worked(self.pay_per_hour(rates), least=-np.inf)

    @cached_property
    def best(self) -> Floats:
        """The leads that each seller works where the company gains most."""
        return self._worked(self.contribution_per_hour, least=0.0)

    @cached_property
    def now(self) -> Floats:
        """The leads that each seller works now: as recorded, else by pay per hour."""
        answers = self.response(self.rates)
        recorded = [each.worked for each in self.sellers]
        rows = [
            answer if row is None else row for row, answer in zip(recorded, answers, strict=True)
        ]
        return np.asarray(rows, np.float64)

    @cached_property
    def pay_now(self) -> Floats:
        """What each seller is paid now: as recorded, else the rates on the leads worked now."""
        computed = self.now @ (self.base * self.rates)
        pays = [each.pay for each in self.sellers]
        return np.asarray(
            [known if pay is None else pay for pay, known in zip(pays, computed, strict=True)]
        )

    def _worked(self, rate: Floats, least: float) -> Floats:
        score = np.broadcast_to(rate, self.leads.shape)
        need = self.leads * self.hours_per_lead
        return self.leads * filled(score, need, self.hours, score > least)

    def _column(self, name: str) -> Floats:
        return np.asarray([getattr(each, name) for each in self.segments], np.float64)


def ordered(values: Floats) -> list[list[int]]:
    """The places of values in groups of equal ones, highest first; all that are 0 or less are one.

    >>> ordered(np.array([1.0, 3.0, -2.0, 3.0, 0.0]))
    [[1, 3], [0], [2, 4]]
    """
    groups: list[list[int]] = []
    levels: list[float] = []
    above = np.maximum(values, 0.0).tolist()
    for place in sorted(range(len(above)), key=lambda place: -above[place]):
        level = above[place]
        if levels and levels[-1] - level <= 1e-9 * levels[-1]:
            groups[-1].append(place)
        else:
            groups.append([place])
            levels.append(level)
    return groups


def named(segments: Sequence[Paid], values: Floats) -> dict[str, float]:
    """Values by the names of the segments."""
    return {each.segment: float(value) for each, value in zip(segments, values, strict=True)}
