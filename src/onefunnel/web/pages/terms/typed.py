"""What the ranges say, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.incentives.quantities import Quantity
from onefunnel.measures.incentives.ranges import ONE, On, Per, Ranges, Typed
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.terms.plans import held

NAMES: Mapping[str, str] = {
    "hour_cost": N_("What an hour of a salesperson costs, everything counted in"),
    "hours": N_("Hours for leads"),
    "sellers": N_("Salespeople"),
    "weekly_hours": N_("Working hours a week"),
    "share_of_time": N_("Part of the working hours that there is for leads"),
    "history_days": N_("Leads count for chances, amounts and minutes for so long"),
    "work_within_hours": N_("A lead is to be worked within"),
    "margin": N_("Margin: contribution of each revenue"),
    "minutes_per_lead": N_("Minutes for a lead"),
    "pay": N_("Rule of pay where no plan is in force"),
    "win_probability": N_("Chance that a lead that is worked is won"),
    "win_unworked": N_("Chance that a lead that is left is won anyhow"),
    "worked_share": N_("Part of the leads that was worked"),
    "contribution_per_win": N_("Contribution of a win"),
    "pay_per_win": N_("Pay for a win"),
}
PER: Mapping[Per, str] = {
    Per.WEEK: N_("a week"),
    Per.MONTH: N_("a month"),
    Per.PERIOD: N_("in the whole period"),
}
ON: Mapping[On, str] = {On.REVENUE: N_("of the revenue"), On.MARGIN: N_("of the margin")}
SHARES = ("margin", "share_of_time", "rate", "win_probability", "win_unworked", "worked_share")
MONEY = ("hour_cost", "contribution_per_win", "pay_per_win")


def ranges_in_words(ranges: Ranges, words: Words) -> tuple[Markup, ...]:
    """What is typed, in the order of the file's description; what is not typed is left out."""
    return tuple(_lines(ranges, words))


def _lines(ranges: Ranges, words: Words) -> Iterator[Markup]:
    for each in fields(Ranges):
        value = getattr(ranges, each.name)
        if each.name == "segments" or value is None:
            continue
        if each.name == "share_of_time" and value == ONE:
            continue
        yield _line(each.name, _value(each.name, value, words), words)
    for segment, typed in ranges.segments.items():
        for own in fields(Typed):
            if (found := getattr(typed, own.name)) is not None:
                said = _line(own.name, quantity_in_words(own.name, found, words), words)
                yield words.say("{segment}: {what}", segment=held(segment), what=said)


def _line(name: str, value: Markup | str, words: Words) -> Markup:
    return words.say("{name}: {value}", name=words.say(NAMES[name]), value=value)


def _value(name: str, value: object, words: Words) -> Markup | str:
    if name == "hour_cost":
        return words.figures.money(Decimal(str(value)))
    if name == "history_days":
        return words.figures.days(float(str(value)))
    if name == "work_within_hours":
        return words.figures.days(float(str(value)) / 24)
    if name == "hours":
        amount = quantity_in_words(name, value.amount, words)  # type: ignore[attr-defined]
        return amount + " " + words.say(PER[value.per])  # type: ignore[attr-defined]
    if name == "pay":
        rate = quantity_in_words("rate", value.rate, words)  # type: ignore[attr-defined]
        return rate + " " + words.say(ON[value.on])  # type: ignore[attr-defined]
    assert isinstance(value, Quantity)
    return quantity_in_words(name, value, words)


def quantity_in_words(name: str, quantity: Quantity, words: Words) -> Markup:
    """A number, or a range with what is most likely in it."""
    low, best, high = (
        _figure(name, each, words) for each in (quantity.low, quantity.best, quantity.high)
    )
    if quantity.low == quantity.high:
        return Markup(best)
    return words.say("{low} to {high}, most likely {best}", low=low, high=high, best=best)


def _figure(name: str, value: float, words: Words) -> str:
    exact = Decimal(str(value))
    if name in SHARES:
        return words.figures.rate(exact)
    return words.figures.money(exact) if name in MONEY else words.figures.exactly(exact)
