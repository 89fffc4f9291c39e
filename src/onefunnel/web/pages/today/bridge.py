"""The bridge from one month's money to the next: what it is made of, and how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

HEIGHT, STEP, MARGIN = 104.0, 100, 8.0
BAR, MARK = 60, 80


@dataclass(frozen=True, slots=True)
class Earned:
    """What the sales of a month contributed (or, where that is unknown, their revenue).

    ``by_new`` of it came from ``buyers`` who bought for the first time in that month.
    """

    total: Decimal
    by_new: Decimal
    buyers: int

    @property
    def by_earlier(self) -> Decimal:
        """What buyers of earlier months brought."""
        return self.total - self.by_new


@dataclass(frozen=True, slots=True)
class Step:
    """A column: ``kind`` names it; ``amount`` is a total, or the change between two totals."""

    kind: str
    amount: Decimal
    is_total: bool = False


def steps(before: Earned, now: Earned) -> tuple[Step, ...]:
    """The way from the month before to this one; the changes add up to the difference.

    The change that new buyers made is split in two, as Shapley's value does: more or fewer of them
    at the mean worth of one in both months, and each worth more or less at the mean number. In a
    month without a new buyer none has a worth: then there is one change.

    >>> [(s.kind, int(s.amount)) for s in steps(
    ...     Earned(Decimal(100), Decimal(40), 4), Earned(Decimal(120), Decimal(90), 6))]
    [('before', 100), ('number', 25), ('worth', 25), ('earlier', -30), ('now', 120)]
    """
    if before.buyers and now.buyers:
        mean = (before.by_new / before.buyers + now.by_new / now.buyers) / 2
        number = (now.buyers - before.buyers) * mean
        new = [Step("number", number), Step("worth", now.by_new - before.by_new - number)]
    else:
        new = [Step("new", now.by_new - before.by_new)]
    return (
        Step("before", before.total, True),
        *new,
        Step("earlier", now.by_earlier - before.by_earlier),
        Step("now", now.total, True),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column drawn: from and to in percent of the axis, low first; which class it has."""

    low: float
    high: float
    style: str


def drawn(way: Sequence[Step]) -> tuple[Column, ...]:
    """The columns of a way on one axis, which need not start at zero."""
    reached = Decimal()
    spans: list[tuple[Decimal, Decimal]] = []
    for step in way:
        start = step.amount if step.is_total else reached
        reached = step.amount if step.is_total else reached + step.amount
        spans.append((min(start, reached), max(start, reached)))
    least, most = min(low for low, _ in spans), max(high for _, high in spans)
    width = (most - least) or Decimal(1)
    return tuple(
        Column(
            float(100 * (low - least) / width),
            float(100 * (high - least) / width),
            "bar--t" if step.is_total else "bar--down" if step.amount < 0 else "bar--up",
        )
        for step, (low, high) in zip(way, spans, strict=True)
    )


def svg(way: Sequence[Step], columns: Sequence[Column]) -> Markup:
    """The shapes: totals are level marks, changes are bars, hairlines join them."""
    shapes = [_shape(at, *each) for at, each in enumerate(zip(way, columns, strict=True))]
    wires = [_wire(at, *pair, columns[at]) for at, pair in enumerate(pairwise(way))]
    return Markup(
        '<svg class="flip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        "{}{}</svg>"
    ).format(STEP * len(way), int(HEIGHT), Markup().join(shapes), Markup().join(wires))


def _y(percent: float) -> float:
    return MARGIN + (HEIGHT - 2 * MARGIN) * (100 - percent) / 100


def _wide(step: Step) -> int:
    return MARK if step.is_total else BAR


def _shape(at: int, step: Step, column: Column) -> Markup:
    wide = _wide(step)
    x = STEP * at + (STEP - wide) / 2
    top = _y(column.high) - (1.5 if step.is_total else 0)
    height = 3.0 if step.is_total else max(_y(column.low) - _y(column.high), 1.0)
    return Markup('<rect class="{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
        column.style, x, top, wide, height
    )


def _wire(at: int, step: Step, following: Step, column: Column) -> Markup:
    """From where a column ends to where the next begins."""
    level = _y(column.low if step.amount < 0 and not step.is_total else column.high)
    start = STEP * (at + 1) - (STEP - _wide(step)) / 2
    end = STEP * (at + 1) + (STEP - _wide(following)) / 2
    return Markup('<path class="wire" d="M{} {:.1f}H{}"/>').format(start, level, end)
