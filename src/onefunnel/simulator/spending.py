"""What winning attention costs, and what is sold."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, constant, days, identifiers, money, rows
from onefunnel.simulator.delays import Integers
from onefunnel.simulator.prices import UNITS, catalogue, smallest
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import Stream, generator
from onefunnel.simulator.touches import Names

DAILY_FROM = 100_000
"""From so many touches on, spending is known by the day; below, by the week."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent, a line per period and campaign; arrays over the lines. Exact amounts."""

    day: Integers
    channel: Integers
    campaign: Integers
    amount: Integers
    impressions: Integers
    clicks: Integers


def bookings(setting: Setting) -> tuple[Integers, int]:
    """The days on which spending is booked, and for how many days each time."""
    every = 1 if setting.scenario.touches >= DAILY_FROM else 7
    return np.arange(0, setting.scenario.days, every), every


def spending(setting: Setting) -> Spending:
    """All spending: in proportion to the persons that a channel brings, with some noise."""
    scenario = setting.scenario
    starts, every = bookings(setting)
    each, channels = scenario.campaigns_per_channel, len(scenario.channels)
    day = np.repeat(starts, channels * each)
    campaign = np.tile(np.arange(channels * each), len(starts))
    channel = campaign // each
    rng = generator(scenario.seed, Stream.SPEND)
    noise = rng.gamma(20.0, 1.0 / 20.0, len(day))
    cost = np.asarray([c.cost for c in scenario.channels]) * setting.channel_shares / each
    persons = scenario.persons / scenario.days * every
    euros = cost[channel] * persons * noise * scenario.euro
    step = smallest(scenario)
    amount = np.rint(euros * UNITS / step).astype(np.int64) * step
    impressions = np.rint(persons * setting.channel_shares[channel] / each * noise * 40)
    clicks = np.rint(impressions / 30)
    whole = impressions.astype(np.int64), clicks.astype(np.int64)
    return Spending(day, channel, campaign, amount, *whole)


def spend_table(setting: Setting, names: Names) -> pa.Table:
    """The rows of ``spend``."""
    spent = spending(setting)
    return rows(
        "spend",
        {
            "spend_id": identifiers("k", np.arange(1, len(spent.day) + 1)),
            "day": days(setting, spent.day),
            "channel": coded(names.channels, spent.channel),
            "campaign": coded(names.campaigns, spent.campaign),
            "amount": money(spent.amount),
            "currency": constant(setting.scenario.money, len(spent.day)),
            "impressions": pa.array(spent.impressions),
            "clicks": pa.array(spent.clicks),
        },
    )


def product_table(setting: Setting) -> pa.Table:
    """The rows of ``product``."""
    goods, segments = catalogue(setting.scenario), setting.scenario.segments
    names = [
        _product(setting, segment.name, k) for segment in segments for k in range(segment.products)
    ]
    return rows(
        "product",
        {
            "sku": identifiers("s", np.arange(1, len(names) + 1)),
            "name": pa.array(names),
            "segment": coded([each.name for each in segments], goods.segment),
            "list_price": money(goods.list_price),
            "unit_cost": money(goods.unit_cost),
        },
    )


def _product(setting: Setting, segment: str, k: int) -> str:
    known = setting.scenario.words.products.get(segment, (segment,))
    return known[k % len(known)] + (f" {k // len(known) + 1}" if k >= len(known) else "")
