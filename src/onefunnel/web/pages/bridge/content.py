"""What the page of the bridge shows: the waterfall, each factor, the segments."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.bridge.factors import CONTRIBUTED
from onefunnel.measures.bridge.result import BridgeRow, Chance
from onefunnel.vocabulary import Answer, Department
from onefunnel.web.locale import Words
from onefunnel.web.pages.bridge import factors, links, picture
from onefunnel.web.pages.months.offered import LookedAt
from onefunnel.web.report.cells import LETTER_CLASSES, Mark, mark
from onefunnel.web.report.notes import NoteView, view

SHAPLEY, LMDI = "shapley", "lmdi"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to rows, which open beside the page."""

    text: Markup
    address: str


@dataclass(frozen=True, slots=True)
class FactorView:
    """A factor: whose, what it brought and within which band, by the other method; its rows.

    ``chance`` is ``told``, ``within_chance`` or ``unknown``; ``other`` is empty where the other
    method can't say it, ``owner`` None where it is unknown.
    """

    key: str
    name: Markup
    meaning: Markup
    owner: Mark | None
    amount: Markup | str
    band: Markup
    chance: str
    other: str
    rows: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the waterfall in words; ``low`` and ``high`` in percent, for narrow pages."""

    name: Markup
    amount: str
    owner: Mark | None
    within_chance: bool
    low: float
    high: float
    fill: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The picture: its shapes, what they say to those who can't see them, its columns."""

    shapes: Markup
    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class BridgeView:
    """The whole of it. ``waterfall`` is None where the bridge is refused.

    ``has_other`` says that LMDI is defined, ``has_functions`` that other functions brought some.
    """

    before: Markup | str
    after: Markup | str
    change: FactorView
    waterfall: Waterfall | None
    factors: tuple[FactorView, ...]
    notes: tuple[NoteView, ...]
    has_other: bool
    has_functions: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """The rows of a bridge by one method: both totals, the change, what is between."""

    before: BridgeRow
    after: BridgeRow
    change: BridgeRow
    between: tuple[BridgeRow, ...]


def whole(answer: Answer[BridgeRow], method: str) -> Whole | None:
    """The bridge by a method; None where the answer has none by it."""
    rows = [row for row in answer.rows if row.method == method and not row.dimensions]
    totals = {row.factor: row for row in rows if row.factor in factors.TOTALS}
    if len(totals) < len(factors.TOTALS):
        return None
    between = tuple(row for row in rows if row.factor not in factors.TOTALS)
    return Whole(totals["before"], totals["after"], totals["change"], between)


def bridge_view(answer: Answer[BridgeRow], month: LookedAt, words: Words) -> BridgeView:
    """The bridge of a month, by Shapley; what LMDI says stands beside."""
    said = whole(answer, SHAPLEY)
    assert said is not None
    other = whole(answer, LMDI)
    beside = {(row.factor, row.owner): row for row in other.between} if other else {}
    told = [
        _factor(row, beside.get((row.factor, row.owner)), month, answer.ledger_version, words)
        for row in said.between
    ]
    change = _factor(said.change, None, month, answer.ledger_version, words)
    return BridgeView(
        _total(said.before, words),
        _total(said.after, words),
        change,
        _waterfall(said, month, words),
        tuple(told),
        tuple(view(each, words) for each in answer.notes),
        other is not None,
        any(row.factor == CONTRIBUTED for row in said.between),
    )


def _total(row: BridgeRow, words: Words) -> Markup | str:
    return words.say("unknown") if row.amount is None else words.figures.money(row.amount)


def step_text(amount: Decimal | None, words: Words) -> Markup | str:
    """A change, with its sign."""
    if amount is None:
        return words.say("unknown")
    return words.figures.plus(words.figures.money(amount), amount)


def _factor(
    row: BridgeRow, other: BridgeRow | None, month: LookedAt, version: int, words: Words
) -> FactorView:
    is_change = row.factor == "change"
    return FactorView(
        row.factor,
        words.say("Change") if is_change else factors.name(row.factor, row.owner, words),
        Markup("") if is_change else words.say(factors.MEANINGS[row.factor]),
        None if row.owner is None else mark(row.owner, words),
        step_text(row.amount, words),
        _band(row, words),
        row.chance.value,
        "" if other is None or other.amount is None else str(step_text(other.amount, words)),
        _rows(row, month, version, words),
    )


def _band(row: BridgeRow, words: Words) -> Markup:
    """The band in brackets; none where it is unknown, or where the amount is as it was booked."""
    if row.low is None or row.high is None or row.low == row.high:
        return Markup("")
    low, high = (step_text(each, words) for each in (row.low, row.high))
    return words.say("[{low} to {high}]", low=low, high=high)


def _rows(row: BridgeRow, month: LookedAt, version: int, words: Words) -> tuple[Link, ...]:
    sides = ((links.AFTER, month.period), (links.BEFORE, month.before))
    return tuple(
        Link(
            words.days(period.since, period.until),
            links.rows(month, row.factor, side, version, owner=row.owner),
        )
        for side, period in sides
    )


def _waterfall(said: Whole, month: LookedAt, words: Words) -> Waterfall | None:
    rows = (said.before, *said.between, said.after)
    if any(row.amount is None for row in rows):
        return None
    way = [_step(row) for row in rows]
    drawn = picture.drawn(way)
    columns = tuple(
        _column(row, step, shape, month, words)
        for row, step, shape in zip(rows, way, drawn, strict=True)
    )
    return Waterfall(picture.svg(way, drawn), _in_words(columns, words), columns)


def _step(row: BridgeRow) -> picture.Step:
    assert row.amount is not None
    if row.factor in factors.TOTALS:
        return picture.Step("t", row.amount, is_total=True)
    booked = row.low == row.high
    low, high = (None, None) if booked else (row.low, row.high)
    return picture.Step(_suffix(row.owner), row.amount, low, high)


def _suffix(owner: Department | None) -> str:
    return "o" if owner is None else LETTER_CLASSES.get(owner, "o")


FILLS = {"m": "var(--mkt)", "s": "var(--sal)", "b": "var(--joint)", "o": "var(--other)"}


def _column(
    row: BridgeRow, step: picture.Step, shape: picture.Drawn, month: LookedAt, words: Words
) -> Column:
    assert row.amount is not None
    if step.is_total:
        period = month.before if row.factor == links.BEFORE else month.period
        name = words.days(period.since, period.until)
        amount = words.figures.money(row.amount)
        return Column(name, amount, None, False, shape.low, shape.high, "var(--ink)")
    return Column(
        factors.name(row.factor, row.owner, words),
        str(step_text(row.amount, words)),
        None if row.owner is None else mark(row.owner, words),
        row.chance is Chance.WITHIN_CHANCE and bool(_band(row, words)),
        shape.low,
        shape.high,
        FILLS[step.style],
    )


def _in_words(columns: Sequence[Column], words: Words) -> str:
    parts = [Markup("{}: {}").format(each.name, each.amount) for each in columns]
    return words.clauses(parts).unescape()
