"""How credit is split between the departments: over the models, and model by model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES
from onefunnel.web.pages.attribution.players import Players, interval, nobodys, whose
from onefunnel.web.pages.attribution.reach import RangeView, Reach
from onefunnel.web.report.cells import LETTER_CLASSES, Mark, mark

Split = Mapping[str | None, AttributionRow]
"""The rows of whole departments by one model; None is what is no department's."""


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a bar: whose (``m``, ``s``, ``o``, ``u``: unknown), how long, and in words.

    ``interval`` is empty where it is refused or has no width.
    """

    side: str
    at: float
    share: str
    interval: str


@dataclass(frozen=True, slots=True)
class SideRow:
    """A model and the parts that it gives; ``force`` where it is the one that counts."""

    model: Markup
    force: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """The departments that have touches, and what each model gives them.

    ``unknown`` says what is no department's, empty where there is nothing of it; it comes last.
    ``ranges`` are those of departments over the models, whoever has most first.
    """

    marks: tuple[Mark, ...]
    unknown: Markup | str
    ranges: tuple[RangeView, ...]
    rows: tuple[SideRow, ...]
    lede: Markup


def sides(players: Players, model: str, value: str, words: Words) -> Sides:
    """The split of every model; ``model`` is the one in force, or the first where it is refused."""
    split = {name: players.by_department(name) for name in players.models}
    met = {each for parts in split.values() for each in parts if each is not None}
    order = [each for each in Department if each.value in met]
    unknown = any(None in parts and parts[None].share for parts in split.values())
    rows = tuple(
        SideRow(words.say(MODEL_NAMES[name]), name == model, _parts(parts, order, unknown, words))
        for name, parts in split.items()
    )
    marks, nobody = tuple(mark(each, words) for each in order), nobodys(players, words)
    ranges = tuple(
        each for each in _ranges(players, model, value, words) if unknown or not each.who.unknown
    )
    return Sides(marks, nobody if unknown else "", ranges, rows, _lede(split, words))


def _ranges(players: Players, model: str, value: str, words: Words) -> tuple[RangeView, ...]:
    """The ranges of departments, and of what is no department's."""
    told = partial(whose, nobody=nobodys(players, words))
    shown = model if model in players.rows else players.models[0]
    reach = Reach(players.departments(), shown, value, words, told)
    return reach.views()


def _parts(
    parts: Split, order: Sequence[Department], unknown: bool, words: Words
) -> tuple[Part, ...]:
    named = [(LETTER_CLASSES.get(each, "o"), parts.get(each.value)) for each in order]
    every = [*named, ("u", parts.get(None))] if unknown else named
    return tuple(_part(side, row, words) for side, row in every)


def _part(side: str, row: AttributionRow | None, words: Words) -> Part:
    if row is None:
        return Part(side, 0.0, words.figures.share(0.0), "")
    share = float(row.share)
    return Part(side, max(0.0, 100 * share), words.figures.share(share), interval(row, words))


def _lede(split: Mapping[str, Split], words: Words) -> Markup:
    """Where sales gets least and most, of models that give nobody less than nothing."""
    sales = Department.SALES.value
    shares = {
        name: {key: float(row.share) for key, row in parts.items()} for name, parts in split.items()
    }
    of_sales = {
        name: each.get(sales, 0.0) for name, each in shares.items() if min(each.values()) >= 0
    }
    if not of_sales:
        return Markup("")
    least, most = (pick(of_sales, key=lambda name: of_sales[name]) for pick in (min, max))
    if of_sales[least] == of_sales[most]:
        return Markup("")
    return words.say(
        "Sales gets from {low} ({least}) to {high} ({most}).",
        low=words.figures.share(of_sales[least]),
        high=words.figures.share(of_sales[most]),
        least=words.say(MODEL_NAMES[least]),
        most=words.say(MODEL_NAMES[most]),
    )
