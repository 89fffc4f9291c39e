"""The waterfall: totals are marks, factors bars in their owner's colour, bands whiskers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

STEP, BAR, MARK = 100, 60, 80


@dataclass(frozen=True, slots=True)
class Size:
    """How high a picture is, and how far its axis stays from the edges."""

    height: float
    margin: float

    def y(self, percent: float) -> float:
        """The place of a level."""
        return self.margin + (self.height - 2 * self.margin) * (100 - percent) / 100


WHOLE = Size(208.0, 10.0)


@dataclass(frozen=True, slots=True)
class Step:
    """A column: a total that stands for itself, or a change with the bounds of its band.

    ``style`` is the suffix of its bar's class; None for a bound that is not known.
    """

    style: str
    amount: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column in percent of the axis, low first: the bar, and the whisker where there is one.

    ``end`` is where its change arrives.
    """

    low: float
    high: float
    end: float
    whisker: tuple[float, float] | None


def drawn(way: Sequence[Step]) -> tuple[Drawn, ...]:
    """The columns of a way on one axis, which need not start at zero.

    >>> [(each.low, each.high) for each in drawn([Step("t", Decimal(10), is_total=True),
    ...     Step("m", Decimal(-5)), Step("t", Decimal(5), is_total=True)])]
    [(100.0, 100.0), (0.0, 100.0), (0.0, 0.0)]
    """
    reached, spans = Decimal(), []
    for step in way:
        start = step.amount if step.is_total else reached
        reached = step.amount if step.is_total else reached + step.amount
        band = None
        if not step.is_total and step.low is not None and step.high is not None:
            band = (start + step.low, start + step.high)
        spans.append((start, reached, band))
    every = [each for start, end, band in spans for each in (start, end, *(band or ()))]
    least, width = min(every), (max(every) - min(every)) or Decimal(1)

    def at(level: Decimal) -> float:
        return float(100 * (level - least) / width)

    return tuple(
        Drawn(
            at(min(start, end)), at(max(start, end)), at(end), band and (at(band[0]), at(band[1]))
        )
        for start, end, band in spans
    )


def svg(way: Sequence[Step], columns: Sequence[Drawn], size: Size = WHOLE) -> Markup:
    """The shapes, joined by hairlines."""
    shapes = [_shape(at, *each, size) for at, each in enumerate(zip(way, columns, strict=True))]
    wires = [_wire(at, *pair, size.y(columns[at].end)) for at, pair in enumerate(pairwise(way))]
    return Markup(
        '<svg class="flip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        "{}{}</svg>"
    ).format(STEP * len(way), int(size.height), Markup().join(shapes), Markup().join(wires))


def _wide(step: Step) -> int:
    return MARK if step.is_total else BAR


def _shape(at: int, step: Step, column: Drawn, size: Size) -> Markup:
    wide = _wide(step)
    x = STEP * at + (STEP - wide) / 2
    top = size.y(column.high) - (1.5 if step.is_total else 0)
    height = 3.0 if step.is_total else max(size.y(column.low) - size.y(column.high), 1.0)
    bar = Markup('<rect class="bar--{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
        step.style, x, top, wide, height
    )
    return bar + _whisker(at, column, size)


def _whisker(at: int, column: Drawn, size: Size) -> Markup:
    """A line over the band, with a short stroke at each end."""
    if column.whisker is None:
        return Markup("")
    middle = STEP * at + STEP // 2
    low, high = (size.y(each) for each in column.whisker)
    ends = Markup("").join(Markup("M{} {:.1f}h12").format(middle - 6, each) for each in (low, high))
    return Markup('<path class="whisk" d="M{} {:.1f}V{:.1f}{}"/>').format(middle, low, high, ends)


def _wire(at: int, step: Step, following: Step, level: float) -> Markup:
    """From where a column ends to where the next begins."""
    start = STEP * (at + 1) - (STEP - _wide(step)) / 2
    end = STEP * (at + 1) + (STEP - _wide(following)) / 2
    return Markup('<path class="wire" d="M{} {:.1f}H{}"/>').format(start, level, end)
