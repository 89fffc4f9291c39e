"""What a scorecard says, in words."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.scorecard.plan import Gate, Level, Measure, Scorecard
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.terms.plans import days_in_words, held

LEVELS: Mapping[Level, str] = {
    Level.PERSON: N_("person"),
    Level.ROLE: N_("role"),
    Level.TEAM: N_("team"),
    Level.DEPARTMENT: N_("department"),
    Level.COMPANY: N_("company"),
}


def card_in_words(card: Scorecard, name: str, words: Words) -> tuple[Markup, ...]:
    """What a scorecard says; ``name`` is that of whom it is for."""
    return tuple(_lines(card, name, words))


def _lines(card: Scorecard, name: str, words: Words) -> Iterator[Markup]:
    # The day that is not in it any more is said as the last one that is.
    last = None if card.valid_to is None else card.valid_to - timedelta(days=1)
    yield words.say(
        "For the {level} {name}, in force {days}.",
        level=words.say(LEVELS[card.level]),
        name=held(name),
        days=days_in_words(card.valid_from, last, words),
    )
    share = words.figures.rate(card.common_share)
    yield words.say("At least {share} of the weight is in common.", share=share)
    for measure in card.measures:
        yield from _measure(measure, words)
    for gate in card.gates:
        yield _gate(gate, words.say("All of it is paid"), words)


def _measure(measure: Measure, words: Words) -> Iterator[Markup]:
    curve = measure.curve
    low, middle, high = (words.figures.rate(each) for each in curve.payouts)
    yield words.say(
        "{measure} ({owner}), weight {weight}: pays {low} at {threshold}, {middle} at {target}, "
        "{high} at {cap} and beyond; nothing before {threshold}.",
        measure=_code(measure.source),
        owner=words.department(measure.owner),
        weight=words.figures.rate(measure.weight),
        low=low,
        middle=middle,
        high=high,
        threshold=_number(curve.threshold, words),
        target=_number(curve.target, words),
        cap=_number(curve.cap, words),
    )
    if measure.counter:
        yield words.say(
            "{measure} is watched against {counter}.",
            measure=_code(measure.source),
            counter=_code(measure.counter),
        )
    if measure.gate:
        paid = words.say("{measure} is paid", measure=_code(measure.source))
        yield _gate(measure.gate, paid, words)


def _gate(gate: Gate, what: Markup, words: Words) -> Markup:
    values = {
        "what": what,
        "measure": _code(gate.source),
        "bound": _number(gate.bound, words),
        "shut": words.figures.rate(gate.shut),
    }
    if gate.floor is not None:
        return words.say(
            "{what} only with {measure} of at least {bound}; else {shut} of it.", **values
        )
    return words.say("{what} only with {measure} of at most {bound}; else {shut} of it.", **values)


def _number(value: Decimal, words: Words) -> str:
    return words.figures.exactly(value)


def _code(name: str) -> Markup:
    return Markup('<code dir="ltr">{}</code>').format(name)
