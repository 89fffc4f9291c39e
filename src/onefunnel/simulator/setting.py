"""A scenario with what follows from it once: chances by channel, the calendar, the cut."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from onefunnel.simulator.delays import Floats, Integers
from onefunnel.simulator.scenario import Scenario
from onefunnel.vocabulary import Calendar, Month

NEVER = np.int64(2**62)
"""An instant that does not come, in seconds since the company's first."""

HIGHEST_CHANCE = 0.95


@dataclass(frozen=True)
class Setting:
    """A scenario with what follows from it once: chances per channel, months, the end."""

    scenario: Scenario

    @cached_property
    def end(self) -> int:
        """The cut, in seconds since the first instant."""
        return round((self.scenario.now - self.scenario.begins).total_seconds())

    @cached_property
    def moves(self) -> Floats:
        """Chances to move, step (4) by channel; quality counts for becoming a lead and preferring.

        Qualities are taken relative to their mean over the persons, so that the chance over all
        channels is that of the step.
        """
        channels = self.scenario.channels
        quality = np.asarray([each.quality for each in channels])
        relative = quality / (quality @ self.channel_shares)
        each = np.asarray([step.move for step in self.scenario.steps[:4]])[:, None]
        weights = np.stack([np.ones_like(relative), relative, relative, np.ones_like(relative)])
        highest = np.maximum(HIGHEST_CHANCE, each)
        return np.asarray(np.minimum(each * weights, highest), dtype=np.float64)

    @cached_property
    def losses(self) -> Floats:
        """Chances to be lost, step (4) by channel: the same part of those who don't move."""
        steps = self.scenario.steps[:4]
        of_the_rest = [s.lose / (1.0 - s.move) if s.move < 1.0 else 0.0 for s in steps]
        return np.asarray((1.0 - self.moves) * np.asarray(of_the_rest)[:, None])

    @cached_property
    def channel_shares(self) -> Floats:
        """The share of each channel in the persons."""
        shares = np.asarray([each.share for each in self.scenario.channels])
        return np.asarray(shares / shares.sum(), dtype=np.float64)

    @cached_property
    def segment_shares(self) -> Floats:
        """The share of each segment in the persons."""
        shares = np.asarray([each.share for each in self.scenario.segments])
        return np.asarray(shares / shares.sum(), dtype=np.float64)

    @cached_property
    def calendar(self) -> Calendar:
        """The company's calendar, by its language."""
        return self.scenario.calendar

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The local months from the first instant to the last before the cut."""
        last = self.scenario.now.timestamp() - 1
        months = self.calendar.months(self.scenario.begins, self.scenario.now)
        return tuple(month for month in months if month.start.timestamp() <= last)

    @cached_property
    def month_starts(self) -> Integers:
        """When each month begins, in seconds; the first at 0 or before."""
        begins = self.scenario.begins
        return np.asarray([round((m.start - begins).total_seconds()) for m in self.months])

    @cached_property
    def leads_a_day(self) -> float:
        """Leads that sales is offered on an ordinary day, as expected."""
        reach = float(self.moves.prod(axis=0) @ self.channel_shares)
        return self.scenario.persons / self.scenario.days * reach

    def month_of(self, at: Integers) -> Integers:
        """The position of the month in which each instant falls."""
        return np.searchsorted(self.month_starts, at, side="right").astype(np.int64) - 1
