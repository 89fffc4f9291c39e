"""The slider from today's plan to one rate on contribution, at the payroll of today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from onefunnel.errors import Refused
from onefunnel.measures.incentives.between import Between, Marketed, between, market_of
from onefunnel.measures.incentives.market import Market
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives.inputs import missing_in_words
from onefunnel.web.pages.incentives.said import plain, segment_name
from onefunnel.web.pages.incentives.typed import impossible

WHOLE = 100
STRENGTHS = (100, 75, 50, 25)
NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where the slider stands and how far salespeople follow pay, both in percent."""

    toward: int = WHOLE
    strength: int = WHOLE


@dataclass(frozen=True, slots=True)
class PaidSegment:
    """A segment now and under the plan of the slider, in figures."""

    name: Markup
    pay_per_hour: tuple[str, str]
    pay_per_win: tuple[str, str]
    contribution_per_hour: str
    worked: tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlanView:
    """The slider and what it shows; ``refused`` says why there is none."""

    chosen: Chosen
    refused: Markup = NOTHING
    sentence: Markup = NOTHING
    segments: tuple[PaidSegment, ...] = ()
    contribution: tuple[str, str] = ("", "")
    payroll: str = ""
    rate: str = ""
    left_out: tuple[Markup, ...] = ()


def read(given: Mapping[str, str], words: Words, measured: int | None = None) -> Chosen:
    """What an address asks for; ``measured`` is how far pay is followed by the records, if known.

    UsageError for a share that can't be.
    """
    usual = WHOLE if measured is None else measured
    return Chosen(
        percent(given.get("toward", ""), WHOLE, words.say("Plan"), words),
        percent(given.get("strength", ""), usual, words.say("Response"), words),
    )


def strengths(
    valid: Sequence[int], chosen: int, measured: int | None, words: Words
) -> list[tuple[int, Markup]]:
    """How far pay can be said to be followed, in percent, and which of it the records show."""
    values = sorted({*valid, chosen, *(() if measured is None else (measured,))}, reverse=True)
    shown = ((each, Markup(escape(words.figures.share(each / WHOLE)))) for each in values)
    return [
        (each, words.say("{share}, from your records", share=text) if each == measured else text)
        for each, text in shown
    ]


def percent(text: str, usual: int, what: Markup, words: Words) -> int:
    """A whole percentage of an address, ``usual`` where it names none. UsageError for another."""
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= WHOLE):
        raise impossible(what, text, Markup("0 … 100"), words)
    return int(text)


def plan_view(rows: Sequence[IncentivesRow], chosen: Chosen, words: Words) -> PlanView:
    """The plan of the slider beside today's, as far as its inputs are known."""
    marketed = market_of(rows)
    if marketed.market is None:
        return PlanView(chosen, refused=_refused(marketed, words))
    try:
        found = between(marketed.market, chosen.toward / WHOLE, chosen.strength / WHOLE)
    except Refused:
        return PlanView(chosen, refused=words.say("Nothing is paid, or nothing has a margin."))
    figures, outcome = words.figures, found.outcome
    return PlanView(
        chosen,
        sentence=_sentence(found, words),
        segments=_segments(marketed.market, found, words),
        contribution=(
            figures.money(outcome.contribution_now),
            figures.money(outcome.contribution_new),
        ),
        payroll=figures.money(outcome.payroll_new),
        rate=figures.rate(Decimal(repr(round(found.rate, 6)))),
        left_out=tuple(segment_name(name, words) for name in marketed.left_out),
    )


def _refused(marketed: Marketed, words: Words) -> Markup:
    if not marketed.missing:
        return words.say("No segment has leads that are won.")
    return words.say(
        "Plans can't be compared ({missing}).",
        missing=missing_in_words(marketed.missing, words),
    )


def _sentence(found: Between, words: Words) -> Markup:
    """What the plan of the slider does, in one sentence."""
    rate = words.figures.rate(Decimal(repr(round(found.rate, 6))))
    if found.toward == 0:
        return words.say(
            "Today's plan. At the other end stands one rate of {rate} on contribution.", rate=rate
        )
    gain = found.gain
    amount = words.figures.money(abs(gain))
    if found.toward < 1:
        if gain > 0:
            return words.say(
                "This far on the way, the same payroll brings {amount} more a month.", amount=amount
            )
        if gain < 0:
            return words.say(
                "This far on the way, the same payroll brings {amount} less a month.", amount=amount
            )
        return words.say("This far on the way, the same leads would be worked.")
    if gain > 0:
        return words.say(
            "Paying {rate} of contribution costs the same payroll and brings {amount} more a "
            "month.",
            rate=rate,
            amount=amount,
        )
    return words.say(
        "Paying {rate} of contribution costs the same payroll and brings no more.", rate=rate
    )


def _segments(market: Market, found: Between, words: Words) -> tuple[PaidSegment, ...]:
    figures, outcome = words.figures, found.outcome
    hourly = market.pay_per_hour(market.rates).tolist()
    earned = market.contribution_per_hour.tolist()

    def money(value: float) -> str:
        return figures.money(Decimal(repr(round(value, 4))))

    return tuple(
        PaidSegment(
            segment_name(each.segment, words),
            (money(hourly[place]), money(found.pay_per_hour[each.segment])),
            (money(each.rate), money(found.pay_per_win[each.segment])),
            money(earned[place]),
            (
                plain(outcome.worked_now[each.segment], words),
                plain(outcome.worked_new[each.segment], words),
            ),
        )
        for place, each in enumerate(market.segments)
    )
