"""Deals: their events, why they are lost and who says so, and what their owners forecast."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
from scipy.special import expit, logit

from onefunnel.simulator.columns import (
    coded,
    constant,
    day_of,
    days,
    identifiers,
    instants,
    money,
    ratios,
    rows,
)
from onefunnel.simulator.delays import DAY, Flags, Floats, Integers
from onefunnel.simulator.handoffs import CUSTOMER, SALESPERSON, SOURCES
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.prices import catalogue, net_prices
from onefunnel.simulator.selling import Outcome, Selling, sellers
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.streams import Stream, generator

REASON_SHARES = {
    "price": 0.22,
    "competitor": 0.28,
    "timing": 0.22,
    "no_decision": 0.14,
    "no_need": 0.09,
    "unreachable": 0.05,
}
"""How often a lost deal has each reason, as the customers say."""

SHARED_EVERY, OWNERS_PART = 10, Decimal("0.7")
"""Of so many deals one is worked by two, and what of it is its owner's."""

PRICE = 0
"""The position of the reason that salespeople like to give."""

ASKED = 0.5
"""The share of lost customers who were asked for their reason."""

ASKED_AFTER = 7 * DAY

STATUSES = ("open", "won", "lost")
STAGES = ("opened", "offered", "closed", "asked")
OPENED, OFFERED, CLOSED, ASKED_LATER = range(4)
CATEGORIES = ("pipeline", "best case", "closed", "omitted")


def has_deal(setting: Setting, deals: Selling) -> Flags:
    """Which leads have a deal before the cut: those that were worked and can buy."""
    return deals.worked & ~deals.junk & (deals.opened_at < setting.end)


def amounts(setting: Setting, deals: Selling) -> Integers:
    """What each lead was offered its product for, in ten-thousandths."""
    goods = catalogue(setting.scenario)
    return net_prices(setting.scenario, goods, deals.product, deals.discount)


def offered_at(deals: Selling) -> Integers:
    """When each deal gets its offer: half way to its end, ``NEVER`` where that never comes."""
    ends = deals.worked & ~deals.junk & (deals.closed_at < NEVER)
    half = (np.where(ends, deals.opened_at, 0) + np.where(ends, deals.closed_at, 0)) // 2
    return np.where(ends & (half > deals.opened_at), half, NEVER)


def deal_table(setting: Setting, deals: Selling) -> pa.Table:
    """The rows of ``deal``."""
    here = has_deal(setting, deals)
    person = deals.person[here]
    segments = [each.name for each in setting.scenario.segments]
    return rows(
        "deal",
        {
            "deal_id": identifiers("d", person),
            "party_id": identifiers("p", person),
            "lead_id": identifiers("l", person),
            "owner": identifiers("e", deals.owner[here] + FIRST_SELLER),
            "segment": coded(segments, deals.segment[here]),
        },
    )


def credit_table(setting: Setting, deals: Selling) -> pa.Table:
    """The rows of ``credit``: every tenth deal is worked by two, its owner and the next in line."""
    here = has_deal(setting, deals) & (deals.person % SHARED_EVERY == 0)
    person, owner = deals.person[here], deals.owner[here]
    other = (owner + 1) % sellers(setting)
    pairs = np.stack([person, person], axis=1).ravel()
    shares = pa.array([OWNERS_PART, 1 - OWNERS_PART] * len(person), pa.decimal128(18, 11))
    return rows(
        "credit",
        {
            "credit_id": identifiers("c", 2 * pairs + np.arange(len(pairs)) % 2),
            "deal_id": identifiers("d", pairs),
            "employee_id": identifiers(
                "e", np.stack([owner, other], axis=1).ravel() + FIRST_SELLER
            ),
            "share": shares,
            "overlay": pa.array([False] * len(pairs), pa.bool_()),
        },
    )


def biases(setting: Setting) -> Floats:
    """What each owner adds to the log odds of winning when asked; over all owners nothing."""
    rng = generator(setting.scenario.seed, Stream.FORECAST)
    drawn = rng.normal(size=sellers(setting))
    centred = drawn - drawn.mean()
    return np.asarray(centred / centred.std() * setting.scenario.forecast_bias)


