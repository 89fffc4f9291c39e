"""The figures that a scorecard can name: what each is, and how it comes from sums of records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from onefunnel.vocabulary import Department, round_money

Sums: TypeAlias = Mapping[str, Decimal]
"""What was summed over one month, by name; a sum of which a part is unknown is not there."""

RATIO_PLACES = Decimal("0.000001")
SECONDS_AN_HOUR = Decimal(3600)


class Unit(StrEnum):
    """What a figure counts: money has four decimals, shares and hours have six."""

    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one month.

    ``better`` is 1 where more is better, else -1. ``owner`` answers for it where nothing else was
    agreed. ``own``: the records name the employee, so it can be told of a seller. ``additive``:
    those of teams sum to that of the company. ``tables`` must hold records, or nothing is known.
    ``value`` takes the sums named by ``needs``; it is None where there is nothing to divide by.
    """

    about: str
    unit: Unit
    better: int
    owner: Department
    needs: tuple[str, ...]
    tables: tuple[str, ...]
    value: Callable[[Sums], Decimal | None]
    own: bool = False
    additive: bool = False


def ratio(above: Decimal, below: Decimal, places: Decimal = RATIO_PLACES) -> Decimal | None:
    """A quotient to six decimals, half away from zero; None where there is nothing below.

    >>> ratio(Decimal(2), Decimal(3)), ratio(Decimal(2), Decimal(0))
    (Decimal('0.666667'), None)
    """
    if not below:
        return None
    with localcontext() as context:
        context.prec = 60
        return (above / below).quantize(places, rounding=ROUND_HALF_UP)


def _sum(name: str) -> Callable[[Sums], Decimal | None]:
    return lambda sums: sums[name]


def _money(name: str) -> Callable[[Sums], Decimal | None]:
    return lambda sums: round_money(sums[name])


def _share(above: str, below: str) -> Callable[[Sums], Decimal | None]:
    return lambda sums: ratio(sums[above], sums[below])


def _price(above: str, below: str) -> Callable[[Sums], Decimal | None]:
    return lambda sums: ratio(sums[above], sums[below], Decimal("0.0001"))


def _discount(sums: Sums) -> Decimal | None:
    return ratio(sums["listed"] - sums["net"], sums["listed"])


def _hours(sums: Sums) -> Decimal | None:
    return ratio(sums["response_seconds"], sums["contacted"] * SECONDS_AN_HOUR)


def _profit(sums: Sums) -> Decimal | None:
    return round_money(sums["contribution"] - sums["spend"])


_M, _S, _B = Department.MARKETING, Department.SALES, Department.BOTH
_LINES, _LEADS = ("order_line|deal_event",), ("lead",)

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "accepted_leads": Figure(
            "leads that sales accepted in the month",
            Unit.COUNT,
            1,
            _B,
            ("accepted",),
            ("handoff",),
            _sum("accepted"),
            own=True,
            additive=True,
        ),
        "arpu": Figure(
            "revenue per customer of the month",
            Unit.MONEY,
            1,
            _S,
            ("revenue", "customers"),
            _LINES,
            _price("revenue", "customers"),
            own=True,
        ),
        "contacted_leads": Figure(
            "share of the month's leads that somebody tried to reach",
            Unit.SHARE,
            1,
            _S,
            ("contacted", "leads"),
            (*_LEADS, "handoff"),
            _share("contacted", "leads"),
        ),
        "contribution": Figure(
            "quantity x (net price - unit cost) of the month's lines",
            Unit.MONEY,
            1,
            _B,
            ("contribution",),
            _LINES,
            _money("contribution"),
            own=True,
            additive=True,
        ),
        "cost_per_lead": Figure(
            "what was spent in the month by the leads of the month",
            Unit.MONEY,
            -1,
            _M,
            ("spend", "leads"),
            ("spend", *_LEADS),
            _price("spend", "leads"),
        ),
        "customers": Figure(
            "those with an order line or a won deal in the month",
            Unit.COUNT,
            1,
            _S,
            ("customers",),
            _LINES,
            _sum("customers"),
            own=True,
            additive=True,
        ),
        "discount": Figure(
            "1 - net price / list price of the month's lines",
            Unit.SHARE,
            -1,
            _S,
            ("listed", "net"),
            ("order_line",),
            _discount,
            own=True,
        ),
        "leads": Figure(
            "leads of the month",
            Unit.COUNT,
            1,
            _M,
            ("leads",),
            _LEADS,
            _sum("leads"),
            additive=True,
        ),
        "margin": Figure(
            "contribution by revenue of the month's lines",
            Unit.SHARE,
            1,
            _B,
            ("contribution", "revenue"),
            _LINES,
            _share("contribution", "revenue"),
            own=True,
        ),
        "new_customers": Figure(
            "those who entered the stage purchase in the month",
            Unit.COUNT,
            1,
            _S,
            ("new",),
            _LINES,
            _sum("new"),
            additive=True,
        ),
        "profit": Figure(
            "contribution less what was spent in the month to win attention",
            Unit.MONEY,
            1,
            _M,
            ("contribution", "spend"),
            (*_LINES, "spend"),
            _profit,
            additive=True,
        ),
        "repeat_purchase": Figure(
            "share of the month's customers who by its end had entered the stage customer loyalty",
            Unit.SHARE,
            1,
            _M,
            ("repeated", "customers"),
            _LINES,
            _share("repeated", "customers"),
            own=True,
        ),
        "response_hours": Figure(
            "mean hours from a lead of the month to the first attempt to reach it, if any",
            Unit.HOURS,
            -1,
            _S,
            ("response_seconds", "contacted"),
            (*_LEADS, "handoff"),
            _hours,
        ),
        "revenue": Figure(
            "quantity x net price of the month's lines, and won deals without lines",
            Unit.MONEY,
            1,
            _B,
            ("revenue",),
            _LINES,
            _money("revenue"),
            own=True,
            additive=True,
        ),
    }
)
"""Every figure that the ledger can tell, by the name that a scorecard calls its source."""
