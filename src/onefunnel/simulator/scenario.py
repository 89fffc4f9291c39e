"""What is set about a company before it is simulated: all of it frozen, all of it in the truth."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from onefunnel.errors import UnknownName, UsageError
from onefunnel.simulator.delays import Delay
from onefunnel.simulator.names import EURO, LANGUAGES, Language
from onefunnel.simulator.self_reports import SelfReports
from onefunnel.vocabulary import Calendar

LOSE_DELAY = Delay("lognormal", 10.0, 0.8)
REORDER_DELAY = Delay("exponential", 60.0)
MOST_TOUCHES = 40
RESERVED = ("direct", "telephone")
"""Channels that the company has by itself."""

SHARES = (
    "reorder", "unworked_win", "several", "twice", "unseen_brand", "unknown_cost",
    "tested_discount", "blames_price", "trial_share",
)  # fmt: skip
"""The fields of a scenario that are from 0 to 1."""

PAY_BASES = ("price", "contribution")


@dataclass(frozen=True, slots=True)
class Segment:
    """What a group of buyers buys, and what selling to one of them takes.

    ``share`` of the persons, ``price`` in euro (the scenario's ``euro`` turns it into its own
    currency), ``margin`` the contribution as a share of the price, ``hours`` of a salesperson to
    work a lead, ``win`` and ``lose`` the chances of a worked lead, with the delays from the deal's
    opening.
    """

    name: str
    share: float
    price: float
    margin: float
    hours: float
    win: float
    lose: float
    win_delay: Delay
    lose_delay: Delay
    products: int = 4

    def __post_init__(self) -> None:
        if min(self.share, self.price, self.margin, self.hours, self.products) <= 0:
            raise UsageError(
                f"The segment {self.name!r} has a share, price, margin, hours or products of zero.",
                remedy="All are above zero.",
            )
        if not (0.0 < self.win < 1.0 and 0.0 <= self.lose <= 1.0 - self.win):
            raise UsageError(
                f"The segment {self.name!r} is won with {self.win} and lost with {self.lose}.",
                remedy="The first is between 0 and 1, and both together are at most 1.",
            )

    @property
    def contribution(self) -> float:
        """Contribution of a sale at list price, in euro."""
        return self.price * self.margin


@dataclass(frozen=True, slots=True)
class Channel:
    """A marketing channel: its ``share`` of persons, their ``quality``, what one of them costs.

    ``quality`` multiplies the chances to become a lead and to prefer; ``cost`` is euro a person.
    ``recalled`` is the chance that somebody whom it brought names it when asked. The names that the
    funnel takes for direct or branded visits must not be used.
    """

    name: str
    source: str
    medium: str
    share: float
    quality: float = 1.0
    cost: float = 1.0
    recalled: float = 0.7

    def __post_init__(self) -> None:
        _check_shares(self, "share", ("recalled",))


@dataclass(frozen=True, slots=True)
class Step:
    """A step from a stage to the next: the chance to move and to be lost, with their delays.

    What is left of one stays where it is for ever. Both chances together are at most 1.
    """

    move: float
    delay: Delay
    lose: float = 0.0
    lose_delay: Delay = LOSE_DELAY

    def __post_init__(self) -> None:
        if min(self.move, self.lose) < 0.0 or self.move + self.lose > 1.0:
            raise UsageError(
                f"A step has the chances {self.move} to move and {self.lose} to be lost.",
                remedy="Each is from 0 to 1, and both together are at most 1.",
            )


@dataclass(frozen=True, slots=True)
class Plan:
    """A pay plan: ``rate`` of the ``base``, the price or the contribution of what was sold.

    >>> Plan("price", 0.03).pay(2000.0, 300.0)
    60.0
    """

    base: str
    rate: float

    def __post_init__(self) -> None:
        if self.base not in PAY_BASES:
            raise UnknownName("base of pay", self.base, PAY_BASES)

    def pay(self, price: float, contribution: float) -> float:
        """What a sale pays."""
        return self.rate * (price if self.base == "price" else contribution)


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The size of each conflict; the defaults are those of a company without a quarrel.

    ``hours``: selling hours as a share of what all offered leads would take. ``pull``: how far
    salespeople follow pay per hour (1) rather than contribution per hour (0). ``noise``: the scale
    of the chance part of their choice. ``follow_up``: the share of offered leads that sales cares
    for at all. ``response_hours``: the median time to the first contact. ``junk``: the share of
    offered leads that can't buy. ``discount_slope``: points of discount (0.01 = 1 %) more for each
    doubling of the deal. ``drift``: the share of tasks that the wrong department does at the end of
    the time, growing from none. ``approvals_growth``: approvals more per decision and year.
    ``heads_apart``: the odds ratio of the two heads being in the same meeting; 1 is chance.
    """

    hours: float = 1.5
    pull: float = 0.0
    noise: float = 0.0
    follow_up: float = 1.0
    response_hours: float = 3.0
    junk: float = 0.0
    discount_slope: float = 0.0
    drift: float = 0.0
    approvals_growth: float = 0.0
    heads_apart: float = 1.0

    def __post_init__(self) -> None:
        _check_shares(self, "conflict", ("pull", "follow_up", "junk", "drift"))
        if self.junk == 1.0:
            raise UsageError("The conflict 'junk' is 1.0.", remedy="Somebody must be able to buy.")
        for name in ("hours", "response_hours", "heads_apart"):
            value = getattr(self, name)
            if not value > 0.0:
                raise UsageError(f"The conflict {name!r} is {value}.", remedy="It is above zero.")
        for name in ("noise", "discount_slope", "approvals_growth"):
            value = getattr(self, name)
            if value < 0.0:
                raise UsageError(f"The conflict {name!r} is {value}.", remedy="It is not below 0.")


