"""The sections beneath the funnel: leaks, deals, lost reasons, the funnel by a dimension."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from onefunnel.funnel.result import FunnelRow, LeakRow, LostReasonRow
from onefunnel.measures.deals.result import DealsRow
from onefunnel.vocabulary import Answer, Note, Stage
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES, REASON_SOURCES
from onefunnel.web.report.around import PLAIN, Around, Text, Where
from onefunnel.web.report.cells import Cell, Mark, amount, dimension_value, mark
from onefunnel.web.report.model import Report
from onefunnel.web.report.notes import NoteView, refusing, view
from onefunnel.web.report.stages import refused_cell, share_cell, where_of

REASONS_SHOWN = 12
VALUES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class LeakView:
    """A leak: where, why, whose, and what it costs; ``meter`` is its share of the dearest.

    ``rows`` is the way to those who left, empty where there is none.
    """

    title: Markup
    why: Markup
    owner: Mark
    worth: Cell
    cost: Cell
    meter: float
    rows: Text = ""


def leak_views(report: Report, words: Words, around: Around = PLAIN) -> tuple[LeakView, ...]:
    """The leaks in the order of the answer, those through which nobody left left out."""
    rows = [row for row in report.leaks.rows if row.left]
    largest = max((_weight(row, rows) for row in rows), default=0.0) or 1.0
    return tuple(_leak(row, 100 * _weight(row, rows) / largest, words, around) for row in rows)


def _weight(row: LeakRow, rows: Sequence[LeakRow]) -> float:
    """By money where any is known, else by number."""
    if any(each.amount is not None for each in rows):
        return max(float(row.amount or 0), 0.0)
    return float(row.left)


def _leak(row: LeakRow, meter: float, words: Words, around: Around) -> LeakView:
    title = words.say("After {stage}", stage=words.stage_within(row.stage))
    if row.dimensions:
        title += Markup(" · ") + dimension_value(row.dimensions, words)
    where = {"stage": row.stage.value, **row.dimensions}
    lost: Text = words.count("{n} lost", "{n} lost", row.lost)
    stalled: Text = words.count(
        "{n} without a next stage in {days}",
        "{n} without a next stage in {days}",
        row.stalled,
        days=words.figures.days(row.horizon_days),
    )
    lost = around.rows(lost, "leaks", "lost", where) if row.lost else lost
    stalled = around.rows(stalled, "leaks", "stalled", where) if row.stalled else stalled
    left = words.count("{n} went no further", "{n} went no further", row.left)
    why = words.say("{left}: {lost}, {stalled}", left=left, lost=lost, stalled=stalled)
    worth = amount(words.say("Worth of an entry"), row.value_per_entry, words)
    cost = amount(words.say("Cost"), row.amount, words)
    rows: Text = ""
    if around.opens:
        rows = around.rows(words.count("{n} row", "{n} rows", row.left), "leaks", "left", where)
    return LeakView(title, why, mark(row.owner, words), worth, cost, meter, rows)


@dataclass(frozen=True, slots=True)
class RateView:
    """One of the four win rates, and why it differs from the others."""

    cell: Cell
    why: Markup


@dataclass(frozen=True, slots=True)
class DealsView:
    """The deals of one row of the answer, ``name`` empty for all deals together."""

    name: Markup
    parts: tuple[tuple[str, int, Text], ...]
    rates: tuple[RateView, ...]
    context: Markup


def deals_views(report: Report, words: Words, around: Around = PLAIN) -> tuple[DealsView, ...]:
    """The deals; nothing where no deal was opened in the period."""
    rows = [row for row in report.deals.rows if row.won + row.lost + row.open]
    return tuple(_deals(row, report, words, around) for row in rows)


def _deals(row: DealsRow, report: Report, words: Words, around: Around) -> DealsView:
    counted: tuple[tuple[str, int, Text], ...] = (
        ("won", row.won, words.count("{n} won", "{n} won", row.won)),
        ("lost", row.lost, words.count("{n} lost", "{n} lost", row.lost)),
        ("open", row.open, words.count("{n} open", "{n} open", row.open)),
    )
    parts = tuple(
        (name, number, around.rows(text, "deals", name, row.dimensions) if number else text)
        for name, number, text in counted
    )
    facts = []
    if row.median_days is not None:
        days = words.figures.days(row.median_days)
        facts.append(words.say("Half are won within {days}.", days=days))
    if row.maturity is not None:
        share = words.figures.share(row.maturity)
        facts.append(words.say("The outcome of {share} is known.", share=share))
    name = dimension_value(row.dimensions, words)
    return DealsView(name, parts, _rates(row, report, words, around), Markup(" ").join(facts))


def _rates(row: DealsRow, report: Report, words: Words, around: Around) -> tuple[RateView, ...]:
    days = words.figures.days(row.horizon_days)
    refused = refusing(report.deals.notes, "refused_win_incidence", dimensions=row.dimensions)

    def given(label: Markup, share: float | None, cell: Cell) -> Cell:
        """The cell, or why there is no figure for it."""
        if share is None and refused is not None:
            return refused_cell(label, refused, words, around)
        return cell

    bounds = (row.win_incidence_low, row.win_incidence_high)
    within = words.say("Won within {days}", days=days)
    km = words.say("One minus Kaplan–Meier")
    return (
        RateView(
            given(within, row.win_incidence, _rate(within, row.win_incidence, words, bounds)),
            words.say("Counts each open deal for as long as it was watched. Rely on this one."),
        ),
        RateView(
            _rate(words.say("Won of closed"), row.won_of_closed, words),
            words.say("Leaves open deals out, so it favours whichever outcome comes sooner."),
        ),
        RateView(
            _rate(words.say("Won of all"), row.won_of_all, words),
            words.say("Counts open deals as not won, so it is too low while any are open."),
        ),
        RateView(
            given(km, row.one_minus_km, _rate(km, row.one_minus_km, words)),
            words.say("Treats lost deals as if they might still be won, so it is too high."),
        ),
    )


def _rate(
    label: Markup,
    share: float | None,
    words: Words,
    bounds: tuple[float | None, float | None] = (None, None),
) -> Cell:
    if share is not None:
        return share_cell(label, share, bounds, words)
    return Cell(label, words.say("unknown"), quiet=True)


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A lost reason; ``reason`` and ``source`` are empty where they are unknown."""

    reason: str
    source: Markup
    stage: Markup
    lost: Text
    share: str
    meter: float


def reason_views(report: Report, words: Words, around: Around = PLAIN) -> tuple[ReasonView, ...]:
    """The most frequent reasons first, as many as the page shows."""
    rows = sorted(report.lost_reasons.rows, key=lambda row: -row.lost)[:REASONS_SHOWN]
    return tuple(
        ReasonView(
            row.reason or "",
            words.say(REASON_SOURCES.get(row.source, row.source)) if row.source else Markup(""),
            words.stage(row.stage),
            around.rows(words.figures.count(row.lost), "lost_reasons", "lost", _reason(row)),
            words.figures.share(row.share),
            100 * row.share,
        )
        for row in rows
    )


def _reason(row: LostReasonRow) -> Where:
    known = {"stage": row.stage.value, "reason": row.reason, "source": row.source}
    return {**known, **row.dimensions}


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
