"""Steps and stages counted by dimension: what was reached, and the chances that were given."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from onefunnel.simulator.delays import DAY, Delay, Flags, Floats, Integers
from onefunnel.simulator.market import Market
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.selling import REFUSAL, UNWORKED, Outcome, Selling
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.truth import HORIZONS, SHARES, StageTruth, StepTruth
from onefunnel.vocabulary import STAGES, Stage

INTENTION = Stage.PURCHASE_INTENTION.position
PURCHASE = Stage.PURCHASE.position
LOYALTY = Stage.CUSTOMER_LOYALTY.position


@dataclass(frozen=True)
class Dimension:
    """A dimension: its name, its values in the order of their codes, None for all together."""

    name: str
    values: tuple[str | None, ...]


@dataclass
class Sums:
    """Running sums of a step by the codes of one dimension."""

    size: int
    counts: dict[str, Integers] = field(default_factory=dict)
    chances: dict[str, Floats] = field(default_factory=dict)

    def count(self, name: str, codes: Integers) -> None:
        """Add one for each code."""
        before = self.counts.get(name, np.zeros(self.size, np.int64))
        self.counts[name] = before + np.bincount(codes, minlength=self.size)

    def add(self, name: str, codes: Integers, weights: Floats) -> None:
        """Add the weights; those of several columns column by column."""
        columns = np.atleast_2d(weights)
        sums = np.stack([np.bincount(codes, each, self.size) for each in columns])
        self.chances[name] = self.chances.get(name, np.zeros_like(sums)) + sums


def dimensions(setting: Setting, campaigns: tuple[str, ...], owners: int) -> dict[str, Dimension]:
    """The dimensions of the truth by name; the empty one is all together."""
    scenario = setting.scenario
    return {
        "": Dimension("", (None,)),
        "channel": Dimension("channel", tuple(each.name for each in scenario.channels)),
        "campaign": Dimension("campaign", campaigns),
        "segment": Dimension("segment", tuple(each.name for each in scenario.segments)),
        "cohort_month": Dimension("cohort_month", tuple(month.label for month in setting.months)),
        "owner": Dimension("owner", tuple(f"e{FIRST_SELLER + k}" for k in range(owners))),
    }


class MarketTally:
    """The steps up to intention, over all atoms."""

    def __init__(self, setting: Setting, by: dict[str, Dimension]) -> None:
        self.setting = setting
        self.by = {name: each for name, each in by.items() if name != "owner"}
        self.steps = {
            (name, k): Sums(len(each.values)) for name, each in self.by.items() for k in range(4)
        }
        self.stages = {name: Sums(len(each.values)) for name, each in self.by.items()}

    def add(self, atom: Market) -> None:
        """Count an atom."""
        codes = self._codes(atom)
        end, entered = self.setting.end, atom.entered
        unseen = ~atom.seen & (entered[2] < end)
        for name, code in codes.items():
            for stage in range(INTENTION):
                here = self._observed(atom, stage)
                self.stages[name].count(f"observed_{stage}", code[here])
            self.stages[name].count("implied_1", code[unseen])
        for k in range(4):
            self._step(atom, codes, k)

    def stage_truths(self) -> Iterator[StageTruth]:
        """The stages before intention."""
        for name, sums in self.stages.items():
            for code, value in enumerate(self.by[name].values):
                for stage in STAGES[:INTENTION]:
                    implied = sums.counts["implied_1"][code] if stage.position == 1 else 0
                    observed = sums.counts[f"observed_{stage.position}"][code]
                    yield StageTruth(name, value, stage, int(observed), int(implied))

    def step_truths(self) -> Iterator[StepTruth]:
        """The steps up to intention; by month only from consideration on.

        The month is that of the lead: of who has none yet it says that no lead came.
        """
        for (name, k), sums in self.steps.items():
            if name == "cohort_month" and k < 2:
                continue
            step = self.setting.scenario.steps[k]
            for code, value in enumerate(self.by[name].values):
                given = _Given(
                    step.delay, step.lose_delay, sums.chances["move"], sums.chances["lose"]
                )
                yield _step_truth(name, value, k, sums.counts, code, given)

    def _codes(self, atom: Market) -> dict[str, Integers]:
        came = np.where(atom.entered[2] < self.setting.end, atom.entered[2], atom.entered[0])
        return {
            "": np.zeros(len(atom), np.int64),
            "channel": atom.channel,
            "campaign": atom.campaign,
            "segment": atom.segment,
            "cohort_month": self.setting.month_of(came),
        }

    def _observed(self, atom: Market, stage: int) -> Flags:
        reached = np.asarray(atom.entered[stage] < self.setting.end)
        return reached & atom.seen if stage == 1 else reached

    def _step(self, atom: Market, codes: dict[str, Integers], k: int) -> None:
        here = self._observed(atom, k)
        after = atom.entered[k + 1] < self.setting.end
        moved = here & after & (atom.seen if k == 0 else True)
        left_out = here & ~atom.seen & (atom.entered[2] < self.setting.end) & (k == 0)
        lost = here & (atom.entered[k + 1] >= NEVER) & (atom.lost_at < self.setting.end)
        channel = atom.channel[here]
        for name, code in codes.items():
            sums = self.steps[name, k]
            for label, which in (("entered", here), ("moved", moved), ("left_out", left_out)):
                sums.count(label, code[which])
            sums.count("lost", code[lost])
            sums.add("move", code[here], self.setting.moves[k][channel])
            sums.add("lose", code[here], self.setting.losses[k][channel])


@dataclass(frozen=True, slots=True)
class _Given:
    """Chances summed per code, with the delays that all of them share."""

    delay: Delay
    lose_delay: Delay
    move: Floats
    lose: Floats


def _step_truth(
    name: str,
    value: str | None,
    k: int,
    counts: dict[str, Integers],
    code: int,
    given: _Given,
) -> StepTruth:
    entered = int(counts["entered"][code])
    move = float(given.move[0, code]) / entered if entered else 0.0
    lose = float(given.lose[0, code]) / entered if entered else 0.0
    moved, lost = int(counts["moved"][code]), int(counts["lost"][code])
    left_out = int(counts["left_out"][code])
    return StepTruth(
        name,
        value,
        STAGES[k],
        STAGES[k + 1],
        entered,
        moved,
        lost,
        entered - moved - lost - left_out,
        left_out,
        {days: move * given.delay.within(days) for days in HORIZONS},
        {days: lose * given.lose_delay.within(days) for days in HORIZONS},
        {share: given.delay.quantile(share) for share in SHARES},
        given.delay.quantile(0.5 / move) if move > 0.5 else None,
    )


def selling_codes(setting: Setting, deals: Selling) -> dict[str, Integers]:
    """The codes of the leads by dimension; the owner below zero where there is none at the cut."""
    contacted = deals.worked & (deals.opened_at < setting.end)
    return {
        "": np.zeros(len(deals), np.int64),
        "channel": deals.channel,
        "campaign": deals.campaign,
        "segment": deals.segment,
        "cohort_month": setting.month_of(deals.lead_at),
        "owner": np.where(contacted, deals.owner, -1),
    }


def purchase_chances(setting: Setting, deals: Selling, days: float) -> tuple[Floats, Floats]:
    """Each lead's own chances to have bought, and to be lost, so many days after its intention.

    Given whether it was worked and when it was first contacted, before anything else is known.
    """
    junk = setting.scenario.conflicts.junk
    since = np.where(deals.worked, days - (deals.opened_at - deals.asked_at) / DAY, 0.0)
    buy, lose = np.zeros(len(deals)), np.zeros(len(deals))
    for position, each in enumerate(setting.scenario.segments):
        here = deals.worked & (deals.segment == position)
        able = 1.0 - junk
        buy[here] = able * deals.win[here] * each.win_delay.within_each(since[here])
        lose[here] = able * deals.lose[here] * each.lose_delay.within_each(since[here])
        lose[here] += junk * REFUSAL.within_each(since[here])
    alone = (1.0 - junk) * setting.scenario.unworked_win * UNWORKED.within(days)
    return np.where(deals.worked, buy, alone), lose


def stage_truths(
    setting: Setting, deals: Selling, by: dict[str, Dimension]
) -> Iterator[StageTruth]:
    """The stages from intention on."""
    reached = {
        INTENTION: deals.asked_at,
        PURCHASE: deals.bought_at,
        LOYALTY: deals.loyal_at,
        LOYALTY + 1: deals.advocate_at,
    }
    for name, codes in selling_codes(setting, deals).items():
        for position, at in reached.items():
            here = (at < setting.end) & (codes >= 0)
            counted = np.bincount(codes[here], minlength=len(by[name].values))
            for value, count in zip(by[name].values, counted, strict=True):
                yield StageTruth(name, value, STAGES[position], int(count), 0)


def purchase_truths(
    setting: Setting, deals: Selling, by: dict[str, Dimension]
) -> Iterator[StepTruth]:
    """The step from intention to purchase."""
    given_up = np.isin(deals.outcome, (Outcome.LOST, Outcome.DISQUALIFIED))
    ended = {
        "moved": deals.bought_at < setting.end,
        "lost": given_up & (deals.closed_at < setting.end),
    }
    # A row per horizon, first of buying, then of being lost.
    chances = np.stack([purchase_chances(setting, deals, days) for days in HORIZONS], axis=1)
    chances = chances.reshape(2 * len(HORIZONS), len(deals))
    for name, codes in selling_codes(setting, deals).items():
        known = codes >= 0
        sums = Sums(len(by[name].values))
        sums.count("entered", codes[known])
        for label, here in ended.items():
            sums.count(label, codes[known & here])
        sums.add("chances", codes[known], chances[:, known])
        for code, value in enumerate(by[name].values):
            reach = _reach(setting, deals, codes == code) if name in FOLLOWED else ({}, None)
            yield _purchase_truth((name, value), sums, code, reach)


def _purchase_truth(
    label: tuple[str, str | None],
    sums: Sums,
    code: int,
    reach: tuple[dict[float, float], float | None],
) -> StepTruth:
    entered, moved, lost = (int(sums.counts[each][code]) for each in ("entered", "moved", "lost"))
    means = sums.chances["chances"][:, code] / max(entered, 1)
    buying, losing = means[: len(HORIZONS)], means[len(HORIZONS) :]
    return StepTruth(
        *label,
        STAGES[INTENTION],
        STAGES[PURCHASE],
        entered,
        moved,
        lost,
        entered - moved - lost,
        0,
        dict(zip(HORIZONS, map(float, buying), strict=True)),
        dict(zip(HORIZONS, map(float, losing), strict=True)),
        *reach,
    )


EVER = 365_000
"""Days after which nothing more is expected."""

GRID = np.concatenate([np.arange(0.25, 60.0, 0.25), np.arange(60.0, 400.0, 5.0)])
"""The days at which a curve is followed to find its quantiles."""

FOLLOWED = ("", "segment")
"""The dimensions whose curve to purchase is followed to find quantiles and the median."""

SAMPLE = 2_000
"""Leads that are taken for it; more would change nothing that is seen."""


def _reach(
    setting: Setting, deals: Selling, here: Flags
) -> tuple[dict[float, float], float | None]:
    """The quantiles of those who buy, and the median of all; from an even sample of the leads."""
    index = np.flatnonzero(here)
    if not len(index):
        return {}, None
    index = index[:: max(1, len(index) // SAMPLE)]
    part = Selling(*[getattr(deals, name)[index] for name in Selling.__slots__])

    def bought(days: float) -> float:
        return float(purchase_chances(setting, part, days)[0].mean())

    reach, ever = np.asarray([bought(days) for days in GRID]), bought(EVER)
    quantiles = {share: _first(reach, share * ever) for share in SHARES}
    return quantiles, _first(reach, 0.5) if ever > 0.5 else None


def _first(reach: Floats, level: float) -> float:
    """The first day of the grid by which a level is reached."""
    return float(GRID[min(int(np.searchsorted(reach, level)), len(GRID) - 1)])


def later_truths(setting: Setting, deals: Selling, by: dict[str, Dimension]) -> Iterator[StepTruth]:
    """The steps from purchase to loyalty and to advocacy: nothing competes with them."""
    end = setting.end
    reached = (deals.bought_at, deals.loyal_at, deals.advocate_at)
    for name, codes in selling_codes(setting, deals).items():
        size = len(by[name].values)
        for k, step in enumerate(setting.scenario.steps[4:]):
            here = (reached[k] < end) & (codes >= 0)
            sums = Sums(size)
            sums.count("entered", codes[here])
            sums.count("moved", codes[here & (reached[k + 1] < end)])
            sums.count("lost", codes[:0])
            sums.count("left_out", codes[:0])
            move = np.asarray(sums.counts["entered"][None, :] * step.move, dtype=np.float64)
            given = _Given(step.delay, step.lose_delay, move, 0.0 * move)
            for code, value in enumerate(by[name].values):
                yield _step_truth(name, value, PURCHASE + k, sums.counts, code, given)
