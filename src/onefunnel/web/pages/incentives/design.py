"""The designer: the plan nearest to today's that pays most for what brings most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from markupsafe import Markup

from onefunnel.measures.incentives.between import Marketed
from onefunnel.measures.incentives.designer import Design, Held, design
from onefunnel.measures.incentives.limits import Terms
from onefunnel.measures.incentives.market import Market
from onefunnel.measures.incentives.outcome import Outcome, guarantee, simulate
from onefunnel.measures.incentives.rates import proposed, rates_of
from onefunnel.pay.plan import Plan
from onefunnel.pay.writing import written_components
from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.incentives.inputs import missing_in_words
from onefunnel.web.pages.incentives.paid import NewPay, Segment, segments
from onefunnel.web.pages.incentives.persons import Persons, name_of, persons
from onefunnel.web.pages.incentives.plan import percent
from onefunnel.web.pages.incentives.said import segment_name
from onefunnel.web.pages.incentives.typed import impossible, number
from onefunnel.workflows.staff import Employee

MARGINS = (0, 5, 10, 25)
"""By how many percent more an hour must pay on what brings more an hour."""
STRENGTHS = (100, 75, 50, 25)
PERIODS = (1, 3, 6, 12)
"""For so many months a guarantee can be priced."""
BINDS = {
    "order": N_("{who} must pay more an hour than {against}"),
    "payroll": N_("the payroll must stay as it is"),
    "rate_low": N_("the lowest pay for {who}"),
    "rate_high": N_("the highest pay for {who}"),
    "pay_floor": N_("nobody may lose more than was agreed"),
}
"""A limit in words."""
FLOOR = N_("{who} may lose no more than was agreed")
"""The limit of somebody's loss, for who may see pay."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the plan: strictness and response in percent, limits by segment.

    ``most_lost`` is the largest part of their pay, in percent, that anybody may lose, None without
    a limit; ``months`` those of a guarantee.
    """

    margin: int = 5
    strength: int = 100
    exactly: bool = True
    lowest: Mapping[str, float] = field(default_factory=dict)
    highest: Mapping[str, float] = field(default_factory=dict)
    most_lost: float | None = None
    months: int = 3


@dataclass(frozen=True, slots=True)
class OfPersons:
    """What only who may see pay is shown by: names of employees, notes on them, plans in force."""

    staff: Mapping[str, Employee]
    notes: Sequence[Note]
    plans: Sequence[Plan] = ()


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
    persons: Persons | None = None
    components: str = ""


def read(
    given: Mapping[str, str], names: Sequence[str], words: Words, measured: int | None = None
) -> Asked:
    """What an address asks for; limits are named by the places of segments. UsageError.

    ``measured`` is how far pay is followed by the records, where they tell it.
    """
    margin = _one_of(given.get("margin", "5"), MARGINS, words.say("Strictness"), words)
    usual = STRENGTHS[0] if measured is None else measured
    strength = percent(given.get("strength", ""), usual, words.say("Response"), words)
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
    most_lost = number(given, "most_lost", words.say("Largest loss, percent"), words, 100)
    months = _one_of(given.get("months", "3"), PERIODS, words.say("Months of guarantee"), words)
    exactly = given.get("payroll", "equal") != "most"
    return Asked(margin, strength, exactly, **ends, most_lost=most_lost, months=months)


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
    bounded = limited(market, asked)
    terms = Terms(
        1 + asked.margin / 100,
        exactly=asked.exactly,
        most_lost=None if asked.most_lost is None else asked.most_lost / 100,
        strength=asked.strength / 100,
    )
    found = design(bounded, terms)
    return found, simulate(bounded, found.rates, asked.strength / 100)


def view(
    marketed: Marketed, asked: Asked, words: Words, of_persons: OfPersons | None = None
) -> View:
    """The plan in words and figures; with ``of_persons`` also what each would win or lose."""
    nothing = View(asked, Markup(""), Markup(""), (), (), (), ("", ""), ("", ""), "")
    if marketed.market is None:
        said = words.say("No segment has leads that are won.")
        if marketed.missing:
            missing = missing_in_words(marketed.missing, words)
            said = words.say("No plan can be found ({missing}).", missing=missing)
        return replace(nothing, refused=said)
    found, outcome = designed(marketed.market, asked)
    money, new = words.figures.money, NewPay(found.rates, found.pay_per_hour, outcome)
    lifted = guarantee(outcome, 1.0, asked.months)
    staff = of_persons.staff if of_persons is not None else {}
    return replace(
        nothing,
        sentence=_sentence(found, outcome, words),
        segments=segments(marketed, new, (asked.lowest, asked.highest), words),
        binding=tuple(_held(each, staff, words) for each in found.binding),
        given_up=tuple(_given_up(each, staff, words) for each in found.given_up),
        contribution=(money(outcome.contribution_now), money(outcome.contribution_new)),
        payroll=(money(outcome.payroll_now), money(outcome.payroll_new)),
        guarantee=money(lifted.total),
        persons=None
        if of_persons is None
        else persons(outcome, lifted, staff, of_persons.notes, words),
        components=_components(marketed, found, of_persons.plans if of_persons else ()),
    )


def _components(marketed: Marketed, found: Design, plans: Sequence[Plan]) -> str:
    """The new rates as components of a plan file; empty where that can't be written."""
    parts = proposed(plans, rates_of(marketed, found.rates)) if found.feasible else ()
    return written_components(parts) if parts else ""


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


def _held(each: Held, staff: Mapping[str, Employee], words: Words) -> Markup:
    if each.kind == "pay_floor" and each.who:
        return words.say(FLOOR, who=Markup("<bdi>{}</bdi>").format(name_of(each.who, staff)))
    return words.say(
        BINDS[each.kind],
        who=segment_name(each.who, words),
        against=segment_name(each.against, words),
    )


def _given_up(each: Held, staff: Mapping[str, Employee], words: Words) -> Markup:
    """A limit that can't be kept, and how much of it is given up, in money."""
    return words.say(
        "{limit}: given up by {amount} a month",
        limit=_held(each, staff, words),
        amount=words.figures.money(each.money),
    )
