"""What is wrong with a scorecard: each broken rule, its place, and what to do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from onefunnel.errors import Place
from onefunnel.measures.scorecard.plan import Level, Measure, Scorecard
from onefunnel.vocabulary import Department

MOST_MEASURES = 5
LEAST_WEIGHT = Decimal("0.10")

REQUIRED: dict[Department, tuple[str, ...]] = {
    Department.MARKETING: ("profit", "repeat_purchase", "contribution"),
    Department.SALES: ("customers", "arpu", "contribution"),
}
"""The figures that each department answers for, beside its own."""


class Severity(StrEnum):
    """An error keeps a scorecard from taking effect, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what breaks it, as a sentence with the names of its figures, and the remedy."""

    severity: Severity
    message: str
    remedy: str


RULES: dict[str, Rule] = {
    "common_differs": Rule(
        Severity.WARNING,
        "{measure} is in common, but its target is {own} for {of} and {other} for {of_other}.",
        "Agree on one target.",
    ),
    "common_in_one": Rule(
        Severity.WARNING,
        "{measure} is in common, but stands on the scorecard of {department} only.",
        "Put it on the other department's scorecard too.",
    ),
    "common_share": Rule(
        Severity.ERROR,
        "Measures in common have a weight of {share}, and {agreed} was agreed.",
        "Give measures with the owner both more weight.",
    ),
    "counter_is_itself": Rule(
        Severity.ERROR,
        "{measure} is its own counter-metric.",
        "Name a figure that would show how it was reached.",
    ),
    "no_counter": Rule(
        Severity.WARNING,
        "{measure} has no counter-metric.",
        "Name a figure that would show if it were reached at the cost of another.",
    ),
    "required_missing": Rule(
        Severity.ERROR,
        "{department} does not answer for {measure}.",
        "Add a measure with this source.",
    ),
    "target_not_shared_out": Rule(
        Severity.ERROR,
        "The targets of {measure} sum to {shared}, and that of {of} is {whole}.",
        "Share out what is missing: {missing}.",
    ),
    "too_light": Rule(
        Severity.WARNING,
        "{measure} has a weight of {weight}: too little to steer by.",
        "Give it at least {least}, or leave it out.",
    ),
    "too_many": Rule(
        Severity.WARNING,
        "There are {measures} measures; more than {most} are hard to keep in mind.",
        "Leave out those that weigh least.",
    ),
    "twice": Rule(
        Severity.ERROR, "{measure} stands there {times} times.", "Join them into one measure."
    ),
    "weight_not_positive": Rule(
        Severity.ERROR, "{measure} has a weight of {weight}.", "Give it a weight above 0."
    ),
    "weights_do_not_sum": Rule(
        Severity.ERROR,
        "The weights sum to {total}, not to 1.",
        "Share out what is missing: {missing}.",
    ),
}
"""Every rule, by its code."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: its code, where, in words, what to do, and the figures for translation."""

    code: str
    severity: Severity
    place: Place
    message: str
    remedy: str
    params: dict[str, str] = field(default_factory=dict, hash=False)


def check(scorecard: Scorecard) -> tuple[Finding, ...]:
    """Every rule that the scorecard breaks, errors first.

    What departments must answer for, and the share in common, is asked of marketing and sales at
    every level below the company.
    """
    found = [each for rule in _CHECKS for each in rule(scorecard)]
    return tuple(sorted(found, key=lambda each: each.severity is not Severity.ERROR))


def check_together(scorecards: Sequence[Scorecard]) -> tuple[Finding, ...]:
    """What does not fit between departments: a measure in common must be that, at one target.

    Scorecards that are never in force on the same day are not compared.
    """
    cards = [each for each in scorecards if each.level is Level.DEPARTMENT and each.department]
    found: list[Finding] = []
    for card in cards:
        for measure in _common(card):
            others = [
                (other, each)
                for other in cards
                if other.department in REQUIRED and other.department is not card.department
                if card.overlaps(other)
                for each in other.measures
                if each.source == measure.source
            ]
            found += _unlike(card, measure, others)
    return tuple(found)


def finding(code: str, card: Scorecard, about: Measure | None = None, **params: object) -> Finding:
    """A finding of a known code about a scorecard, or about one of its measures."""
    rule = RULES[code]
    said = {name: str(value) for name, value in params.items()}
    if about is not None:
        said["measure"] = about.source
    line = about.line if about else None
    place = Place(card.file, line, "source" if "measure" in said else None, said.get("measure"))
    message, remedy = rule.message.format(**said), rule.remedy.format(**said)
    return Finding(code, rule.severity, place, message, remedy, said)


def _unlike(
    card: Scorecard, measure: Measure, others: Sequence[tuple[Scorecard, Measure]]
) -> Iterator[Finding]:
    if not others:
        yield finding("common_in_one", card, measure, department=card.department)
    for other, each in others:
        if each.curve.target != measure.curve.target and card.of < other.of:
            own, its = measure.curve.target, each.curve.target
            yield finding(
                "common_differs", card, measure, own=own, other=its, of=card.of, of_other=other.of
            )


def _common(card: Scorecard) -> list[Measure]:
    return [each for each in card.measures if each.owner is Department.BOTH]


def _weights(card: Scorecard) -> Iterator[Finding]:
    total = sum((each.weight for each in card.measures), Decimal())
    if total != 1:
        yield finding("weights_do_not_sum", card, total=total, missing=1 - total)
    for each in card.measures:
        if each.weight <= 0:
            yield finding("weight_not_positive", card, each, weight=each.weight)
        elif each.weight < LEAST_WEIGHT:
            yield finding("too_light", card, each, weight=each.weight, least=LEAST_WEIGHT)


def _number(card: Scorecard) -> Iterator[Finding]:
    if len(card.measures) > MOST_MEASURES:
        yield finding("too_many", card, measures=len(card.measures), most=MOST_MEASURES)
    sources = [each.source for each in card.measures]
    for at, each in enumerate(card.measures):
        if sources.count(each.source) > 1 and sources.index(each.source) == at:
            yield finding("twice", card, each, times=sources.count(each.source))


def _counters(card: Scorecard) -> Iterator[Finding]:
    for each in card.measures:
        if each.counter is None:
            yield finding("no_counter", card, each)
        elif each.counter == each.source:
            yield finding("counter_is_itself", card, each)


def _departments(card: Scorecard) -> Iterator[Finding]:
    if card.level is Level.COMPANY or card.department not in REQUIRED:
        return
    sources = {each.source for each in card.measures}
    for source in REQUIRED[card.department]:
        if source not in sources:
            yield finding("required_missing", card, department=card.department, measure=source)
    share = sum((each.weight for each in _common(card)), Decimal())
    if share < card.common_share:
        yield finding("common_share", card, share=share, agreed=card.common_share)


_CHECKS: tuple[Callable[[Scorecard], Iterator[Finding]], ...] = (
    _weights,
    _number,
    _counters,
    _departments,
)
