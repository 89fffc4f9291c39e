"""The picture of the stages: shapes in SVG, no words.

Solid is earned, tint is expected, hollow is what left. Where no money is known the height is the
number of entries instead: solid went on or is still open, hollow left. A stage that only surveys
measure, and one whose money is unknown, are hatched.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from onefunnel.funnel.result import FunnelRow, LeakRow

HEIGHT = 200.0
WIDTH = 64
STEP = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A stage drawn: heights as shares of the tallest column; ``hatched`` has none."""

    suffix: str
    solid: float = 0.0
    tint: float = 0.0
    hollow: float = 0.0
    hatched: bool = False
    counted: bool = False

    @property
    def held(self) -> float:
        """What has not left: where the band to the next stage begins."""
        return self.solid + self.tint

    @property
    def arrived(self) -> float:
        """What came in: where the band from the stage before ends."""
        return self.held + (self.hollow if self.counted else 0)


def in_money(rows: Sequence[FunnelRow]) -> bool:
    """Whether the picture can be drawn in money: some stage has a known amount above zero."""
    return any(money_in(row) > 0 for row in rows)


def money_in(row: FunnelRow) -> Decimal:
    """Money in a stage: earned so far and still expected, what is unknown left out."""
    known = (row.realised_contribution, row.expected_contribution)
    return sum((amount for amount in known if amount is not None), Decimal())


def columns(
    rows: Sequence[FunnelRow], leaks: Sequence[LeakRow], suffixes: Sequence[str]
) -> tuple[Column, ...]:
    """The stages drawn, on one scale."""
    left = {leak.stage: leak for leak in leaks}
    make = _in_money if in_money(rows) else _in_counts
    drawn = [make(row, left.get(row.stage), s) for row, s in zip(rows, suffixes, strict=True)]
    tallest = max((column.held + column.hollow for column in drawn), default=0.0) or 1.0
    return tuple(_scaled(column, tallest) for column in drawn)


def _in_money(row: FunnelRow, leak: LeakRow | None, suffix: str) -> Column:
    if row.realised_contribution is None and row.expected_contribution is None:
        return Column(suffix, hatched=True)
    cost = leak.amount if leak is not None else None
    return Column(
        suffix,
        _drawable(row.realised_contribution),
        _drawable(row.expected_contribution),
        _drawable(cost),
    )


def _in_counts(row: FunnelRow, leak: LeakRow | None, suffix: str) -> Column:
    if row.entered is None:
        return Column(suffix, hatched=True)
    left = min(leak.left, row.entered) if leak is not None else 0
    return Column(suffix, row.entered - left, 0.0, left, counted=True)


def _drawable(amount: Decimal | None) -> float:
    """Nothing below zero can be drawn; the figure beneath the picture says it."""
    return max(float(amount or 0), 0.0)


def _scaled(column: Column, tallest: float) -> Column:
    return replace(
        column,
        solid=column.solid / tallest,
        tint=column.tint / tallest,
        hollow=column.hollow / tallest,
    )


def svg(drawn: Sequence[Column], label: str) -> Markup:
    """The picture. ``label`` says in words what it shows."""
    shapes = [_column(at * STEP, column) for at, column in enumerate(drawn)]
    bands = [_band(at * STEP, here, there) for at, (here, there) in enumerate(pairwise(drawn))]
    return Markup(
        '<svg class="flip" viewBox="0 0 {} 208" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}{}{}</svg>'
    ).format(
        STEP * len(drawn),
        label,
        Markup().join(bands),
        Markup().join(shapes),
        Markup().join(_handoffs(drawn)),
    )


def _column(x: int, column: Column) -> Markup:
    if column.hatched:
        return _hollow(x, 0, HEIGHT, "line-strong")
    solid, held = HEIGHT * column.solid, HEIGHT * column.held
    parts = [_baseline(x, column.suffix)]
    if column.tint:
        parts.append(_filled(x, solid, held - solid, column.suffix, 0.34))
    if column.solid:
        parts.append(_filled(x, 0, solid, column.suffix, 1))
    if column.hollow:
        parts.append(_hollow(x, held + 2, max(HEIGHT * column.hollow - 2, 1.5), "bad"))
    return Markup().join(parts)


def _filled(x: int, y: float, height: float, suffix: str, opacity: float) -> Markup:
    return Markup(
        '<rect class="fill--{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}" opacity="{}"/>'
    ).format(suffix, x, y, WIDTH, max(height, 0.8), opacity)


def _hollow(x: int, y: float, height: float, line: str) -> Markup:
    return Markup(
        '<rect x="{}" y="{:.1f}" width="{}" height="{:.1f}" fill="url(#void)" '
        'style="stroke:var(--{})" vector-effect="non-scaling-stroke" stroke-dasharray="4 3"/>'
    ).format(x + 0.5, y + 0.5, WIDTH - 1, height, line)


def _baseline(x: int, suffix: str) -> Markup:
    """The straight top edge, there even where a stage holds nothing."""
    return Markup('<path class="edge" d="M{} 0H{}"/>').format(x, x + WIDTH)


def _band(x: int, here: Column, there: Column) -> Markup:
    if here.hatched or there.hatched or not (here.held or there.arrived):
        return Markup("")
    start, end, a, b = x + WIDTH, x + STEP, HEIGHT * here.held, HEIGHT * there.arrived
    middle = (start + end) / 2
    return Markup(
        '<path class="fill--{}" opacity=".14" d="M{} 0H{}V{:.1f}C{} {:.1f} {} {:.1f} {} {:.1f}Z"/>'
    ).format(here.suffix, start, end, b, middle, b, middle, a, start, a)


def _handoffs(drawn: Sequence[Column]) -> list[Markup]:
    """A post where one department hands over to another."""
    return [
        Markup('<rect x="{}" y="-6" width="4" height="214" fill="url(#both)"/>').format(
            at * STEP + WIDTH + (STEP - WIDTH) / 2 - 2
        )
        for at, (here, there) in enumerate(pairwise(drawn))
        if here.suffix != there.suffix
    ]
