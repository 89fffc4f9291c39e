"""What sales offers and promises on the way: quotes and commitments."""

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import (
    coded,
    constant,
    identifiers,
    instants,
    money,
    quantities,
    rows,
)
from onefunnel.simulator.deals import amounts, has_deal, offered_at
from onefunnel.simulator.delays import DAY, Flags, Integers
from onefunnel.simulator.prices import catalogue
from onefunnel.simulator.selling import Outcome, Selling
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import Stream, generator

PROMISED, KEPT, OFF_MESSAGE = 0.3, 0.85, 0.1
"""The shares of offers with a promise beyond them, of promises kept, and of those that contradict
what the company says."""

DUE = 14 * DAY
"""From the promise to when it is due."""


def has_offer(setting: Setting, deals: Selling) -> Flags:
    """Which leads have got an offer before the cut."""
    return has_deal(setting, deals) & (offered_at(deals) < setting.end)


def quote_table(setting: Setting, deals: Selling) -> pa.Table:
    """The rows of ``quote``, one an offer; the outcome is NULL while the deal is open."""
    goods, here = catalogue(setting.scenario), np.flatnonzero(has_offer(setting, deals))
    person, product = deals.person[here], deals.product[here]
    closed = deals.closed_at[here] < setting.end
    outcome = np.where(deals.outcome[here] == Outcome.WON, 0, 1)
    return rows(
        "quote",
        {
            "quote_id": identifiers("q", person),
            "deal_id": identifiers("d", person),
            "party_id": identifiers("p", person),
            "quoted_at": instants(setting, offered_at(deals)[here]),
            "sku": identifiers("s", product + 1),
            "quantity": quantities(np.ones(len(here), np.int64)),
            "list_price": money(goods.list_price[product]),
            "offered_price": money(amounts(setting, deals)[here]),
            "unit_cost": money(goods.unit_cost[product]),
            "currency": constant(setting.scenario.money, len(here)),
            "outcome": coded(("accepted", "declined"), outcome, closed),
        },
    )


def promises(setting: Setting, deals: Selling, atom: int) -> tuple[Integers, Flags, Flags]:
    """The leads (positions) with a promise; whether each is kept, and whether off message."""
    rng = generator(setting.scenario.seed, Stream.PROMISES, atom)
    numbers = rng.random((3, len(deals)))
    here = np.flatnonzero(has_offer(setting, deals) & (numbers[0] < PROMISED))
    return here, numbers[1, here] < KEPT, numbers[2, here] < OFF_MESSAGE


def kept_at(deals: Selling, here: Integers) -> Integers:
    """When the promises to these leads are kept, where they are: before they are due."""
    return offered_at(deals)[here] + DUE - (deals.person[here] % 10) * DAY


def commitment_table(setting: Setting, deals: Selling, atom: int) -> pa.Table:
    """The rows of ``commitment``; ``kept_at`` is NULL where a promise is not kept by the cut."""
    here, kept, off = promises(setting, deals, atom)
    person, made = deals.person[here], offered_at(deals)[here]
    kept_on = kept_at(deals, here)
    words = setting.scenario.words.commitments
    return rows(
        "commitment",
        {
            "commitment_id": identifiers("c", person),
            "deal_id": identifiers("d", person),
            "made_at": instants(setting, made),
            "promise": coded(words, person % len(words)),
            "due_at": instants(setting, made + DUE),
            "kept_at": instants(setting, kept_on, kept & (kept_on < setting.end)),
            "off_message": pa.array(off),
        },
    )
