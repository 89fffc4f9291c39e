"""Figures that comments are about, in words: what was asked of which measure, and where it is."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.vocabulary import Stage
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES
from onefunnel.web.pages.definitions.terms import MEASURES
from onefunnel.web.pages.funnel.asking import Filters, read
from onefunnel.web.pages.funnel.behind import TITLES
from onefunnel.web.report.cells import dimension_value

STAGES = {stage.value: stage for stage in Stage}
OF_FILTERS = ("from", "to", "period", "horizon", "by", "now", "as_of", *DIMENSION_NAMES)
"""What of a key the filters of the funnel say; the rest says which figure it is."""


def figure_name(key: str, words: Words) -> Markup:
    r"""A figure by the text that its comments are kept under.

    >>> from onefunnel.web.locale import Words
    >>> str(figure_name("funnel?figure=entered&stage=purchase&horizon=30", Words("en")))
    'The joint funnel: Entered · Purchase · within 30\xa0days'
    """
    measure, given = _parts(key)
    known = MEASURES.get(measure)
    name = words.say(known[0]) if known else Markup("<bdi>{}</bdi>").format(measure)
    told = [*_figure(measure, given, words), *_narrowed(given, words)]
    return Markup("{}: {}").format(name, Markup(" · ").join(told)) if told else name


def funnel_address(key: str) -> str:
    """The funnel, or the campaigns, as they were asked where the figure stood."""
    measure, given = _parts(key)
    asked = {name: value for name, value in given.items() if name in OF_FILTERS}
    page = reverse("campaigns" if measure == "acquisition" else "funnel")
    return page + (f"?{urlencode(asked)}" if asked else "")


def _parts(key: str) -> tuple[str, dict[str, str]]:
    measure, _, rest = key.partition("?")
    return measure, dict(parse_qsl(rest))


def _figure(measure: str, given: Mapping[str, str], words: Words) -> Iterator[Markup]:
    for name, value in given.items():
        if name in OF_FILTERS:
            continue
        if name == "figure" and (measure, value) in TITLES:
            yield words.say(TITLES[measure, value])
        elif value in STAGES:
            yield words.stage(STAGES[value])
        else:
            yield Markup("<bdi>{}</bdi>").format(value)


def _narrowed(given: Mapping[str, str], words: Words) -> Iterator[Markup]:
    try:
        filters = read(given, words)
    except UsageError:  # somebody made an address up: it is shown as it is
        yield from (Markup("<bdi>{}</bdi>").format(given[name]) for name in _asked(given))
        return
    for name, value in filters.only:
        shown = dimension_value({name: value}, words)
        yield words.say("{name}: {value}", name=words.say(DIMENSION_NAMES[name]), value=shown)
    yield from _asked_of_all(filters, words)


def _asked_of_all(filters: Filters, words: Words) -> Iterator[Markup]:
    if filters.since or filters.until:
        yield words.days(filters.since, filters.until)
    if filters.now:
        yield words.say("Facts known until {instant}", instant=words.instant(filters.now))
    if filters.horizon:
        yield words.say("within {days}", days=words.figures.days(filters.horizon))
    if filters.by:
        by = words.say(DIMENSION_NAMES[filters.by])
        yield words.say("{name}: {value}", name=words.say("Divided by"), value=by)


def _asked(given: Mapping[str, str]) -> list[str]:
    return [name for name in given if name in OF_FILTERS]
