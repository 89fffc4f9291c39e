"""Conversions, losses, wins and delays are those that generated the facts, but for chance.

The bounds are binomial and exact. Where persons of different chances come together, a count spreads
less than the binomial of their mean chance (Hoeffding 1956), so that the bounds hold there too. The
seeds are fixed; with other ones, each of these tests would fail of a right product at most once in
a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import binom

from onefunnel.funnel.transitions import ADJACENT, Pair
from onefunnel.measures.conversion.result import ConversionRow
from onefunnel.simulator import Company
from onefunnel.simulator.deals import has_deal
from onefunnel.simulator.delays import DAY, Delay
from onefunnel.simulator.tally import purchase_chances
from onefunnel.vocabulary import Stage
from tests.recovery.conftest import Taken
from tools.recovery import Interval, conversions, given, wins

FALSE_ALARM = 1e-6
HORIZONS = (7, 90, 365)
LONGEST = max(HORIZONS)


@dataclass(frozen=True)
class Counted:
    """What was counted: how many of ``size`` did what has this chance."""

    what: tuple[object, ...]
    hits: float
    size: int
    chance: float

    @property
    def tail(self) -> float:
        """The probability of so few, or of so many if that is less."""
        hits = round(self.hits)
        assert hits == pytest.approx(self.hits, abs=1e-6)  # all were followed
        chance = min(max(self.chance, 0.0), 1.0)
        few, many = binom.cdf(hits, self.size, chance), binom.sf(hits - 1, self.size, chance)
        return float(min(few, many))


def assert_by_chance(counted: list[Counted]) -> None:
    """None is further from what was expected than chance explains, however many there are."""
    bound = FALSE_ALARM / 2 / len(counted)
    assert [each for each in counted if each.tail < bound] == []


def followed(company: Company) -> tuple[date, int]:
    """Who entered before this day was followed for ``LONGEST`` days; the same in seconds."""
    scenario = company.scenario
    day = scenario.start + timedelta(days=scenario.days - LONGEST)
    return day, company.setting.end - LONGEST * DAY


def visible(company: Company, row: ConversionRow) -> bool:
    """Whether a row is a step all of whose moves were recorded."""
    unseen = company.scenario.unseen_brand and row.to_stage is Stage.BRAND_AWARENESS
    return Pair(row.from_stage, row.to_stage) in ADJACENT and not unseen


def of_step(company: Company, row: ConversionRow) -> tuple[float, float]:
    """The chances to move and to be lost of the row's cohort, which is of one channel."""
    channel = row.dimensions["channel"]
    if row.from_stage is not Stage.PURCHASE_INTENTION:
        step = company.truth.step(row.from_stage, "channel", channel)
        return step.incidence[row.horizon_days], step.loss[row.horizon_days]
    leads, (_, until) = company.selling, followed(company)
    here = (leads.channel == company.names.channels.index(channel)) & (leads.asked_at < until)
    buy, lose = purchase_chances(company.setting, leads, row.horizon_days)
    return float(buy[here].mean()), float(lose[here].mean())


def of_deals(company: Company, channel: str, horizon: int) -> tuple[float, float]:
    """The chances that the deals of a channel are won, and lost."""
    leads, (_, until) = company.selling, followed(company)
    here = has_deal(company.setting, leads) & (leads.opened_at < until)
    here &= leads.channel == company.names.channels.index(channel)
    segments = company.scenario.segments
    won = np.array([each.win_delay.within(horizon) for each in segments])[leads.segment]
    lost = np.array([each.lose_delay.within(horizon) for each in segments])[leads.segment]
    return float((leads.win * won)[here].mean()), float((leads.lose * lost)[here].mean())


@pytest.mark.parametrize("horizon", HORIZONS)
def test_conversions_and_losses_of_who_was_followed(taken: Taken, horizon: int) -> None:
    company, opened = taken
    until, _ = followed(company)
    counted = []
    asked = {"by": "channel", "until": until, "horizon_days": horizon, "now": company.truth.now}
    for row in opened.conversion(**asked).rows:
        if visible(company, row) and row.conversion is not None and row.lost is not None:
            assert row.maturity == 1.0
            moved, lost = of_step(company, row)
            what, size = (row.to_stage.value, row.dimensions["channel"]), row.at_risk
            counted.append(Counted((*what, "moved"), row.conversion * size, size, moved))
            counted.append(Counted((*what, "lost"), row.lost * size, size, lost))
    assert len(counted) >= 2 * 6 * 4
    assert_by_chance(counted)


@pytest.mark.parametrize("horizon", HORIZONS)
def test_deals_won_and_lost_of_those_followed(taken: Taken, horizon: int) -> None:
    company, opened = taken
    until, _ = followed(company)
    counted = []
    asked = {"by": "channel", "until": until, "horizon_days": horizon, "now": company.truth.now}
    for row in opened.deals(**asked).rows:
        if row.win_incidence is not None and row.lost_incidence is not None:
            channel, size = str(row.dimensions["channel"]), row.won + row.lost + row.open
            won, lost = of_deals(company, channel, horizon)
            counted.append(Counted((channel, "won"), row.win_incidence * size, size, won))
            counted.append(Counted((channel, "lost"), row.lost_incidence * size, size, lost))
    assert len(counted) >= 2 * 4
    assert_by_chance(counted)


def of_moves(company: Company, row: ConversionRow) -> tuple[float, Delay]:
    """The chance ever to take a step before intention, by channel, and its delay."""
    k, channel = row.from_stage.position, company.names.channels.index(row.dimensions["channel"])
    return float(company.setting.moves[k, channel]), company.scenario.steps[k].delay


def test_medians_of_who_was_followed(taken: Taken) -> None:
    """The median is at most m where half or more have moved by m: so its distribution is known."""
    company, opened = taken
    until, _ = followed(company)
    found = 0
    rows = opened.conversion(by="channel", until=until, now=company.truth.now).rows
    steps = [row for row in rows if visible(company, row) and row.from_stage.position < 4]
    for row in steps:
        chance, delay = of_moves(company, row)
        half = (row.at_risk + 1) // 2
        if row.median_days is None:
            likely = float(binom.cdf(half - 1, row.at_risk, chance))
        else:
            # It is the instant of a move: at it half have moved, just before it they had not.
            by_then = chance * delay.within(row.median_days)
            late = binom.sf(half - 1, row.at_risk, by_then)
            early = binom.cdf(half, row.at_risk, by_then)
            likely, found = float(min(late, early)), found + 1
        assert likely >= FALSE_ALARM / 2 / len(steps), row
    assert found >= 8


def all_intervals(taken: Taken) -> Iterator[Interval]:
    """The intervals by campaign, of whoever entered, followed for long or not."""
    company, opened = taken
    asked = {"by": "campaign", "horizon_days": 90, "now": company.truth.now}
    yield from conversions(company.truth, opened.conversion(**asked).rows)
    yield from wins(company.truth, opened.deals(**asked).rows)


def test_intervals_cover(taken: Taken) -> None:
    """What ``make long`` shows of many companies: see docs/explanation/known-truth.md."""
    unseen = taken[0].scenario.unseen_brand > 0
    said = given(
        each
        for each in all_intervals(taken)
        if not (unseen and each.step == Stage.BRAND_AWARENESS.value)
    )
    assert len(said) > 80
    covering = sum(each.covers for each in said)
    assert covering >= binom.ppf(FALSE_ALARM, len(said), 0.95)
