"""What leads say brought them: an answer of some of them, soon after they left their address.

What somebody says is no touch, and brings nobody a stage further. Its random numbers are a stream
of their own, so that a company has all else with answers as without.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, constant, identifiers, instants, rows
from onefunnel.simulator.delays import Floats, Integers
from onefunnel.simulator.market import Market
from onefunnel.simulator.self_reports import SelfReports
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.streams import ATOM, Stream, generator
from onefunnel.simulator.touches import DEPARTMENTS, NONE

HOUR = 3_600
"""Within so many seconds they answer."""
UNIFORMS = 6
"""How many random numbers a person takes."""


@dataclass(frozen=True, slots=True)
class Said:
    """The answers of an atom before the cut; arrays over those who gave one.

    ``who`` is the person within the atom, ``tracked`` the channel of the lead. ``brought`` is what
    truly brought them and ``said`` what they say, positions in :func:`names`; ``NONE`` where an
    answer names nothing.
    """

    who: Integers
    at: Integers
    tracked: Integers
    brought: Integers
    said: Integers

    def __len__(self) -> int:
        return len(self.who)


def names(setting: Setting) -> tuple[str, ...]:
    """What can be named: the channels, then what no touch shows."""
    channels = tuple(each.name for each in setting.scenario.channels)
    asked = setting.scenario.self_reports
    return (*channels, *(asked.unseen_names if asked else ()))


def said(setting: Setting, atom: Market) -> Said:
    """The answers of an atom; none where nobody is asked."""
    asked = setting.scenario.self_reports
    if asked is None:
        return Said(*[np.zeros(0, np.int64)] * 5)
    rng = generator(setting.scenario.seed, Stream.SAID, atom.first // ATOM)
    uniforms = rng.random((UNIFORMS, len(atom)))
    lead = atom.entered[2]
    at = np.where(lead < NEVER, lead, 0) + 1 + np.floor(uniforms[0] * HOUR).astype(np.int64)
    answers = (lead < NEVER) & (at < setting.end) & (uniforms[1] < asked.share)
    who = np.flatnonzero(answers)
    tracked, drawn = atom.channel[who], uniforms[:, who]
    brought = _brought(asked, tracked, len(setting.scenario.channels), drawn[2])
    told = _told(setting, tracked, brought, drawn[3], drawn[4])
    return Said(who, at[who], tracked, brought, np.where(drawn[5] < asked.unusable, NONE, told))


def said_table(setting: Setting, atom: Market) -> pa.Table:
    """The answers as rows of ``touch``, with texts coded as those of the touches are."""
    made = said(setting, atom)
    size = len(made)
    person = atom.person[made.who]
    blank = {name: constant(None, size) for name in ("intent", *_UNTOLD)}
    return rows(
        "touch",
        {
            "touch_id": identifiers("s", person),
            "party_id": identifiers("p", person),
            "occurred_at": instants(setting, made.at),
            "department": coded(DEPARTMENTS, np.zeros(size, np.int64)),
            "channel": coded(names(setting), made.said),
            "kind": constant("self_report", size),
            **blank,
        },
    )


_UNTOLD = ("source", "medium", "campaign", "content", "page")


def _brought(asked: SelfReports, tracked: Integers, channels: int, uniforms: Floats) -> Integers:
    """What truly brought them: something that no touch shows, else the channel."""
    bounds = np.cumsum(asked.unseen_shares)
    place = np.searchsorted(bounds, uniforms, side="right")
    return np.where(place < len(bounds), channels + place, tracked).astype(np.int64)


def _told(
    setting: Setting, tracked: Integers, brought: Integers, recall: Floats, other: Floats
) -> Integers:
    """What they name: what brought them, or another channel than the one they forgot."""
    recalled = np.asarray([each.recalled for each in setting.scenario.channels])
    forgets = (brought == tracked) & (recall >= recalled[tracked])
    return np.where(forgets, _others(setting, tracked, other), brought)


def _others(setting: Setting, own: Integers, uniforms: Floats) -> Integers:
    """A channel other than the own, by the shares; ``NONE`` where there is no other."""
    shares = setting.channel_shares
    if len(shares) == 1:
        return np.full(len(own), NONE)
    weights = np.where(np.eye(len(shares), dtype=bool), 0.0, shares[None, :])
    bounds = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[:, :-1]
    found = (uniforms[:, None] >= bounds[own]).sum(axis=1)
    return np.asarray(found, dtype=np.int64)
