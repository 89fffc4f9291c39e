"""The ranges that people type for what no record tells: ``incentives.toml``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from math import isfinite
from typing import Any

from onefunnel.measures.incentives.quantities import UNBOUNDED, Quantity
from onefunnel.measures.incentives.segments import NOT_NEGATIVE, SHARE
from onefunnel.pay.checks import Path
from onefunnel.pay.terms_file import TermsFile
from onefunnel.vocabulary import Terms
from onefunnel.vocabulary.terms import INCENTIVES

HISTORY_DAYS, MOST_DAYS = 365, 36_500
WORK_WITHIN_HOURS, MOST_HOURS = 24.0, 8_760.0
ENDS = ("low", "best", "high")
ONE = Quantity.exact(1.0)


class Per(StrEnum):
    """What typed hours are for: a week, a month of the calendar, or the whole period asked for."""

    WEEK = "week"
    MONTH = "month"
    PERIOD = "period"


class On(StrEnum):
    """What a typed rate of pay is a share of."""

    REVENUE = "revenue"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours that all salespeople have for leads."""

    amount: Quantity
    per: Per = Per.PERIOD


@dataclass(frozen=True, slots=True)
class Pay:
    """A rule of pay for a firm without a plan file: ``rate`` of each win's revenue or margin."""

    rate: Quantity
    on: On = On.REVENUE


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed for one segment, in the workspace's currency; it goes before the records.

    ``margin`` is contribution / revenue, ``worked_share`` the part of the leads that was worked.
    """

    margin: Quantity | None = None
    minutes_per_lead: Quantity | None = None
    win_probability: Quantity | None = None
    win_unworked: Quantity | None = None
    worked_share: Quantity | None = None
    contribution_per_win: Quantity | None = None
    pay_per_win: Quantity | None = None


BOUNDS: Mapping[str, tuple[float, float]] = {
    "margin": SHARE,
    "minutes_per_lead": NOT_NEGATIVE,
    "win_probability": SHARE,
    "win_unworked": SHARE,
    "worked_share": SHARE,
    "contribution_per_win": UNBOUNDED,
    "pay_per_win": UNBOUNDED,
    "sellers": NOT_NEGATIVE,
    "weekly_hours": NOT_NEGATIVE,
    "share_of_time": SHARE,
    "rate": SHARE,
    "hour_cost": NOT_NEGATIVE,
    "amount": NOT_NEGATIVE,
    "work_within_hours": (0.0, MOST_HOURS),
}
"""What each range is never below or above; a time for a lead is never 0 either."""
NEVER_ZERO = ("minutes_per_lead", "work_within_hours")


@dataclass(frozen=True, slots=True)
class Ranges:
    """What ``incentives.toml`` says; None: nothing typed.

    ``hour_cost`` is what an hour of a salesperson costs, everything counted in. ``hours``, or
    ``sellers`` with ``weekly_hours`` where the ledger holds no employees of sales;
    ``share_of_time`` is the part of working hours that there is for leads. ``history_days`` says
    how far before the end of the period leads count for chances, amounts and minutes,
    ``work_within_hours`` in what time it was agreed to work a lead that sales got. ``margin`` and
    ``minutes_per_lead`` stand in where nothing is on record, ``pay`` where no plan file is in
    force; ``segments`` go before the records.
    """

    hour_cost: float | None = None
    hours: Hours | None = None
    sellers: Quantity | None = None
    weekly_hours: Quantity | None = None
    share_of_time: Quantity = ONE
    history_days: int = HISTORY_DAYS
    work_within_hours: float | None = None
    margin: Quantity | None = None
    minutes_per_lead: Quantity | None = None
    pay: Pay | None = None
    segments: Mapping[str, Typed] = field(default_factory=dict)

    def of(self, segment: str) -> Typed:
        """What is typed for a segment."""
        return self.segments.get(segment, Typed())


def ranges_of(terms: Terms) -> Ranges:
    """The ranges of a workspace; none where it has no file. Raises InputError as :func:`read`."""
    text = terms.text(INCENTIVES)
    return Ranges() if text is None else read(text)


@lru_cache(maxsize=64)
def read(text: str, file: str = INCENTIVES) -> Ranges:
    r"""The ranges of a file.

    A range is a number, or ``{ low = …, best = …, high = … }``. Raises InputError that names the
    file, the line, the key and the value, and says what is allowed.

    >>> found = read("margin = { low = 0.1, best = 0.15, high = 0.25 }\n[segments.gates]\n"
    ...     "minutes_per_lead = 180")
    >>> found.margin, found.of("gates").minutes_per_lead.best
    (Quantity(best=0.15, low=0.1, high=0.25, typed=True), 180.0)
    >>> read("margn = 0.1")
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: incentives.toml, line 1, column 'margn', value 'margn': There is no
    such key. Did you mean 'margin'? Valid: ...
    """
    return _Reader(text, file).content()


class _Reader(TermsFile):
    """One file while it is read."""

    unsaid = frozenset({"amount"})

    def content(self) -> Ranges:
        convert: dict[str, Callable[[Path, Any], Any]] = {
            **{each.name: self.quantity for each in fields(Ranges)},
            "hour_cost": self.number,
            "work_within_hours": self.number,
            "hours": self.hours,
            "history_days": self.days,
            "pay": self.pay,
            "segments": self.segments,
        }
        self.names((), self.given, convert)
        return Ranges(**{key: convert[key]((key,), value) for key, value in self.given.items()})

    def segments(self, path: Path, given: Any) -> dict[str, Typed]:
        return {
            name: self.segment((*path, name), each)
            for name, each in self.table(path, given).items()
        }

    def segment(self, path: Path, given: Any) -> Typed:
        self.names(path, self.table(path, given), [each.name for each in fields(Typed)])
        return Typed(**{key: self.quantity((*path, key), each) for key, each in given.items()})

    def hours(self, path: Path, given: Any) -> Hours:
        if not isinstance(given, dict):
            return Hours(self.quantity((*path, "amount"), given))
        rest = dict(given)
        per = self.choice(Per, (*path, "per"), rest.pop("per", Per.PERIOD.value))
        return Hours(self.quantity((*path, "amount"), rest), Per(per))

    def pay(self, path: Path, given: Any) -> Pay:
        self.names(path, self.table(path, given), ("rate", "on"))
        if "rate" not in given:
            self.fail(path, "", "missing_key", "'rate' is missing.", "Write rate = 0.03 for 3 %.")
        on = self.choice(On, (*path, "on"), given.get("on", On.REVENUE.value))
        return Pay(self.quantity((*path, "rate"), given["rate"]), On(on))

    def quantity(self, path: Path, given: Any) -> Quantity:
        """A number or a range, within the bounds of the last key of the path."""
        if isinstance(given, dict):
            return self.range(path, given)
        return Quantity.exact(self.number(path, given))

    def range(self, path: Path, given: dict[str, Any]) -> Quantity:
        self.names(own := path[:-1] if path[-1] == "amount" else path, given, ENDS)
        for end in (each for each in ENDS if each not in given):
            self.fail(own, "", "missing_key", f"{end!r} is missing.", f"Write {end} = ….")
        low, best, high = (self.number((*path, end), given[end]) for end in ENDS)
        if not low <= best <= high:
            self.fail(own, given, "bad_value", "The range is out of order.", "Low, best, high.")
        return Quantity.typed_range(low, best, high)

    def number(self, path: Path, given: Any) -> float:
        if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
            remedy = "Write a number, or { low = 1, best = 2, high = 3 }."
            self.fail(path, given, "bad_value", "A number was expected.", remedy)
        key = next(str(each) for each in reversed(path) if each in BOUNDS)
        lowest, highest = BOUNDS[key]
        no_time = key in NEVER_ZERO and given == 0
        if no_time or not lowest <= given <= highest:
            valid = (
                "above 0" if no_time else f"from {lowest:g} to {highest:g}".replace(" to inf", "")
            )
            self.fail(path, given, "bad_value", "It can't be.", f"It is {valid}.")
        return float(given)

    def days(self, path: Path, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= MOST_DAYS:
            message = "A whole number of days was expected."
            self.fail(path, given, "bad_value", message, f"Give 1 to {MOST_DAYS}.")
        return given
