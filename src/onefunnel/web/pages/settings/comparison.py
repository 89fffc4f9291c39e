"""What other rules would change: per stage entered, conversion and money, before and after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from onefunnel.vocabulary import Department, Stage
from onefunnel.web.locale import Words
from onefunnel.web.report.cells import Mark, mark


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure before and after; ``difference`` is empty where it is the same or can't be told."""

    before: str
    after: str
    difference: str

    @property
    def changed(self) -> bool:
        """Whether it would be another figure."""
        return self.before != self.after or bool(self.difference)


@dataclass(frozen=True, slots=True)
class StageChange:
    """A stage: its owner under the proposed rules, and its three figures."""

    name: Markup
    owner: Mark
    entered: Pair
    conversion: Pair
    money: Pair

    @property
    def changed(self) -> bool:
        """Whether any of them would be another figure."""
        return any(each.changed for each in (self.entered, self.conversion, self.money))


def comparison(result: Mapping[str, Any], words: Words) -> tuple[StageChange, ...]:
    """The stages of a preview's result, in order."""
    pairs = zip(result["before"], result["after"], strict=True)
    return tuple(_stage(before, after, words) for before, after in pairs)


def _stage(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> StageChange:
    figures = words.figures
    money = [each if each is None else Decimal(each) for each in (before["money"], after["money"])]
    return StageChange(
        words.stage(Stage(after["stage"])),
        mark(Department(after["owner"]), words),
        _pair(before["entered"], after["entered"], figures.count, words),
        _reached(before, after, words),
        _pair(money[0], money[1], figures.money, words),
    )


def _reached(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> Pair:
    """The first stage is reached from nowhere; what the data can't carry is refused."""
    if Stage(after["stage"]).previous is None:
        return Pair("–", "–", "")
    found = _pair(
        before["conversion"], after["conversion"], words.figures.share, words, points=True
    )
    refused = words.say("refused")
    return replace(
        found,
        before=refused if before["refused"] else found.before,
        after=refused if after["refused"] else found.after,
    )


def _pair(
    before: Any, after: Any, shown: Callable[[Any], str], words: Words, *, points: bool = False
) -> Pair:
    texts = [words.say("unknown") if each is None else shown(each) for each in (before, after)]
    if before is None or after is None or before == after:
        return Pair(texts[0], texts[1], "")
    step = after - before
    if points:
        said = words.say(
            "{n} percentage points", n=words.figures.plus(words.figures.number(100 * step), step)
        )
        return Pair(texts[0], texts[1], said)
    return Pair(texts[0], texts[1], words.figures.plus(shown(step), step))
