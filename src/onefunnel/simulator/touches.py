"""The touches: what the journey shows by, and what fills the time between.

The funnel's default rules must see each stage at its instant and no earlier. So before preference
nobody has another visit, a direct or branded channel, or an intent, but for the very touches that
make the stage.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, identifiers, instants, prefixed, rows
from onefunnel.simulator.delays import DAY, Integers
from onefunnel.simulator.market import Market
from onefunnel.simulator.selling import Selling
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.streams import ATOM, Stream, generator

KINDS = (
    "impression", "click", "email", "event", "collateral", "chat", "visit", "form", "call",
    "meeting",
)  # fmt: skip
IMPRESSION, CLICK, EMAIL, EVENT, COLLATERAL, CHAT, VISIT, FORM, CALL, MEETING = range(10)
BETWEEN = np.array([0.40, 0.30, 0.16, 0.04, 0.05, 0.05])
"""The shares of the first six kinds in the touches that fill the time between."""

INTENTS = ("price", "quote", "date", "meeting", "callback", "trial")
TRIAL = 5
ASKED_BY = np.array([FORM, FORM, CHAT, CALL, CALL])
"""By which kind of touch each of the first five intents is told."""

CLICK_IDS = {
    ("google", "cpc"): "gclid:Cj0KCQ",
    ("facebook", "paid_social"): "fbclid:IwAR",
    ("youtube", "video"): "gclid:EAIaIQ",
}
"""How the identifiers of clicks begin that come from a source by a medium."""

DEPARTMENTS = ("marketing", "sales")
NONE = -1
LONGEST = 120 * DAY
"""After the first touch nobody is reached any more, but by what belongs to a stage."""


@dataclass(frozen=True, slots=True)
class Acts:
    """Touches as arrays: the person (within the atom), the instant, and codes; ``NONE`` unknown."""

    who: Integers
    at: Integers
    kind: Integers
    channel: Integers
    campaign: Integers
    intent: Integers
    department: Integers

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True)
class Names:
    """The texts that the codes of a company's touches stand for."""

    setting: Setting

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The channels of the scenario, the direct way, and the telephone of sales."""
        return (*(each.name for each in self.setting.scenario.channels), "direct", "telephone")

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The source of each channel."""
        return (*(each.source for each in self.setting.scenario.channels), "(none)", "(none)")

    @cached_property
    def mediums(self) -> tuple[str, ...]:
        """The medium of each channel."""
        return (*(each.medium for each in self.setting.scenario.channels), "(none)", "call")

    @property
    def direct(self) -> int:
        """The code of the direct way."""
        return len(self.setting.scenario.channels)

    @property
    def telephone(self) -> int:
        """The code of sales' telephone."""
        return self.direct + 1

    @cached_property
    def campaigns(self) -> tuple[str, ...]:
        """The campaigns, in the language: a theme, a month, and the channel."""
        scenario, language = self.setting.scenario, self.setting.scenario.words
        count = scenario.campaigns_per_channel
        return tuple(
            f"{language.campaigns[k % 4]} ({language.months[(3 * k + c) % 12]}, {each.name})"
            + (f" {k // 4 + 1}" if k >= 4 else "")
            for c, each in enumerate(scenario.channels)
            for k in range(count)
        )

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """A page per segment."""
        return tuple(f"/{each.name}" for each in self.setting.scenario.segments)


def journey_acts(setting: Setting, atom: Market, deals: Selling) -> Acts:
    """The touches by which the stages show, and the calls of sales; those after the cut left out.

    ``deals`` are the atom's own leads.
    """
    parts = list(_marketing(setting, atom))
    parts.append(_asking(setting, atom, deals))
    parts.append(_calls(setting, atom, deals))
    joined = _joined(parts)
    return _chosen(joined, joined.at < setting.end)


def acts(setting: Setting, atom: Market, deals: Selling, between: float) -> Acts:
    """All touches of an atom in order; ``between`` is how many a person has beside the journey."""
    parts = [journey_acts(setting, atom, deals), _between(setting, atom, between)]
    joined = _joined(parts)
    # The order of persons decides ties, and the first touch of a person comes before all others.
    return _chosen(joined, np.lexsort((joined.who, joined.at)))


def touch_table(
    setting: Setting, names: Names, atom: Market, told: Acts, parties: Integers
) -> pa.Table:
    """The rows of ``touch``; ``parties`` are positions in ``PARTY_PREFIXES``, one a touch."""
    numbers = np.arange(len(told)) + atom.first // ATOM * 2**20
    by_channel = setting.scenario.campaigns_per_channel
    content = np.where(told.campaign >= 0, told.campaign % max(by_channel, 2) % 2, NONE)
    return rows(
        "touch",
        {
            "touch_id": identifiers("t", numbers),
            "party_id": prefixed(PARTY_PREFIXES, parties, atom.person[told.who]),
            "occurred_at": instants(setting, told.at),
            "department": coded(DEPARTMENTS, told.department),
            "channel": coded(names.channels, told.channel),
            "kind": coded(KINDS, told.kind),
            "intent": coded(INTENTS, told.intent),
            "source": coded(names.sources, told.channel),
            "medium": coded(names.mediums, told.channel),
            "campaign": coded(names.campaigns, told.campaign),
            "content": coded(("A", "B"), content),
            "page": coded(names.pages, np.where(told.kind == CALL, NONE, atom.segment[told.who])),
            **_click_ids(setting, names, told, numbers),
        },
    )


