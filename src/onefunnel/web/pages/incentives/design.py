"""The designer: the plan nearest to today's that pays most for what brings most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import inf

from markupsafe import Markup

from onefunnel.measures.incentives.between import Marketed
from onefunnel.measures.incentives.designer import Design, Held, design
from onefunnel.measures.incentives.limits import Terms
from onefunnel.measures.incentives.market import Market
from onefunnel.measures.incentives.outcome import Outcome, guarantee, simulate
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.incentives.inputs import missing_in_words
from onefunnel.web.pages.incentives.said import plain, segment_name
from onefunnel.web.pages.incentives.typed import impossible, number

MARGINS = (0, 5, 10, 25)
"""By how many percent more an hour must pay on what brings more an hour."""
STRENGTHS = (100, 75, 50, 25)
PERIODS = 3
"""For so many months a guarantee is priced."""
BINDS = {
    "order": N_("{who} must pay more an hour than {against}"),
    "payroll": N_("the payroll must stay as it is"),
    "rate_low": N_("the lowest pay for {who}"),
    "rate_high": N_("the highest pay for {who}"),
    "pay_floor": N_("nobody may lose more than was agreed"),
}
"""A limit in words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the plan: strictness and response in percent, limits by segment."""

    margin: int = 5
    strength: int = 100
    exactly: bool = True
    lowest: Mapping[str, float] = field(default_factory=dict)
    highest: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its pay per win and per hour now and new, and the limits that were typed."""

    place: int
    name: Markup
    pay_per_win: tuple[str, str]
    times: str
    pay_per_hour: tuple[str, str]
    contribution_per_hour: str
    worked: tuple[str, str]
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class View:
    """The plan, or why there is none."""

    asked: Asked
    refused: Markup
    sentence: Markup
    segments: tuple[Segment, ...]
    binding: tuple[Markup, ...]
    given_up: tuple[Markup, ...]
    contribution: tuple[str, str]
    payroll: tuple[str, str]
    guarantee: str


def read(given: Mapping[str, str], names: Sequence[str], words: Words) -> Asked:
    """What an address asks for; limits are named by the places of segments. UsageError."""
    margin = _one_of(given.get("margin", "5"), MARGINS, words.say("Strictness"), words)
    strength = _one_of(given.get("strength", "100"), STRENGTHS, words.say("Response"), words)
    ends: dict[str, dict[str, float]] = {"lowest": {}, "highest": {}}
    labels = {
        "lowest": words.say("Lowest pay per win"),
        "highest": words.say("Highest pay per win"),
    }
    for place, name in enumerate(names, 1):
        for end, found in ends.items():
            value = number(given, f"{end}_{place}", labels[end], words)
            if value is not None:
                found[name] = value
    for name in ends["lowest"].keys() & ends["highest"].keys():
        if ends["lowest"][name] > ends["highest"][name]:
            said = words.say("at most the highest pay")
            raise impossible(labels["lowest"], f"{ends['lowest'][name]:g}", said, words)
    return Asked(margin, strength, given.get("payroll", "equal") != "most", **ends)


def _one_of(text: str, valid: tuple[int, ...], what: Markup, words: Words) -> int:
    if text not in {str(each) for each in valid}:
        raise impossible(what, text, words.listed(str(each) for each in valid), words)
    return int(text)


def limited(market: Market, asked: Asked) -> Market:
    """The market with the limits that were asked."""
    segments = tuple(
        replace(
            each,
            lowest=asked.lowest.get(each.segment, 0.0),
            highest=asked.highest.get(each.segment, inf),
        )
        for each in market.segments
    )
    return Market(segments, market.sellers)


def designed(market: Market, asked: Asked) -> tuple[Design, Outcome]:
    """The plan and what it brings."""
    bounded = _finite(limited(market, asked))
    terms = Terms(1 + asked.margin / 100, exactly=asked.exactly, strength=asked.strength / 100)
    found = design(bounded, terms)
    return found, simulate(bounded, found.rates, asked.strength / 100)


def _finite(market: Market) -> Market:
    """Without a highest pay it is a hundred times all that the segment brings or is paid."""
    segments = tuple(
        replace(
            each,
            highest=each.highest
            if each.highest < inf
            else 100 * max(abs(each.contribution_per_win), each.rate, 1.0),
        )
        for each in market.segments
    )
    return Market(segments, market.sellers)


def view(marketed: Marketed, asked: Asked, words: Words) -> View:
    """The plan in words and figures."""
    nothing = View(asked, Markup(""), Markup(""), (), (), (), ("", ""), ("", ""), "")
    if marketed.market is None:
        said = words.say("No segment has leads that are won.")
        if marketed.missing:
            missing = missing_in_words(marketed.missing, words)
            said = words.say("No plan can be found ({missing}).", missing=missing)
        return replace(nothing, refused=said)
    found, outcome = designed(marketed.market, asked)
    money = words.figures.money
    return replace(
        nothing,
        sentence=_sentence(found, outcome, words),
        segments=_segments(marketed.market, found, outcome, asked, words),
        binding=tuple(_held(each, words) for each in found.binding),
        given_up=tuple(_given_up(each, words) for each in found.given_up),
        contribution=(money(outcome.contribution_now), money(outcome.contribution_new)),
        payroll=(money(outcome.payroll_now), money(outcome.payroll_new)),
        guarantee=money(guarantee(outcome, 1.0, PERIODS).total),
    )


def _sentence(found: Design, outcome: Outcome, words: Words) -> Markup:
    gain = outcome.contribution_new - outcome.contribution_now
    amount = words.figures.money(abs(gain))
    if not found.feasible:
        return words.say(
            "No plan keeps all these limits. The nearest one gives up what stands below."
        )
    if gain > 0:
        return words.say("This plan brings {amount} more a month.", amount=amount)
    if gain < 0:
        return words.say("This plan brings {amount} less a month.", amount=amount)
    return words.say("This plan brings as much as today's.")


def _held(each: Held, words: Words) -> Markup:
    return words.say(
        BINDS[each.kind],
        who=segment_name(each.who, words),
        against=segment_name(each.against, words),
    )


def _given_up(each: Held, words: Words) -> Markup:
    """A limit that can't be kept, and how much of it is given up, in money."""
    return words.say(
        "{limit}: given up by {amount} a month",
        limit=_held(each, words),
        amount=words.figures.money(each.money),
    )


def _segments(
    market: Market, found: Design, outcome: Outcome, asked: Asked, words: Words
) -> tuple[Segment, ...]:
    hourly = market.pay_per_hour(market.rates).tolist()
    earned = market.contribution_per_hour.tolist()

    def money(value: float) -> str:
        return words.figures.money(Decimal(repr(round(value, 4))))

    return tuple(
        Segment(
            place + 1,
            segment_name(each.segment, words),
            (money(each.rate), money(found.rates[each.segment])),
            words.figures.number(found.rates[each.segment] / each.rate) if each.rate else "",
            (money(hourly[place]), money(found.pay_per_hour[each.segment])),
            money(earned[place]),
            (
                plain(outcome.worked_now[each.segment], words),
                plain(outcome.worked_new[each.segment], words),
            ),
            _typed(asked.lowest.get(each.segment)),
            _typed(asked.highest.get(each.segment)),
        )
        for place, each in enumerate(market.segments)
    )


def _typed(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
