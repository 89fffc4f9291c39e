"""How far each share can be known: the range over the models, and what their quarrel is worth."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.attribution import ranges
from onefunnel.measures.attribution.calibrated import CALIBRATED
from onefunnel.measures.attribution.ranges import Range, Stake
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.attribution.rows import CreditRow
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES
from onefunnel.web.pages.attribution.grades import GradeView, best_of
from onefunnel.web.pages.attribution.players import (
    UNKNOWN,
    Key,
    Players,
    Who,
    amount_of,
    interval,
    who,
)


@dataclass(frozen=True, slots=True)
class Band:
    """A range drawn, each place in percent of the width.

    From ``least`` to ``most`` reach the intervals of the models, from ``low`` to ``high`` their
    shares; ``at`` is the model in force, ``tried`` what experiments say, None without any.
    """

    least: float
    low: float
    high: float
    most: float
    at: float
    tried: float | None
    label: Markup


@dataclass(frozen=True, slots=True)
class RangeView:
    """A player's range: the shares, the outermost ends of intervals, and the models at the ends.

    ``credit``, ``share`` and ``interval`` are of the model in force; ``grade`` is None for what is
    unknown.
    """

    who: Who
    band: Band
    low: str
    high: str
    between: Markup
    outer: str
    low_model: Markup
    high_model: Markup
    credit: str
    share: str
    interval: str
    grade: GradeView | None


@dataclass(frozen=True, slots=True)
class StakeView:
    """What the quarrel about the model is worth."""

    one: Markup
    other: Markup
    amount: str
    total: str
    share: str


class Reach:
    """The rows of an answer at work; ``model`` is the one in force, ``told`` says who each is.

    Models that give somebody less than nothing are in no range, unless one is in force.
    """

    def __init__(
        self,
        players: Players,
        model: str,
        value: str,
        words: Words,
        told: Callable[[Key, Words], Who] = who,
    ) -> None:
        self.players, self.model, self.words, self.told = players, model, words, told
        every = tuple(each for each in players.models if each != CALIBRATED)
        self.outside = tuple(each for each in every if each != model and _below(players, each))
        self.family = tuple(each for each in every if each not in self.outside)
        self.amount = amount_of(value, words)
        self.keys = players.in_order(model)
        found = ranges.ranges([self._credits(each) for each in self.family])
        self.ranges = dict(zip(self.keys, found, strict=True))
        self.axis = _axis(found)

    def _credits(self, model: str) -> list[CreditRow]:
        rows = self.players.rows[model]
        return [_credit(rows[key], at) for at, key in enumerate(self.keys)]

    def views(self) -> tuple[RangeView, ...]:
        """The ranges of all players, those with most credit first."""
        return tuple(self._view(key, self.ranges[key]) for key in self.keys)

    def left_out(self) -> Markup:
        """Which models give somebody less than nothing, and so are no end of a range."""
        if not self.outside:
            return Markup("")
        named = self.words.listed(self.words.say(MODEL_NAMES[each]) for each in self.outside)
        return self.words.say(
            "Left out of the range, as it gives less than nothing: {models}.", models=named
        )

    def stake(self) -> StakeView | None:
        """The two models that differ most; None where no two differ."""
        found: Stake | None = ranges.widest([self._credits(each) for each in self.family])
        if found is None or not found.amount:
            return None
        one, other = (self.words.say(MODEL_NAMES[each]) for each in (found.one, found.other))
        total = self.amount(self.players.total(self.model))
        share = self.words.figures.share(float(found.share))
        return StakeView(one, other, self.amount(found.amount), total, share)

    def _view(self, key: Key, found: Range) -> RangeView:
        words, row = self.words, self.players.rows[self.model][key]
        low, high = (words.figures.share(float(each)) for each in (found.low, found.high))
        outer = ""
        if found.least is not None and found.most is not None and found.least < found.most:
            outer = words.figures.interval(float(found.least), float(found.most), float(row.share))
        told, held = self.told(key, words), Markup("<bdi>{}</bdi>")
        return RangeView(
            told,
            self._band(key, found, row, told),
            low,
            high,
            words.say("{low} to {high}", low=held.format(low), high=held.format(high)),
            outer,
            words.say(MODEL_NAMES[found.low_model]),
            words.say(MODEL_NAMES[found.high_model]),
            self.amount(row.credit),
            words.figures.share(float(row.share)),
            interval(row, words),
            None if key == UNKNOWN else best_of(self.players.of(key), words),
        )

    def _band(self, key: Key, found: Range, row: AttributionRow, told: Who) -> Band:
        least = found.low if found.least is None else found.least
        most = found.high if found.most is None else found.most
        corrected = self.players.rows.get(CALIBRATED, {}).get(key)
        shown = self.words.figures.share
        label = self.words.say(
            "{name}: {low} to {high} over the models, {share} in force",
            name=told.name.striptags(),
            low=shown(float(found.low)),
            high=shown(float(found.high)),
            share=shown(float(row.share)),
        )
        return Band(
            least=self._at(least),
            low=self._at(found.low),
            high=self._at(found.high),
            most=self._at(most),
            at=self._at(row.share),
            tried=self._at(corrected.share) if corrected and corrected.grade in "AB" else None,
            label=label,
        )

    def _at(self, share: Decimal) -> float:
        """A share as a place on the axis, in percent of its width."""
        first, last = self.axis
        return max(0.0, min(100.0, float(100 * (share - first) / (last - first))))


def _below(players: Players, model: str) -> bool:
    """Whether a model gives somebody less than nothing."""
    return any(row.share < 0 for row in players.rows[model].values())


def _axis(found: Iterable[Range]) -> tuple[Decimal, Decimal]:
    """From nothing, or the lowest share below it, to the greatest end of an interval."""
    every = list(found)
    lows = [each.low if each.least is None else each.least for each in every]
    highs = [each.high if each.most is None else each.most for each in every]
    first = min(Decimal(), *lows) if lows else Decimal()
    return first, max([*highs, first + Decimal("0.01")])


def _credit(row: AttributionRow, at: int) -> CreditRow:
    """A row of an answer as a row of a model; its player is its place among them."""
    return CreditRow(
        model=row.model,
        player=str(at),
        credit=row.credit,
        share=row.share,
        share_low=row.share_low,
        share_high=row.share_high,
        removal_effect=row.removal_effect,
    )
