"""Figures of an answer in words: with their interval, or what stands where one is unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from markupsafe import Markup

from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.incentives.leads import UNKNOWN
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.web.locale import Words

Row: TypeAlias = IncentivesRow | BehaviourRow
"""A row whose estimates have the ends of their intervals beside them."""


@dataclass(frozen=True, slots=True)
class Known:
    """A figure with the ends of its interval, equal to it where nothing about it is uncertain."""

    value: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether it has no interval."""
        return self.low == self.value == self.high


def known(row: Row, name: str) -> Known | None:
    """A field of a row with its interval; None is unknown."""
    found = tuple(getattr(row, name + end) for end in ("", "_low", "_high"))
    if any(each is None for each in found):
        return None
    return Known(*(float(each) for each in found))


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as it is read, and its interval in brackets; both empty words where unknown."""

    value: str | Markup
    interval: str = ""
    quiet: bool = False


def money(row: Row, name: str, words: Words) -> Said:
    """An amount."""
    return _said(known(row, name), words, lambda each: words.figures.money(_decimal(each)))


def number(row: Row, name: str, words: Words) -> Said:
    """A number: leads, hours, an index."""
    return _said(known(row, name), words, lambda each: plain(each, words))


def share(row: Row, name: str, words: Words) -> Said:
    """A share in percent."""
    found = known(row, name)
    if found is None:
        return unknown(words)
    shown = words.figures.share(found.value)
    if found.is_certain:
        return Said(shown)
    return Said(shown, words.figures.interval(found.low, found.high, found.value))


def unknown(words: Words) -> Said:
    """Where a figure would stand."""
    return Said(words.say("unknown"), quiet=True)


def plain(value: float, words: Words) -> str:
    """A number without a unit: whole from ten on, with two decimals below."""
    return words.figures.count(round(value)) if abs(value) >= 10 else words.figures.number(value)


def segment_name(name: str | None, words: Words) -> Markup:
    """A segment, held apart from the sentence around it."""
    if name is None or name == UNKNOWN:
        return words.say("unknown")
    return Markup("<bdi>{}</bdi>").format(name)


def ends(low: str, high: str, words: Words) -> str:
    """An interval of figures that are written already."""
    return str(words.say("[{low} to {high}]", low=low, high=high))


def _said(found: Known | None, words: Words, written: Callable[[float], str]) -> Said:
    if found is None:
        return unknown(words)
    if found.is_certain:
        return Said(written(found.value))
    return Said(written(found.value), ends(written(found.low), written(found.high), words))


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))
