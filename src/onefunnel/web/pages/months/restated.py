"""What the records now say otherwise of a closed month, figure by figure, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.registry import MEASURES
from onefunnel.store.models import Person
from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.bridge import factors
from onefunnel.web.pages.definitions import terms
from onefunnel.workflows.closed import Restated

SHOWN = 200
METHODS = {"shapley": "Shapley", "lmdi": "LMDI"}
TOTALS = {"before": N_("The month before"), "change": N_("Change"), "after": N_("The month")}


@dataclass(frozen=True, slots=True)
class RestatedView:
    """A figure: of which measure and row, how it was closed, how it is now, and by how much."""

    measure: Markup
    row: Markup
    figure: str
    meaning: Markup
    was: Markup | str
    now: Markup | str
    difference: str


def seen_by(person: Person, found: Iterable[Restated]) -> tuple[Restated, ...]:
    """Those of measures that a person may see."""
    return tuple(
        each
        for each in found
        if each.measure in MEASURES and person.may(MEASURES[each.measure].permission)
    )


def restated_views(found: Iterable[Restated], words: Words) -> tuple[RestatedView, ...]:
    """Each figure in words."""
    return tuple(_view(each, words) for each in found)


def measure_name(measure: str, words: Words) -> Markup:
    """A measure in words; as it is spelt where it has none."""
    named = terms.MEASURES.get(measure)
    return words.say(named[0]) if named else Markup("<bdi>{}</bdi>").format(measure)


def _view(each: Restated, words: Words) -> RestatedView:
    meaning = terms.FIELDS.get(each.measure, {}).get(each.figure)
    return RestatedView(
        measure_name(each.measure, words),
        row_in_words(each.row, words),
        each.figure,
        words.say(meaning) if meaning else Markup(""),
        _figure(each.was, words),
        _figure(each.now, words),
        _difference(each, words),
    )


def row_in_words(row: Mapping[str, str | None], words: Words) -> Markup:
    """Which row it is: the factor of a bridge by its name, everything else as it is spelt."""
    said = []
    for name, value in row.items():
        if value is None:
            said.append(words.say("unknown"))
        elif name == "factor" and value in {**factors.NAMES, **TOTALS}:
            said.append(words.say({**factors.NAMES, **TOTALS}[value]))
        elif name == "owner" and value in set(Department):
            said.append(words.department(Department(value)))
        else:
            said.append(Markup("<bdi>{}</bdi>").format(METHODS.get(value, value)))
    return Markup(" · ").join(said)


def _figure(value: Decimal | float | None, words: Words) -> Markup | str:
    if value is None:
        return words.say("unknown")
    if isinstance(value, Decimal):
        return words.figures.money(value)
    if isinstance(value, int):
        return words.figures.count(value)
    return words.figures.exactly(Decimal(str(value)))


def _difference(each: Restated, words: Words) -> str:
    if each.was is None or each.now is None:
        return ""
    step = Decimal(str(each.now)) - Decimal(str(each.was))
    if isinstance(each.now, Decimal):
        return words.figures.plus(words.figures.money(step), step)
    return words.figures.plus(words.figures.exactly(step), step)
