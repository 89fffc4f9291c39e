"""What a pay plan says: frozen types, as a plan file holds them.

Money and bases are Decimals in the plan's currency, shares and rates Decimals (0.05 is 5 %), days
are local days, and the last day of anything is included, as in ``employee.active_to``.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ONE = Decimal(1)
ZERO = Decimal(0)


class Event(StrEnum):
    """What makes a sale count: the deal is won, the order line is dated, or the money is there."""

    BOOKING = "booking"
    INVOICE = "invoice"
    CASH = "cash"


class Unit(StrEnum):
    """The measurement period, for which quotas, targets, hurdles and guarantees are stated."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Accumulate(StrEnum):
    """Whether tiers run on through the year or begin anew in each measurement period."""

    YEAR_TO_DATE = "year_to_date"
    RESET = "reset"


class Base(StrEnum):
    """What a component counts; ``sales`` is the number of sales, a split one in its shares."""

    REVENUE = "revenue"
    MARGIN = "margin"
    UNITS = "units"
    SALES = "sales"


class Whose(StrEnum):
    """Whose credits count: one's own, or those of who reports to one (an override)."""

    OWN = "own"
    TEAM = "team"


class TiersOn(StrEnum):
    """What tiers and threshold are measured by: the base itself, or its share of the quota."""

    AMOUNT = "amount"
    ATTAINMENT = "attainment"


class Pays(StrEnum):
    """What a rate is a share of: the base, or the base rate (target variable pay / quota)."""

    BASE = "base"
    TARGET = "target"


class Gauge(StrEnum):
    """What a gate looks at; ``margin_rate`` is margin / revenue of lines where both are known."""

    REVENUE = "revenue"
    MARGIN = "margin"
    UNITS = "units"
    MARGIN_RATE = "margin_rate"


@dataclass(frozen=True, slots=True)
class Tier:
    """A rate from a point on.

    A marginal tier pays its rate on what lies beyond ``start``; a retroactive one, once there is
    more than ``start``, on everything from the first unit. At ``start`` itself the tier before
    still holds, whereas a threshold is met by what equals it.
    """

    start: Decimal
    rate: Decimal
    retroactive: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """A floor that a measure must reach, or the component is multiplied by ``otherwise``."""

    measure: Gauge
    at_least: Decimal
    otherwise: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Component:
    """One measure that a plan pays for.

    ``products`` and ``segments`` say which sales count, empty for all; ``first`` and ``last`` bound
    their days: a SPIFF is a component on units or sales with a rate in money and such a window.
    Below ``threshold`` nothing is paid, from it on everything; ``cap`` is the most that is paid
    from one beginning of the tiers to the next. All of it is multiplied by ``weight`` first.
    """

    name: str
    base: Base
    tiers: tuple[Tier, ...]
    whose: Whose = Whose.OWN
    products: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    tiers_on: TiersOn = TiersOn.AMOUNT
    pays: Pays = Pays.BASE
    threshold: Decimal | None = None
    cap: Decimal | None = None
    weight: Decimal = ONE
    gate: Gate | None = None

    @property
    def is_spiff(self) -> bool:
        """Whether it pays a fixed amount a unit or sale within a window of days."""
        counted = self.base in (Base.UNITS, Base.SALES)
        return counted and self.first is not None and self.last is not None


@dataclass(frozen=True, slots=True)
class Pool:
    """A reward that departments share: ``share`` of the margin above ``hurdle``, by fixed parts.

    ``parts`` are employees with weights in any unit; the hurdle is for one measurement period.
    """

    name: str
    share: Decimal
    hurdle: Decimal
    parts: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """The least that is paid a month; what a recoverable one adds is taken from later months."""

    amount: Decimal
    recoverable: bool


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The least that is paid a measurement period, made up at its end and never taken back."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class Holdback:
    """A share of what is earned, held until a day, or for days after the month it was earned in."""

    share: Decimal
    until: date | None = None
    after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of a plan: those of one ``name`` follow each other by their days.

    With ``resets`` the tiers begin anew with the version; without it they go on from what the
    version before has counted. ``clawback_days`` is the time within which a return takes back what
    its sale was paid, as if it had never been; a later return takes nothing. With None a return
    counts as a negative sale on its own day.
    """

    name: str
    currency: str
    first: date
    crediting: Event
    period: Unit
    components: tuple[Component, ...] = ()
    last: date | None = None
    accumulate: Accumulate = Accumulate.YEAR_TO_DATE
    resets: bool = False
    clawback_days: int | None = None
    draw: Draw | None = None
    guarantee: Guarantee | None = None
    holdback: Holdback | None = None
    pools: tuple[Pool, ...] = ()

    @property
    def window(self) -> Unit:
        """The time after which tiers begin anew."""
        return Unit.YEAR if self.accumulate is Accumulate.YEAR_TO_DATE else self.period

    def runs_on(self, day: date) -> bool:
        """Whether the version is in effect on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is paid by a plan, from day to day.

    ``quotas`` and ``target`` are for one full measurement period; who is there for part of it has
    that part of them. A quota under the name ``""`` is that of every component without its own.
    Several rows of one employee follow each other: a new quota is a new row.
    """

    plan: str
    employee: str
    first: date
    last: date | None = None
    quotas: tuple[tuple[str, Decimal], ...] = ()
    target: Decimal | None = None
    manager: str | None = None

    def quota_of(self, component: str) -> Decimal | None:
        """The quota of a component, None where none is set.

        >>> member = Member("sales", "e1", date(2024, 1, 1), quotas=(("", Decimal(100)),))
        >>> member.quota_of("revenue")
        Decimal('100')
        """
        named = dict(self.quotas)
        return named.get(component, named.get(""))

    def works_on(self, day: date) -> bool:
        """Whether the row covers a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan with those it pays. The terms can be shown to all, the members can't."""

    plan: Plan
    members: tuple[Member, ...] = ()
