"""From awareness to intention: what persons do before sales meets them.

A semi-Markov process: at each stage a person moves on with chance p after a delay of distribution
G, is lost with chance l after a delay of distribution L, or stays. So the incidence of moving is
F(h) = p G(h), that of loss l L(h), exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onefunnel.simulator.delays import DAY, Flags, Floats, Integers, seconds
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.streams import ATOM, Stream, atoms, generator


@dataclass(frozen=True, slots=True)
class Market:
    """An atom of persons: who they are, and when they come to each stage up to intention.

    Arrays over the persons. ``entered`` is (5, persons), ``NEVER`` where a stage is not reached;
    ``lost_at`` is when marketing gave the lead up. Not cut at the end.
    """

    first: int
    channel: Integers
    campaign: Integers
    segment: Integers
    entered: Integers
    lost_at: Integers
    returns: Flags
    seen: Flags
    qualifies: Flags

    def __len__(self) -> int:
        return len(self.channel)

    @property
    def person(self) -> Integers:
        """The number of each person in the company."""
        return np.arange(self.first, self.first + len(self), dtype=np.int64)


def market(setting: Setting, atom: int) -> Market:
    """The persons of an atom, in the order in which they come."""
    scenario = setting.scenario
    first = atom * ATOM
    size = min(ATOM, scenario.persons - first)
    rng = generator(scenario.seed, Stream.ARRIVAL, atom)
    # One person per equal piece of the time: the order of persons is that of their coming.
    pieces = (first + np.arange(size) + rng.random(size)) / scenario.persons
    came = np.floor(pieces * setting.end).astype(np.int64)
    channel = _drawn(setting.channel_shares, rng.random(size))
    each = scenario.campaigns_per_channel
    campaign = channel * each + np.floor(rng.random(size) * each).astype(np.int64)
    segment = _drawn(setting.segment_shares, rng.random(size))
    entered, lost_at = _journey(setting, atom, came, channel)
    returns, seen, qualifies = _styles(setting, atom, entered)
    return Market(first, channel, campaign, segment, entered, lost_at, returns, seen, qualifies)


def markets(setting: Setting) -> Iterator[Market]:
    """All atoms, in order."""
    for atom in range(atoms(setting.scenario.persons)):
        yield market(setting, atom)


def _drawn(shares: Floats, uniforms: Floats) -> Integers:
    bounds = np.cumsum(shares)[:-1]
    return np.searchsorted(bounds, uniforms, side="right").astype(np.int64)


def _journey(
    setting: Setting, atom: int, came: Integers, channel: Integers
) -> tuple[Integers, Integers]:
    rng = generator(setting.scenario.seed, Stream.STEPS, atom)
    entered = np.full((5, len(came)), NEVER)
    entered[0] = came
    lost_at = np.full(len(came), NEVER)
    alive = np.arange(len(came))
    for k, step in enumerate(setting.scenario.steps[:4]):
        outcome, delay = rng.random(len(came))[alive], rng.random(len(came))[alive]
        move = setting.moves[k][channel[alive]]
        lose = setting.losses[k][channel[alive]]
        moved, lost = outcome < move, (outcome >= move) & (outcome < move + lose)
        gone = alive[lost]
        lost_at[gone] = entered[k, gone] + seconds(step.lose_delay, delay[lost])
        alive = alive[moved]
        entered[k + 1, alive] = entered[k, alive] + seconds(step.delay, delay[moved])
    return entered, lost_at


VISIT_FIRST, VISITS_QUALIFY = 0.4, 0.3
THIRTY_DAYS = 30 * DAY


def _styles(setting: Setting, atom: int, entered: Integers) -> tuple[Flags, Flags, Flags]:
    """Who first came by a visit; whose return was recorded; whose three visits show preference.

    The visits that count must be just three within thirty days, and the third the last: only who
    first came otherwise, returned, and preferred within that time can show it by visits.
    """
    rng = generator(setting.scenario.seed, Stream.STYLE, atom)
    size = entered.shape[1]
    returns = np.asarray(rng.random(size) < VISIT_FIRST)
    seen = np.asarray(rng.random(size) >= setting.scenario.unseen_brand)
    near = (entered[3] < NEVER) & (entered[3] - entered[1] <= THIRTY_DAYS)
    qualifies = (rng.random(size) < VISITS_QUALIFY) & near & seen & ~returns
    return returns, seen, qualifies
