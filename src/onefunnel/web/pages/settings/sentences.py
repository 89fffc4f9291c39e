"""Funnel rules in words."""

from collections.abc import Iterator

from markupsafe import Markup

from onefunnel.funnel.rules import Ownership, Rule, StageRules
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.settings.knobs import KNOBS
from onefunnel.web.report.context import TABLE_NAMES

MOST_VALUES = 3
"""Values of a column that are named, each in one spelling; of more, their number is said."""

INTENT_NAMES = {
    "price": N_("price"),
    "quote": N_("quote"),
    "date": N_("date of delivery"),
    "meeting": N_("meeting"),
    "callback": N_("call back"),
    "trial": N_("trial"),
}


def rule_in_words(rule: Rule, words: Words, stage: StageRules | None = None) -> Markup:
    """One rule as a sentence; rules of an unusual shape are told column by column."""
    for knob in KNOBS.get(stage.stage, ()) if stage else ():
        values = knob.read(rule)
        if values is not None and (said := _usual(knob.fields[0], values, words)) is not None:
            return said
    if rule == Rule("touch"):
        return words.say("The first touch, of whatever kind.")
    if rule == Rule("lead"):
        return words.say("The first lead.")
    if rule == Rule("deal_event", where=(("status", ("won",)),)):
        return words.say("A deal is won.")
    if rule == Rule("order_line", above=(("quantity", 0),)):
        return words.say("Something is ordered.")
    return words.clauses(_told(rule, words)) + "."


def owner_in_words(owners: tuple[Ownership, ...], words: Words) -> Markup:
    """Who owns a stage, in order of time."""
    parts = [
        words.department(each.department)
        if each.since is None
        else words.say(
            "{department} from {day}",
            department=words.department(each.department),
            day=words.day(each.since),
        )
        for each in owners
    ]
    return words.listed(parts)


def _usual(name: str, values: tuple[object, ...], words: Words) -> Markup | None:
    first = values[0]
    figures = words.figures
    if name == "intent":
        return words.say("The buyer asks for something: any intent.")
    if name == "offered":
        return words.say("Where the records hold no such acts: the lead is offered to sales.")
    if name == "deal":
        return words.say("A deal is opened.")
    if name == "referral":
        return words.say("Brings another buyer, after a purchase.")
    if name == "visits":
        return _visits(values, words)
    if name == "visit":
        return words.say("Visit number {n}.", n=figures.count(_whole(first)))
    if name == "order":
        return words.say("Order number {n}.", n=figures.count(_whole(first)))
    if name == "intents" and isinstance(first, list):
        asked = words.listed(words.say(INTENT_NAMES.get(str(each), str(each))) for each in first)
        return words.say("The buyer asks for: {what}.", what=asked)
    if name == "review":
        return words.say("A review of {n} or more, after a purchase.", n=_score(first, words))
    if name == "recommendation":
        return words.say(
            "A recommendation of {n} or more, after a purchase.", n=_score(first, words)
        )
    return None


def _visits(values: tuple[object, ...], words: Words) -> Markup:
    times, days = values
    if days is None:
        return words.say("Visit number {n}.", n=words.figures.count(_whole(times)))
    return words.count(
        "Within {days}: {n} visit.",
        "Within {days}: {n} visits.",
        _whole(times),
        days=words.figures.days(float(_whole(days))),
    )


def _told(rule: Rule, words: Words) -> Iterator[Markup]:
    figures = words.figures
    yield words.say(TABLE_NAMES[rule.fact])
    for name, values in rule.where:
        yield Markup("{}: {}").format(_code(name), _values(values, words))
    for name in rule.known:
        yield words.say("{column} is known", column=_code(name))
    for name, bound in rule.at_least:
        yield words.say("{column}: {n} or more", column=_code(name), n=figures.number(bound))
    for name, bound in rule.above:
        yield words.say("{column}: more than {n}", column=_code(name), n=figures.number(bound))
    if rule.nth > 1:
        yield words.say("number {n} counts", n=figures.count(rule.nth))
    if rule.distinct:
        yield words.say("each {column} once", column=_code(rule.distinct))
    if rule.within_days:
        yield words.say("within {days}", days=figures.days(float(rule.within_days)))
    if rule.after:
        yield words.say("after {stage}", stage=words.stage_within(rule.after))
    if not rule.observed:
        yield words.say("it proves the entry, not its time")
    if rule.fallback:
        yield words.say("only where the records hold nothing that the other rules ask for")


def _values(values: tuple[str, ...], words: Words) -> Markup:
    spelt = list({each.casefold(): each for each in reversed(values)}.values())[::-1]
    shown = words.listed(Markup("<bdi>{}</bdi>").format(each) for each in spelt[:MOST_VALUES])
    more = len(spelt) - MOST_VALUES
    return shown if more <= 0 else shown + " " + words.count("and {n} more", "and {n} more", more)


def _code(name: str) -> Markup:
    return Markup('<code dir="ltr">{}</code>').format(name)


def _score(value: object, words: Words) -> str:
    return words.figures.number(float(value)) if isinstance(value, int | float) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