def _click_ids(
    setting: Setting, names: Names, told: Acts, numbers: Integers
) -> dict[str, pa.Array]:
    """The identifiers of the clicks on ads, where they are kept; nearly all of them are known."""
    if not setting.scenario.click_ids:
        return {}
    ways = tuple(zip(names.sources, names.mediums, strict=True))
    places = [list(CLICK_IDS).index(way) if way in CLICK_IDS else NONE for way in ways]
    kept = (told.kind == CLICK) & (told.channel >= 0) & (numbers % 16 != 0)
    codes = np.where(kept, np.array(places)[told.channel], NONE)
    return {"click_id": prefixed(tuple(CLICK_IDS.values()), codes, numbers)}


PARTY_PREFIXES = ("p", "v", "q")
"""A person's own record, the visitor's cookie before it, and a second record of the same."""


def _marketing(setting: Setting, atom: Market) -> Iterator[Acts]:
    names, entered = Names(setting), atom.entered
    everybody = np.arange(len(atom))
    first = np.where(atom.returns, VISIT, np.where(everybody % 3 == 0, IMPRESSION, CLICK))
    yield _act(atom, everybody, entered[0], first, atom.channel)
    back = np.flatnonzero((entered[1] < NEVER) & atom.seen)
    # Who did not come by a visit at first comes back directly; for the others any second visit is.
    way = np.where(atom.returns[back], atom.channel[back], names.direct)
    yield _act(atom, back, entered[1, back], VISIT, way)
    left = np.flatnonzero(entered[2] < NEVER)
    yield _act(atom, left, entered[2, left], FORM, atom.channel[left])
    preferred = np.flatnonzero(entered[3] < NEVER)
    by_visits = preferred[atom.qualifies[preferred]]
    others = preferred[~atom.qualifies[preferred]]
    yield _act(atom, others, entered[3, others], CHAT, atom.channel[others], intent=TRIAL)
    between = (entered[2, by_visits] + entered[3, by_visits]) // 2
    yield _act(atom, by_visits, between, VISIT, np.full(len(by_visits), names.direct))
    yield _act(atom, by_visits, entered[3, by_visits], VISIT, atom.channel[by_visits])


def _asking(setting: Setting, atom: Market, deals: Selling) -> Acts:
    intent = deals.person % len(ASKED_BY)
    who = deals.person - atom.first
    return _act(atom, who, deals.asked_at, ASKED_BY[intent], deals.channel, intent=intent)


def _calls(setting: Setting, atom: Market, deals: Selling) -> Acts:
    worked = deals.worked
    who = deals.person[worked] - atom.first
    way = np.full(len(who), Names(setting).telephone)
    return _act(atom, who, deals.opened_at[worked], CALL, way, department=1)


def between(setting: Setting, atom: Market, mean: float) -> Integers:
    """How many touches each person has beside the journey: Poisson, none where no time is left."""
    rng = generator(setting.scenario.seed, Stream.BETWEEN, atom.first // ATOM)
    counts = rng.poisson(mean, len(atom))
    return np.asarray(np.where(_room(setting, atom) > 0, counts, 0), dtype=np.int64)


def _room(setting: Setting, atom: Market) -> Integers:
    """The seconds after each person's first touch in which others can fall."""
    return np.asarray(np.minimum(setting.end - atom.entered[0], LONGEST) - 1)


def _between(setting: Setting, atom: Market, mean: float) -> Acts:
    came, room = atom.entered[0], _room(setting, atom)
    who = np.repeat(np.arange(len(atom)), between(setting, atom, mean))
    rng = generator(setting.scenario.seed, Stream.TOUCHES, atom.first // ATOM)
    size = len(who)
    at = came[who] + 1 + np.floor(rng.random(size) ** 2 * room[who]).astype(np.int64)
    kind = np.searchsorted(np.cumsum(BETWEEN)[:-1], rng.random(size), side="right")
    shares = np.cumsum(setting.channel_shares)[:-1]
    channel = np.searchsorted(shares, rng.random(size), side="right")
    each = setting.scenario.campaigns_per_channel
    campaign = channel * each + np.floor(rng.random(size) * each).astype(np.int64)
    # After preference a visit means nothing new.
    later = (at > atom.entered[3, who]) & atom.seen[who] & (kind == CLICK)
    kind = np.where(later, VISIT, kind)
    none, marketing = np.full(size, NONE), np.zeros(size, np.int64)
    return Acts(who, at, kind, channel, campaign, none, marketing)


def _act(
    atom: Market,
    who: Integers,
    at: Integers,
    kind: Integers | int,
    channel: Integers,
    intent: Integers | int = NONE,
    department: int = 0,
) -> Acts:
    size = len(who)
    own = channel == atom.channel[who]
    return Acts(
        who,
        at,
        np.broadcast_to(kind, size).astype(np.int64),
        channel,
        np.where(own, atom.campaign[who], NONE),
        np.broadcast_to(intent, size).astype(np.int64),
        np.full(size, department),
    )


def _joined(parts: list[Acts]) -> Acts:
    return Acts(
        *[np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Acts)]
    )


def _chosen(told: Acts, which: Integers | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Acts:
    return Acts(*[getattr(told, each.name)[which] for each in fields(Acts)])
