"""The table: a head for each department's columns, the rows of one part, the sums beneath them."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES
from onefunnel.web.pages.campaigns.asking import SHOWN, USUAL, Wanted, no_such_part
from onefunnel.web.pages.campaigns.cells import Row
from onefunnel.web.pages.campaigns.columns import COLUMNS, DOWN, NAME, NAMES
from onefunnel.web.pages.campaigns.said import Status
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.report.cells import LETTER_CLASSES, Cell, Mark, mark


@dataclass(frozen=True, slots=True)
class Order:
    """A figure in a head: its name, the address of its order, and how it stands now.

    ``sorted`` is ``ascending``, ``descending`` or empty.
    """

    name: Markup
    address: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its figure and the one beneath it; ``starts`` a department's."""

    order: Order
    under: Order | None
    starts: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What a department sees: its mark, and how many columns it has."""

    mark: Mark
    about: Markup
    columns: int


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a dimension, and the address that opens it; None is unknown."""

    dimension: Markup
    value: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: each cell with the suffix of whose it is, and whether it is the first of theirs.

    ``comments`` is the address of what is said about its campaign, empty where it has none;
    ``anchor`` is its place on the page.
    """

    values: tuple[Value, ...]
    status: Status
    cells: tuple[tuple[str, bool, Cell], ...]
    comments: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the rows; ``first`` and ``last`` count from 1 among ``total``.

    ``whole`` are the sums of all, None where nothing is there.
    """

    title: Markup
    by_name: Order
    groups: tuple[Group, ...]
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    whole: Line | None
    total: int
    first: int
    last: int
    previous: str
    following: str


class Tabled:
    """A table in the making; ``judged`` gives the verdict on a row in words."""

    def __init__(
        self, wanted: Wanted, around: Linked, judged: Callable[[AcquisitionRow], Status]
    ) -> None:
        self.wanted, self.around, self.judged = wanted, around, judged
        self.words: Words = around.words

    def table(self, rows: Sequence[AcquisitionRow], whole: AcquisitionRow | None) -> Table:
        """The part that is asked for of rows in order. UsageError where there is none."""
        part = self.wanted.part
        first = (part - 1) * SHOWN
        if part > 1 and first >= len(rows):
            raise no_such_part(self.words)
        shown = rows[first : first + SHOWN]
        more = first + SHOWN < len(rows)
        return Table(
            Markup(" · ").join(self.words.say(DIMENSION_NAMES[each]) for each in self.wanted.by),
            self._order(NAME),
            self._groups(),
            self._heads(),
            tuple(self._line(row) for row in shown),
            None if whole is None else self._line(replace(whole, dimensions={})),
            len(rows),
            first + 1,
            first + len(shown),
            self.wanted.at_part(part - 1) if part > 1 else "",
            self.wanted.at_part(part + 1) if more else "",
        )

    def _groups(self) -> tuple[Group, ...]:
        words = self.words
        told = {
            Department.MARKETING: words.say("Cost and volume"),
            Department.SALES: words.say("Acceptance and hours"),
            Department.BOTH: words.say("What came of it"),
        }
        return tuple(
            Group(mark(side, words), about, sum(each.side is side for each in COLUMNS))
            for side, about in told.items()
        )

    def _heads(self) -> tuple[Head, ...]:
        return tuple(
            Head(self._order(each.key), self._order(each.under) if each.under else None, starts)
            for each, starts in zip(COLUMNS, STARTS, strict=True)
        )

    def _order(self, key: str) -> Order:
        """From the greatest first, names from the first; the order in force is turned round."""
        now = self.wanted.ordered_by
        usual, other = (key, DOWN + key) if key == NAME else (DOWN + key, key)
        standing = {key: "ascending", DOWN + key: "descending"}.get(now, "")
        name = self.words.say("Name") if key == NAME else self.words.say(NAMES[key])
        return Order(name, self.wanted.in_order(other if now == usual else usual), standing)

    def _line(self, row: AcquisitionRow) -> Line:
        sides = [LETTER_CLASSES[each.side] for each in COLUMNS]
        return Line(
            tuple(self._value(*each) for each in row.dimensions.items()),
            self.judged(row),
            tuple(zip(sides, STARTS, Row(row, self.around).cells(), strict=True)),
            self._comments(row),
            anchor(row.dimensions),
        )

    def _value(self, dimension: str, value: str | None) -> Value:
        name = self.words.say(DIMENSION_NAMES[dimension])
        return Value(name, value, self.wanted.narrowed(dimension, value))

    def _comments(self, row: AcquisitionRow) -> str:
        campaign = row.dimensions.get(USUAL)
        if campaign is None or self.wanted.filters.by != USUAL:
            return ""
        return f"{reverse('remarks')}?{urlencode({'kind': 'campaign', 'id': campaign})}"


def anchor(dimensions: Mapping[str, str | None]) -> str:
    """The name of a row's place on the page; of the row of all, empty.

    >>> anchor({}), anchor({"campaign": "spring"}) == anchor({"campaign": "Spring"})
    ('', False)
    """
    if not dimensions:
        return ""
    text = json.dumps(list(dimensions.items()), ensure_ascii=False)
    return f"row-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


STARTS = tuple(at == 0 or each.side is not COLUMNS[at - 1].side for at, each in enumerate(COLUMNS))
"""Whether a column is the first of those of its department."""
