"""The small parts that sections are made of: a figure in its cell, a department's mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words

LETTER_CLASSES = {Department.MARKETING: "m", Department.SALES: "s", Department.BOTH: "b"}


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval bar, in percent of its track; ``label`` says it in words."""

    low: float
    high: float
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with its context. ``quiet``: a word stands where a figure would.

    ``aside`` is said beneath it. ``applies`` is False where the figure can't exist; phones leave
    such cells out.
    """

    label: Markup
    value: str | Markup
    small: str | Markup = ""
    aside: str | Markup = ""
    bar: Bar | None = None
    meter: float | None = None
    quiet: bool = False
    applies: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a department: the suffix of its class, its letter, its name."""

    suffix: str
    letter: str
    name: Markup


def mark(department: Department, words: Words) -> Mark:
    """The mark of a department.

    >>> mark(Department.SALES, Words("en"))
    Mark(suffix='s', letter='S', name=Markup('Sales'))
    """
    suffix = LETTER_CLASSES.get(department, "o")
    return Mark(suffix, words.letter(department), words.department(department))


def nothing(label: Markup) -> Cell:
    """A cell whose figure can't exist."""
    return Cell(label, "–", quiet=True, applies=False)


def amount(label: Markup, value: Decimal | None, words: Words, small: str | Markup = "") -> Cell:
    """A cell with money; None is shown as unknown."""
    if value is None:
        return Cell(label, words.say("unknown"), small, quiet=True)
    return Cell(label, words.figures.money(value), small)


def dimension_value(dimensions: Mapping[str, str | None], words: Words) -> Markup:
    """The values of the dimensions of a row, each held apart from the sentence around it."""
    shown = [
        words.say("unknown") if value is None else Markup("<bdi>{}</bdi>").format(value)
        for value in dimensions.values()
    ]
    return Markup(" · ").join(shown)
