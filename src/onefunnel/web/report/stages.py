"""The stages: the picture, the owners above it, and the figures beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from onefunnel.funnel.result import FunnelRow
from onefunnel.vocabulary import Note, Stage
from onefunnel.web.locale import Words
from onefunnel.web.report.around import PLAIN, Around, Text, Where
from onefunnel.web.report.cells import Bar, Cell, Mark, amount, mark, nothing
from onefunnel.web.report.model import Report
from onefunnel.web.report.notes import refusing, why
from onefunnel.web.report.picture import Column, columns, in_money, money_in, svg

NOTE_SPANS = 3
"""The last stages, over which a note may stand in the picture."""


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage: its name, owner, cells, and its column lying down for narrow pages."""

    name: Markup
    owner: Mark
    column: Column
    cells: tuple[Cell, ...]
    by_survey: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring stages of one owner; ``hands_over`` to the next one."""

    owner: Mark
    stages: int
    hands_over: bool


@dataclass(frozen=True, slots=True)
class FunnelView:
    """Everything in the section of the stages; the note begins at ``note_from`` % of the width."""

    picture: Markup
    spans: tuple[Span, ...]
    labels: tuple[Markup, ...]
    stages: tuple[StageView, ...]
    in_money: bool
    hollow_drawn: bool
    hatch_drawn: bool
    note: tuple[Markup, Markup] | None
    note_from: int


def funnel_view(report: Report, words: Words, around: Around = PLAIN) -> FunnelView:
    """The section of the stages, of the rows without dimensions."""
    rows = [row for row in report.funnel.rows if not row.dimensions]
    owners = [mark(row.owner, words) for row in rows]
    leaks = [leak for leak in report.leaks.rows if not leak.dimensions]
    drawn = columns(rows, leaks, [owner.suffix for owner in owners])
    stages = tuple(
        StageView(
            words.stage(row.stage),
            owner,
            column,
            _cells(row, report, words, around),
            _by_survey(row),
        )
        for row, owner, column in zip(rows, owners, drawn, strict=True)
    )
    return FunnelView(
        svg(drawn, _in_words(rows, words)),
        _spans(owners),
        tuple(cell.label for cell in stages[0].cells) if stages else (),
        stages,
        in_money(rows),
        any(column.hollow for column in drawn),
        any(column.hatched for column in drawn),
        _note(report, drawn, words),
        _note_from(len(drawn)),
    )


def _by_survey(row: FunnelRow) -> bool:
    return row.measured_by == "population"


def _spans(owners: Sequence[Mark]) -> tuple[Span, ...]:
    runs = [(owner, len(list(run))) for owner, run in groupby(owners)]
    last = len(runs) - 1
    return tuple(Span(owner, length, at < last) for at, (owner, length) in enumerate(runs))


def _cells(row: FunnelRow, report: Report, words: Words, around: Around) -> tuple[Cell, ...]:
    reached = words.say("Reached within {days}", days=words.figures.days(row.horizon_days))
    labels = {
        "money": words.say("Money in it"),
        "earned": words.say("Earned so far"),
        "expected": words.say("Still expected"),
        "revenue": words.say("Revenue"),
        "reached": reached,
        "lost": words.say("Lost on the way"),
        "median": words.say("Half reached it after"),
    }
    known = words.say("Outcome known")
    if _by_survey(row):
        survey = Cell(known, words.say("survey"), quiet=True)
        return (_population(row, words), *map(nothing, labels.values()), survey)

    def opened(cell: Cell, figure: str) -> Cell:
        """The cell whose figure opens its rows; a word in place of a figure opens nothing."""
        if cell.quiet or not row.entered:
            return cell
        return replace(cell, value=around.rows(cell.value, "funnel", figure, where_of(row)))

    return (
        _entered(row, words, around),
        opened(_money(labels["money"], row, words), "entered"),
        opened(_earned(labels["earned"], row, words, around), "realised_contribution"),
        opened(_expected(labels["expected"], row, report, words, around), "open"),
        opened(amount(labels["revenue"], row.revenue, words), "revenue"),
        opened(_reached(reached, row, report, words, around), "conversion"),
        opened(_lost(labels["lost"], row, words), "lost"),
        opened(_median(labels["median"], row, words), "conversion"),
        opened(_maturity(known, row, words), "conversion"),
    )


def where_of(row: FunnelRow) -> Where:
    """Which row of the answer it is."""
    return {"stage": row.stage.value, **row.dimensions}


def _population(row: FunnelRow, words: Words) -> Cell:
    label = words.say("Entered")
    value = row.population_value
    if value is None:
        return Cell(label, words.say("unknown"), quiet=True)
    low, high = row.population_low, row.population_high
    if low is None or high is None or value > 1:
        shown = words.figures.share(value) if value <= 1 else words.figures.number(value)
        return Cell(label, shown)
    return Cell(label, words.figures.share(value), words.figures.interval(low, high, value))


def _entered(row: FunnelRow, words: Words, around: Around) -> Cell:
    label = words.say("Entered")
    if row.entered is None:
        return Cell(label, words.say("unknown"), quiet=True)
    where = where_of(row)
    shown: Text = words.figures.count(row.entered)
    implied: Text = words.count("{n} implied", "{n} implied", row.implied or 0)
    if row.entered:
        shown = around.rows(shown, "funnel", "entered", where)
    if row.implied:
        implied = around.rows(implied, "funnel", "implied", where)
    return Cell(label, shown, implied)


def _money(label: Markup, row: FunnelRow, words: Words) -> Cell:
    if None not in (row.realised_contribution, row.expected_contribution):
        return amount(label, money_in(row), words)
    if not money_in(row):
        return amount(label, None, words)
    return amount(label, money_in(row), words, words.say("at least"))


def _earned(label: Markup, row: FunnelRow, words: Words, around: Around) -> Cell:
    unknown = row.unknown_contribution_lines
    small: Text = (
        words.count("{n} sale of unknown cost", "{n} sales of unknown cost", unknown)
        if unknown
        else ""
    )
    if unknown:
        small = around.rows(small, "funnel", "unknown_contribution_lines", where_of(row))
    return amount(label, row.realised_contribution, words, small)


def _expected(label: Markup, row: FunnelRow, report: Report, words: Words, around: Around) -> Cell:
    if row.expected_contribution is not None:
        return amount(label, row.expected_contribution, words)
    note = refusing(report.funnel.notes, "refused_expected_contribution", stage=row.stage)
    if note is None:
        return amount(label, None, words)
    return refused_cell(label, note, words, around, row.stage)


def refused_cell(
    label: Markup, note: Note, words: Words, around: Around, stage: Stage | None = None
) -> Cell:
    """A cell whose figure is refused: the reason, and what would let it be given."""
    mended = around.mend(note, stage)
    return Cell(label, words.say("refused"), why(note, words), mended, quiet=True)


def _reached(label: Markup, row: FunnelRow, report: Report, words: Words, around: Around) -> Cell:
    surveyed = {each.stage for each in report.funnel.rows if _by_survey(each)}
    if row.stage.previous is None or row.stage.previous in surveyed:
        return nothing(label)
    if row.conversion is not None:
        cell = share_cell(label, row.conversion, (row.conversion_low, row.conversion_high), words)
        return replace(cell, aside=_left_out(row, report, words))
    note = refusing(report.funnel.notes, "refused_conversion", stage=row.stage)
    if note is None:
        return Cell(label, words.say("unknown"), quiet=True)
    return refused_cell(label, note, words, around, row.stage)


def _left_out(row: FunnelRow, report: Report, words: Words) -> Markup:
    """How many came without a time of their own, and so are not in the share."""
    for note in report.funnel.notes:
        if note.code == "implied_left_out" and note.params.get("stage") == row.stage:
            number = int(note.params["entities"])
            return words.count("{n} implied left out", "{n} implied left out", number)
    return Markup("")


def share_cell(
    label: Markup, share: float, bounds: tuple[float | None, float | None], words: Words
) -> Cell:
    """A share with its interval in figures and drawn, where it has one."""
    low, high = bounds
    shown = words.figures.share(share)
    if low is None or high is None:
        return Cell(label, shown)
    interval = words.figures.interval(low, high, share)
    return Cell(
        label, shown, interval, bar=Bar(100 * low, 100 * high, 100 * share, f"{shown} {interval}")
    )


def _lost(label: Markup, row: FunnelRow, words: Words) -> Cell:
    return nothing(label) if row.lost is None else Cell(label, words.figures.share(row.lost))


def _median(label: Markup, row: FunnelRow, words: Words) -> Cell:
    if row.median_days is not None:
        return Cell(label, words.figures.days(row.median_days))
    if row.conversion is None:
        return nothing(label)
    return Cell(label, words.say("not yet"), quiet=True)


def _maturity(label: Markup, row: FunnelRow, words: Words) -> Cell:
    if row.maturity is None:
        return nothing(label)
    return Cell(label, words.figures.share(row.maturity), meter=100 * row.maturity)


def _in_words(rows: Sequence[FunnelRow], words: Words) -> str:
    """The picture for those who can't see it."""
    money = in_money(rows)
    parts = [
        Markup("{}: {}").format(
            words.stage(row.stage),
            words.figures.money(money_in(row)) if money else words.figures.count(row.entered),
        )
        for row in rows
        if row.entered is not None
    ]
    title = words.say("Money by stage") if money else words.say("Entries by stage")
    return Markup("{}. {}").format(title, Markup("; ").join(parts)).unescape()


def _note(report: Report, drawn: Sequence[Column], words: Words) -> tuple[Markup, Markup] | None:
    """The dearest leak, written into the picture where the last stages leave room."""
    last = drawn[-NOTE_SPANS:]
    room = all(column.held + column.hollow < 0.5 for column in last)
    if not room or any(column.hatched for column in last):
        return None
    leaks = [leak for leak in report.leaks.rows if not leak.dimensions and leak.left]
    priced = [(leak.amount, leak) for leak in leaks if leak.amount is not None and leak.amount > 0]
    if priced:
        cost, leak = max(priced, key=lambda each: each[0])
        head = words.say("{amount} left here", amount=words.figures.compact(cost))
    elif leaks:
        leak = max(leaks, key=lambda each: each.left)
        head = words.count("{n} left here", "{n} left here", leak.left)
    else:
        return None
    return head, words.say("after {stage}", stage=words.stage_within(leak.stage))


def _note_from(stages: int) -> int:
    """Where the last stages begin, in percent of the picture's width.

    >>> _note_from(8), _note_from(0)
    (62, 0)
    """
    return 100 * max(stages - NOTE_SPANS, 0) // max(stages, 1)
