"""The truth of a company, gathered: one pass over the market, the rest from what was sold."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from onefunnel.simulator import tally
from onefunnel.simulator.deals import REASON_SHARES, has_deal, lost_reasons
from onefunnel.simulator.delays import Integers
from onefunnel.simulator.handoffs import refusal_of
from onefunnel.simulator.market import Market
from onefunnel.simulator.measured_office import Promised, office
from onefunnel.simulator.measured_said import Answered
from onefunnel.simulator.orders import orders
from onefunnel.simulator.people import organisations, public_cookies
from onefunnel.simulator.prices import UNITS, exact
from onefunnel.simulator.quarrel import quarrel
from onefunnel.simulator.selling import RESPONSE_SPREAD, Outcome, Selling, sellers
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.spending import spending
from onefunnel.simulator.streams import atoms
from onefunnel.simulator.tally import Dimension, MarketTally, dimensions, selling_codes
from onefunnel.simulator.targets import ordinary
from onefunnel.simulator.truth import (
    HORIZONS,
    SHARES,
    DealTruth,
    IdentityTruth,
    LostTruth,
    MoneyTruth,
    RepeatTruth,
    ResponseTruth,
    SpendTruth,
    Truth,
)
from onefunnel.vocabulary import STAGES, Stage

if TYPE_CHECKING:
    from onefunnel.simulator.company import Company


def measured(company: "Company") -> Truth:
    """All that is known of a company, at any size: facts are counted, not kept."""
    setting, deals = company.setting, company.selling
    scenario = setting.scenario
    by = dimensions(setting, company.names.campaigns, sellers(setting))
    counted = MarketTally(setting, by)
    brought, lost, promised = _Brought(setting, by), _Lost(setting), Promised()
    answered = Answered(setting)
    identity, touches = np.zeros(3, np.int64), 0
    for number in range(atoms(scenario.persons)):
        part = company.part(number)
        counted.add(part.market)
        answered.add(part.market)
        brought.add(part.deals, number)
        lost.add(part.market, part.deals, number)
        promised.add(setting, part.deals, number)
        who, unlinked = part.people, public_cookies(setting, part.market, part.people)
        identity += [int(who.cookie.sum()), int(who.second.sum()), len(unlinked)]
        touches += company.count_touches(part)
    stages = (*counted.stage_truths(), *tally.stage_truths(setting, deals, by))
    steps = (
        *counted.step_truths(),
        *tally.purchase_truths(setting, deals, by),
        *tally.later_truths(setting, deals, by),
    )
    leads = counted.stages
    return Truth(
        scenario.name,
        scenario.seed,
        scenario.language,
        scenario.money,
        scenario.euro,
        scenario.words.calendar,
        scenario.words.zone,
        scenario.begins,
        scenario.now,
        _settings(asdict(scenario)),
        touches,
        stages,
        steps,
        tuple(deal_truths(setting, deals, by)),
        tuple(brought.truths()),
        tuple(_spend(setting, by, leads)),
        _response(setting, deals),
        tuple(lost.truths()),
        dict(zip(_reasons(setting), REASON_SHARES.values(), strict=True)),
        brought.repeat(),
        quarrel(setting, deals),
        ordinary(setting),
        office(setting, deals, promised),
        IdentityTruth(scenario.persons, organisations(setting), *map(int, identity)),
        answered.truth(),
    )


def _settings(value: Any) -> Any:
    """The scenario in the types that JSON has, so that it is equal when it comes back."""
    if isinstance(value, dict):
        return {str(name): _settings(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_settings(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def deal_truths(setting: Setting, deals: Selling, by: dict[str, Dimension]) -> Iterator[DealTruth]:
    """Deals opened before the cut, by the dimensions of the measure of deals."""
    there = has_deal(setting, deals)
    codes = selling_codes(setting, deals)
    codes["cohort_month"] = setting.month_of(np.where(there, deals.opened_at, 0))
    closed = deals.closed_at < setting.end
    segments = len(setting.scenario.segments)
    for name, code in codes.items():
        sums = tally.Sums(len(by[name].values) * segments)
        place = code[there] * segments + deals.segment[there]
        sums.count("all", place)
        for label, outcome in (("won", Outcome.WON), ("lost", Outcome.LOST)):
            sums.count(label, place[(closed & (deals.outcome == outcome))[there]])
        sums.add("win", place, deals.win[there])
        sums.add("lose", place, deals.lose[there])
        for position, value in enumerate(by[name].values):
            within = slice(position * segments, (position + 1) * segments)
            yield _deal_truth(setting, (name, value), sums, within)


def _deal_truth(
    setting: Setting, label: tuple[str, str | None], sums: tally.Sums, within: slice
) -> DealTruth:
    segments = setting.scenario.segments
    every, won, lost = (int(sums.counts[each][within].sum()) for each in ("all", "won", "lost"))
    win = sums.chances["win"][0, within] / max(every, 1)
    lose = sums.chances["lose"][0, within] / max(every, 1)

    def won_by(days: float) -> float:
        return float(win @ [each.win_delay.within(days) for each in segments])

    def lost_by(days: float) -> float:
        return float(lose @ [each.lose_delay.within(days) for each in segments])

    ever = float(win.sum())
    followed = every and label[0] in tally.FOLLOWED
    return DealTruth(
        *label,
        won,
        lost,
        every - won - lost,
        ever,
        float(lose.sum()),
        {days: won_by(days) for days in HORIZONS},
        {days: lost_by(days) for days in HORIZONS},
        {part: _solve(won_by, part * ever) for part in SHARES} if followed else {},
    )


def _solve(reached: Any, level: float) -> float:
    """The days at which an increasing function reaches a level, by halving."""
    low, high = 0.0, 10_000.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < level else (low, middle)
    return high


class _Brought:
    """Exact sums of money by dimension, over all atoms."""

    def __init__(self, setting: Setting, by: dict[str, Dimension]) -> None:
        self.setting, self.by = setting, by
        self.sums = {name: [[0] * 5 for _ in each.values] for name, each in by.items()}

    def add(self, deals: Selling, number: int) -> None:
        """Count the order lines of an atom."""
        made = orders(self.setting, deals, number)
        known = made.cost_known
        figures: list[Integers] = [
            (made.ordinal == 1).astype(np.int64),
            np.ones(len(made), np.int64),
            (~known).astype(np.int64),
            made.revenue,
            np.where(known, made.contribution, 0),
        ]
        for name, codes in selling_codes(self.setting, deals).items():
            code = codes[made.lead]
            here, rows = code >= 0, self.sums[name]
            for position, figure in enumerate(figures):
                added = np.zeros(len(rows), np.int64)
                np.add.at(added, code[here], figure[here])
                # Python's integers have no end; those of an atom have.
                for value in np.flatnonzero(added):
                    rows[value][position] += int(added[value])

    def truths(self) -> Iterator[MoneyTruth]:
        """What the buyers of each dimension value brought."""
        for name, rows in self.sums.items():
            for value, sums in zip(self.by[name].values, rows, strict=True):
                buyers, lines, unknown, revenue, contribution = sums
                told = exact(contribution) if unknown < lines or not lines else None
                yield MoneyTruth(name, value, buyers, lines, unknown, exact(revenue), told)

    def repeat(self) -> RepeatTruth:
        """How buyers come again."""
        buyers, lines, *_ = self.sums[""][0]
        scenario = self.setting.scenario
        return RepeatTruth(
            scenario.steps[4].move, scenario.reorder, scenario.reorder_delay.median, buyers, lines
        )


def _spend(
    setting: Setting, by: dict[str, Dimension], counted: dict[str, tally.Sums]
) -> Iterator[SpendTruth]:
    spent = spending(setting)
    everything = np.zeros(len(spent.day), np.int64)
    for name, codes in (("", everything), ("channel", spent.channel), ("campaign", spent.campaign)):
        for code, value in enumerate(by[name].values):
            units = int(spent.amount[codes == code].sum())
            leads = int(counted[name].counts["observed_2"][code])
            yield SpendTruth(
                name, value, exact(units), leads, units / UNITS / leads if leads else None
            )


def _response(setting: Setting, deals: Selling) -> ResponseTruth:
    conflicts = setting.scenario.conflicts
    contacted = deals.worked & (deals.opened_at < setting.end)
    return ResponseTruth(
        len(deals),
        int(contacted.sum()),
        conflicts.follow_up,
        conflicts.response_hours,
        RESPONSE_SPREAD,
    )


class _Lost:
    """Losses that stand at the cut, by stage, reason and whose reason, over all atoms."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.counts: Counter[tuple[Stage, str, str]] = Counter()

    def add(self, atom: Market, leads: Selling, number: int) -> None:
        """Count an atom: marketing's refusals, those of sales, lost deals."""
        words, end = self.setting.scenario.words, self.setting.end
        refusals, reasons = list(words.refusals.values()), _reasons(self.setting)
        gone = np.flatnonzero(atom.lost_at < end)
        why = refusal_of(self.setting, atom.person[gone])
        preferred = atom.entered[3, gone] < NEVER
        for stage, here in ((CONSIDERATION, ~preferred), (PREFERENCE, preferred)):
            self._count(stage, refusals, why[here], "system")
        closed = leads.closed_at < end
        refused = closed & (leads.outcome == Outcome.DISQUALIFIED)
        why = refusal_of(self.setting, leads.person[refused])
        self._count(INTENTION, refusals, why, "salesperson")
        lost = closed & (leads.outcome == Outcome.LOST)
        said = lost_reasons(self.setting, leads, number)[1][lost]
        self._count(INTENTION, reasons, said, "salesperson")

    def truths(self) -> Iterator[LostTruth]:
        """The counts, by stage and falling number."""
        order = sorted(self.counts, key=lambda key: (key[0].position, -self.counts[key], key))
        for stage, reason, source in order:
            yield LostTruth(stage, reason, source, self.counts[stage, reason, source])

    def _count(self, stage: Stage, words: list[str], codes: Integers, source: str) -> None:
        for word, count in zip(words, np.bincount(codes, minlength=len(words)), strict=True):
            if count:
                self.counts[stage, word, source] += int(count)


CONSIDERATION, PREFERENCE, INTENTION = STAGES[2], STAGES[3], STAGES[4]


def _reasons(setting: Setting) -> list[str]:
    return [setting.scenario.words.lost_reasons[code] for code in REASON_SHARES]
