"""The three allocations side by side, segment by segment: worked, pays most, brings most."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel.asking import written
from onefunnel.web.pages.incentives.said import Said, money, number, segment_name, share
from onefunnel.web.pages.today import links
from onefunnel.workflows.asked import Asked

MEASURE = "incentives"
ALLOCATIONS = ("worked_actual", "worked_plan", "worked_best")


@dataclass(frozen=True, slots=True)
class Worked:
    """How many leads an allocation works: the figure, and its part of the leads in percent."""

    figure: Said
    part: float | None


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment, or the whole: its rates, its leads, and how many each allocation works.

    ``leads_rows`` and ``worked_rows`` are the addresses of the rows behind the two figures that
    records show.
    """

    number: str
    name: Markup
    leads: Said
    leads_rows: str
    worked_rows: str
    win: Said | None
    hours_per_lead: Said | None
    pay_per_hour: Said | None
    contribution_per_hour: Said | None
    worked: tuple[Worked, ...]


def segment_views(
    rows: Sequence[IncentivesRow], asked: Asked, words: Words
) -> tuple[SegmentView, ...]:
    """The segments by their numbers, then the whole."""
    segments = [row for row in rows if row.segment is not None]
    whole = [row for row in rows if row.segment is None]
    numbered = [(words.figures.count(place), row) for place, row in enumerate(segments, 1)]
    return tuple(
        _view(number, row, asked, words) for number, row in (*numbered, *(("", w) for w in whole))
    )


def _view(number_: str, row: IncentivesRow, asked: Asked, words: Words) -> SegmentView:
    one = row.segment is not None
    where = {"segment": written(row.segment)} if row.segment is not None else {}
    return SegmentView(
        number_,
        segment_name(row.segment, words) if one else words.say("All leads"),
        number(row, "leads", words),
        links.rows(MEASURE, "leads", asked, **where) if row.leads else "",
        links.rows(MEASURE, "worked", asked, **where) if row.worked_actual else "",
        share(row, "win_probability", words) if one else None,
        number(row, "hours_per_lead", words) if one else None,
        money(row, "pay_per_hour", words) if one else None,
        money(row, "contribution_per_hour", words) if one else None,
        tuple(_worked(row, name, words) for name in ALLOCATIONS),
    )


def _worked(row: IncentivesRow, name: str, words: Words) -> Worked:
    value: float | None = getattr(row, name)
    part = 100.0 * value / row.leads if value is not None and row.leads else None
    return Worked(number(row, name, words), part)
