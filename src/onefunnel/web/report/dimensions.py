"""The funnel by a dimension: a line per value, a column per stage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from onefunnel.funnel.result import FunnelRow
from onefunnel.vocabulary import Answer, Note, Stage
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES
from onefunnel.web.report.around import PLAIN, Around, Text
from onefunnel.web.report.cells import Cell, amount
from onefunnel.web.report.model import Report
from onefunnel.web.report.notes import NoteView, view
from onefunnel.web.report.stages import where_of

VALUES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value of the dimension and its figures. ``value`` None: the records hold none.

    ``spelt_unknown`` marks a value that is the word "unknown" in the records themselves.
    ``address`` leads to the same page with this value only, empty where there is none.
    """

    value: str | None
    spelt_unknown: bool
    cells: tuple[Cell, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class DimensionView:
    """The funnel by one dimension; ``more`` values are not shown, and hold ``more_entries``."""

    name: str
    title: Markup
    heads: tuple[Markup, ...]
    values: tuple[ValueView, ...]
    more: int
    more_entries: int
    notes: tuple[NoteView, ...]


def dimension_views(
    report: Report, words: Words, around: Around = PLAIN
) -> tuple[DimensionView, ...]:
    """The funnel by each dimension that was asked for and has values."""
    return tuple(
        _dimension(answer, report.notes_only_of(answer), words, around)
        for answer in report.by_dimension
        if answer.rows
    )


def _dimension(
    answer: Answer[FunnelRow], notes: Sequence[Note], words: Words, around: Around
) -> DimensionView:
    name = next(iter(answer.rows[0].dimensions), "")
    stages = [stage for stage in Stage if any(r.entered for r in answer.rows if r.stage == stage)]
    groups: dict[str | None, dict[Stage, FunnelRow]] = {}
    for row in answer.rows:
        groups.setdefault(row.dimensions.get(name), {})[row.stage] = row
    # The unknown stand last, whatever their number; they are never left out.
    order = sorted(groups, key=lambda v: (v is None, -_entries(groups[v]), v or ""))
    shown, hidden = order, list[str | None]()
    if len(order) > VALUES_SHOWN:
        known = [value for value in order if value is not None]
        hidden = list(known[VALUES_SHOWN:])
        shown = [value for value in order if value not in hidden]
    return DimensionView(
        name,
        words.say(DIMENSION_NAMES.get(name, name)),
        (
            *(words.stage(stage) for stage in stages),
            words.say("Revenue"),
            words.say("Earned so far"),
        ),
        tuple(_value((name, value), groups[value], stages, words, around) for value in shown),
        len(hidden),
        sum(_entries(groups[value]) for value in hidden),
        tuple(view(note, words) for note in notes),
    )


def _entries(rows: dict[Stage, FunnelRow]) -> int:
    return max((row.entered or 0 for row in rows.values()), default=0)


def _value(
    of: tuple[str, str | None],
    rows: dict[Stage, FunnelRow],
    stages: Sequence[Stage],
    words: Words,
    around: Around,
) -> ValueView:
    name, value = of
    widest = max(rows.values(), key=lambda row: row.entered or 0)

    def money(label: Markup, sum_: Decimal | None, figure: str) -> Cell:
        cell = amount(label, sum_, words)
        if cell.quiet:
            return cell
        return replace(cell, value=around.rows(cell.value, "funnel", figure, where_of(widest)))

    earned = widest.realised_contribution
    return ValueView(
        None if value is None else around.name(name, value),
        value is not None and value.strip().lower() == "unknown",
        (
            *(_stage_cell(stage, rows.get(stage), words, around) for stage in stages),
            money(words.say("Revenue"), widest.revenue, "revenue"),
            money(words.say("Earned so far"), earned, "realised_contribution"),
        ),
        around.narrowed(name, value),
    )


def _stage_cell(stage: Stage, row: FunnelRow | None, words: Words, around: Around) -> Cell:
    label = words.stage(stage)
    if row is None or row.entered is None:
        return Cell(label, "–", quiet=True)
    count: Text = words.figures.count(row.entered)
    if row.entered:
        count = around.rows(count, "funnel", "entered", where_of(row))
    if row.conversion is None or row.conversion_low is None or row.conversion_high is None:
        return Cell(label, count)
    share = words.figures.share(row.conversion)
    interval = words.figures.interval(row.conversion_low, row.conversion_high, row.conversion)
    return Cell(label, count, f"{share} {interval}")
