"""What ignored leads cost in words and as a waterfall: capacity, incentive, execution."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.bridge.picture import Step, drawn, svg
from onefunnel.web.pages.incentives.said import Said, money
from onefunnel.web.pages.today.tiles import Bridge, Column, Part

CAUSES = ("capacity", "incentive", "execution")
"""In their fixed order."""
CAUSE_NAMES = {
    "capacity": N_("Too few hours"),
    "incentive": N_("Pay plan"),
    "execution": N_("Follow-up"),
}
CAUSE_MEANINGS = {
    "capacity": N_(
        "What the leads would bring with hours for all of them, less the best use of "
        "the hours there are."
    ),
    "incentive": N_("The best use of the hours, less what the leads bring that pay most an hour."),
    "execution": N_(
        "What the leads bring that pay most an hour, less those that were worked; it "
        "can be below zero."
    ),
}
LEVELS = {
    "v_unlimited": N_("With hours for all"),
    "v_best": N_("Best use of the hours"),
    "v_plan": N_("What pays most"),
    "v_actual": N_("As it was"),
}
WAY = ("v_unlimited", "capacity", "v_best", "incentive", "v_plan", "execution", "v_actual")


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause: its key, name and meaning, its amount and the weight of its part of the bar."""

    key: str
    name: Markup
    meaning: Markup
    amount: Said
    weight: float


def total(whole: IncentivesRow) -> Decimal | None:
    """What all causes cost together; None is unknown."""
    if whole.v_unlimited is None or whole.v_actual is None:
        return None
    return whole.v_unlimited - whole.v_actual


def causes(whole: IncentivesRow, words: Words) -> tuple[Cause, ...]:
    """The three causes, those of unknown amount too."""
    return tuple(
        Cause(
            each,
            words.say(CAUSE_NAMES[each]),
            words.say(CAUSE_MEANINGS[each]),
            money(whole, f"{each}_cost", words),
            max(float(getattr(whole, f"{each}_cost") or 0), 0.0),
        )
        for each in CAUSES
    )


def parts(whole: IncentivesRow, words: Words) -> tuple[Part, ...]:
    """The causes as the parts of a number of Today."""
    return tuple(
        Part(
            each.key,
            each.name,
            Markup("{}").format(each.amount.value),
            each.weight,
            aside=each.amount.interval,
        )
        for each in causes(whole, words)
    )


def waterfall(whole: IncentivesRow, words: Words) -> Bridge | None:
    """From what all leads could bring to what was brought; None where a part is unknown."""
    if any(getattr(whole, _field(each)) is None for each in WAY):
        return None
    way = [_step(whole, each) for each in WAY]
    shapes = drawn(way)
    columns = tuple(
        Column(
            _amount(whole, name, words),
            words.say(LEVELS.get(name) or CAUSE_NAMES[name]),
            shape.low,
            shape.high,
            "var(--ink)" if step.is_total else f"var(--cause-{name})",
        )
        for name, step, shape in zip(WAY, way, shapes, strict=True)
    )
    return Bridge(svg(way, shapes), _in_words(columns), columns)


def _field(name: str) -> str:
    return name if name in LEVELS else f"{name}_cost"


def _step(whole: IncentivesRow, name: str) -> Step:
    """A level as a total, a cause as a step down with its interval."""
    if name in LEVELS:
        return Step("t", getattr(whole, name), is_total=True)
    cost, low, high = (getattr(whole, f"{name}_cost{end}") for end in ("", "_low", "_high"))
    certain = low == high
    return Step(name, -cost, None if certain else -high, None if certain else -low)


def _amount(whole: IncentivesRow, name: str, words: Words) -> str:
    if name in LEVELS:
        return words.figures.money(getattr(whole, name))
    change = -getattr(whole, _field(name)) + 0
    return words.figures.plus(words.figures.money(change), change)


def _in_words(columns: tuple[Column, ...]) -> str:
    parts = [Markup("{}: {}").format(each.name, each.amount) for each in columns]
    return Markup("; ").join(parts).unescape()


def sentence(whole: IncentivesRow, month: Markup, words: Words) -> tuple[Markup, Markup]:
    """The day's sentence: what ignored leads cost, and why, as far as it is known."""
    cost = total(whole)
    if not whole.leads:
        return words.say("No lead came in {month}.", month=month), Markup("")
    if cost is None:
        return (
            words.say("What ignored leads cost in {month} can't be said yet.", month=month),
            words.say("What is missing is named below."),
        )
    if cost <= 0:
        said = words.say("In {month} no lead that was left would have brought more.", month=month)
        return said, Markup("")
    said = words.say(
        "Leads that nobody worked cost {amount} in {month}.",
        amount=words.figures.money(cost),
        month=month,
    )
    reasons = tuple(_reasons(whole, words))
    if not reasons:
        return said, words.say("Why can't be said yet: what is missing is named below.")
    return said, words.clauses(reasons) + Markup(".")


def _reasons(whole: IncentivesRow, words: Words) -> Iterator[Markup]:
    """What each cause that costs something took, the dearest first."""
    messages = {
        "capacity": N_("{amount} for too few hours"),
        "incentive": N_("{amount} because the pay plan points elsewhere"),
        "execution": N_("{amount} because leads that pay most were not worked"),
    }
    costs = {each: getattr(whole, f"{each}_cost") for each in CAUSES}
    above = {each: cost for each, cost in costs.items() if cost is not None and cost > 0}
    for each in sorted(above, key=lambda name: -above[name]):
        yield words.say(messages[each], amount=words.figures.money(above[each]))
