"""Another convention beside the agreed one: what it would give to whom. Nothing changes by it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.attribution.agreed import Agreed
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.vocabulary import Answer, Department
from onefunnel.web.locale import Words
from onefunnel.web.pages.attribution.force import in_force, said
from onefunnel.web.pages.attribution.models import refusals
from onefunnel.web.pages.attribution.players import (
    Key,
    Players,
    Who,
    amount_of,
    interval,
    nobodys,
    players_of,
    who,
)
from onefunnel.web.report.cells import mark

NOTHING = Decimal()


@dataclass(frozen=True, slots=True)
class Given:
    """What one convention gives: a share with its interval, and the credit."""

    share: str
    interval: str
    credit: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What both give to a player or a department; ``step`` is in points, ``up`` its direction."""

    who: Who
    agreed: Given
    tried: Given
    step: Markup | str
    up: int


@dataclass(frozen=True, slots=True)
class OtherView:
    """Both conventions side by side, ``said`` in words; ``refused`` says why nothing is compared.

    ``same`` says that they are one and the same, ``totals`` what each shares out.
    """

    said: tuple[tuple[Markup, ...], tuple[Markup, ...]]
    departments: tuple[Compared, ...] = ()
    players: tuple[Compared, ...] = ()
    moved: Markup | str = ""
    refused: Markup | str = ""
    same: bool = False
    totals: tuple[str, str] = ("", "")


class Beside:
    """The answer under the agreed convention, and another one under ``wanted``."""

    def __init__(
        self,
        agreed: Answer[AttributionRow],
        tried: Answer[AttributionRow],
        wanted: Agreed,
        words: Words,
    ) -> None:
        self.words, self.wanted = words, wanted
        self.force = in_force(agreed.notes, Agreed())
        self.one, self.other = players_of(agreed.rows), players_of(tried.rows)
        self.refused = refusals((*agreed.notes, *tried.notes), words)
        values = (self.force.value.value, wanted.value.value)
        self.amounts = tuple(amount_of(each, words) for each in values)
        self.models = (self.force.model, wanted.model)

    def view(self) -> OtherView:
        """The comparison."""
        told = tuple(said(self.force, self.words)), tuple(said(self.wanted, self.words))
        one, other = (
            players.rows.get(model, {})
            for players, model in zip((self.one, self.other), self.models, strict=True)
        )
        if not (one and other):
            reasons = [self.refused[each] for each in self.models if each in self.refused]
            return OtherView(told, refused=reasons[0] if reasons else "")
        return OtherView(
            told,
            departments=tuple(self._departments()),
            players=tuple(self._players(one, other)),
            moved=self._moved(one, other),
            same=_plain(self.force) == _plain(self.wanted),
            totals=(self._total(self.one, 0), self._total(self.other, 1)),
        )

    def _total(self, players: Players, side: int) -> str:
        return self.amounts[side](players.total(self.models[side]))

    def _players(
        self, one: Mapping[Key, AttributionRow], other: Mapping[Key, AttributionRow]
    ) -> list[Compared]:
        """Who has credit under either, in the order of the agreed one."""
        order = self.one.in_order(self.models[0])
        order += [key for key in self.other.in_order(self.models[1]) if key not in one]
        return [
            self._compared(
                who(key, self.words),
                self._given(one.get(key), 0),
                self._given(other.get(key), 1),
                _share(other.get(key)) - _share(one.get(key)),
            )
            for key in order
        ]

    def _given(self, row: AttributionRow | None, side: int) -> Given:
        if row is None:
            return Given(self.words.figures.share(0.0), "", self.amounts[side](NOTHING))
        share = self.words.figures.share(float(row.share))
        return Given(share, interval(row, self.words), self.amounts[side](row.credit))

    def _departments(self) -> list[Compared]:
        one = self.one.by_department(self.models[0])
        other = self.other.by_department(self.models[1])
        names = [each for each in Department if each.value in {*one, *other}]
        found = [
            self._sums(Who(shown.name, shown, False), one.get(name), other.get(name))
            for name, shown in ((each.value, mark(each, self.words)) for each in names)
        ]
        if None in one or None in other:
            nobody = Who(nobodys(self.other, self.words), None, True)
            found.append(self._sums(nobody, one.get(None), other.get(None)))
        return found

    def _sums(
        self, told: Who, one: AttributionRow | None, other: AttributionRow | None
    ) -> Compared:
        """What both give to a department; its credit stands in the rows of its players."""
        agreed, tried = (replace(self._given(row, 0), credit="") for row in (one, other))
        return self._compared(told, agreed, tried, _share(other) - _share(one))

    def _compared(self, told: Who, agreed: Given, tried: Given, step: Decimal) -> Compared:
        figures = self.words.figures
        points = round(100 * float(step), 1)
        shown = figures.plus(figures.number(points), points)
        return Compared(told, agreed, tried, shown, (points > 0) - (points < 0))

    def _moved(
        self, one: Mapping[Key, AttributionRow], other: Mapping[Key, AttributionRow]
    ) -> Markup:
        """What goes from one row to another between the two."""
        keys = {*one, *other}
        steps = (abs(_share(other.get(key)) - _share(one.get(key))) for key in keys)
        share = sum(steps, NOTHING) / 2
        words, shown = self.words, self.words.figures.share(float(share))
        if self.force.value is not self.wanted.value:
            return words.say("Between the two {share} of all credit moves.", share=shown)
        total = self.one.total(self.models[0])
        return words.say(
            "Between the two {share} of all credit moves: {amount} of {total}.",
            share=shown,
            amount=self.amounts[0](share * total),
            total=self.amounts[0](total),
        )


def _share(row: AttributionRow | None) -> Decimal:
    return NOTHING if row is None else row.share


def _plain(agreed: Agreed) -> tuple[object, ...]:
    """What of a convention can be tried."""
    return agreed.model, agreed.value, agreed.settings
