"""From intention on: the leads that sales is offered, what becomes of them, and what they buy."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from onefunnel.simulator.choice import before_each, rates, utilities, worked
from onefunnel.simulator.delays import DAY, Delay, Flags, Floats, Integers, seconds
from onefunnel.simulator.market import Market
from onefunnel.simulator.prices import Catalogue, catalogue, chances, discounts
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.streams import ATOM, Stream, generator

RESPONSE_SPREAD = 0.9
"""Standard deviation of the logarithm of the time to the first contact."""

REFUSAL = Delay("lognormal", 2.0, 0.7)
"""From the first contact to finding out that a lead can't buy."""

UNWORKED = Delay("lognormal", 20.0, 0.7)
"""To the purchase of one whom nobody called."""

MOST_ORDERS = 12
"""Of one person, the first included."""

HOURS_A_PERSON = 30.0
"""Selling hours of a salesperson a week, about; the rest is other work."""

MOST_SELLERS = 300


class Outcome(IntEnum):
    """What becomes of an offered lead in the end, if one waits long enough."""

    OPEN = 0
    WON = 1
    LOST = 2
    DISQUALIFIED = 3
    BOUGHT_ALONE = 4


@dataclass(frozen=True, slots=True)
class Selling:
    """The leads that came to intention before the cut, in the order of persons; arrays over them.

    ``asked_at`` is the entry into intention. ``opened_at`` is the first contact and the opening of
    the deal, ``NEVER`` where the lead is not worked. ``drawn`` are those that only the trial has
    worked. ``closed_at`` is when the outcome comes.
    ``win`` and ``lose`` are its own chances once it is worked, if it can buy at all.
    ``loyal_at`` and ``advocate_at`` are the later stages. ``orders`` counts the orders of a
    lifetime. ``before_plan`` and ``before_best`` are the hours that other leads of the month take
    before this one by pay and by contribution per hour. Nothing is cut at the end.
    """

    person: Integers
    channel: Integers
    campaign: Integers
    segment: Integers
    month: Integers
    asked_at: Integers
    lead_at: Integers
    cared: Flags
    junk: Flags
    worked: Flags
    drawn: Flags
    owner: Integers
    opened_at: Integers
    outcome: Integers
    closed_at: Integers
    product: Integers
    discount: Floats
    win: Floats
    lose: Floats
    loyal_at: Integers
    advocate_at: Integers
    orders: Integers
    before_plan: Floats
    before_best: Floats

    def __len__(self) -> int:
        return len(self.person)

    @property
    def bought(self) -> Flags:
        """Who buys in the end."""
        return np.isin(self.outcome, (Outcome.WON, Outcome.BOUGHT_ALONE))

    @property
    def bought_at(self) -> Integers:
        """The entry into purchase, ``NEVER`` where there is none."""
        return np.where(self.bought, self.closed_at, NEVER)

    def of_atom(self, first: int) -> slice:
        """The leads of the persons of the atom that begins with ``first``."""
        low, high = np.searchsorted(self.person, [first, first + ATOM])
        return slice(int(low), int(high))


@dataclass(frozen=True, slots=True)
class Offered:
    """The leads of an atom before sales has chosen, with their uniform numbers."""

    person: Integers
    channel: Integers
    campaign: Integers
    segment: Integers
    asked_at: Integers
    lead_at: Integers
    chance: Floats
    product: Integers


NUMBERS = (
    "care", "junk", "choice", "owner", "response", "outcome", "delay", "refusal", "discount",
)  # fmt: skip
LATER = ("loyal", "loyal_delay", "advocate", "advocate_delay", "orders")
TRIAL = ("trial",)