@dataclass(frozen=True)
class Scenario:
    """A company to simulate. :mod:`onefunnel.simulator.scenarios` has those with a name.

    ``touches`` is the number of touches that is aimed at; it is met within one per cent from
    100,000 on, where ``touches_per_person`` leaves some beside those of the journey (about two).
    ``steps`` are those from awareness to intention (four), then to loyalty and to advocacy; the
    step from intention to purchase is the selling of ``segments``. ``reorder`` is the chance of
    each order after the second, ``reorder_delay`` its delay. ``several`` is the share of persons
    who were seen under a visitor's cookie before they were known, ``twice`` the share of leads with
    a second record. ``unseen_brand`` is the share of persons whose way back to the brand nobody
    recorded. ``unknown_cost`` is the share of order lines without a unit cost. ``tested_discount``
    is the largest of the discounts that are drawn at random, and ``elasticity`` that of the odds of
    winning to the price. ``forecast_bias`` is the standard deviation, between owners, of what they
    add to the log odds of winning when they are asked. ``blames_price`` is how often a salesperson
    writes down the price instead of the customer's reason. ``target_share`` is what departments are
    asked for, as a share of what they do in an ordinary month. ``trial_share`` is the share, drawn
    at random, of the leads that would be left which the director has called all the same, in hours
    that come on top. ``click_ids`` says whether clicks on ads keep the platform's identifier.
    ``self_reports`` is how leads answer that are asked how they heard of the company, None where
    nobody asks; the answers come on top of the touches.
    """

    name: str
    touches: int
    segments: tuple[Segment, ...]
    channels: tuple[Channel, ...]
    steps: tuple[Step, ...]
    plan: Plan
    conflicts: Conflicts = field(default_factory=Conflicts)
    seed: int = 0
    language: str = "en"
    currency: str = ""
    start: date = date(2023, 1, 1)
    days: int = 731
    touches_per_person: float = 5.0
    campaigns_per_channel: int = 3
    reorder: float = 0.6
    reorder_delay: Delay = REORDER_DELAY
    unworked_win: float = 0.0
    several: float = 0.2
    twice: float = 0.02
    unseen_brand: float = 0.0
    unknown_cost: float = 0.0
    tested_discount: float = 0.0
    elasticity: float = 3.0
    forecast_bias: float = 0.5
    blames_price: float = 0.3
    target_share: float = 0.9
    trial_share: float = 0.0
    click_ids: bool = False
    self_reports: SelfReports | None = None

    def __post_init__(self) -> None:
        if self.touches < 1 or self.days < 1:
            raise UsageError(
                f"The scenario has {self.touches} touches in {self.days} days.",
                remedy="Both are at least 1.",
            )
        if self.language not in LANGUAGES:
            raise UnknownName("language", self.language, LANGUAGES)
        if self.money not in EURO:
            raise UnknownName("currency", self.money, EURO)
        if not 1.0 <= self.touches_per_person <= MOST_TOUCHES:
            raise UsageError(
                f"The scenario has {self.touches_per_person} touches a person.",
                remedy=f"Give from 1 to {MOST_TOUCHES}.",
            )
        if len(self.steps) != 6:
            raise UsageError(
                f"The scenario has {len(self.steps)} steps.",
                remedy="Give four to intention, one to loyalty, one to advocacy.",
            )
        if self.steps[0].lose or self.steps[1].lose:
            raise UsageError(
                "Persons are lost before they are leads.",
                remedy="Nobody could record that: set the first two steps' chance of loss to 0.",
            )
        taken = {*RESERVED} & {channel.name for channel in self.channels}
        if taken or not self.channels or not self.segments:
            raise UsageError(
                f"The scenario has {len(self.channels)} channels, {len(self.segments)} segments"
                f" and the reserved channels {sorted(taken)}.",
                remedy="Give one of each at least, and other names.",
            )
        if not self.target_share > 0.0:
            raise UsageError(
                f"The share 'target_share' is {self.target_share}.", remedy="It is above zero."
            )
        _check_shares(self, "share", SHARES)
        if self.self_reports is not None:
            self.self_reports.check({*RESERVED, *(each.name for each in self.channels)})

    @property
    def persons(self) -> int:
        """How many persons there are."""
        return max(1, round(self.touches / self.touches_per_person))

    @property
    def calendar(self) -> Calendar:
        """The calendar of the company's language, in its zone."""
        language = LANGUAGES[self.language]
        return Calendar(language.calendar, language.zone)

    @property
    def begins(self) -> datetime:
        """The first instant: the beginning of the first local day, in UTC."""
        return self.calendar.start_of_day(self.start)

    @property
    def now(self) -> datetime:
        """The instant at which everything is cut: what happens later is not written."""
        return self.calendar.start_of_day(self.start + timedelta(days=self.days))

    @property
    def money(self) -> str:
        """The currency: the one set, or that of the language."""
        return self.currency or LANGUAGES[self.language].currency

    @property
    def words(self) -> Language:
        """The names and texts of the company's language."""
        return LANGUAGES[self.language]

    @property
    def euro(self) -> int:
        """What one euro costs in the company's currency, the same at all times."""
        return EURO[self.money]

    def with_conflicts(self, **sizes: Any) -> "Scenario":
        """The same company with these conflicts set; see :class:`Conflicts` for the names.

        Raises UnknownName for a conflict that does not exist.
        """
        valid = Conflicts.__dataclass_fields__
        for name in sizes:
            if name not in valid:
                raise UnknownName("conflict", name, valid)
        return replace(self, conflicts=replace(self.conflicts, **sizes))


def _check_shares(holder: object, what: str, names: tuple[str, ...]) -> None:
    for name in names:
        value = getattr(holder, name)
        if not 0.0 <= value <= 1.0:
            raise UsageError(f"The {what} {name!r} is {value}.", remedy="It is from 0 to 1.")
