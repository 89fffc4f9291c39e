"""How credit is split between the departments, model by model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES
from onefunnel.web.pages.attribution.players import Players, nobodys
from onefunnel.web.report.cells import LETTER_CLASSES, Mark, mark


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a bar: whose (``m``, ``s``, ``o``, ``u``: unknown), how long, and in words."""

    side: str
    at: float
    share: str


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
    """

    marks: tuple[Mark, ...]
    unknown: Markup | str
    rows: tuple[SideRow, ...]
    lede: Markup


def sides(players: Players, model: str, words: Words) -> Sides:
    """The split of every model; ``model`` is the one in force."""
    split = {name: players.by_department(name) for name in players.models}
    met = {each for parts in split.values() for each in parts if each is not None}
    order = [each for each in Department if each.value in met]
    unknown = any(parts.get(None) for parts in split.values())
    rows = tuple(
        SideRow(words.say(MODEL_NAMES[name]), name == model, _parts(parts, order, unknown, words))
        for name, parts in split.items()
    )
    marks = tuple(mark(each, words) for each in order)
    return Sides(marks, nobodys(players, words) if unknown else "", rows, _lede(split, words))


def _parts(
    parts: Mapping[str | None, Decimal], order: Sequence[Department], unknown: bool, words: Words
) -> tuple[Part, ...]:
    named = [(LETTER_CLASSES.get(each, "o"), parts.get(each.value, Decimal())) for each in order]
    every = [*named, ("u", parts.get(None, Decimal()))] if unknown else named
    return tuple(
        Part(side, max(0.0, 100 * float(share)), words.figures.share(float(share)))
        for side, share in every
    )


def _lede(split: Mapping[str, Mapping[str | None, Decimal]], words: Words) -> Markup:
    """Where sales gets least and most, of models that give nobody less than nothing."""
    sales = Department.SALES.value
    fair = {name: parts for name, parts in split.items() if min(parts.values()) >= 0}
    of_sales = {name: parts.get(sales, Decimal()) for name, parts in fair.items()}
    if not of_sales:
        return Markup("")
    least, most = (pick(of_sales, key=lambda name: of_sales[name]) for pick in (min, max))
    if of_sales[least] == of_sales[most]:
        return Markup("")
    return words.say(
        "Sales gets from {low} ({least}) to {high} ({most}).",
        low=words.figures.share(float(of_sales[least])),
        high=words.figures.share(float(of_sales[most])),
        least=words.say(MODEL_NAMES[least]),
        most=words.say(MODEL_NAMES[most]),
    )
