"""The segments of the designer: what a win and an hour pay now and under the new plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.incentives.between import Marketed
from onefunnel.measures.incentives.outcome import Outcome
from onefunnel.measures.incentives.rates import DIGITS, as_written, rates_of
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives.said import plain, segment_name


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its pay per win and per hour now and new, and the limits that were typed.

    The rates are the new pay per win as shares of revenue and contribution, empty where unknown.
    """

    place: int
    name: Markup
    pay_per_win: tuple[str, str]
    times: str
    of_revenue: str
    of_contribution: str
    pay_per_hour: tuple[str, str]
    contribution_per_hour: str
    worked: tuple[str, str]
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class NewPay:
    """What a win and an hour of each segment pay under a plan, and the period that it brings."""

    per_win: Mapping[str, float]
    per_hour: Mapping[str, float]
    outcome: Outcome


def segments(
    marketed: Marketed,
    new: NewPay,
    limits: tuple[Mapping[str, float], Mapping[str, float]],
    words: Words,
) -> tuple[Segment, ...]:
    """The segments of a market as the page shows them.

    ``limits`` are the lowest and the highest pay per win that were typed.
    """
    market = marketed.market
    if market is None:
        return ()
    hourly = market.pay_per_hour(market.rates).tolist()
    earned = market.contribution_per_hour.tolist()
    rates = rates_of(marketed, new.per_win)

    def money(value: float) -> str:
        return words.figures.money(Decimal(repr(round(value, 4))))

    def percent(value: float | None) -> str:
        return "" if value is None else words.figures.rate(as_written(value), DIGITS - 2)

    return tuple(
        Segment(
            place + 1,
            segment_name(each.segment, words),
            (money(each.rate), money(new.per_win[each.segment])),
            words.figures.number(new.per_win[each.segment] / each.rate) if each.rate else "",
            percent(rates[each.segment].of_revenue),
            percent(rates[each.segment].of_contribution),
            (money(hourly[place]), money(new.per_hour[each.segment])),
            money(earned[place]),
            (
                plain(new.outcome.worked_now[each.segment], words),
                plain(new.outcome.worked_new[each.segment], words),
            ),
            *(_typed(each_limit.get(each.segment)) for each_limit in limits),
        )
        for place, each in enumerate(market.segments)
    )


def _typed(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
