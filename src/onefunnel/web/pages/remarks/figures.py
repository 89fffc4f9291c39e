"""Figures that comments are about, in words: what was asked of which measure."""

from urllib.parse import parse_qsl

from markupsafe import Markup

from onefunnel.vocabulary import Stage
from onefunnel.web.locale import Words
from onefunnel.web.pages.definitions.terms import MEASURES
from onefunnel.web.pages.funnel.behind import TITLES

STAGES = {stage.value: stage for stage in Stage}


def figure_name(key: str, words: Words) -> Markup:
    """A figure by the text that its comments are kept under.

    >>> from onefunnel.web.locale import Words
    >>> str(figure_name("funnel?figure=entered&stage=purchase&horizon=30", Words("en")))
    'The joint funnel: Entered · Purchase · 30'
    """
    measure, _, rest = key.partition("?")
    known = MEASURES.get(measure)
    name = words.say(known[0]) if known else Markup("<bdi>{}</bdi>").format(measure)
    told = [_told(measure, name, value, words) for name, value in parse_qsl(rest)]
    return Markup("{}: {}").format(name, Markup(" · ").join(told)) if told else name


def _told(measure: str, name: str, value: str, words: Words) -> Markup:
    if name == "figure" and (measure, value) in TITLES:
        return words.say(TITLES[measure, value])
    if value in STAGES:
        return words.stage(STAGES[value])
    if value.isascii() and value.isdigit():
        return Markup(words.figures.count(int(value)))
    return Markup("<bdi>{}</bdi>").format(value)
