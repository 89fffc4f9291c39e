"""What the file of an experiment says, in words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.attribution.experiments import Brought
from onefunnel.measures.attribution.family import Worth
from onefunnel.measures.attribution.recorded import Amounts, Experiment, Groups, Kind, Of
from onefunnel.measures.attribution.regions import Region
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import VALUE_NAMES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.terms.plans import held

TRIED: Mapping[Of, str] = {
    Of.CHANNEL: N_("channel {name}"),
    Of.CAMPAIGN: N_("campaign {name}"),
    Of.PAGE: N_("page {name}"),
}
"""What was tried, within a sentence."""
KINDS: Mapping[Kind, str] = {
    Kind.HOLDOUT: N_("{what}: some people went without it (holdout)."),
    Kind.GEOGRAPHIC: N_("{what}: some regions went without it."),
}


def tried(experiment: Experiment, words: Words) -> Markup:
    """What the experiment was on, within a sentence."""
    return words.say(TRIED[experiment.dimension], name=held(experiment.of))


def days_of(experiment: Experiment, words: Words) -> Markup:
    """From when to when it ran."""
    return words.days(experiment.first, experiment.last + timedelta(days=1))


def experiment_in_words(experiment: Experiment, words: Words) -> tuple[Markup, ...]:
    """What an experiment says, in the order of its file's description."""
    return tuple(_lines(experiment, words))


def _lines(experiment: Experiment, words: Words) -> Iterator[Markup]:
    yield words.say(KINDS[experiment.kind], what=tried(experiment, words))
    yield words.say(
        "{days}; what counts: {value}.",
        days=days_of(experiment, words),
        value=words.say(VALUE_NAMES[experiment.counts]),
    )
    if isinstance(experiment.outcome, Groups):
        yield from _groups(experiment.outcome, words)
    elif isinstance(experiment.outcome, Amounts):
        yield from _amounts(experiment.outcome, words)
    else:
        money = experiment.counts.worth is Worth.VALUE
        yield from _regions(experiment.outcome, words, money)
    if experiment.reached is not None:
        reached = words.figures.count(experiment.reached)
        yield words.say("{n} people of those treated met it on record.", n=reached)
    if experiment.randomised:
        yield words.say("Chance made the groups.")
    else:
        yield words.say("Chance did not make the groups.")
    if experiment.overrides:
        yield words.say("It replaces the figure of the model.")
    else:
        yield words.say("It counts beside the model, each by its precision.")
    if experiment.planned is not None:
        day = words.day(experiment.planned)
        yield words.say("How it would be read was fixed on {day}.", day=day)


def _groups(groups: Groups, words: Words) -> Iterator[Markup]:
    count = words.figures.count
    yield words.say(
        "With it: {converted} of {people} converted.",
        converted=count(groups.converted),
        people=count(groups.treated),
    )
    yield words.say(
        "Without it: {converted} of {people} converted.",
        converted=count(groups.control_converted),
        people=count(groups.control),
    )


def _amounts(amounts: Amounts, words: Words) -> Iterator[Markup]:
    yield words.say(
        "With it: {people} people brought {amount}, with a standard deviation of {deviation} a "
        "person.",
        **_brought(amounts.treated, words),
    )
    yield words.say(
        "Without it: {people} people brought {amount}, with a standard deviation of {deviation} a "
        "person.",
        **_brought(amounts.control, words),
    )


def _brought(group: Brought, words: Words) -> dict[str, str]:
    money = words.figures.money
    return {
        "people": words.figures.count(group.people),
        "amount": money(Decimal(str(group.brought))),
        "deviation": money(Decimal(str(group.deviation))),
    }


def _regions(regions: Sequence[Region], words: Words, money: bool) -> Iterator[Markup]:
    for each in regions:
        said = (
            N_("{region}, with it: {before} a period before, {after} a period after.")
            if each.treated
            else N_("{region}, without it: {before} a period before, {after} a period after.")
        )
        before, after = (_mean(one, words, money) for one in (each.before, each.after))
        yield words.say(said, region=held(each.name), before=before, after=after)


def _mean(numbers: Sequence[float], words: Words, money: bool) -> str:
    mean = Decimal(str(round(sum(numbers) / len(numbers), 2)))
    return words.figures.money(mean) if money else words.figures.exactly(mean)