def forecasts(setting: Setting, deals: Selling) -> Floats:
    """The chance of winning as each lead's owner says it.

    logit(said) = logit(win) + the owner's bias.
    """
    return np.asarray(expit(logit(deals.win) + biases(setting)[deals.owner]))


def lost_reasons(setting: Setting, deals: Selling, atom: int) -> tuple[Integers, Integers, Flags]:
    """Why each lead would be lost: by the customer, by the salesperson; who would be asked.

    Reasons are positions in ``REASON_SHARES``. A salesperson gives the customer's reason, but with
    the chance ``blames_price`` says that it was the price.
    """
    rng = generator(setting.scenario.seed, Stream.REASONS, atom)
    numbers = rng.random((3, len(deals)))
    bounds = np.cumsum(list(REASON_SHARES.values()))[:-1]
    true = np.searchsorted(bounds, numbers[0], side="right").astype(np.int64)
    blamed = numbers[1] < setting.scenario.blames_price
    return true, np.where(blamed, PRICE, true), np.asarray(numbers[2] < ASKED)


def deal_event_table(setting: Setting, deals: Selling, atom: int) -> pa.Table:
    """The rows of ``deal_event``: the opening, the offer, the end; and the customer's reason."""
    true, said, asked = lost_reasons(setting, deals, atom)
    ended = np.where(has_deal(setting, deals), deals.closed_at, NEVER)
    lost = deals.outcome == Outcome.LOST
    later = np.where(lost & asked & (ended < NEVER), ended, 0) + ASKED_AFTER
    instants_of = {
        OPENED: deals.opened_at,
        OFFERED: offered_at(deals),
        CLOSED: ended,
        ASKED_LATER: np.where(lost & asked & (ended < NEVER), later, NEVER),
    }
    there = has_deal(setting, deals)
    here, at, what = [], [], []
    for stage, instant in instants_of.items():
        found = np.flatnonzero(there & (instant < setting.end))
        here.append(found)
        at.append(instant[found])
        what.append(np.full(len(found), stage))
    which = np.concatenate(here), np.concatenate(at), np.concatenate(what)
    return _events(setting, deals, *which, true, said)


def _events(
    setting: Setting,
    deals: Selling,
    here: Integers,
    at: Integers,
    stage: Integers,
    true: Integers,
    said: Integers,
) -> pa.Table:
    person, ended = deals.person[here], stage >= CLOSED
    lost = ended & (deals.outcome[here] == Outcome.LOST)
    status = np.where(ended, np.where(lost, 2, 1), 0)
    reason = np.where(stage == ASKED_LATER, true[here], said[here])
    told = np.where(stage == ASKED_LATER, CUSTOMER, SALESPERSON)
    chance = np.choose(status, [forecasts(setting, deals)[here], 1.0, 0.0])
    usual = np.asarray([each.win_delay.median for each in setting.scenario.segments])
    wait = np.ceil(usual[deals.segment[here]]).astype(np.int64)
    words = [setting.scenario.words.lost_reasons[code] for code in REASON_SHARES]
    return rows(
        "deal_event",
        {
            "deal_event_id": identifiers("x", person * 10 + stage),
            "deal_id": identifiers("d", person),
            "occurred_at": instants(setting, at),
            "stage": coded(STAGES, stage),
            "status": coded(STATUSES, status),
            "amount": money(amounts(setting, deals)[here]),
            "currency": constant(setting.scenario.money, len(here)),
            "probability": ratios(np.asarray(chance, dtype=np.float64)),
            "expected_close": days(setting, day_of(deals.opened_at[here]) + wait),
            "forecast_category": coded(CATEGORIES, np.where(lost, 3, np.minimum(stage, 2))),
            "lost_reason": coded(words, np.where(lost, reason, -1)),
            "lost_reason_source": coded(SOURCES, np.where(lost, told, -1)),
        },
    )
