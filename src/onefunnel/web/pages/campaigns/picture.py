"""Spend against contribution, a pair of bars for each row with most money in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.verdict import left_over
from onefunnel.web.locale import Words
from onefunnel.web.pages.campaigns.said import Status
from onefunnel.web.report.cells import dimension_value

DRAWN = 12
"""So many rows are drawn."""
WIDTH, HEIGHT, BAR, GAP = 1000, 26, 11, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, verdict, shapes, and the figures in words.

    ``lead`` is what a lead costs, empty where that is unknown.
    """

    name: Markup
    status: Status
    shapes: Markup
    spend: str
    contribution: str
    left: str
    lead: Markup


@dataclass(frozen=True, slots=True)
class Picture:
    """The rows drawn, where most money was lost first; ``others`` are not drawn."""

    bars: tuple[Bar, ...]
    others: int


def picture(
    rows: Sequence[AcquisitionRow], judged: Callable[[AcquisitionRow], Status], words: Words
) -> Picture | None:
    """The rows of most spend or contribution; None where of fewer than two both are known."""
    known = [
        (row, row.spend, row.contribution)
        for row in rows
        if row.spend is not None and row.contribution is not None
        if row.spend or row.contribution
    ]
    if len(known) < 2:
        return None
    most = sorted(known, key=lambda each: -max(each[1], abs(each[2])))[:DRAWN]
    most.sort(key=lambda each: each[2] - each[1])
    least = min(Decimal(), *(each[2] for each in most))
    width = max(*(max(each[1:]) for each in most), least + 1) - least
    bars = tuple(_bar(row, judged(row), (least, width), words) for row, _, _ in most)
    return Picture(bars, len(rows) - len(bars))


def _bar(row: AcquisitionRow, said: Status, axis: tuple[Decimal, Decimal], words: Words) -> Bar:
    spend, brought = row.spend or Decimal(), row.contribution or Decimal()
    left, figures = left_over(row) or Decimal(), words.figures
    lead = Markup("")
    if row.cost_per_lead is not None:
        lead = words.say("a lead costs {amount}", amount=figures.money(row.cost_per_lead))
    return Bar(
        dimension_value(row.dimensions, words),
        said,
        shapes(spend, brought, *axis),
        figures.money(spend),
        figures.money(brought),
        figures.plus(figures.money(left), left),
        lead,
    )


def shapes(spend: Decimal, brought: Decimal, least: Decimal, width: Decimal) -> Markup:
    """Two bars on an axis of ``width`` that begins at ``least``; what is missing is dashed.

    >>> drawn = shapes(Decimal(80), Decimal(20), Decimal(0), Decimal(100))
    >>> drawn.count("<rect"), 'class="spent__lost" x="200.0"' in drawn
    (3, True)
    """

    def at(amount: Decimal) -> float:
        return float(WIDTH * (amount - least) / width)

    def rect(style: str, start: Decimal, end: Decimal, line: int) -> Markup:
        low, high = sorted((at(start), at(end)))
        y = line * (BAR + GAP)
        return Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
            style, low, y, high - low, BAR
        )

    zero = Decimal()
    drawn = [rect("bar--m", zero, spend, 0), rect("bar--b", zero, brought, 1)]
    if brought < spend:
        drawn.append(rect("spent__lost", max(brought, zero), spend, 1))
    axis = Markup('<path class="axis" d="M{:.1f} 0V{}"/>').format(at(zero), HEIGHT)
    return Markup(
        '<svg class="flip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        "{}{}</svg>"
    ).format(WIDTH, HEIGHT, Markup().join(drawn), axis)