def offered(setting: Setting, atom: Market, goods: Catalogue) -> Offered:
    """The persons of an atom that came to intention before the cut."""
    here = np.flatnonzero(atom.entered[4] < setting.end)
    number = atom.first // ATOM
    rng = generator(setting.scenario.seed, Stream.SELLING, number)
    chance = rng.random((len(NUMBERS), len(here)))
    later = generator(setting.scenario.seed, Stream.AFTERWARDS, number)
    trial = generator(setting.scenario.seed, Stream.TRIAL, number)
    drawn = (each.random((n, len(here))) for each, n in ((later, len(LATER)), (trial, len(TRIAL))))
    chance = np.concatenate([chance, *drawn])
    segment = atom.segment[here]
    prices = generator(setting.scenario.seed, Stream.PRICES, number)
    among = np.floor(prices.random(len(here)) * goods.sizes[segment]).astype(np.int64)
    return Offered(
        atom.person[here],
        atom.channel[here],
        atom.campaign[here],
        segment,
        atom.entered[4, here],
        atom.entered[2, here],
        chance,
        goods.starts[segment] + among,
    )


def selling(setting: Setting, atoms: Iterable[Market]) -> Selling:
    """All leads that the atoms of the market offer to sales, chosen, worked and closed."""
    goods = catalogue(setting.scenario)
    leads = _joined([offered(setting, atom, goods) for atom in atoms])
    chance = dict(zip((*NUMBERS, *LATER, *TRIAL), leads.chance, strict=True))
    choice = _chosen(setting, leads, chance)
    owner = np.floor(chance["owner"] * sellers(setting)).astype(np.int64)
    opened = _opened(setting, leads, choice.worked, chance["response"])
    discount = discounts(setting.scenario, goods, leads.product, chance["discount"])
    odds = chances(setting.scenario, leads.segment, discount)
    outcome, closed = _outcomes(setting, leads, choice, opened, chance, odds)
    bought = (outcome == Outcome.WON) | (outcome == Outcome.BOUGHT_ALONE)
    loyal_at, advocate_at, orders = _afterwards(setting, bought, closed, chance)
    return Selling(
        leads.person,
        leads.channel,
        leads.campaign,
        leads.segment,
        setting.month_of(leads.asked_at),
        leads.asked_at,
        leads.lead_at,
        choice.cared,
        choice.junk,
        choice.worked,
        choice.drawn,
        owner,
        opened,
        outcome,
        closed,
        leads.product,
        discount,
        *odds,
        loyal_at,
        advocate_at,
        orders,
        choice.before_plan,
        choice.before_best,
    )


def hours_a_day(setting: Setting) -> float:
    """The company's selling hours a day: ``conflicts.hours`` of what all leads would take."""
    given = rates(setting.scenario)
    need = setting.leads_a_day * float(setting.segment_shares @ given.hours)
    return setting.scenario.conflicts.hours * need


def hours_of_months(setting: Setting) -> Floats:
    """Selling hours of each month, by its days (those within the company's time)."""
    starts = np.append(np.maximum(setting.month_starts, 0), setting.end)
    return np.asarray(np.diff(starts) / DAY * hours_a_day(setting))


def sellers(setting: Setting) -> int:
    """How many salespeople there are; the head of sales apart."""
    needed = round(7 * hours_a_day(setting) / HOURS_A_PERSON)
    return int(min(max(needed, 2), MOST_SELLERS))


def _joined(parts: list[Offered]) -> Offered:
    columns = [[getattr(part, name) for part in parts] for name in Offered.__slots__]
    return Offered(*[np.concatenate(each, axis=-1) for each in columns])


@dataclass(frozen=True, slots=True)
class _Choice:
    cared: Flags
    junk: Flags
    worked: Flags
    drawn: Flags
    before_plan: Floats
    before_best: Floats


