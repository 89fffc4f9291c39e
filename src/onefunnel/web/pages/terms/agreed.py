"""What is agreed of costs and credit, in words."""

from collections.abc import Iterator

from markupsafe import Markup

from onefunnel.measures.attribution.agreed import Agreed, Shared
from onefunnel.measures.attribution.rules import Settings
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES, VALUE_NAMES
from onefunnel.web.locale.translations import N_

SHARED = {
    Shared.BY_TOUCHES: N_(
        "Spend whose record names too little is shared out by marketing's touches, else by leads."
    ),
    Shared.BY_LEADS: N_("Spend whose record names too little is shared out by leads."),
    Shared.RECORDED_ONLY: N_("Spend stays where its record says, and is unknown elsewhere."),
}
"""How spend is shared out, in words."""


def agreed_in_words(agreed: Agreed, words: Words) -> Iterator[Markup]:
    """A sentence for each thing that is agreed."""
    yield words.say(SHARED[agreed.shared])
    yield from credit_in_words(agreed, words)
    yield from _paths(agreed.settings, words)
    if agreed.least_touches > 1:
        least = words.figures.count(agreed.least_touches)
        yield words.say(
            "Whoever has fewer than {least} touches is put together as other.", least=least
        )


def credit_in_words(agreed: Agreed, words: Words) -> Iterator[Markup]:
    """The model and what it gives credit for, and how far a conversion looks back."""
    model, value = MODEL_NAMES[agreed.model], VALUE_NAMES[agreed.value.value]
    if agreed.chosen:
        message = N_("Credit between the departments: the model “{model}”, for {value}.")
    else:
        message = N_("Nobody has agreed on a model; “{model}” is taken, for {value}.")
    yield words.say(message, model=words.say(model), value=words.say(value))
    number = words.figures.number
    yield words.say(
        "A conversion looks back {days} days; by time decay a touch counts half as much for each "
        "{half_life} days that it came earlier.",
        days=number(agreed.settings.window_days),
        half_life=number(agreed.settings.half_life_days),
    )


def _paths(settings: Settings, words: Words) -> Iterator[Markup]:
    if settings.direct:
        named = words.listed(
            Markup("<bdi>{}</bdi>").format(each) for each in sorted(settings.direct)
        )
        yield words.say("“Last touch but direct” passes over {channels}.", channels=named)
    if settings.collapse:
        yield words.say("Touches of one channel that follow each other count once.")
    if settings.reuse:
        yield words.say("Touches before an earlier conversion count again for the next one.")