def _chosen(setting: Setting, leads: Offered, chance: dict[str, Floats]) -> _Choice:
    scenario = setting.scenario
    given, month = rates(scenario), setting.month_of(leads.asked_at)
    hours = given.hours[leads.segment]
    limit = hours_of_months(setting)[month]
    cared = chance["care"] < scenario.conflicts.follow_up
    utility = utilities(scenario, leads.segment, chance["choice"])
    # Who is not cared for takes no hours.
    before = before_each(month, np.where(cared, utility, -np.inf), np.where(cared, hours, 0.0))
    chosen = cared & worked(before, hours, limit)
    drawn = ~chosen & (chance["trial"] < scenario.trial_share)
    return _Choice(
        cared,
        chance["junk"] < scenario.conflicts.junk,
        chosen | drawn,
        drawn,
        before_each(month, given.pay_per_hour[leads.segment], hours),
        before_each(month, given.contribution_per_hour[leads.segment], hours),
    )


def response(setting: Setting) -> Delay:
    """From the offer to the first contact, in days, of those who are worked."""
    median = setting.scenario.conflicts.response_hours / 24.0
    return Delay("lognormal", median, RESPONSE_SPREAD)


def _opened(setting: Setting, leads: Offered, chosen: Flags, uniforms: Floats) -> Integers:
    opened = np.full(len(chosen), NEVER)
    wait = seconds(response(setting), uniforms[chosen])
    opened[chosen] = leads.asked_at[chosen] + wait
    return opened


def _outcomes(
    setting: Setting,
    leads: Offered,
    choice: _Choice,
    opened: Integers,
    chance: dict[str, Floats],
    odds: tuple[Floats, Floats],
) -> tuple[Integers, Integers]:
    outcome = np.full(len(opened), int(Outcome.OPEN))
    closed = np.full(len(opened), NEVER)
    able, (win, lose) = choice.worked & ~choice.junk, odds
    for position, each in enumerate(setting.scenario.segments):
        here = able & (leads.segment == position)
        won = here & (chance["outcome"] < win)
        lost = here & ~won & (chance["outcome"] < win + lose)
        _close(outcome, closed, won, Outcome.WON, opened, each.win_delay, chance["delay"])
        _close(outcome, closed, lost, Outcome.LOST, opened, each.lose_delay, chance["delay"])
    refused = choice.worked & choice.junk
    numbers = chance["refusal"]
    _close(outcome, closed, refused, Outcome.DISQUALIFIED, opened, REFUSAL, numbers)
    alone = ~choice.worked & ~choice.junk & (chance["outcome"] < setting.scenario.unworked_win)
    asked = leads.asked_at
    _close(outcome, closed, alone, Outcome.BOUGHT_ALONE, asked, UNWORKED, chance["delay"])
    return outcome, closed


def _close(
    outcome: Integers,
    closed: Integers,
    where: Flags,
    what: Outcome,
    since: Integers,
    delay: Delay,
    uniforms: Floats,
) -> None:
    outcome[where] = int(what)
    closed[where] = since[where] + seconds(delay, uniforms[where])


def _afterwards(
    setting: Setting, bought: Flags, closed: Integers, chance: dict[str, Floats]
) -> tuple[Integers, Integers, Integers]:
    to_loyalty, to_advocacy = setting.scenario.steps[4:]
    loyal = bought & (chance["loyal"] < to_loyalty.move)
    advocate = loyal & (chance["advocate"] < to_advocacy.move)
    loyal_at, advocate_at = np.full(len(bought), NEVER), np.full(len(bought), NEVER)
    loyal_at[loyal] = closed[loyal] + seconds(to_loyalty.delay, chance["loyal_delay"][loyal])
    wait = seconds(to_advocacy.delay, chance["advocate_delay"][advocate])
    advocate_at[advocate] = loyal_at[advocate] + wait
    orders = bought.astype(np.int64) + loyal
    again = setting.scenario.reorder
    if again > 0.0:
        # Orders after the second: a geometric number, by the inverse of its distribution.
        more = np.floor(np.log(np.maximum(1.0 - chance["orders"], 1e-300)) / np.log(again))
        orders = orders + np.where(loyal, np.minimum(more, MOST_ORDERS - 2), 0).astype(np.int64)
    return loyal_at, advocate_at, orders
